"""Who came along, in the reader's language: relationships we know by name, and nothing else of what the source wrote.

The source's words are free text, so they could hold anything; a word we do not know is told as "somebody close".
"""

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

RELATIONSHIPS: dict[str, Promise] = {
    "mother": _("mother"), "father": _("father"), "parent": _("mother or father"), "stepmother": _("stepmother"),
    "stepfather": _("stepfather"), "son": _("son"), "daughter": _("daughter"), "child": _("son or daughter"),
    "brother": _("brother"), "sister": _("sister"), "sibling": _("brother or sister"), "husband": _("husband"),
    "wife": _("wife"), "spouse": _("husband or wife"), "partner": _("partner"), "domestic partner": _("partner"),
    "life partner": _("partner"), "grandmother": _("grandmother"), "grandfather": _("grandfather"),
    "grandparent": _("grandmother or grandfather"), "grandchild": _("grandchild"), "grandson": _("grandson"),
    "granddaughter": _("granddaughter"), "aunt": _("aunt"), "uncle": _("uncle"), "niece": _("niece"),
    "nephew": _("nephew"), "cousin": _("cousin"), "friend": _("friend"), "unrelated friend": _("friend"),
    "neighbor": _("neighbor"), "neighbour": _("neighbor"), "guardian": _("guardian"), "caregiver": _("caregiver"),
    "relative": _("relative"), "family member": _("relative"),
}


def companion_words(written: str | None) -> str:
    """Who came along, each relationship once; empty where nobody is known of."""
    told = [RELATIONSHIPS.get(one.strip().lower()) for one in (written or "").split(",") if one.strip()]
    return ", ".join(dict.fromkeys(str(one) if one else _now("somebody close") for one in told))
