"""The page of the wrong hat: how often, what it went together with, and how it is known."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from twohats.service.actions import served
from twohats.service.doors import may, needs
from twohats.service.pages import wording
from twohats.service.pages.measures import choosing, periods, prices, said_so, saying
from twohats.service.pages.measures.leaving import Item, Page, Part
from twohats.service.pages.measures.moments import moments
from twohats.service.pages.measures.numbers import Numbers, Told
from twohats.service.pages.served.page import agreed, kappa_sentence
from twohats.service.policy import Permission
from twohats.store.disclosure import WHOLE
from twohats.words.hats import Hat
from twohats.words.leaving import leaving
from twohats.words.measures import Measure, measure
from twohats.words.said_so import said_so as said_so_words
from twohats.words.wrong_hat import wrong_hat

HURRIED = ("wrong_hat_patient", "wrong_hat_patient_open", "too_little_time_at_stake", "too_little_time_otherwise")
ASKED_TOO_MUCH = ("wrong_hat_customer", "wrong_hat_customer_open")
KEYS = (*HURRIED, *ASKED_TOO_MUCH)


@needs(Permission.SEE_OVERVIEW)
def wrong_hats(request: HttpRequest) -> HttpResponse:
    """Both ways to miss a hat in one year, as equals; for readers of the whole organisation."""
    chosen = choosing.for_the_whole(request)
    if chosen is None:
        return redirect("first_steps:steps")
    reader, numbers = chosen
    years = choosing.years_told(numbers, KEYS)
    year = choosing.year_asked(request, years)
    priced = prices.by_hat(reader)
    beside = said_so.beside(reader)
    quoted = moments(request.user, reader, year) if year else {}
    query = urlencode({"unit": WHOLE, "period": year})
    return render(request, "measures/wrong_hat.html", {
        "years": choosing.year_choices(numbers, years, year),
        "year": periods.name(year, numbers.as_of) if year else "",
        "sides": [
            (hat, [saying.row(one, told) for one, told in side] if year else [], priced[hat], _criteria(hat),
             beside[hat], quoted.get(hat))
            for hat, side in _sides(numbers, year)
        ],
        "sample": prices.sample_of(reader), "agreement": kappa_sentence(agreed(served.every_held())),
        "sayings": [one.text.read_in(wording.language()) for one in said_so_words().sayings],
        "may_look": may(request.user, Permission.LOOK_AT_SERVED), "query": query,
        "signs": [one.text.read_in(wording.language()) for one in leaving().signs], "days": leaving().days,
        "not_yet": leaving().days + leaving().quiet_days,
        "files": choosing.files("wrong_hat", {"year": year}),
        "trail": [(_("Both experiences"), "/overview/"), (_("Measures"), "/measures/?" + query),
                  (_("The wrong hat"), None)],
    })


def leaves(request: HttpRequest) -> tuple[Numbers, Page] | None:
    """The page as it leaves, without anybody's words; None where there is nothing to take."""
    chosen = choosing.for_the_whole(request)
    if chosen is None:
        return None
    reader, numbers = chosen
    year = choosing.year_asked(request, choosing.years_told(numbers, KEYS))
    if not year:
        return None
    titles = {Hat.PATIENT: _("Patients hurried"), Hat.CUSTOMER: _("Customers asked too much")}
    parts = [Part(titles[hat], [Item(table=saying.table(titles[hat], hat.value, side)),
                                Item(table=prices.table_of(reader, hat))], _criteria(hat), hat=hat.value)
             for hat, side in _sides(numbers, year)]
    return numbers, Page(
        "wrong-hat", year, _("Who was served in the wrong hat, and what did it go together with?"),
        choosing.whole_place(numbers), periods.name(year, numbers.as_of),
        [_("A patient who is treated as a customer is hurried; a customer who is treated as a patient is worn out. "
           "Both count alike, and neither is added to the other.")],
        parts,
        [_("A sign of the wrong hat is a reason to look, no verdict. The numbers on what it went together with are "
           "corrected for how often a sign is wrong, and their range grows with it; texts and letters are not among "
           "them."), kappa_sentence(agreed(served.every_held()))])


def _sides(numbers: Numbers, year: str) -> list[tuple[Hat, list[tuple[Measure, Told]]]]:
    """How often either hat was missed, and how often that cannot be told."""
    return [(hat, [(measure(key), numbers.told(key, WHOLE, year)) for key in keys] if year else [])
            for hat, keys in ((Hat.PATIENT, HURRIED), (Hat.CUSTOMER, ASKED_TOO_MUCH))]


def _criteria(hat: Hat) -> list[str]:
    return [one.text.read_in(wording.language()) for one in wrong_hat().criteria if one.hat is hat]
