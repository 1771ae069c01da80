"""The page of the wrong hat: how often, what it went together with, and how it is known."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from twohats.service import releases
from twohats.service.actions import served
from twohats.service.doors import may, needs, scope_of
from twohats.service.pages import wording
from twohats.service.pages.leader import page as overview
from twohats.service.pages.measures import periods, prices, said_so, saying
from twohats.service.pages.measures.moments import moments
from twohats.service.pages.measures.numbers import Numbers, numbers_of
from twohats.service.pages.served.page import agreed, kappa_sentence
from twohats.service.policy import Permission
from twohats.store.disclosure import WHOLE
from twohats.words.hats import Hat
from twohats.words.leaving import leaving
from twohats.words.measures import measure
from twohats.words.said_so import said_so as said_so_words
from twohats.words.wrong_hat import wrong_hat

HURRIED = ("wrong_hat_patient", "wrong_hat_patient_open", "too_little_time_at_stake", "too_little_time_otherwise")
ASKED_TOO_MUCH = ("wrong_hat_customer", "wrong_hat_customer_open")


@needs(Permission.SEE_OVERVIEW)
def wrong_hats(request: HttpRequest) -> HttpResponse:
    """Both ways to miss a hat in one year, as equals; for readers of the whole organisation."""
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
    priced = prices.by_hat(reader)
    beside = said_so.beside(reader)
    quoted = moments(request.user, reader, year) if year else {}
    query = urlencode({"unit": WHOLE, "period": year})
    return render(request, "measures/wrong_hat.html", {
        "years": [(one, periods.name(one, numbers.as_of), one == year) for one in years],
        "year": periods.name(year, numbers.as_of) if year else "",
        "sides": [
            (hat, [saying.row(measure(key), numbers.told(key, WHOLE, year)) for key in keys] if year else [],
             priced[hat], _criteria(hat), beside[hat], quoted.get(hat))
            for hat, keys in ((Hat.PATIENT, HURRIED), (Hat.CUSTOMER, ASKED_TOO_MUCH))
        ],
        "sample": prices.sample_of(reader), "agreement": kappa_sentence(agreed(served.every_held())),
        "sayings": [one.text.read_in(wording.language()) for one in said_so_words().sayings],
        "may_look": may(request.user, Permission.LOOK_AT_SERVED), "query": query,
        "signs": [one.text.read_in(wording.language()) for one in leaving().signs], "days": leaving().days,
        "not_yet": leaving().days + leaving().quiet_days,
        "trail": [(_("Both experiences"), "/overview/"), (_("Measures"), "/measures/?" + query),
                  (_("The wrong hat"), None)],
    })


def _criteria(hat: Hat) -> list[str]:
    return [one.text.read_in(wording.language()) for one in wrong_hat().criteria if one.hat is hat]


def _years(numbers: Numbers) -> list[str]:
    """The years of which something is told, the newest first."""
    told = {period for key in (*HURRIED, *ASKED_TOO_MUCH) for period in numbers.told_periods(WHOLE, measure(key))}
    return sorted((period for period in told if periods.kind_of(period) == periods.YEAR), reverse=True)
