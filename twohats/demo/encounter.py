"""A visit as the hospital's records tell it: the Encounter, with all the ways in which records are wrong."""

from typing import NamedTuple

from twohats.demo.chart import Chart, security
from twohats.demo.dice import Dice
from twohats.demo.shapes import ENCOUNTER, ENCOUNTER_CLASS
from twohats.demo.visits import Part, Visit

_APART = {"register": "reception", "wait": "waiting", "triage": "triage"}
_PARTICIPANT = (
    '{"type":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType",'
    '"code":"%s"}]}],%s"individual":{"reference":"%s"}}'
)
_TYPE_OF_WORK = {"doctor": "ATND", "mover": "ESC", "interpreter": "TRANS"}
_PRIORITY = {1: "EM", 2: "EM", 3: "UR", 4: "R", 5: "R"}
_DISPOSITION = {"home": "home", "aadvice": "aadvice", "exp": "exp", "snf": "snf"}
_CLINICAL = ("nurse", "doctor", "triage")


class Entry(NamedTuple):
    """What the records say was so from one minute to another: a status, a place, somebody there."""

    what: str
    start: int
    end: int | None


class Noted(NamedTuple):
    """One Encounter as the records tell it, errors and all."""

    encounter: str
    part_of: str
    main: bool
    start: int
    end: int | None
    """When it truly ended; None while it goes on."""
    end_noted: int | None
    status: str
    statuses: list[Entry]
    people: list[Entry]
    places: list[Entry]

    def as_of(self, minute: int) -> "Noted":
        """The same records as they stood at that minute, while the visit was going on."""
        statuses = _so_far(self.statuses, minute)
        return self._replace(
            end=None,
            end_noted=None,
            status=statuses[-1].what,
            statuses=statuses,
            people=_so_far(self.people, minute),
            places=_so_far(self.places, minute),
        )


def _so_far(entries: list[Entry], minute: int) -> list[Entry]:
    """Those that had begun; what was not over yet has no end."""
    begun = [entry for entry in entries if entry.start <= minute]
    return [entry if entry.end is not None and entry.end <= minute else entry._replace(end=None) for entry in begun]


def known_parts(chart: Chart, visit: Visit) -> list[Part]:
    """The parts that have begun by the last moment known; a part that goes on has no end yet."""
    limit = chart.limit
    known = [part for part in visit.parts if part.start < limit]
    if known and known[-1].end is not None and known[-1].end > limit:
        if chart.life.died is not None and chart.life.died <= chart.now:
            known[-1].end, visit.disposition = limit, "exp"
        else:
            known[-1].end, visit.open = None, True
    return known


def write_encounter(chart: Chart, visit: Visit, parts: list[Part]) -> None:
    """The Encounter (or Encounters, where reception, waiting and triage are kept apart), and the truth of each part."""
    model = visit.unit.site.model
    groups = _apart(chart, visit, parts) if model == "reception_apart" else [(visit.id, "", parts)]
    for encounter, part_of, own in groups:
        _truth(chart, visit, encounter, own)
        _write(chart, visit, encounter, part_of, own, model)


def _truth(chart: Chart, visit: Visit, encounter: str, parts: list[Part]) -> None:
    for part in parts:
        given = 0 if part.end is None else part.end - part.start
        chart.lived(
            f"Encounter/{encounter}",
            part.start,
            part.end,
            part.act,
            part.hat,
            encounter=visit.id,
            wanted=part.wanted,
            given=given,
            wrong=part.wrong,
            stakes=visit.stakes,
        )


def _apart(chart: Chart, visit: Visit, parts: list[Part]) -> list[tuple[str, str, list[Part]]]:
    """Reception, waiting and triage as encounters of their own; half of them say what they are part of."""
    groups: list[tuple[str, str, list[Part]]] = []
    rest = list(parts)
    linked = chart.life.slips.chance(0.5)
    while rest and rest[0].act in _APART and len(rest) > 1:
        groups.append((chart.new_id("e"), visit.id if linked else "", [rest.pop(0)]))
    return [(visit.id, "", rest), *groups]


