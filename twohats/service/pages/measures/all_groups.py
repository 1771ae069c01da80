"""The page of all measures group by group: where a hat is worn differently well by language, age, payer or area."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from twohats.service.doors import needs
from twohats.service.pages import wording
from twohats.service.pages.measures import by_group, choosing, listed, periods, saying
from twohats.service.pages.measures.by_group import Cut
from twohats.service.pages.measures.groups import CUTS
from twohats.service.pages.measures.leaving import Item, Page, Part
from twohats.service.pages.measures.numbers import OPINIONS, Numbers
from twohats.service.policy import Permission
from twohats.store.disclosure import WHOLE
from twohats.words.hats import Hat


@needs(Permission.SEE_OVERVIEW)
def all_groups(request: HttpRequest) -> HttpResponse:
    """Every measure of either hat by the groups of one cut; for readers of the whole organisation."""
    chosen = choosing.for_the_whole(request)
    if chosen is None:
        return redirect("first_steps:steps")
    numbers = chosen[1]
    years, cut = years_of(numbers), cut_asked(request)
    year = choosing.year_asked(request, years)
    query = urlencode({"unit": WHOLE, "period": year})
    return render(request, "measures/groups.html", {
        "years": choosing.year_choices(numbers, years, year),
        "year": periods.name(year, numbers.as_of) if year else "",
        "cuts": [(one, by_group.by(one), one == cut) for one in CUTS],
        "by": by_group.by(cut).lower(),
        "sides": sides_of(numbers, year, cut) if year else [],
        "query": query,
        "notes": [by_group.differ_in_more(), by_chance()],
        "how_told": by_group.how_told(),
        "files": choosing.files("groups", {"by": cut, "year": year}),
        "trail": [
            (_("Both experiences"), "/overview/"),
            (_("Measures"), "/measures/?" + query),
            (_("Group by group"), None),
        ],
    })


def leaves(request: HttpRequest) -> tuple[Numbers, Page] | None:
    """The page as it leaves, what is closed on it too; None where there is nothing to take."""
    chosen = choosing.for_the_whole(request)
    if chosen is None:
        return None
    numbers = chosen[1]
    cut, year = cut_asked(request), choosing.year_asked(request, years_of(numbers))
    if not year:
        return None
    when = periods.name(year, numbers.as_of)
    titles = {"patient": _("As patients"), "customer": _("As customers")}
    return numbers, Page(
        "groups", f"{cut}/{year}", _("Does everybody get the same?"), choosing.whole_place(numbers),
        f"{when}, {by_group.by(cut).lower()}", [by_group.differ_in_more(), by_chance()],
        [Part(titles[side["hat"]], [_item(one) for one in (*side["apart"], *side["alike"], *side["few"])],
              [side["says"]], side["hat"]) for side in sides_of(numbers, year, cut)],
        [by_group.how_told()])


def by_chance() -> str:
    """What so many comparisons come with."""
    return _("Where so much is compared, a few groups lie apart by chance.")


def _item(one: dict[str, Any]) -> Item:
    """One measure as it leaves: its picture where groups lie apart, its table."""
    drawn = one["picture"] if one["is_apart"] else None
    says = [one["better"]] if drawn else [one["says"], one["better"]]
    return Item(one["name"], says, one["table"] if one["is_told"] else None, drawn)


def cut_asked(request: HttpRequest) -> str:
    """The cut in the address, else the first; 404 for another."""
    cut = request.GET.get("by") or CUTS[0]
    if cut not in CUTS:
        raise Http404
    return cut


def years_of(numbers: Numbers) -> list[str]:
    """The years of which groups are told, the newest first."""
    return sorted({year for _measure, year, _group in numbers.of_groups}, reverse=True)


def cuts_of(numbers: Numbers, year: str, cut: str) -> list[Cut]:
    """Every measure that is told by the groups of the cut in that year, in the one order of measures."""
    return [by_group.cut_of(numbers, one, year, cut) for one in listed.shown(numbers)
            if one.key not in OPINIONS and not saying.is_of_clinicians(one) and (one.key, WHOLE, year) in numbers.sums]


def sides_of(numbers: Numbers, year: str, cut: str) -> list[dict[str, Any]]:
    """Either hat: the measures whose groups lie apart, those whose ranges overlap, and those of too few people."""
    all_cuts = cuts_of(numbers, year, cut)
    return [_side(numbers, hat, [one for one in all_cuts if one.declared.hat is hat and not listed.stands_apart(
        one.declared)]) for hat in (Hat.PATIENT, Hat.CUSTOMER)]


def _side(numbers: Numbers, hat: Hat, cuts: list[Cut]) -> dict[str, Any]:
    apart = [one for one in cuts if one.apart]
    alike = [one for one in cuts if not one.apart and len(one.compared) > 1]
    few = [one for one in cuts if len(one.compared) < 2]
    return {
        "hat": hat.value,
        "says": _says(len(apart), len(apart) + len(alike)),
        "apart": [_shown(numbers, one) for one in apart],
        "alike": [_shown(numbers, one) for one in alike],
        "few": [_shown(numbers, one) for one in few],
    }


def _says(apart: int, compared: int) -> str:
    if not compared:
        return _("No measure of this hat can be compared between groups.")
    if not apart:
        return _("In none of %(n)s measures groups lie further apart than chance explains.") % {"n": compared}
    return _("In %(apart)s of %(n)s measures groups lie further apart than chance explains.") % {
        "apart": apart, "n": compared}


def _shown(numbers: Numbers, one: Cut) -> dict[str, Any]:
    return by_group.part(numbers, one) | {
        "key": one.declared.key, "name": one.declared.name.read_in(wording.language()),
        "better": saying.better(one.declared), "is_apart": one.apart is not None}
