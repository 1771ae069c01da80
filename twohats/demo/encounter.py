"""A visit as the hospital's records tell it: the Encounter, with all the ways in which records are wrong."""

from twohats.demo.chart import Chart, security
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
    text, slips = chart.t_text, chart.life.slips
    start, end = parts[0].start, parts[-1].end
    gap = slips.between(1, 3) if slips.chance(chart.hospital.plan.missing_ends) and end is not None else 0
    main = encounter == visit.id
    more = [f',"class":{ENCOUNTER_CLASS % (visit.class_code if main else _first_class(visit))}']
    if model != "zones_only":
        more.append(f',"statusHistory":[{",".join(_statuses(chart, parts, encounter, main))}]')
    if main and visit.admitted_at is not None and visit.admitted_at > start:
        more.append(_class_history(chart, visit, start, end))
    more.append(_why(visit, main))
    people = _participants(chart, visit, parts, gap == 3)
    if people:
        more.append(f',"participant":[{",".join(people)}]')
    if model != "status_only":
        places = _places(chart, parts, gap == 2)
        if places:
            more.append(f',"location":[{",".join(places)}]')
    if part_of:
        more.append(f',"partOf":{{"reference":"Encounter/{part_of}"}}')
    if main and end is not None and visit.class_code in ("EMER", "IMP"):
        code = _DISPOSITION[visit.disposition]
        more.append(
            ',"hospitalization":{"dischargeDisposition":{"coding":[{"system":'
            f'"http://terminology.hl7.org/CodeSystem/discharge-disposition","code":"{code}"}}]}}}}'
        )
    period = (
        f'{{"start":"{text(start)}"}}'
        if end is None or gap == 1
        else f'{{"start":"{text(start)}","end":"{text(end)}"}}'
    )
    status = parts[-1].status if end is None else "finished"
    line = ENCOUNTER % (
        encounter,
        "2",
        text(min((end or chart.now) + 20, chart.now)),
        security(visit.label),
        status,
        "".join(more),
        chart.patient_id(start),
        period,
        visit.unit.id,
    )
    chart.fhir("Encounter", line)


def _first_class(visit: Visit) -> str:
    return "EMER" if visit.admitted_at is not None and visit.esi else visit.class_code


def _statuses(chart: Chart, parts: list[Part], encounter: str, main: bool) -> list[str]:
    """statusHistory, now and then clicked late or in the wrong order."""
    plan, slips, text = chart.hospital.plan, chart.life.slips, chart.t_text
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
        if slips.chance(plan.late_statuses):
            following = changes[n + 1][1] if n + 1 < len(changes) else last
            start = min(
                start + slips.between(plan.late_minutes_least, plan.late_minutes_most), max(start, following - 1)
            )
        moved.append((status, start))
    if len(moved) > 1 and slips.chance(plan.swapped_statuses):
        n = slips.between(0, len(moved) - 2)
        moved[n], moved[n + 1] = (moved[n + 1][0], moved[n][1]), (moved[n][0], moved[n + 1][1])
    written = []
    for n, (status, start) in enumerate(moved):
        until = moved[n + 1][1] if n + 1 < len(moved) else end
        ends = "" if until is None else f',"end":"{text(until)}"'
        written.append(f'{{"status":"{status}","period":{{"start":"{text(start)}"{ends}}}}}')
    return written


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


def _participants(chart: Chart, visit: Visit, parts: list[Part], open_end: bool) -> list[str]:
    """Who was there, by what the records say: some missing, some of another role, a clinician at a desk."""
    plan, slips, text = chart.hospital.plan, chart.life.slips, chart.t_text
    written: list[str] = []
    for part in parts:
        staff, work = part.staff, part.work
        if staff is None or slips.chance(plan.missing_participants):
            continue
        if part.act == "register" and "nurse" in visit.unit.staff and slips.chance(plan.clinicians_at_desks):
            staff, work = slips.pick(visit.unit.staff["nurse"]), "nurse"
        elif slips.chance(plan.wrong_roles):
            work = slips.pick(sorted(set(visit.unit.staff) - {work}) or [work])
            staff = slips.pick(visit.unit.staff.get(work, [staff]))
        ends = "" if part.end is None or (open_end and part is parts[-1]) else f',"end":"{text(part.end)}"'
        period = f'"period":{{"start":"{text(part.start)}"{ends}}},'
        role = "r" if visit.unit.site.model == "reception_apart" else ""
        kind = "ESC" if role and work not in _CLINICAL else _TYPE_OF_WORK.get(work, "PART")
        who = f"PractitionerRole/r{staff}" if role else f"Practitioner/{staff}"
        written.append(_PARTICIPANT % (kind, period, who))
    if visit.came_along and chart.life.relative:
        period = (
            f'"period":{{"start":"{text(parts[0].start)}"}},'
            if parts[-1].end is None
            else (f'"period":{{"start":"{text(parts[0].start)}","end":"{text(parts[-1].end)}"}},')
        )
        written.append(_PARTICIPANT % ("PART", period, f"RelatedPerson/{chart.life.relative}"))
    return written


def _places(chart: Chart, parts: list[Part], open_end: bool) -> list[str]:
    """Where they were, by what the records say: a share of the moves noted some minutes late."""
    plan, slips, text = chart.hospital.plan, chart.life.slips, chart.t_text
    moves: list[tuple[str, int, int | None]] = []
    for part in parts:
        if part.place is None:
            continue
        if moves and moves[-1][0] == part.place and moves[-1][2] == part.start:
            moves[-1] = (part.place, moves[-1][1], part.end)
        else:
            moves.append((part.place, part.start, part.end))
    for n in range(1, len(moves)):
        place, start, end = moves[n]
        if moves[n - 1][2] == start and slips.chance(plan.late_locations):
            latest = (end if end is not None else chart.now) - 1
            start = max(start, min(start + slips.between(plan.late_minutes_least, plan.late_minutes_most), latest))
            moves[n], moves[n - 1] = (place, start, end), (moves[n - 1][0], moves[n - 1][1], start)
    written = []
    for n, (place, start, end) in enumerate(moves):
        gone = end is not None and not (open_end and n == len(moves) - 1)
        ends = f',"end":"{text(end)}"' if end is not None and gone else ""
        written.append(
            f'{{"location":{{"reference":"Location/{place}"}},"status":"{"completed" if gone else "active"}",'
            f'"period":{{"start":"{text(start)}"{ends}}}}}'
        )
    return written