def _write(chart: Chart, visit: Visit, encounter: str, part_of: str, parts: list[Part], model: str) -> None:
    plan, slips, former = chart.hospital.plan, chart.life.slips, chart.life.former
    start, end = parts[0].start, parts[-1].end
    main = encounter == visit.id
    noted = Noted(
        encounter,
        part_of,
        main,
        start,
        end,
        end,
        parts[-1].status if end is None else "finished",
        _statuses(chart, parts, main),
        _participants(chart, visit, parts),
        _places(chart, parts) if model != "status_only" else [],
    )
    if slips.chance(plan.missing_ends) and end is not None:
        noted = _without_an_end(noted, slips)
    known = min((end or chart.now) + 20, chart.now)
    if former.chance(plan.earlier_versions):
        # Half of them before the last change of status, half at any time: some are hardly begun, some almost over.
        before = noted.statuses[-1].start if former.chance(0.5) else known
        seen = former.between(start, max(start, min(before, end or chart.now, known) - 1))
        chart.former("Encounter", _line(chart, visit, noted.as_of(seen), model, "1", seen))
    chart.fhir("Encounter", _line(chart, visit, noted, model, "2", known))


def _line(chart: Chart, visit: Visit, noted: Noted, model: str, version: str, updated: int) -> str:
    """The Encounter of those records, known at that minute."""
    until = noted.end if noted.end is not None else updated
    admitted = visit.admitted_at is not None and noted.start < visit.admitted_at < until
    now_class = "IMP" if admitted else _first_class(visit)
    more = [f',"class":{ENCOUNTER_CLASS % (now_class if noted.main else _first_class(visit))}']
    if model != "zones_only":
        more.append(f',"statusHistory":[{",".join([_status_entry(chart, one) for one in noted.statuses])}]')
    if noted.main and admitted:
        more.append(_class_history(chart, visit, noted.start, noted.end))
    more.append(_why(visit, noted.main))
    if noted.people:
        more.append(f',"participant":[{",".join([_person_entry(chart, one) for one in noted.people])}]')
    if noted.places:
        more.append(f',"location":[{",".join([_place_entry(chart, one) for one in noted.places])}]')
    if noted.part_of:
        more.append(f',"partOf":{{"reference":"Encounter/{noted.part_of}"}}')
    if noted.main and noted.end is not None and visit.class_code in ("EMER", "IMP"):
        code = _DISPOSITION[visit.disposition]
        more.append(
            ',"hospitalization":{"dischargeDisposition":{"coding":[{"system":'
            f'"http://terminology.hl7.org/CodeSystem/discharge-disposition","code":"{code}"}}]}}}}'
        )
    # Until they are admitted, the emergency department has them.
    unit = visit.unit
    if noted.main and visit.esi and not admitted:
        unit = chart.hospital.unit(unit.site.key, "ed")
    return ENCOUNTER % (
        noted.encounter,
        version,
        chart.t_text(updated),
        security(visit.label),
        noted.status,
        "".join(more),
        chart.patient_id(noted.start),
        _period(chart, noted.start, noted.end_noted),
        unit.id,
    )


def _period(chart: Chart, start: int, end: int | None) -> str:
    ends = "" if end is None else f',"end":"{chart.t_text(end)}"'
    return f'{{"start":"{chart.t_text(start)}"{ends}}}'


def _first_class(visit: Visit) -> str:
    return "EMER" if visit.admitted_at is not None and visit.esi else visit.class_code


def _status_entry(chart: Chart, one: Entry) -> str:
    return f'{{"status":"{one.what}","period":{_period(chart, one.start, one.end)}}}'


def _person_entry(chart: Chart, one: Entry) -> str:
    kind, who = one.what.split(" ")
    return _PARTICIPANT % (kind, f'"period":{_period(chart, one.start, one.end)},', who)


def _place_entry(chart: Chart, one: Entry) -> str:
    return (
        f'{{"location":{{"reference":"Location/{one.what}"}},"status":"{"active" if one.end is None else "completed"}",'
        f'"period":{_period(chart, one.start, one.end)}}}'
    )


def _statuses(chart: Chart, parts: list[Part], main: bool) -> list[Entry]:
    """statusHistory, now and then clicked late or in the wrong order."""
    plan, slips = chart.hospital.plan, chart.life.slips
    changes: list[tuple[str, int]] = []
    for part in parts:
        # Where reception is apart, its encounter is 'in progress' while somebody is still at the desk.
        status = part.status if main else "in-progress" if part.act == "register" else part.status
        if not changes or changes[-1][0] != status:
            changes.append((status, part.start))
    end = parts[-1].end
    last = end if end is not None else chart.now
    moved = [changes[0]]
    for n in range(1, len(changes)):
        status, start = changes[n]
        until = changes[n + 1][1] if n + 1 < len(changes) else last
        moved.append((status, _noted_at(chart, start, until, plan.late_statuses)))
    if len(moved) > 1 and slips.chance(plan.swapped_statuses):
        n = slips.between(0, len(moved) - 2)
        moved[n], moved[n + 1] = (moved[n + 1][0], moved[n][1]), (moved[n][0], moved[n + 1][1])
    ends = [start for _, start in moved[1:]] + [end]
    return [Entry(status, start, until) for (status, start), until in zip(moved, ends, strict=True)]


