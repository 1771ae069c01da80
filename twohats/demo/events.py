"""What is written down while a visit is lived: measurements, care, teaching, papers, orders, medicines, tests."""

from dataclasses import dataclass

from twohats.demo.ailments import BIRTH, CHECK, TESTS
from twohats.demo.chart import Chart, security
from twohats.demo.notes import IN_WORDS, Script, act, message, observe, order, prescribe
from twohats.demo.shapes import CONDITION, DIAGNOSTIC_REPORT
from twohats.demo.visits import Part, Visit

_LOINC = '{"coding":[{"system":"http://loinc.org","code":"%s"}],"text":"%s"}'
_QUANTITY = ',"valueQuantity":{"value":%s,"unit":"%s","system":"http://unitsofmeasure.org","code":"%s"}'
_INTERPRETATION = (
    ',"interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/'
    'v3-ObservationInterpretation","code":"%s"}]}]'
)
_VITALS = (
    ("8480-6", "Systolic blood pressure", "mm[Hg]", 100, 165),
    ("8462-4", "Diastolic blood pressure", "mm[Hg]", 58, 98),
    ("8867-4", "Heart rate", "/min", 56, 110),
    ("8310-5", "Body temperature", "Cel", 36, 39),
)
_EXAMS = {
    "primary": "Physical examination",
    "heart": "Heart examination",
    "women": "Prenatal examination",
    "ortho": "Joint examination",
    "mind": "Psychiatric interview",
    "specialty": "Physical examination",
    "ed": "Emergency examination",
}

_TEACH_BACKS = 0.7
"""Share of teachings after which somebody asks to say it back."""


@dataclass
class Report:
    """A test result as it came out."""

    id: str
    issued: int
    abnormal: bool
    words: str
    observations: list[str]


@dataclass
class After:
    """What a visit leaves to be done."""

    reports: list[Report]
    scripts: list[Script]


def write_events(chart: Chart, visit: Visit, parts: list[Part]) -> After:
    """Everything noted during the parts, at its time."""
    after = After([], [])
    _condition(chart, visit, parts[0].start)
    for part in parts:
        writer = _BY_ACT.get(part.act)
        if writer is not None and part.end is not None:
            writer(chart, visit, part, after)
    return after


def _condition(chart: Chart, visit: Visit, minute: int) -> None:
    code, words = visit.code
    at = chart.t_text(minute)
    chart.fhir(
        "Condition",
        CONDITION
        % (
            chart.new_id("d"),
            at,
            security(visit.label),
            "active" if visit.ailment else "resolved",
            "encounter-diagnosis",
            code,
            words,
            chart.patient_id(minute),
            f',"encounter":{{"reference":"Encounter/{visit.id}"}},"onsetDateTime":"{at}","recordedDate":"{at}"',
        ),
    )


def _register(chart: Chart, visit: Visit, part: Part, _: After) -> None:
    life, end = chart.life, part.end or part.start
    _forms(chart, visit, part)
    if visit.distress and life.dice.chance(0.75):
        observe(
            chart,
            visit,
            part.start,
            "exam",
            IN_WORDS % "Distress observed",
            f',"valueInteger":{life.dice.between(6, 10)}',
            part.staff,
        )
    if life.interpreter and visit.class_code != "VR" and life.dice.chance(0.7):
        act(chart, visit, part.start, end, "Interpreter called", None)
    if life.wheelchair and life.dice.chance(0.6) and visit.class_code != "VR":
        act(chart, visit, part.start, end, "Wheelchair fetched", None)


def _forms(chart: Chart, visit: Visit, part: Part) -> None:
    """The form to fill in: now and then one; again and again where a customer is over-engaged."""
    dice = chart.life.dice
    over = part.wrong == "over_engaged"
    for again in range(dice.between(2, 4) if over else int(dice.chance(0.25))):
        minute = min(part.start + 1 + 3 * again, (part.end or part.start) - 1)
        message(
            chart,
            minute,
            category="Form",
            topic="Registration form",
            encounter=visit.id,
            words="Please fill in this form.",
            sender=f"Organization/{visit.unit.id}",
            recipient=f"Patient/{chart.patient_id(minute)}",
            label=visit.label,
        )


