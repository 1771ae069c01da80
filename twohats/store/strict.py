"""The strict line parser: one JSON value a line, meaning the same to every reader.

`parse` judges one line. `values_of` judges many at little more than the cost of parsing them: each value is
serialised again, and when that gives the same bytes no key was lost, no number changed and nothing is too deep.
Only lines that differ are looked at closely.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

LONGEST = 16 * 1024 * 1024
DEEPEST = 64


class Refused(Exception):
    """A line that cannot be taken: the reason's code, and the field where one is to blame."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code, self.field = code, field


Parsed = Any | Refused

# orjson refuses to serialise past 254 levels, so inside 190 lists it refuses what is deeper than 64.
_LISTS = 254 - DEEPEST
_NULL = b"\\u0000"
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_LOOSE_NUMBER = re.compile(rb"[:\[,\s]-?(NaN|Infinity|[0-9]+(\.[0-9]+)?[eE]\+?[0-9]{3,})")


def parse(line: bytes, longest: int = LONGEST) -> Any:
    """The value of a line; raises Refused for what is not strict JSON, ambiguous, too deep or too long.

    U+0000 passes: it is valid JSON. Whether a value can be kept is asked by `unkeepable`.
    """
    value = _parsed(line, longest)
    if _again(value) != line.strip(b" \t\r\n"):
        _look_closely(line)
    if _depth(value) > DEEPEST:
        raise Refused("too_deep")
    return value


def unkeepable(value: Any) -> str | None:
    """The reason why a strict value has no equal in every database, or None: U+0000, or beyond 64 bits."""
    heap = [value]
    while heap:
        one = heap.pop()
        if isinstance(one, str):
            if "\0" in one:
                return "null_character"
        elif isinstance(one, dict):
            heap.extend(one)
            heap.extend(one.values())
        elif isinstance(one, list):
            heap.extend(one)
        elif isinstance(one, int) and not -(2**63) <= one < 2**63:
            return "big_integer"
    return None


_slot: list[Any] = [None]
_nested: list[Any] = _slot
for _ in range(_LISTS - 1):
    _nested = [_nested]


def values_of(lines: Iterable[bytes]) -> Iterator[tuple[Parsed, bytes]]:
    """For each line (stripped of white space) its value or Refused, and its canonical bytes.

    One at a time, so that a value can be forgotten before the next is parsed: what stays near is quick to reach.
    """
    loads, dumps, strictly = orjson.loads, orjson.dumps, orjson.OPT_STRICT_INTEGER
    for line in lines:
        if len(line) <= LONGEST and _NULL not in line:
            try:
                _slot[0] = value = loads(line)
                again = dumps(_nested, option=strictly)
            except (orjson.JSONDecodeError, orjson.JSONEncodeError):
                pass  # looked at closely, below
            else:
                own = again[_LISTS:-_LISTS]
                if own == line:
                    yield value, line
                    continue
                if _squeezed(own) == _squeezed(line):
                    yield value, own
                    continue
        yield _closely(line)
    _slot[0] = None


def _squeezed(text: bytes) -> bytes:
    """Without white space, in strings too: equal texts still have the same tokens, so none was lost."""
    return text.translate(None, b" \t\r")


def _closely(line: bytes) -> tuple[Parsed, bytes]:
    try:
        value = parse(line)
        reason = unkeepable(value) if _NULL in line else None
        return Refused(reason) if reason else value, orjson.dumps(value)
    except Refused as refused:
        return refused, line


def _again(value: Any) -> bytes | None:
    """A value serialised again; None for one that holds whole numbers beyond 53 bits or is very deep."""
    try:
        return orjson.dumps(value, option=orjson.OPT_STRICT_INTEGER)
    except orjson.JSONEncodeError:
        return None


def _parsed(line: bytes, longest: int) -> Any:
    if len(line) > longest:
        raise Refused("too_long")
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        raise Refused(_why_not_json(line)) from None


def _why_not_json(line: bytes) -> str:
    try:
        line.decode()
    except UnicodeDecodeError:
        return "not_utf8"
    if _LOOSE_NUMBER.search(line):
        return "not_a_number"
    if _SURROGATE.search(line):
        return "lone_surrogate"
    # orjson stops at 1024 levels; what is that deep and otherwise whole is named for its depth
    return "too_deep" if line.count(b"[") + line.count(b"{") > 1000 else "not_json"


def _look_closely(line: bytes) -> None:
    """Raises Refused for keys that stand twice and whole numbers that no 64 bits hold."""
    try:
        json.loads(line, object_pairs_hook=_once_each, parse_int=_in_64_bits)
    except RecursionError:
        raise Refused("too_deep") from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    once = dict(pairs)
    if len(once) != len(pairs):
        raise Refused("duplicate_key")
    return once


def _in_64_bits(digits: str) -> int:
    if len(digits) > 20 or not -(2**63) <= int(digits) < 2**63:
        raise Refused("big_integer")
    return int(digits)


def _depth(value: Any) -> int:
    """Levels of nesting, counted no further than one past the deepest allowed."""
    level, depth = [value], 0
    while True:
        level = [one for one in level if isinstance(one, dict | list)]
        if not level or depth > DEEPEST:
            return depth
        depth += 1
        level = [part for one in level for part in (one.values() if isinstance(one, dict) else one)]
