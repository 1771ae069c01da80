"""The release in use, for the pages; they read it through here and `store/reading.py` only."""

import threading
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from twohats.care.emergency import sounds_like_emergency
from twohats.service.policy import below
from twohats.store import reading, register
from twohats.store.home import Home

Made = TypeVar("Made")
_TREES: dict[str, dict[str, str | None]] = {}
_EMERGENCIES: dict[str, frozenset[str]] = {}
_LAST = threading.local()


def home() -> Home:
    """The home this service looks after."""
    return Home(settings.TWOHATS_HOME)


def current() -> "reading.Reader | None":
    """The current release; None while nothing is published. The register is asked again only when it has changed."""
    place = home()
    try:
        told = place.register.stat()
    except FileNotFoundError:
        return None
    seen = (place.path, told.st_mtime_ns, told.st_size, told.st_ino)
    if getattr(_LAST, "seen", None) != seen:
        _LAST.reader, _LAST.seen = reading.current(place), seen
    return _LAST.reader


def another(reader: "reading.Reader") -> "reading.Reader | None":
    """The release before that one, opened; the one after it where none is kept; None where it is the only one."""
    ids = [kept.id for kept in register.registered(home())]
    if reader.id not in ids or len(ids) < 2:
        return None
    at = ids.index(reader.id)
    return reading.Reader(ids[at - 1 if at else 1], home().releases / ids[at - 1 if at else 1])


def once_a_release(make: Callable[[Any], Made]) -> Callable[[Any], Made]:
    """Keeps what is made of a release until another is asked for; however many ask at once, it is made once."""
    lock = threading.Lock()

    @wraps(make)
    def kept(reader: Any) -> Made:
        held = kept.held  # type: ignore[attr-defined]
        if held is None or held[0] != reader.id:
            with lock:
                held = kept.held  # type: ignore[attr-defined]
                if held is None or held[0] != reader.id:
                    held = kept.held = (reader.id, make(reader))  # type: ignore[attr-defined]
        return held[1]

    kept.held = None  # type: ignore[attr-defined]
    return kept


def parents() -> dict[str, str | None]:
    """The tree of units of the current release, child to parent; empty while nothing is published."""
    reader = current()
    if reader is None:
        return {}
    if reader.id not in _TREES:
        tree = {row["unit"]: row["parent"] for row in reader.rows("SELECT unit, parent FROM units", ())}
        _TREES.clear()
        _TREES[reader.id] = tree
    return _TREES[reader.id]


def emergency_units() -> frozenset[str]:
    """Units of the current release in which emergency visits were, or that are called so, with all below them."""
    reader = current()
    if reader is None:
        return frozenset()
    if reader.id not in _EMERGENCIES:
        seen = reader.rows("SELECT DISTINCT unit FROM visits WHERE class_code = 'EMER' AND unit <> ''")
        named = [row for row in reader.rows("SELECT unit, name FROM units") if sounds_like_emergency(row["name"])]
        _EMERGENCIES.clear()
        _EMERGENCIES[reader.id] = below({row["unit"] for row in (*seen, *named)}, parents())
    return _EMERGENCIES[reader.id]


def place_zone(name: str | None) -> ZoneInfo:
    """The clock of a site; UTC where the hospital has not told it."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def clock_on_the_wall(unit: str) -> ZoneInfo:
    """The clock of a unit of the current release; that of most units for what belongs to none."""
    reader = current()
    rows = reader.rows("SELECT unit, time_zone FROM units WHERE time_zone <> '' ORDER BY unit") if reader else []
    told = {row["unit"]: row["time_zone"] for row in rows}
    most = Counter(told.values()).most_common(1)
    return place_zone(told.get(unit) or (most[0][0] if most else None))


def is_demo() -> bool:
    """True when the home is the demo hospital's."""
    return home().is_demo