def _triage(chart: Chart, visit: Visit, part: Part, _: After) -> None:
    dice, at = chart.life.dice, part.start + 1
    if visit.esi:
        observe(
            chart,
            visit,
            at,
            "exam",
            _LOINC % ("75636-1", "Emergency severity index"),
            f',"valueInteger":{visit.esi}',
            part.staff,
        )
        if dice.chance(0.85):
            observe(
                chart,
                visit,
                at,
                "vital-signs",
                _LOINC % ("72514-3", "Pain severity"),
                f',"valueInteger":{visit.pain}',
                part.staff,
            )
    _vitals(chart, visit, at, part.staff, 4 if visit.esi else 3)
    if dice.chance(0.2):
        act(chart, visit, part.start, part.start + 1, "Allergy check", part.staff)


def _vitals(chart: Chart, visit: Visit, minute: int, staff: str | None, how_many: int) -> None:
    for code, words, unit, low, high in _VITALS[:how_many]:
        value = chart.life.dice.around(low, high)
        flag = "H" if value > high - (high - low) // 6 else "N"
        observe(
            chart,
            visit,
            minute,
            "vital-signs",
            _LOINC % (code, words),
            _QUANTITY % (value, unit, unit) + _INTERPRETATION % flag,
            staff,
        )


def _treat(chart: Chart, visit: Visit, part: Part, after: After) -> None:
    dice, end = chart.life.dice, part.end or part.start
    if part.work == "tech":
        act(chart, visit, part.start, end, "X-ray", part.staff)
        return
    if part.place and "theatre" in part.place:
        words = "Birth attended" if visit.reason is BIRTH else f"Operation: {visit.code[1]}"
        act(chart, visit, part.start + 1, end, words, part.staff)
        return
    if dice.chance(0.7):
        words = _EXAMS.get(visit.unit.kind, "Bedside round")
        act(chart, visit, part.start, max(part.start + 1, end - dice.between(0, 2)), words, part.staff)
    if visit.unit.kind in _EXAMS and part.staff:
        _test(chart, visit, part, after)
        medicine = visit.ailment.medicine if visit.ailment else visit.reason.medicine if visit.reason else None
        if medicine and dice.chance(0.7):
            after.scripts.append(
                prescribe(chart, max(part.start, end - 2), medicine, part.staff, visit.id, label=visit.label)
            )


