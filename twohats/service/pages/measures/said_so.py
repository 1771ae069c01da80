"""What people say themselves, beside the signs of the wrong hat: how far the signs can be trusted."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twohats.service.pages import wording
from twohats.store.agreement import kappa_of_counts
from twohats.store.disclosure import may_be_told
from twohats.store.estimates import wilson
from twohats.words.hats import Hat

ENOUGH = 0.4
"""Under this kappa a sign says little of what people say themselves; a rule of thumb, ours."""
CELLS = ((True, True), (True, False), (False, True), (False, False))
"""A sign or none, said or not: the order of the table."""
WORDS: dict[Hat, tuple[Promise, Promise]] = {
    Hat.PATIENT: (gettext_lazy("they say that they were hurried"), gettext_lazy("they say that they were not hurried")),
    Hat.CUSTOMER: (gettext_lazy("they say that too much was asked of them"),
                   gettext_lazy("they say that not too much was asked of them")),
}


def beside(reader: Any) -> dict[Hat, dict[str, Any]]:
    """For either hat a sentence and, where every one of its four counts may be told, a table."""
    held: dict[str, dict[tuple[bool, bool], Mapping[str, Any]]] = {}
    for row in reader.rows("SELECT * FROM said_so", ()):
        held.setdefault(row["hat"], {})[bool(row["sign"]), bool(row["said"])] = row
    return {hat: _side(hat, held.get(hat.value, {})) for hat in WORDS}


def _side(hat: Hat, held: Mapping[tuple[bool, bool], Mapping[str, Any]]) -> dict[str, Any]:
    people = {cell: held[cell]["people"] if cell in held else 0 for cell in CELLS}
    times = {cell: held[cell]["times"] if cell in held else 0 for cell in CELLS}
    if not sum(times.values()):
        return {"says": [_("Nobody has told us of a visit or call of which a sign could be seen.")], "table": None}
    if not all(map(may_be_told, people.values())):
        return {"says": [_("Too few: fewer than 11 people stand behind one of the four counts, so none of them is "
                           "told.")], "table": None}
    return {"says": [_agreement(times), *_shares(hat, times)], "table": _table(hat, times, people)}


def _agreement(times: Mapping[tuple[bool, bool], int]) -> str:
    kappa = kappa_of_counts(times)
    told = {"n": wording.whole(kappa.pairs), "same": wording.whole(kappa.agreed)}
    if kappa.value is None or kappa.low is None or kappa.high is None:
        return _("Of %(n)s visits and calls of which people told us, they and the sign say the same of %(same)s; a "
                 "kappa with a range cannot be told.") % told
    told |= {"kappa": _two_places(kappa.value), "low": _two_places(kappa.low), "high": _two_places(kappa.high)}
    first = _("Of %(n)s visits and calls of which people told us, they and the sign say the same of %(same)s: a kappa "
              "of %(kappa)s (95 %% range %(low)s to %(high)s).") % told
    if kappa.value >= ENOUGH:
        return first
    return first + " " + _("That is under 0.4, so a single sign says little of what that person would say.")


def _two_places(value: float) -> str:
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _shares(hat: Hat, times: Mapping[tuple[bool, bool], int]) -> list[str]:
    """How often a sign is where people say so (sensitivity), and none where they say not (specificity)."""
    so, not_so = WORDS[hat]
    found = []
    for said, when, what in ((True, so, _("bear a sign (sensitivity)")), (False, not_so, _("bear none (specificity)"))):
        part, of = times[said, said], times[True, said] + times[False, said]
        if of:
            low, high = wilson(part, of)
            found.append(_("Of %(n)s in which %(when)s, %(share)s %(what)s, 95 %% range %(low)s to %(high)s.") % {
                "n": wording.whole(of), "when": when, "share": wording.percent(part, of), "what": what,
                "low": wording.whole(100 * low), "high": wording.whole(100 * high)})
    return found


def _table(hat: Hat, times: Mapping[tuple[bool, bool], int], people: Mapping[tuple[bool, bool], int]) -> dict[str, Any]:
    so, not_so = WORDS[hat]
    return {
        "caption": _("Visits and calls, by the sign and by what people say"),
        "columns": [{"name": _("Sign")}, *({"name": str(one).capitalize(), "is_number": True} for one in (so, not_so))],
        "rows": [[{"text": _("seen") if sign else _("not seen")},
                  *({"text": wording.whole(times[sign, said]), "is_number": True,
                     "note": _("people: %(n)s") % {"n": wording.whole(people[sign, said])}} for said in (True, False))]
                 for sign in (True, False)],
    }