def _noted_at(chart: Chart, start: int, until: int, share: float) -> int:
    """When somebody noted what began then and lasted until then: a share of them late, if there is time to be late."""
    plan, slips = chart.hospital.plan, chart.life.slips
    latest = min(plan.late_minutes_most, until - start - 1)
    if latest < plan.late_minutes_least or not slips.chance(share):
        return start
    return start + slips.between(plan.late_minutes_least, latest)


def _without_an_end(noted: Noted, slips: Dice) -> Noted:
    """An end nobody noted: of the visit, of the last place, or of the last person there."""
    lists = [name for name in ("people", "places") if getattr(noted, name)]
    missing = slips.pick(["end_noted", *lists])
    if missing == "end_noted":
        return noted._replace(end_noted=None)
    entries: list[Entry] = getattr(noted, missing)
    return noted._replace(**{missing: [*entries[:-1], entries[-1]._replace(end=None)]})


def _class_history(chart: Chart, visit: Visit, start: int, end: int | None) -> str:
    text, admitted = chart.t_text, visit.admitted_at or start
    ends = "" if end is None else f',"end":"{text(end)}"'
    first = "EMER" if visit.esi else "AMB"
    return (
        f',"classHistory":[{{"class":{ENCOUNTER_CLASS % first},"period":{{"start":"{text(start)}","end":'
        f'"{text(admitted)}"}}}},{{"class":{ENCOUNTER_CLASS % "IMP"},"period":{{"start":"{text(admitted)}"{ends}}}}}]'
    )


def _why(visit: Visit, main: bool) -> str:
    code, words = visit.code
    why = f',"type":[{{"text":"{visit.kind}"}}]'
    if visit.esi:
        why += (
            ',"priority":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActPriority",'
            f'"code":"{_PRIORITY[visit.esi]}"}}]}}'
        )
    if main:
        if visit.appointment:
            why += f',"appointment":[{{"reference":"Appointment/{visit.appointment}"}}]'
        why += f',"reasonCode":[{{"coding":[{{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"{code}"}}],"text":"{words}"}}]'
    return why


def _participants(chart: Chart, visit: Visit, parts: list[Part]) -> list[Entry]:
    """Who was there, by what the records say: some missing, some of another role, a clinician at a desk."""
    plan, slips = chart.hospital.plan, chart.life.slips
    noted: list[Entry] = []
    for part in parts:
        staff, work = part.staff, part.work
        if staff is None or slips.chance(plan.missing_participants):
            continue
        if part.act == "register" and "nurse" in visit.unit.staff and slips.chance(plan.clinicians_at_desks):
            staff, work = slips.pick(visit.unit.staff["nurse"]), "nurse"
        elif slips.chance(plan.wrong_roles):
            work = slips.pick(sorted(set(visit.unit.staff) - {work}) or [work])
            staff = slips.pick(visit.unit.staff.get(work, [staff]))
        role = "r" if visit.unit.site.model == "reception_apart" else ""
        kind = "ESC" if role and work not in _CLINICAL else _TYPE_OF_WORK.get(work, "PART")
        who = f"PractitionerRole/r{staff}" if role else f"Practitioner/{staff}"
        noted.append(Entry(f"{kind} {who}", part.start, part.end))
    if visit.came_along and chart.life.relative:
        noted.append(Entry(f"PART RelatedPerson/{chart.life.relative}", parts[0].start, parts[-1].end))
    return noted


def _places(chart: Chart, parts: list[Part]) -> list[Entry]:
    """Where they were, by what the records say: a share of the times noted some minutes late."""
    moves: list[Entry] = []
    for part in parts:
        if part.place is None:
            continue
        if moves and moves[-1].what == part.place and moves[-1].end == part.start:
            moves[-1] = moves[-1]._replace(end=part.end)
        else:
            moves.append(Entry(part.place, part.start, part.end))
    for n, (_, start, end) in enumerate(moves):
        noted = _noted_at(chart, start, end if end is not None else chart.now, chart.hospital.plan.late_locations)
        if n and moves[n - 1].end == start:
            moves[n - 1] = moves[n - 1]._replace(end=noted)
        moves[n] = moves[n]._replace(start=noted)
    return moves
