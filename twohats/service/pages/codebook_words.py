"""The codebook's reasons in the reader's language."""

from django.utils.translation import gettext as _

from twohats.service.pages.wording import language
from twohats.words.codebook import rule_of


def sentence(rule: str | None) -> str:
    """Why a rule gives its hat, as a whole sentence."""
    try:
        return rule_of(rule or "").reason.read_in(language())
    except KeyError:
        return _("The rule is not in this version of the codebook.")


def reason(rule: str | None) -> str:
    """The same after 'Why:'."""
    text = sentence(rule).rstrip(".")
    return text[0].lower() + text[1:]
