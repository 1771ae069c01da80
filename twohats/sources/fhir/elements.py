"""The top-level elements of every R4 resource type: what is known there, and of which JSON type."""

from functools import cache
from pathlib import Path

ELEMENTS_FILE = Path(__file__).with_name("elements.txt")

_KINDS: dict[str, tuple[type, ...]] = {
    "s": (str,), "b": (bool,), "i": (int,), "n": (int, float), "o": (dict,), "a": (list,),
}


@cache
def elements() -> dict[str, dict[str, type]]:
    """Resource type → element → the Python type its value has (for a number: float, see `fits`)."""
    known = {}
    for line in ELEMENTS_FILE.read_text().splitlines():
        if not line.startswith("#"):
            name, *fields = line.split()
            known[name] = {key: _KINDS[kind][-1] for key, kind in (field.split(":") for field in fields)}
    return known


def fits(element: str, expected: dict[str, type], value: object) -> bool | None:
    """Whether a value has the type its element declares; None for an element that R4 does not have."""
    if value is None:
        return element in expected or None
    if element.startswith("_") and element[1:] in expected:
        return isinstance(value, list if expected[element[1:]] is list else dict)
    if element not in expected:
        return None
    if expected[element] is float:
        return type(value) in (int, float)
    return type(value) is expected[element]
