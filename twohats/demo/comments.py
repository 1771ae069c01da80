"""Comments, clause by clause with their truth."""

from twohats.demo.chart import Chart
from twohats.demo.visits import Part, Visit


def comment_on(chart: Chart, visit: Visit, parts: list[Part], points: float, response: str, who: tuple[str, str, str, str],
               respondent: str, written: int) -> None:
    """Writes one comment about a visit."""
