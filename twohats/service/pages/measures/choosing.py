"""The unit and period of the address: which a reader may ask for, and which they get when they name none."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from twohats.service import releases
from twohats.service.doors import scope_of
from twohats.service.pages.leader import page as overview
from twohats.service.pages.measures import periods
from twohats.service.pages.measures.numbers import Numbers, numbers_of
from twohats.service.policy import Permission, Scope
from twohats.store.disclosure import WHOLE
from twohats.words.measures import measure


def chosen(request: HttpRequest) -> tuple[Numbers, Scope, str, str] | None:
    """The release's measures, what the reader may see of them, and the unit and period asked for; 404 outside."""
    reader = releases.current()
    if reader is None:
        return None
    numbers, scope = numbers_of(reader), scope_of(request.user, Permission.SEE_OVERVIEW)
    tops = overview.tops(numbers.cube, scope)
    unit = request.GET.get("unit") or (tops[0] if tops else "")
    if not overview.is_seen(numbers.cube, scope, unit):
        raise Http404
    told = numbers.told_periods(unit)
    asked = request.GET.get("period", "")
    if asked and asked not in numbers.periods:
        raise Http404
    return numbers, scope, unit, asked if asked in told else usual(told)


def usual(told: list[str]) -> str:
    """The latest quarter, where quarters are told; else the latest year."""
    kinds = (periods.QUARTER, periods.YEAR)
    return next((period for kind in kinds for period in told if periods.kind_of(period) == kind), "")


def choices(
    numbers: Numbers, scope: Scope, unit: str, period: str, told: Sequence[str] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """The units and the periods that the reader may choose; `told` are the periods, where not all are told."""
    of_unit = numbers.told_periods(unit) if told is None else told
    return {
        "units": overview.choices(numbers.cube, scope, unit, "")["units"],
        "periods": [{"key": key, "name": periods.name(key, numbers.as_of), "chosen": key == period}
                    for key in of_unit],
    }


def for_the_whole(request: HttpRequest) -> tuple[Any, Numbers] | None:
    """The release and its measures, for readers of the whole organisation; 404 for others, None without a release."""
    reader = releases.current()
    if reader is None:
        return None
    numbers = numbers_of(reader)
    if not overview.is_seen(numbers.cube, scope_of(request.user, Permission.SEE_OVERVIEW), WHOLE):
        raise Http404
    return reader, numbers


def years_told(numbers: Numbers, keys: Iterable[str]) -> list[str]:
    """The years of which something is told by one of these measures, the newest first."""
    told = {period for key in keys for period in numbers.told_periods(WHOLE, measure(key))}
    return sorted((period for period in told if periods.kind_of(period) == periods.YEAR), reverse=True)


def year_asked(request: HttpRequest, years: Sequence[str]) -> str:
    """The year in the address, else the first of those given; '' where there is none, 404 for another."""
    year = request.GET.get("year") or next(iter(years), "")
    if years and year not in years:
        raise Http404
    return year


def year_choices(numbers: Numbers, years: Sequence[str], year: str) -> list[tuple[str, str, bool]]:
    """The years that a reader may choose: key, name, and whether it is the one chosen."""
    return [(one, periods.name(one, numbers.as_of), one == year) for one in years]


def whole_place(numbers: Numbers) -> str:
    """The whole organisation, as the first word of a line."""
    place = overview.place(numbers.cube, WHOLE)
    return place[:1].upper() + place[1:]


def files(page: str, query: Mapping[str, str]) -> dict[str, str]:
    """The addresses of a page's files, and what they are asked with."""
    return {kind: reverse(f"measures:{page}_{kind}") for kind in ("csv", "xlsx", "pdf")} | {"query": urlencode(query)}
