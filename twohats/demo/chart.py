"""One person's papers while they are written: FHIR lines, feed rows and the truth beside them."""

import tomllib
from importlib.resources import files

from twohats.demo.clock import utc_text
from twohats.demo.hospital import Hospital
from twohats.demo.lives import Life
from twohats.demo.paper import FHIR_TYPES, PERSONAL_FEEDS, cell, later

TOUCHPOINTS: dict[str, str] = {
    act["key"]: act["touchpoint"] for act in tomllib.loads((files("twohats.words") / "acts.toml").read_text())["act"]
}
"""Act → touchpoint, from the vocabulary."""

_LATER = {name: later(name) for name in (*(f"fhir/{kind}" for kind in FHIR_TYPES), *PERSONAL_FEEDS)}
_LABELS = {
    label: f',"security":[{{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"{label}"}},'
    '{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]'
    for label in ("ETH", "PSY", "HIV", "SDV")
}


def security(label: str | None) -> str:
    """meta.security of a sensitive matter, ready JSON; nothing for all else."""
    return _LABELS[label] if label else ""


class Chart:
    """Collects what is written about one person. Nothing after `limit` is known: they died, or it is not yet."""

    __slots__ = ("_count", "_roll", "hospital", "life", "limit", "lines", "now", "t_text")

    def __init__(self, hospital: Hospital, life: Life, lines: dict[str, list[str]]) -> None:
        self.hospital, self.life, self.lines = hospital, life, lines
        self.now = hospital.now
        self.limit = self.now if life.died is None else min(self.now, life.died)
        self._count = 0
        self._roll = life.slips.roll
        self.t_text = life.site.clock.text

    def new_id(self, prefix: str) -> str:
        """An id nobody else has: the person's number and the next one of theirs."""
        self._count += 1
        return f"{prefix}{self.life.index}-{self._count}"

    def patient_id(self, minute: int) -> str:
        """The record in use at that time: as long as there are two, a share of the lines name the other one."""
        life = self.life
        two = life.unnoticed or (life.merged_at is not None and minute < life.merged_at)
        return life.old_id or life.id if two and (minute * 7919) % 3 == 0 else life.id

    def speaker(self, minute: int) -> str:
        """Who reads and writes in the portal: a parent for a minor, else the person."""
        life = self.life
        return f"RelatedPerson/{life.relative}" if life.minor else f"Patient/{self.patient_id(minute)}"

    def fhir(self, kind: str, line: str) -> None:
        """One FHIR line."""
        self._deliver(f"fhir/{kind}", line, self._roll())

    def former(self, kind: str, line: str) -> None:
        """An earlier version of a line still to come. It draws from a stream of its own, so that whether earlier
        versions are delivered at all changes nothing else.
        """
        self._deliver(f"fhir/{kind}", line, self.life.former.roll())

    def row(self, feed: str, *cells: str) -> None:
        """One row of a feed or of the truth."""
        line = ",".join([cell(text) for text in cells])
        if feed in _LATER:
            self._deliver(feed, line, self._roll())
        else:
            self.lines[feed].append(line)

    def _deliver(self, name: str, line: str, roll: float) -> None:
        """Into the first delivery; a few come only with the later one, and a few come with it once more."""
        plan = self.hospital.plan
        if roll > 1 - plan.late_lines:
            self.lines[_LATER[name]].append(line)
            return
        self.lines[name].append(line)
        if roll < plan.duplicate_lines:
            self.lines[_LATER[name]].append(line)

    def tie(self, feed: str, key: str) -> None:
        """The truth about whose a feed's row is."""
        self.lines["truth/ties"].append(f"{feed},{key},{self.life.id}")

    def lived(
        self,
        resource: str,
        start: int,
        end: int | None,
        act: str,
        hat: str,
        *,
        encounter: str = "",
        wanted: str = "speed",
        given: int = 0,
        wrong: str = "none",
        stakes: int = 100,
    ) -> None:
        """The truth about one interaction: a visit's segment where an encounter is given."""
        life = self.life
        where = "truth/segments" if encounter else "truth/interactions"
        self.lines[where].append(
            f"{life.id},{encounter},{resource},{utc_text(start)},{utc_text(end)},{hat},{TOUCHPOINTS[act]},{act},"
            f"{wanted},{given},{wrong},{stakes},{life.language},{life.age_band},{'true' if life.portal else 'false'}"
        )

    def identifiers(self, minute: int) -> tuple[str, str, str, str]:
        """What a feed notes of who it was: record number, phone, mail, portal account; seldom all, at times wrong."""
        life, roll = self.life, self.life.slips.roll()
        mrn = life.old_mrn if life.old_mrn and life.merged_at and minute < life.merged_at else life.mrn
        if self.life.slips.chance(self.hospital.plan.wrong_phones):
            return "", f"+1999555{life.index % 10_000:04}", "", ""
        if roll < 0.30 and life.phone:
            return "", life.phone, "", ""
        if roll < 0.36 and life.email:
            return "", "", life.email, ""
        if roll < 0.42 and life.portal:
            return "", "", "", life.portal
        return str(mrn), life.phone or "", "", ""
