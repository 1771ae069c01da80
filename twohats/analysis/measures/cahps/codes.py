"""What is written in a file of answers, and the number it stands for."""

import math

import numpy as np

from .design import Coded


class NotAllowed(ValueError):
    """Written, but no answer that this column knows; says what would be."""


def written(value: object) -> str:
    """A code as it stands in a file: 98, 98.0 and " 98 " are one."""
    text = str(value).strip()
    number = number_in(text)
    return text if number is None or number != math.floor(number) else str(int(number))


def number_in(text: str) -> float | None:
    """The number a text is; None when it is none, or none that can be reckoned with."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None


def answer_of(code: str, coded: Coded) -> float:
    """The answer a code stands for; NaN for no answer. NotAllowed when the column does not know it and is strict."""
    code = written(code)
    if code in coded.values:
        mapped = coded.values[code]
        if mapped is None:
            return math.nan
        number: float | None = mapped
    elif code in coded.missing:
        return math.nan
    else:
        number = number_in(code)
    if number is not None and _counts(number, coded):
        return _ends(coded) - number if coded.reverse else number
    if coded.strict:
        raise NotAllowed(_known(coded))
    return math.nan


def _counts(number: float, coded: Coded) -> bool:
    if coded.scale is not None:
        return bool(coded.scale.counts(np.array([number]))[0])
    if coded.allowed and number not in coded.allowed:
        return False
    return (coded.low is None or number >= coded.low) and (coded.high is None or number <= coded.high)


def _ends(coded: Coded) -> float:
    """Lowest and highest value together: what an answer and its reversal sum up to."""
    if coded.scale is not None:
        return coded.scale.low + coded.scale.high
    return (coded.low or 0.0) + (coded.high or 0.0)


def _known(coded: Coded) -> str:
    if coded.scale is not None:
        return f"{coded.scale.low:g} to {coded.scale.high:g}"
    if coded.allowed:
        return ", ".join(f"{value:g}" for value in sorted(coded.allowed))
    if coded.low is None and coded.high is None:
        return "numbers"
    return f"{'' if coded.low is None else f'{coded.low:g}'} to {'' if coded.high is None else f'{coded.high:g}'}"
