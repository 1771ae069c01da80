"""What each code or word of an answer stands for: points of 0 to 100, its box, and the measures it counts for."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from twohats.words.instruments import AnswerScale, Instrument, instruments
from twohats.words.measures import official

from .cahps.scales import Box, Scale, ScaleType, scale_of

ANSWER_CODES = pa.schema([
    ("survey", pa.string()), ("item", pa.string()), ("code", pa.string()),
    ("first_day", pa.string()), ("last_day", pa.string()), ("instrument", pa.string()), ("points", pa.int64()),
    ("is_report", pa.bool_()), ("official", pa.string()), ("is_top", pa.bool_()), ("net", pa.int64()),
    ("composite", pa.string()), ("box", pa.string()), ("answer", pa.int64()),
])
"""One row per instrument, item and code as written (lower case): points and net in thousandths; official is the key
of the measure of the whole that the item makes, null where it makes none; composite the key of the official measure it
goes into, null in an instrument of our own; box is top, bottom or middle; answer is the value on the item's scale, more
is better, null for a code that only counts; days as YYYY-MM-DD."""
FIRST, LAST = date(1900, 1, 1), date(9999, 12, 31)


def answer_codes() -> pa.Table:
    """The codes of every item of every instrument."""
    return pa.Table.from_pylist([row for asked in instruments() for row in _of_instrument(asked)], ANSWER_CODES)


def _of_instrument(asked: Instrument) -> Iterator[dict[str, Any]]:
    reports = asked.reports() if len(asked.reports()) > 1 else ()
    whole = {key: one for one in asked.composites if one.whole or one.reading != "points" for key in one.items}
    goes_into = {} if asked.ours else {key: official(asked, one) for one in asked.composites for key in one.items}
    for item, answered in asked.scales.items():
        scale = _scale(answered)
        one = whole.get(item)
        told = {"survey": asked.survey, "item": item, "first_day": (asked.first_day or FIRST).isoformat(),
                "last_day": (asked.last_day or LAST).isoformat(), "instrument": asked.key,
                "official": None if one is None else official(asked, one), "composite": goes_into.get(item)}
        for code, value in _values(answered, scale).items():
            box = next(at for at, box in enumerate(scale.boxes) if box.low <= value <= box.high)
            net = (box == scale.top) - (box == scale.bottom) if one is not None and one.reading == "net" else None
            yield told | {
                "code": code, "points": round(100_000 * (value - scale.low) / (scale.high - scale.low)),
                "is_report": item in reports, "is_top": box == scale.top, "net": None if net is None else 100_000 * net,
                "box": "top" if box == scale.top else "bottom" if box == scale.bottom else "middle",
                "answer": round(value),
            }
        for code in answered.unsure:
            yield told | {"code": code, "points": None, "is_report": False, "is_top": False, "net": None,
                          "box": "middle", "answer": None}


def _values(answered: AnswerScale, scale: Scale) -> Mapping[str, float]:
    """Each code or word that counts, as written in lower case, and its value on the scale."""
    plain = {str(value): float(value) for value in range(int(scale.low), int(scale.high) + 1)}
    return dict(answered.written or plain) | dict(answered.words)


def _scale(answered: AnswerScale) -> Scale:
    boxes = tuple(Box(f"{low:g}-{high:g}", low, high) for low, high in answered.boxes)
    return scale_of(ScaleType(answered.type), answered.low, answered.high, boxes)
