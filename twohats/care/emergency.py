"""What an emergency department must not ask yet. Facts in, decision out."""

import re

_BY_NAME = re.compile(r"\b(emergency|emergencias?|urgencias?|ED|ER|A&E)\b")


def sounds_like_emergency(name: str) -> bool:
    """True when a unit's name says that it is an emergency department."""
    return _BY_NAME.search(name) is not None or _BY_NAME.search(name.lower()) is not None


def may_speak_of_money(*, emergency: bool | None, screened: bool | None) -> bool:
    """Whether a desk may be reminded of insurance, payment or a balance.

    42 CFR 489.24(d)(4): a hospital may not delay the medical screening exam to inquire about payment or insurance. So
    in an emergency department no word of it before the exam is recorded; what is not known counts as an emergency
    department, and as not recorded.
    """
    return emergency is False or screened is True
