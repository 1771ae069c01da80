"""The release in use, for the pages; they read it through here and `store/reading.py` only."""

import threading

from django.conf import settings

from twohats.store import reading
from twohats.store.home import Home

_TREES: dict[str, dict[str, str | None]] = {}
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


def is_demo() -> bool:
    """True when the home is the demo hospital's."""
    return home().is_demo
