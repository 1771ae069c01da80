"""Moments to learn from: what people wrote of being served in the wrong hat, where they let us show it.

A quote is a clause with names masked, of somebody who said yes, in a unit and period in which 11 people or more wrote
(store/disclosure.py), and only where 11 people or more wrote of such moments at all. Nothing that is labelled, hidden
by the hospital or urgent is ever quoted.
"""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from twohats.service.pages import wording
from twohats.service.pages.comments import page as comments
from twohats.service.pages.comments.reads import Sight, seen
from twohats.service.pages.comments.sight import sights_of
from twohats.service.policy import Role
from twohats.store.disclosure import FEWEST
from twohats.words.hats import Hat

MOST = 3
"""Quotes of either hat."""
READ_AT_ONCE = 24
MISSED = {Hat.PATIENT: ("patient", "hurried"), Hat.CUSTOMER: ("customer", "over_engaged")}
"""The column of `served` that tells how a hat was served, and its word for the wrong one."""
YES = {"staff", "leaders"}


def moments(user: Any, reader: Any, year: str) -> dict[Hat, dict[str, Any]]:
    """For either hat its quotes, those that say so themselves first, or why there are none."""
    sight = _sight(user)
    if sight is None:
        none = _("Words are shown to those who may read comments.")
        return {hat: {"quotes": [], "says": none} for hat in MISSED}
    audience = YES if any(role == Role.LEADER for role, _unit in user.held) else YES - {"leaders"}
    names = comments.unit_names(reader)
    return {hat: _side(reader, sight, year, hat, sorted(audience), names) for hat in MISSED}


def _sight(user: Any) -> Sight | None:
    """What is disclosed of the comments that somebody may read at all: masked, nothing labelled, whoever asks."""
    sights = sorted(sights_of(user), key=lambda one: not one.scope.everything)
    return replace(sights[0], named=False, every=False, labelled=False) if sights else None


def _side(reader: Any, sight: Sight, year: str, hat: Hat, audience: list[str], names: Any) -> dict[str, Any]:
    told, parameters = _told(sight, year, hat)
    people = len(reader.rows(f"SELECT DISTINCT said.who {told} LIMIT {FEWEST}", parameters))
    marks = ", ".join("?" * len(audience))
    rows = reader.rows(
        f"SELECT clauses.voice, clauses.masked, clauses.touchpoint, said.speaker, said.shown_unit, said.shown_first, "
        f"said.shown_last, coalesce(clauses.says_so = ?, 0) AS says_so {told} AND clauses.shown_to IN ({marks}) "
        f"ORDER BY coalesce(clauses.says_so = ?, 0) DESC, said.shown DESC LIMIT {READ_AT_ONCE}",
        [hat.value, *parameters, *audience, hat.value]) if people >= FEWEST else []
    one_of_each: dict[int, Any] = {}
    for row in rows:
        one_of_each.setdefault(row["voice"], row)
    quotes = [_quote(row, names) for row in list(one_of_each.values())[:MOST]]
    return {"quotes": quotes, "says": "" if quotes else _why_none(reader)}


def _told(sight: Sight, year: str, hat: Hat) -> tuple[str, list[Any]]:
    """Clauses that say it, and complaints about that side of visits that bear a sign of it, as disclosed in a year."""
    condition, parameters = seen(sight)
    column, wrong = MISSED[hat]
    return (
        "FROM said JOIN clauses ON clauses.clause = said.clause LEFT JOIN served ON served.thing = clauses.visit "
        f"WHERE {condition} AND said.shown_first >= ? AND said.shown_last <= ? AND clauses.urgent = 'no' "
        "AND (clauses.says_so = ? OR clauses.says_so IS NULL AND clauses.about_hat = ? AND clauses.sentiment < 0 "
        f"AND served.{column} = ?)",
        [*parameters, f"{year}-01", f"{year}-12", hat.value, hat.value, wrong])


def _quote(row: Any, names: Any) -> dict[str, str]:
    return {
        "words": (row["masked"] or "").strip(),
        "why": _("the words say so") if row["says_so"] else _("the visit bears a sign of it"),
        "about": wording.touchpoint(row["touchpoint"]), "who": comments.speaker_name(row["speaker"]),
        "where": comments.place(row["shown_unit"], names),
        "when": comments.period(row["shown_first"], row["shown_last"]),
    }


def _why_none(reader: Any) -> str:
    if reader.row("SELECT 1 FROM clauses WHERE shown_to IN ('staff', 'leaders') LIMIT 1", ()) is None:
        return _("Nobody has said yes yet to their words being shown.")
    return _("None is shown: nobody who wrote of it has said yes, or fewer than 11 people wrote of it.")
