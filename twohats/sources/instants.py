"""Instants as sources write them, made into microseconds in UTC.

A whole instant with its zone is taken as it is. A year, a month or a day alone is legal in FHIR and stands for its
first moment in UTC; `last_moment` knows the other end of it. A time of day without a zone is refused.
"""

import calendar
import re
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from .reasons import Refused

INSTANT = pa.timestamp("us", "UTC")

_DATE = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_ZONE = r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
_USUAL = rf"^{_DATE}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{{1,6}})?{_ZONE}$"
_ANY = re.compile(
    r"(?P<year>[0-9]{4})(-(?P<month>0[1-9]|1[0-2])(-(?P<day>0[1-9]|[12][0-9]|3[01])"
    r"(T(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9]|60)(\.(?P<fraction>[0-9]{1,12}))?"
    rf"(?P<zone>{_ZONE})?)?)?)?"
)
_EARLIEST = pa.scalar(datetime(1, 1, 2, tzinfo=UTC), INSTANT)
_LATEST = pa.scalar(datetime(9999, 12, 31, tzinfo=UTC), INSTANT)


def instants(texts: pa.Array) -> tuple[pa.Array, dict[int, str]]:
    """The instants a column of texts stands for, and for each position that stands for none the reason's code."""
    quick = _all_usual(texts)
    if quick is not None:
        return quick, {}
    found: list[datetime | None] = []
    bad: dict[int, str] = {}
    for position, text in enumerate(texts.to_pylist()):
        try:
            found.append(None if text is None else instant(text))
        except Refused as refused:
            bad[position] = refused.code
            found.append(None)
    return pa.array(found, INSTANT), bad


def _all_usual(texts: pa.Array) -> pa.Array | None:
    usual = pc.match_substring_regex(texts, _USUAL)
    if pc.all(usual, min_count=0).as_py() is False:
        return None
    try:
        found = texts.cast(INSTANT)
    except pa.ArrowInvalid:  # 30 February
        return None
    inside = pc.and_(pc.greater(found, _EARLIEST), pc.less(found, _LATEST))
    return found if pc.all(inside, min_count=0).as_py() else None


def instant(text: str) -> datetime:
    """The instant a text stands for: of a year, a month or a day its first moment in UTC. Raises Refused."""
    return _from_to(text)[0]


def last_moment(text: str) -> datetime:
    """The last moment a text can mean: of 2024-05 the end of May. Raises Refused."""
    return _from_to(text)[1]


def is_whole(text: str) -> bool:
    """True for a text that names a moment, not a year, a month or a day."""
    return "T" in text


def _from_to(text: str) -> tuple[datetime, datetime]:
    match = _ANY.fullmatch(text)
    if match is None:
        raise Refused("bad_instant")
    part = match.groupdict()
    year, month, day = int(part["year"]), int(part["month"] or 1), int(part["day"] or 1)
    try:
        if part["hour"] is None:
            return datetime(year, month, day, tzinfo=UTC), _end_of(part, year, month, day)
        if part["zone"] is None:
            raise Refused("instant_without_zone")
        # A leap second is written 60; it is the first moment of the next minute.
        local = datetime(year, month, day, int(part["hour"]), int(part["minute"]), tzinfo=UTC) + timedelta(
            seconds=int(part["second"]), microseconds=int((part["fraction"] or "0")[:6].ljust(6, "0"))
        )
        whole = local - _offset(part["zone"])
    except (ValueError, OverflowError):
        raise Refused("bad_instant") from None
    return whole, whole


def _end_of(part: dict[str, str | None], year: int, month: int, day: int) -> datetime:
    if part["month"] is None:
        month = 12
    if part["day"] is None:
        day = calendar.monthrange(year, month)[1]
    return datetime(year, month, day, 23, 59, 59, 999999, tzinfo=UTC)


def _offset(zone: str) -> timedelta:
    if zone == "Z":
        return timedelta()
    sign = -1 if zone[0] == "-" else 1
    return sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
