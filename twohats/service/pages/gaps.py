"""Whether the hats can be told equally well for everybody: a gap of more than 5 points is printed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from twohats.service.pages import wording

POINTS = 5
ENOUGH = 100
"""Dealings below which a group's share is not compared."""


def said(reader: Any) -> list[str]:
    """One sentence for each cut whose groups lie more than 5 points apart in the share we cannot decide."""
    rows = reader.rows("SELECT cut, value, interactions, unknown, confidence FROM agreement ORDER BY cut, value", ())
    sentences = []
    for cut in sorted({row["cut"] for row in rows}):
        sentence = _sentence(cut, [row for row in rows if row["cut"] == cut and row["interactions"] >= ENOUGH])
        sentences += [sentence] if sentence else []
    return sentences


def _sentence(cut: str, groups: Sequence[Mapping[str, Any]]) -> str:
    if len(groups) < 2:
        return ""
    share = {row["value"]: 100 * row["unknown"] / row["interactions"] for row in groups}
    most, least = max(share, key=lambda one: share[one]), min(share, key=lambda one: share[one])
    if share[most] - share[least] <= POINTS:
        return ""
    return _("We cannot tell the hat equally well for everybody: by %(cut)s, it is not known in %(most)s of 100 "
             "dealings for %(group)s, but in %(least)s of 100 for %(other)s.") % {
        "cut": cut_name(cut), "most": wording.whole(share[most]), "least": wording.whole(share[least]),
        "group": value_name(cut, most), "other": value_name(cut, least)}


def cut_name(cut: str) -> str:
    """The word of a cut of the people."""
    return {"language": _("language"), "age_band": _("age"), "portal": _("use of the portal")}.get(cut, cut)


def value_name(cut: str, value: str | None) -> str:
    """A group as one says it in a sentence."""
    if cut == "language":
        return {"en": _("English speakers"), "es": _("Spanish speakers")}.get(value or "") or (
            _("speakers of %(language)s") % {"language": wording.language_name(value)} if is_known(value)
            else _("people whose language is not known"))
    if cut == "portal":
        return _("people who use the portal") if _is_yes(value) else _("people who do not use the portal")
    return _("people aged %(band)s") % {"band": value} if is_known(value) else _("people whose age is not known")


def value_word(cut: str, value: str | None) -> str:
    """A group as it stands in a table."""
    if cut == "portal":
        return _("uses it") if _is_yes(value) else _("does not use it")
    if not is_known(value):
        return _("not known")
    return wording.language_name(value) if cut == "language" else str(value)


def is_known(value: str | None) -> bool:
    """Whether the source told it."""
    return value not in (None, "", "unknown")


def _is_yes(value: str | None) -> bool:
    return str(value).lower() in ("true", "1", "yes")