def _test(chart: Chart, visit: Visit, part: Part, after: After) -> None:
    dice = chart.life.dice
    name = (
        visit.ailment.test
        if visit.ailment
        else ("blood" if visit.esi and visit.esi <= 3 else "metabolic" if visit.reason is CHECK else None)
    )
    if name is None or visit.class_code == "VR" or not dice.chance(0.75):
        return
    code, words, results = TESTS[name]
    taken = part.start + 2
    issued = taken + (dice.between(30, 70) if visit.esi else dice.between(300, 4000))
    if issued >= chart.limit:
        return
    abnormal, keys = False, []
    for loinc, what, unit, low, high in results:
        off = dice.roll()
        flag = "HH" if off < 0.02 else "H" if off < 0.14 else "L" if off < 0.2 else "N"
        value = dice.between(low, high)
        value = {"HH": high * 2, "H": high + high // 4, "L": low - low // 4, "N": value}[flag]
        abnormal = abnormal or flag != "N"
        keys.append(
            observe(
                chart,
                visit,
                taken,
                "laboratory",
                _LOINC % (loinc, what),
                _QUANTITY % (f"{value // 10}.{value % 10}", unit, unit) + _INTERPRETATION % flag,
                None,
            )
        )
    key = chart.new_id("g")
    text = chart.t_text
    listed = ",".join([f'{{"reference":"Observation/{one}"}}' for one in keys])
    chart.fhir(
        "DiagnosticReport",
        DIAGNOSTIC_REPORT
        % (
            key,
            text(issued),
            security(visit.label),
            code,
            words,
            chart.patient_id(taken),
            visit.id,
            text(taken),
            text(issued),
            f"{visit.unit.site.key}-laboratory",
            f"[{listed}]",
        ),
    )
    after.reports.append(Report(key, issued, abnormal, words, keys))


def _nurse(chart: Chart, visit: Visit, part: Part, _: After) -> None:
    dice, end = chart.life.dice, part.end or part.start
    _vitals(chart, visit, dice.between(part.start, max(part.start, end - 1)), part.staff, 1)


def _teach(chart: Chart, visit: Visit, part: Part, _: After) -> None:
    act(chart, visit, part.start, part.end or part.start, f"Patient education: {visit.code[1]}", part.staff)
    plan, dice = chart.hospital.plan, chart.life.teaching
    rightly = (
        plan.understanding
        + plan.unhappy_understanding * chart.life.unhappy
        + plan.over_engaged_understanding * any(one.wrong == "over_engaged" for one in visit.parts)
    )
    visit.understood = dice.chance(rightly)
    if dice.chance(_TEACH_BACKS):
        flag, words = ("POS", "Said back correctly") if visit.understood else ("NEG", "Needs to be taught again")
        at = max(part.start, (part.end or part.start) - 1)
        value = f',"valueCodeableConcept":{IN_WORDS % words}' + _INTERPRETATION % flag
        observe(chart, visit, at, "exam", IN_WORDS % "Teach-back", value, part.staff)


def _ask(chart: Chart, visit: Visit, part: Part, _: After) -> None:
    act(chart, visit, part.start, part.end or part.start, "Able to manage at home asked", part.staff)


def _papers(chart: Chart, visit: Visit, part: Part, _: After) -> None:
    dice, sender = chart.life.dice, f"Organization/{visit.unit.id}"
    patient = f"Patient/{chart.patient_id(part.start)}"
    leaving = visit.class_code in ("EMER", "IMP")
    if leaving:
        order(chart, visit, part.start, "Discharge", "Patient discharge", visit.doctor)
        if dice.chance(0.6):
            message(
                chart,
                part.start,
                category="Notification",
                topic="Pending discharge message",
                encounter=visit.id,
                words="This visit is about to end.",
                sender=sender,
                recipient=f"Organization/{visit.unit.site.key}",
                label=visit.label,
            )
    if dice.chance(0.8):
        message(
            chart,
            part.start + 1,
            category="Discharge papers" if leaving else "After visit summary",
            encounter=visit.id,
            topic="Discharge papers" if leaving else "After visit summary",
            label=visit.label,
            words="Papers handed over.",
            sender=sender,
            recipient=patient,
        )


def _ride(chart: Chart, visit: Visit, part: Part, _: After) -> None:
    act(chart, visit, part.start, part.end or part.start, "Ride home", part.staff)


def _money(chart: Chart, visit: Visit, part: Part, _: After) -> None:
    act(chart, visit, part.start, part.end or part.start, "Financial counseling", part.staff)


def _needs(chart: Chart, visit: Visit, part: Part, _: After) -> None:
    hungry = chart.life.income == "low" and chart.life.dice.chance(0.4)
    answer, flag = ("LA19952-3", "POS") if hungry else ("LA19983-8", "NEG")
    observe(
        chart,
        visit,
        part.start + 2,
        "survey",
        _LOINC % ("88124-3", "Food insecurity risk (Hunger Vital Sign)"),
        f',"valueCodeableConcept":{{"coding":[{{"system":"http://loinc.org","code":"{answer}"}}]}}'
        + _INTERPRETATION % flag,
        part.staff,
    )


_BY_ACT = {
    "register": _register,
    "triage": _triage,
    "treat": _treat,
    "nurse": _nurse,
    "teach": _teach,
    "ask_can_manage": _ask,
    "papers": _papers,
    "ride": _ride,
    "financial_talk": _money,
    "screen_needs": _needs,
}
