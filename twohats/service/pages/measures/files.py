"""The measures taken away as files, by the same right as their pages; that they were taken is written down first."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from twohats.service.actions import audit
from twohats.service.actions.marks import Chart
from twohats.service.doors import needs
from twohats.service.pages.leader import page as overview
from twohats.service.pages.measures import (
    all_groups,
    care,
    choosing,
    drivers,
    heard,
    hospitals,
    leaving,
    listed,
    official,
    paper,
    sheets,
    taken,
    wrong_hat,
)
from twohats.service.pages.measures.leaving import Page
from twohats.service.pages.measures.marks import written_on
from twohats.service.pages.measures.numbers import Numbers
from twohats.service.policy import Permission
from twohats.store.disclosure import WHOLE
from twohats.words.measures import Measure

TYPES = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@needs(Permission.SEE_OVERVIEW)
def all_measures(request: HttpRequest, kind: str) -> HttpResponse:
    """All that is told of the measures of a unit: every period of it in a table, the one asked for on paper."""
    chosen = choosing.chosen(request)
    if chosen is None:
        raise Http404
    numbers, _scope, unit, period = chosen
    make: dict[str, Callable[[], str | bytes]] = {
        "csv": lambda: taken.all_as_csv(numbers, unit),
        "xlsx": lambda: sheets.all_as_workbook(numbers, unit, period),
        "pdf": lambda: paper.all_on_paper(numbers, unit, period),
    }
    return _taken(request, kind, numbers, unit, "measures", make[kind])


@needs(Permission.SEE_OVERVIEW)
def one_measure(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """One measure: the tables behind its page, or the page on paper."""
    declared, chosen = listed.declared_as(key), choosing.chosen(request)
    if chosen is None or not chosen[3]:
        raise Http404
    numbers, scope, unit, period = chosen
    sees_whole = overview.is_seen(numbers.cube, scope, WHOLE)
    return _taken(request, kind, numbers, f"{key}/{unit}", key,
                  lambda: _one(kind, numbers, declared, unit, period, sees_whole))


def _one(kind: str, numbers: Numbers, declared: Measure, unit: str, period: str, sees_whole: bool) -> str | bytes:
    written = written_on(Chart(declared.key, unit))
    if kind == "pdf":
        return paper.one_on_paper(numbers, declared, unit, period, written, sees_whole)
    one = taken.one_measure(numbers, declared, unit, period, written, sees_whole)
    return (taken.one_as_csv(numbers, one) if kind == "csv"
            else sheets.one_as_workbook(numbers, declared, unit, period, one))


PAGES: dict[str, Callable[[HttpRequest], tuple[Numbers, Page] | None]] = {
    "groups": all_groups.leaves, "heard": heard.leaves, "care": care.leaves, "official": official.leaves,
    "wrong_hat": wrong_hat.leaves, "drivers": drivers.leaves, "among": hospitals.leaves,
}
"""Pages of tables and pictures, each with what leaves of it."""


@needs(Permission.SEE_OVERVIEW)
def one_page(request: HttpRequest, page: str, kind: str) -> HttpResponse:
    """A page of tables and pictures, by the right of that page; 404 where there is nothing to take."""
    found = PAGES[page](request)
    if found is None:
        raise Http404
    numbers, told = found
    make: dict[str, Callable[[], str | bytes]] = {
        "csv": lambda: leaving.as_csv(numbers, told),
        "xlsx": lambda: leaving.as_workbook(numbers, told),
        "pdf": lambda: leaving.as_paper(numbers, told),
    }
    return _taken(request, kind, numbers, f"{told.name}/{told.thing}", told.name, make[kind])


def _taken(request: HttpRequest, kind: str, numbers: Numbers, thing: str, name: str,
           make: Callable[[], str | bytes]) -> HttpResponse:
    audit.noted(request, f"took {kind}", "measures", f"{thing}@{numbers.release}")
    answer = HttpResponse(make(), content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}-{numbers.release}.{kind}"'
    return answer
