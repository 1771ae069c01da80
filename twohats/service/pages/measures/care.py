"""The page of care received: understood, fetched, kept; and what of the customer's side goes together with it."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from twohats.service import releases
from twohats.service.doors import needs, scope_of
from twohats.service.pages.leader import page as overview
from twohats.service.pages.measures import periods, saying, together
from twohats.service.pages.measures.numbers import Numbers, numbers_of
from twohats.service.policy import Permission
from twohats.store.disclosure import WHOLE
from twohats.words.hats import Hat
from twohats.words.measures import measure

MET = ("wrong_hat_customer", "wait_in_clinic", "hold", "no_show")
RECEIVED = (
    "teach_back_done", "understood", "know_what_to_watch", "asked_after_teaching", "first_fill", "back_within_30_days"
)


@needs(Permission.SEE_OVERVIEW)
def care_received(request: HttpRequest) -> HttpResponse:
    """Both sides of a year, and how they go together; for readers of the whole organisation."""
    reader = releases.current()
    if reader is None:
        return redirect("first_steps:steps")
    numbers = numbers_of(reader)
    if not overview.is_seen(numbers.cube, scope_of(request.user, Permission.SEE_OVERVIEW), WHOLE):
        raise Http404
    years = _years(numbers)
    year = request.GET.get("year") or next(iter(years), "")
    if years and year not in years:
        raise Http404
    query = urlencode({"unit": WHOLE, "period": year})
    return render(
        request,
        "measures/care.html",
        {
            "years": [(one, periods.name(one, numbers.as_of), one == year) for one in years],
            "year": periods.name(year, numbers.as_of) if year else "",
            "sides": [
                (hat, [saying.row(measure(key), numbers.told(key, WHOLE, year)) for key in keys])
                for hat, keys in ((Hat.PATIENT, RECEIVED), (Hat.CUSTOMER, MET))
            ] if year else [],
            "table": together.table_of(reader),
            "query": query,
            "trail": [
                (_("Both experiences"), "/overview/"),
                (_("Measures"), "/measures/?" + query),
                (_("Care received"), None),
            ],
        },
    )


def _years(numbers: Numbers) -> list[str]:
    """The years of which something is told, the newest first."""
    told = {period for key in (*RECEIVED, *MET) for period in numbers.told_periods(WHOLE, measure(key))}
    return sorted((period for period in told if periods.kind_of(period) == periods.YEAR), reverse=True)
