"""The page of care received: understood, fetched, kept; and what of the customer's side goes together with it."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from twohats.service.doors import needs
from twohats.service.pages.measures import choosing, periods, saying, together
from twohats.service.pages.measures.leaving import Item, Page, Part
from twohats.service.pages.measures.numbers import Numbers, Told
from twohats.service.policy import Permission
from twohats.store.disclosure import WHOLE
from twohats.words.hats import Hat
from twohats.words.measures import Measure, measure

MET = ("wrong_hat_customer", "wait_in_clinic", "hold", "no_show")
RECEIVED = (
    "teach_back_done", "understood", "know_what_to_watch", "asked_after_teaching", "first_fill", "back_within_30_days"
)
KEYS = (*RECEIVED, *MET)


@needs(Permission.SEE_OVERVIEW)
def care_received(request: HttpRequest) -> HttpResponse:
    """Both sides of a year, and how they go together; for readers of the whole organisation."""
    chosen = choosing.for_the_whole(request)
    if chosen is None:
        return redirect("first_steps:steps")
    reader, numbers = chosen
    years = choosing.years_told(numbers, KEYS)
    year = choosing.year_asked(request, years)
    query = urlencode({"unit": WHOLE, "period": year})
    return render(
        request,
        "measures/care.html",
        {
            "years": choosing.year_choices(numbers, years, year),
            "year": periods.name(year, numbers.as_of) if year else "",
            "sides": [(hat, [saying.row(one, told) for one, told in side])
                      for hat, side in _sides(numbers, year)] if year else [],
            "table": together.table_of(reader),
            "query": query,
            "files": choosing.files("care", {"year": year}),
            "trail": [
                (_("Both experiences"), "/overview/"),
                (_("Measures"), "/measures/?" + query),
                (_("Care received"), None),
            ],
        },
    )


def leaves(request: HttpRequest) -> tuple[Numbers, Page] | None:
    """The page as it leaves; None where there is nothing to take."""
    chosen = choosing.for_the_whole(request)
    if chosen is None:
        return None
    reader, numbers = chosen
    year = choosing.year_asked(request, choosing.years_told(numbers, KEYS))
    if not year:
        return None
    when, table = periods.name(year, numbers.as_of), together.table_of(reader)
    titles = {Hat.PATIENT: _("Care, and how it was received"), Hat.CUSTOMER: _("What was met on the way to it")}
    sides = [Part(titles[hat], [Item(table=saying.table(titles[hat], hat.value, side))], hat=hat.value)
             for hat, side in _sides(numbers, year)]
    both = Part(_("How the two go together"), [Item(table=table)] if table else [], [
        _("All visits of the release are compared. Where enough people had it at one visit and not at another, a "
          "person's own visits are compared with each other: stable traits of the person are out of it. What changed "
          "between the visits, such as a bad day, is not.") if table else
        _("Fewer than 50 people have visits that can be compared: nothing is said.")])
    return numbers, Page(
        "care", year, _("Is the care received?"), choosing.whole_place(numbers), when,
        [_("Given is not received: was it understood, fetched, kept (%(year)s)? And does the customer's side, waiting "
           "and being asked too much, go together with it?") % {"year": when}],
        [*sides, both],
        [_("The range would hold the true number 95 times in 100 and counts people, not visits. As a test, the same is "
           "asked of what was met only at the next visit, which cannot have changed this one.")])


def _sides(numbers: Numbers, year: str) -> list[tuple[Hat, list[tuple[Measure, Told]]]]:
    """What was received as patients, and what was met as customers."""
    return [(hat, [(measure(key), numbers.told(key, WHOLE, year)) for key in keys])
            for hat, keys in ((Hat.PATIENT, RECEIVED), (Hat.CUSTOMER, MET))]
