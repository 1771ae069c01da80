"""The unit and period of the address: which a reader may ask for, and which they get when they name none."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest

from twohats.service import releases
from twohats.service.doors import scope_of
from twohats.service.pages.leader import page as overview
from twohats.service.pages.measures import periods
from twohats.service.pages.measures.numbers import Numbers, numbers_of
from twohats.service.policy import Permission, Scope


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
