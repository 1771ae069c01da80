"""Which measures are listed, on which side, and for which month a period speaks."""

from django.http import Http404

from twohats.service.pages.measures import periods
from twohats.service.pages.measures.numbers import Numbers
from twohats.words.hats import Hat
from twohats.words.measures import FAMILY, Measure, measure, measures


def shown(numbers: Numbers) -> list[Measure]:
    """All that is measured; of what is asked only what somebody answered."""
    return [one for one in measures() if not one.survey or one.key in numbers.counted]


def stands_apart(declared: Measure) -> bool:
    """Ratings of the whole, and what relatives say: in neither hat's sub-score."""
    return bool(declared.survey) and (declared.hat is Hat.MIXED or declared.key.endswith(FAMILY))


def declared_as(key: str) -> Measure:
    """The measure of that key in an address; 404 where there is none."""
    try:
        return measure(key)
    except KeyError:
        raise Http404 from None


def month_of(numbers: Numbers, period: str) -> str:
    """The last month of a period; the release's own month where the period is not over."""
    return min(periods.last_month(period), f"{numbers.as_of:%Y-%m}")
