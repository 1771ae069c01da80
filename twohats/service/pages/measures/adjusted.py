"""The means of official composites beside the same adjusted for who answered and how, year by year.

Told of a unit where its mean itself is, and where another unit of its kind is told to have 11 people at least: whether
there is an adjusted mean then says nothing of the units that are not told. What one adjuster does is told nowhere, so
no mean can be counted back to how many were answered for, or by phone.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from twohats.service import releases
from twohats.service.pages import wording
from twohats.service.pages.leader import page as overview
from twohats.service.pages.measures import periods
from twohats.service.pages.measures.composites import Composites, Share, Told
from twohats.service.pages.measures.numbers import COMPARABLE
from twohats.service.policy import Scope
from twohats.service.releases import once_a_release
from twohats.store.disclosure import WHOLE
from twohats.words.instruments import Composite, Instrument, adjusters
from twohats.words.measures import official

KINDS = ("system", periods.SITE, periods.DEPARTMENT)
"""The kinds of units that official composites are told of, the largest first."""
Rows = Mapping[tuple[str, str, str], Mapping[str, Any]]


class Adjusted(NamedTuple):
    """A unit's mean in points with its range (None where all answered alike), and what it is adjusted for or not."""

    mean: float
    low: float | None
    high: float | None
    adjusters: tuple[str, ...]
    not_known: tuple[str, ...]


@once_a_release
def rows_of(reader: Any) -> Rows:
    """The adjusted means of a release, by composite, unit and year."""
    return {(row["composite"], row["unit"], row["year"]): row for row in reader.rows("SELECT * FROM case_mix", ())}


def section(composites: Composites, asked: Instrument, scope: Scope, unit: str, period: str) -> dict[str, Any] | None:
    """The table of an instrument in the year of the period, and what is said over it; None where it is not adjusted."""
    if not asked.adjusters or not any(one.reading == "points" for one in asked.composites):
        return None
    rows, year = rows_of(releases.current()), period[:4]
    places = _places(composites, scope, unit)
    found = [(one, place, composites.told(asked, one, place, year), told(rows, composites, asked, one, place, year))
             for one in asked.composites if one.reading == "points" for place in places]
    known = [adjusted for *_which, adjusted in found if isinstance(adjusted, Adjusted)]
    return {
        "said": _said(asked, known, year),
        "table": {
            "caption": _("%(survey)s: means adjusted for who answered, %(year)s") % {
                "survey": asked.name.read_in(wording.language()), "year": year},
            "columns": [{"name": _("Composite")}, {"name": _("Place")},
                        *({"name": name, "is_number": True} for name in (
                            _("Mean, 0 to 100"), _("The same, adjusted"), _("Forms")))],
            "rows": [_row(composites, one, place, score, score.mean, adjusted) for one, place, score, adjusted in found
                     if score.mean is not None],
        },
    }


def told(rows: Rows, composites: Composites, asked: Instrument, one: Composite, unit: str, year: str) -> Adjusted | str:
    """The adjusted mean of a unit as it may be told; else why there is none."""
    score = composites.told(asked, one, unit, year)
    if score.mean is None:
        return _("not shown")
    if score.people < COMPARABLE:
        return _("fewer than 30 people: too few to compare")
    kinds = composites.numbers.kinds
    others = [other for other, kind in kinds.items() if kind == kinds.get(unit) and other != unit]
    if not any(composites.told(asked, one, other, year).people for other in others):
        return _("no other place of its kind is told")
    row = rows.get((official(asked, one), unit, year))
    if row is None or row["adjusted"] is None:
        return _("too little is known of who answered")
    return Adjusted(row["adjusted"], row["low"], row["high"], tuple(row["adjusters"].split()),
                    tuple(row["not_known"].split()))


def _places(composites: Composites, scope: Scope, unit: str) -> list[str]:
    """The unit, where there are others of its kind; else the largest units of which there are several."""
    kinds = composites.numbers.kinds
    of_kind = {kind: [place for place, of in kinds.items() if of == kind] for kind in KINDS}
    if len(of_kind.get(kinds.get(unit) or "", ())) > 1:
        return [unit]
    seen = ([place for place in places if overview.is_seen(composites.cube, scope, place)
             and unit in (WHOLE, *composites.cube.above(place))]
            for places in of_kind.values() if len(places) > 1)
    return sorted(next((places for places in seen if places), []), key=lambda place: overview.place(
        composites.cube, place))


def _row(composites: Composites, one: Composite, place: str, score: Told, mean: Share,
         adjusted: Adjusted | str) -> list[dict[str, Any]]:
    forms = {"text": wording.whole(score.forms), "is_number": True,
             "note": _("%(n)s people") % {"n": wording.whole(score.people)}}
    beside = ({"instead": adjusted, "is_number": True} if isinstance(adjusted, str)
              else _mean(adjusted.mean, adjusted.low, adjusted.high))
    return [{"text": one.name.read_in(wording.language())}, {"text": overview.place(composites.cube, place)},
            _mean(*mean), beside, forms]


def _mean(value: float, low: float | None, high: float | None) -> dict[str, Any]:
    """In whole points, between 0 and 100."""
    if low is None or high is None:
        note = _("all answered alike")
    else:
        note = _("%(low)s to %(high)s") % {"low": f"{max(low, 0.0):.0f}", "high": f"{min(high, 100.0):.0f}"}
    return {"text": f"{min(max(value, 0.0), 100.0):.0f}", "is_number": True, "note": note}


def _said(asked: Instrument, known: Sequence[Adjusted], year: str) -> str:
    """What the means are adjusted for, what is not known, and how it is to be read."""
    if not known:
        return _("No mean of %(year)s is adjusted: it takes a mean of 30 people or more that is told, another place of "
                 "the same kind with 11 people or more, and something known of who answered.") % {"year": year}
    language = wording.language()
    names = {one.key: one.name.read_in(language) for one in adjusters()}
    used = [key for key in asked.adjusters if any(key in one.adjusters for one in known)]
    missing = [key for key in asked.adjusters if any(key in one.not_known for one in known)]
    return " ".join(_sentences([names[key] for key in used], [names[key] for key in missing], year))


def _sentences(used: Sequence[str], missing: Sequence[str], year: str) -> Iterator[str]:
    yield _("What a place's mean of %(year)s would be if its people were like those of the other places of its kind "
            "in: %(names)s.") % {"year": year, "names": "; ".join(used)}
    if missing:
        yield _("Not known or the same for everybody, and so not adjusted for: %(names)s.") % {
            "names": "; ".join(missing)}
    yield _("Only places whose plain mean is told stand in the table.")
    yield _("It counts what patients said, and what others said for them; relatives' own view is not in it.")
    yield _("What still differs is associated with the place; that the place causes it, nobody can tell from this.")
