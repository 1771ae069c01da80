"""Days and minutes of the demo hospital: whole minutes since 1970 in UTC inside, local time with offset on paper.

The summer time of the United States is computed here (second Sunday of March to first Sunday of November), so that
the bytes do not depend on the time zone tables of a machine.
"""

from datetime import date, timedelta

EPOCH = date(1970, 1, 1).toordinal()
DAY = 1440
_TIMES = tuple(f"T{minute // 60:02}:{minute % 60:02}:00" for minute in range(DAY))


def day_number(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - EPOCH


def day_text(number: int) -> str:
    """A day as 2026-11-20."""
    return date.fromordinal(number + EPOCH).isoformat()


def _sunday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (nth - 1))


class Clock:
    """The wall clock of one site."""

    __slots__ = ("_first", "_names", "_plain", "_summers", "_winter")

    def __init__(self, hours_from_utc: int, as_of: date, days: int) -> None:
        self._plain = 60 * hours_from_utc
        self._winter = f"-{-hours_from_utc:02}:00"
        years = range(as_of.year - days // 365 - 2, as_of.year + 3)
        # Clocks move at 02:00 local time, which in the last hour of summer is one hour earlier in winter time.
        self._summers = [
            (
                day_number(_sunday(year, 3, 2)) * DAY + 120 - self._plain,
                day_number(_sunday(year, 11, 1)) * DAY + 60 - self._plain,
                f"-{-hours_from_utc - 1:02}:00",
            )
            for year in years
        ]
        self._first = day_number(as_of) - days - 120
        self._names = tuple(day_text(self._first + n) for n in range(days + 400))

    def _offset(self, minute: int) -> tuple[int, str]:
        for start, end, name in self._summers:
            if start <= minute < end:
                return self._plain + 60, name
        return self._plain, self._winter

    def text(self, minute: int) -> str:
        """An instant as this site writes it: 2026-11-20T09:05:00-06:00."""
        offset, name = self._offset(minute)
        day, rest = divmod(minute + offset, DAY)
        return self._names[day - self._first] + _TIMES[rest] + name

    def at(self, day: int, minute_of_day: int) -> int:
        """The instant at which this site's clock shows that minute of that day."""
        guess = day * DAY + minute_of_day - self._plain
        return guess - (self._offset(guess)[0] - self._plain)

    def day_of(self, minute: int) -> int:
        """The local day of an instant."""
        return (minute + self._offset(minute)[0]) // DAY

    def date(self, minute: int) -> str:
        """The local day of an instant as 2026-11-20."""
        return self._names[self.day_of(minute) - self._first]


def utc_text(minute: int | None) -> str:
    """An instant in UTC for the truth's tables; empty while open."""
    if minute is None:
        return ""
    day, rest = divmod(minute, DAY)
    return f"{day_text(day)}{_TIMES[rest]}Z"
