"""What a front desk may know of a person, and how the card says it.

Only the table `desk` is read, whose columns are the whole allow-list: diagnosis, result, drug, clinic and balance
are not in it, so no change of a template can show them. Live events tell the newest moment (live.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from twohats.service.actions import live_events
from twohats.service.pages import wording, words
from twohats.service.pages.front_desk.companions import companion_words
from twohats.service.pages.front_desk.live import Now, rows_of_those_who_came, seen_now
from twohats.service.policy import Scope
from twohats.words.codebook import codebook, decide, front_desk_words, rule_of
from twohats.words.desk import Question, could_say
from twohats.words.hats import Hat
from twohats.words.situation import Situation

COLUMNS = ("person, given, language, interpreter, hearing, wheelchair, companion, unit, expected_at, arrived_at, "
           "left_at, interaction, hat, about_hat, rule, vulnerable")
AT_THE_DESK = Situation(act="register", event="logistics", role="clerical", zone="front_desk", channel="in_person")
"""What somebody who has not arrived yet will be doing first."""


@dataclass(frozen=True)
class Card:
    """Six lines: name, language, interpreter, hearing and wheelchair, who came along, the hat and what to do."""

    name: str
    when: str
    language: str
    interpreter: str
    access: str
    companion: str
    hat: str
    reason: str
    overruled: bool
    could_say: str
    urgent: bool
    to_ask: str
    not_again: str


def people_of_today(reader: Any, scope: Scope, now: datetime) -> list[dict[str, Any]]:
    """Everybody on today's list of the reader's desks, by the clock on each desk's wall; who has left comes last."""
    condition, params = scope.clause("unit")
    listed = reader.rows(
        f"SELECT {COLUMNS} FROM desk WHERE {condition} "
        "ORDER BY left_at IS NOT NULL, coalesce(expected_at, arrived_at), given, person", tuple(params))
    told = live_events.newest_of_each([row["person"] for row in listed], scope, now)
    rows = [seen_now(row, Now(tuple(filter(None, [told.get(row["person"])]))), reader) for row in listed]
    known = {row["person"] for row in listed}
    came = {key: one for key, one in live_events.people_who_came(scope, now).items() if key not in known}
    rows += [seen_now(row, Now((came[row["person"]],)), reader) for row in rows_of_those_who_came(reader, came)]
    clocks = _clocks(reader)
    lines = [_line(row, clocks.get(row["unit"] or "", wording.place_zone(None))) for row in rows]
    return sorted(lines, key=lambda line: (line["has_left"], line["time"]))


def _line(row: Mapping[str, Any], clock: ZoneInfo) -> dict[str, Any]:
    needs = [
        _("interpreter") if row["interpreter"] else "", _("hears badly") if row["hearing"] else "",
        _("wheelchair") if row["wheelchair"] else "",
    ]
    at = row["expected_at"] or row["arrived_at"]
    return {
        "key": row["person"], "name": row["given"] or _("No name recorded"), "state": _state(row),
        "has_left": row["left_at"] is not None,
        "time": wording.clock(wording.local(at, clock)) if at else "", "needs": ", ".join(filter(None, needs)),
        "urgent": row["urgent"],
    }


def _state(row: Mapping[str, Any]) -> str:
    if row["left_at"] is not None:
        return _("has left")
    return _("expected") if row["arrived_at"] is None else _("here")


def row_of(reader: Any, key: int, scope: Scope, now: Now) -> dict[str, Any] | None:
    """A person's row as of now, whether they are on today's list or only came; None outside the reader's desks."""
    condition, params = scope.clause("unit")
    found = reader.rows(f"SELECT {COLUMNS} FROM desk WHERE person = ? AND {condition}", (key, *params))
    here = {key: now.newest} if now.newest is not None and now.newest.unit in scope and now.newest.unit else {}
    rows = found or (rows_of_those_who_came(reader, here) if here else [])
    return seen_now(rows[0], now, reader) if rows else None


def card_of(row: Mapping[str, Any], said: str | None, clock: ZoneInfo, now: Now) -> Card:
    """The card. `said` is the hat that staff gave at the desk."""
    hat, reason = _hat_and_reason(row, said)
    money = now.may_speak_of_money(row["unit"] or "")
    about = Hat(said or row["about_hat"] or hat)
    example = could_say(about, vulnerable=bool(row["vulnerable"]) and not said, urgent=row["urgent"])
    return Card(
        could_say=example.read_in(wording.language()), urgent=row["urgent"],
        to_ask=_questions(now.to_ask(money=money)), not_again=_questions(now.not_again(money=money)),
        name=row["given"] or _("No name recorded"), when=_when(row, clock), language=_language(row),
        interpreter={None: _("Not known: ask"), 1: _("Needed")}.get(row["interpreter"], _("Not needed")),
        access=_access(row), companion=companion_words(row["companion"]) or _("Nobody known"), hat=hat, reason=reason,
        overruled=said is not None,
    )


def _questions(asked: Iterable[Question]) -> str:
    return ", ".join(one.text.read_in(wording.language()) for one in asked)


def _hat_and_reason(row: Mapping[str, Any], said: str | None) -> tuple[str, str]:
    if said:
        return said, codebook().front_desk[said].read_in(wording.language())
    if row["hat"] is None and row["vulnerable"]:
        return Hat.CUSTOMER.value, codebook().front_desk["vulnerable"].read_in(wording.language())
    if row["hat"] is None:
        decision = decide(AT_THE_DESK)
        return decision.hat.value, front_desk_words(decision).read_in(wording.language())
    return row["hat"], _reason(row)


def _reason(row: Mapping[str, Any]) -> str:
    """What to do, never why in clinical words: the rule's own words for the desk, else those of the hat."""
    try:
        own = rule_of(row["rule"] or "").reason_front_desk
    except KeyError:
        own = None
    told = own or codebook().front_desk["vulnerable" if row["vulnerable"] else _about(row)]
    return told.read_in(wording.language())


def _about(row: Mapping[str, Any]) -> str:
    return Hat(row["about_hat"] or row["hat"]).value


def _when(row: Mapping[str, Any], clock: ZoneInfo) -> str:
    if row["left_at"]:
        return _("Left at %(time)s") % {"time": wording.clock(wording.local(row["left_at"], clock))}
    if row["arrived_at"]:
        return _("Here since %(time)s") % {"time": wording.clock(wording.local(row["arrived_at"], clock))}
    if row["expected_at"]:
        return _("Expected at %(time)s") % {"time": wording.clock(wording.local(row["expected_at"], clock))}
    return _("Expected today")


def _language(row: Mapping[str, Any]) -> str:
    return wording.language_name(row["language"]) or _("Not known: ask")


def _access(row: Mapping[str, Any]) -> str:
    needs = [_("Hears badly: face them, speak clearly") if row["hearing"] else "",
             _("Uses a wheelchair") if row["wheelchair"] else ""]
    return ". ".join(filter(None, needs)) or _("None known")


def today(reader: Any) -> str:
    """The release's day in words."""
    day = words.release_facts(reader).as_of
    return wording.day(day) if day else ""


def clock_of(reader: Any, unit: str | None) -> ZoneInfo:
    """The clock of a desk."""
    return _clocks(reader).get(unit or "", wording.place_zone(None))


def _clocks(reader: Any) -> dict[str, ZoneInfo]:
    rows = reader.rows("SELECT unit, time_zone FROM units", ())
    return {row["unit"]: wording.place_zone(row["time_zone"]) for row in rows}
