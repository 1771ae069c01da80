"""What follows a visit: results looked up or never opened, medicines fetched or not, questions, bills, calls."""

from twohats.demo.bills import bill
from twohats.demo.chart import Chart, security
from twohats.demo.clock import DAY
from twohats.demo.contacts import HATS, contact, repeated_call
from twohats.demo.events import After, Report
from twohats.demo.notes import Script, message, prescribe
from twohats.demo.shapes import AUDIT_EVENT, MEDICATION_DISPENSE
from twohats.demo.speech import (
    ANSWER_CLINICAL,
    ANSWER_PRACTICAL,
    ASK_CLINICAL,
    ASK_PRACTICAL,
    EXPLAIN,
    REFILL,
    URGENT_CLINICAL,
    say,
)
from twohats.demo.visits import Part, Visit


def follow(chart: Chart, visit: Visit, parts: list[Part], after: After) -> None:
    """Everything that comes of one visit."""
    end = parts[-1].end
    if end is None:
        return
    for report in after.reports:
        _result(chart, visit, report, end)
    for script in after.scripts:
        _fetch(chart, visit, script)
    _questions(chart, visit, end)
    bill(chart, visit, parts[0].start, end)
    if visit.class_code in ("EMER", "IMP") and chart.life.dice.chance(0.35):
        _call_after(chart, visit, end)
    if visit.class_code == "IMP":
        _tell_family(chart, visit, parts[0].start, end)


def log_in(chart: Chart, minute: int) -> None:
    """Into the portal."""
    audit(chart, minute, "110114", "User Authentication", "login", "Login", "E", None)


def audit(
    chart: Chart,
    minute: int,
    code: str,
    display: str,
    subtype: str,
    words: str,
    action: str,
    entity: str | None,
    stakes: int = 50,
) -> None:
    """One AuditEvent of the person's own, with its truth."""
    if minute >= chart.limit:
        return
    key, at = chart.new_id("u"), chart.t_text(minute)
    patient = f"Patient/{chart.patient_id(minute)}"
    agent = f'"who":{{"reference":"{chart.speaker(minute)}"}},"altId":"{chart.life.portal}"'
    about = ([f'{{"what":{{"reference":"{entity}"}}}}'] if entity else []) + [f'{{"what":{{"reference":"{patient}"}}}}']
    chart.fhir(
        "AuditEvent",
        AUDIT_EVENT % (key, at, "", code, display, subtype, words, action, at, agent, f',"entity":[{",".join(about)}]'),
    )
    act = "log_in" if subtype == "login" else "look_up_result"
    chart.lived(f"AuditEvent/{key}", minute, minute, act, "customer", stakes=stakes)


def _result(chart: Chart, visit: Visit, report: Report, end: int) -> None:
    """Opened, explained, asked about, or nothing of it."""
    life, dice = chart.life, chart.life.dice
    # Looking for a result is a customer's; an abnormal one raises what is at stake.
    stakes = 700 if report.abnormal else 300
    if life.portal and dice.chance(0.72):
        opened = report.issued + dice.skewed(20, 9 * DAY)
        log_in(chart, opened)
        for _ in range(dice.between(1, 2)):
            opened += dice.between(1, 3)
            about = f"DiagnosticReport/{report.id}"
            audit(chart, opened, "110110", "Patient Record", "read", "Read result", "R", about, stakes)
    elif life.phone and dice.chance(0.18):
        repeated_call(chart, report.issued + dice.between(1, 6) * DAY, "look_up_result", visit.unit)
    if report.issued <= end:
        return  # it came back while they were there, and was told in person
    explained = dice.chance(0.8 if report.abnormal else 0.25)
    if explained and visit.doctor:
        at = report.issued + dice.between(60, 3 * DAY)
        if at < chart.limit and (life.portal or life.phone is None):
            key = message(
                chart,
                at,
                category="Result",
                topic="Result explained",
                words=say(dice, EXPLAIN, life.language),
                sender=f"Practitioner/{visit.doctor}",
                recipient=f"Patient/{life.id}",
                encounter=visit.id,
                about=f"DiagnosticReport/{report.id}",
                label=visit.label,
            )
            chart.lived(f"Communication/{key}", at, at, "explain_result", "patient", stakes=stakes)
        elif at < chart.limit:
            contact(
                chart,
                at,
                "explain_result",
                direction="out",
                talk=dice.between(3, 9),
                staff=visit.doctor,
                unit=visit.unit,
                stakes=stakes,
                wanted="time",
            )
    elif report.abnormal and report.issued + 14 * DAY < chart.limit:
        # Our failure to follow up an abnormal result is care: both hats.
        chart.lived(
            f"DiagnosticReport/{report.id}", report.issued, report.issued, "result_not_followed", "mixed", stakes=800
        )


def _fetch(chart: Chart, visit: Visit, script: Script, renews: bool = True) -> None:
    """The medicine is fetched, or nobody ever comes for it."""
    life, dice = chart.life, chart.life.dice
    lost = 0.08 + 0.12 * (not life.car) + 0.12 * (life.income == "low") + 0.1 * (life.payer == "self")
    ready = script.at + dice.between(40, 300)
    if ready >= chart.limit:
        return
    fetched = not dice.chance(lost)
    if fetched or dice.chance(0.5):
        _dispense(chart, visit, script, ready, fetched)
    if not fetched and script.at + 10 * DAY < chart.limit:
        chart.lived(f"MedicationRequest/{script.id}", script.at, script.at, "not_picked_up", "customer", stakes=400)
    if fetched and renews and visit.ailment and dice.chance(0.45):
        _refill(chart, visit, script)


def _dispense(chart: Chart, visit: Visit, script: Script, ready: int, fetched: bool) -> None:
    dice, text = chart.life.dice, chart.t_text
    key = chart.new_id("f")
    handed = ready + dice.skewed(30, 6 * DAY)
    fetched = fetched and handed < chart.limit
    why = dice.pick(("Not collected", "Price too high", "Out of stock"))
    more = "" if fetched else f',"statusReasonCodeableConcept":{{"text":"{why}"}}'
    line = MEDICATION_DISPENSE % (
        key,
        text(handed if fetched else ready),
        security(visit.label),
        "completed" if fetched else "cancelled",
        more,
        *script.medicine,
        chart.patient_id(ready),
        script.id,
        f"{chart.life.site.key}-pharmacy-counter1",
        text(ready),
    )
    if fetched:
        line = f'{line[:-1]},"whenHandedOver":"{text(handed)}"}}'
        chart.lived(f"MedicationDispense/{key}", handed, handed, "pick_up", "customer", stakes=300)
    chart.fhir("MedicationDispense", line)


def _refill(chart: Chart, visit: Visit, script: Script) -> None:
    """A refill is asked for by a customer; the decision is care."""
    life, dice = chart.life, chart.life.dice
    asked = script.at + dice.between(25, 90) * DAY
    if asked >= chart.limit:
        return
    if life.portal:
        key = message(
            chart,
            asked,
            category="Request",
            topic="Refill request",
            recipient=f"Organization/{visit.unit.id}",
            words=say(dice, REFILL, life.language, script.medicine[1]),
            sender=chart.speaker(asked),
            label=visit.label,
        )
        chart.lived(f"Communication/{key}", asked, asked, "request_refill", "customer", stakes=200)
    elif life.phone:
        repeated_call(chart, asked, "request_refill", visit.unit)
    decided = asked + dice.between(60, 3 * DAY)
    if decided >= chart.limit or not dice.chance(0.92):
        return
    approved = dice.chance(0.93)
    again = prescribe(
        chart,
        decided,
        script.medicine,
        script.by,
        None,
        prior=script.id,
        status="active" if approved else "cancelled",
        label=visit.label,
    )
    chart.lived(f"MedicationRequest/{again.id}", decided, decided, "decide_refill", "patient", stakes=300)
    if approved:
        _fetch(chart, visit, again, renews=False)


def _questions(chart: Chart, visit: Visit, end: int) -> None:
    """Questions after a visit: clinical ones are a patient's, practical ones a customer's."""
    life, dice = chart.life, chart.life.dice
    if dice.chance(0.20):
        _ask(chart, visit, end + dice.between(300, 8 * DAY), clinical=True)
    if visit.understood is False and life.teaching.chance(0.4):
        with life.drawing_from(life.teaching):
            _ask(chart, visit, end + life.teaching.between(200, 2 * DAY), clinical=True)
    if dice.chance(0.12):
        _ask(chart, visit, end + dice.between(300, 20 * DAY), clinical=False)
    if life.portal:
        for _ in range(dice.between(0, 3)):
            log_in(chart, end + dice.between(200, 40 * DAY))
    if not life.car and life.phone and dice.chance(0.15):
        repeated_call(chart, end + dice.between(2, 30) * DAY, "arrange_transport", visit.unit)


def _ask(chart: Chart, visit: Visit, asked: int, clinical: bool) -> None:
    life, dice = chart.life, chart.life.dice
    if asked >= chart.limit:
        return
    if not life.portal:
        if life.phone:
            repeated_call(chart, asked, "ask_clinical" if clinical else "ask_admin", visit.unit)
        return
    urgent = clinical and dice.chance(0.04)
    grammar = URGENT_CLINICAL if urgent else ASK_CLINICAL if clinical else ASK_PRACTICAL
    unit = f"Organization/{visit.unit.id}"
    act = "ask_clinical" if clinical else "ask_admin"
    first = message(
        chart,
        asked,
        category="Message",
        topic="Clinical question" if clinical else "Practical question",
        words=say(dice, grammar, life.language),
        sender=chart.speaker(asked),
        recipient=unit,
        priority="urgent" if urgent else "routine",
        label=visit.label,
    )
    stakes = 950 if urgent else visit.stakes if clinical else 100
    chart.lived(
        f"Communication/{first}",
        asked,
        asked,
        act,
        HATS[act],
        stakes=stakes,
        wanted="time" if stakes > 500 else "speed",
    )
    replied = asked + dice.skewed(15, 4 * DAY)
    if replied < chart.limit and dice.chance(0.93):
        who = (
            (dice.pick(visit.unit.staff["nurse"]) if dice.chance(0.6) else visit.doctor)
            if clinical
            else (dice.pick(visit.unit.staff["clerk"]))
        )
        grammar = ANSWER_CLINICAL if clinical else ANSWER_PRACTICAL
        reply = "answer_clinical" if clinical else "answer_admin"
        key = message(
            chart,
            replied,
            category="Message",
            topic="Clinical advice" if clinical else "Practical answer",
            words=say(dice, grammar, life.language),
            sender=f"Practitioner/{who}" if who else unit,
            recipient=f"Patient/{life.id}",
            answers=first,
            label=visit.label,
        )
        chart.lived(f"Communication/{key}", replied, replied, reply, HATS[reply], stakes=stakes)


def _call_after(chart: Chart, visit: Visit, end: int) -> None:
    """A nurse calls after a discharge: care, also by telephone."""
    dice = chart.life.dice
    if chart.life.phone and "nurse" in visit.unit.staff:
        contact(
            chart,
            end + dice.between(1, 3) * DAY,
            "reach_out",
            direction="out",
            talk=dice.between(4, 12),
            wanted="time",
            staff=dice.pick(visit.unit.staff["nurse"]),
            unit=visit.unit,
            stakes=visit.stakes,
        )


def _tell_family(chart: Chart, visit: Visit, start: int, end: int) -> None:
    """During a stay somebody phones the family: their view is a customer's, but a minor's parent stands in for them."""
    life, dice = chart.life, chart.life.dice
    if life.relative is None or not dice.chance(0.4):
        return
    for _ in range(dice.between(1, 2)):
        minute = start + dice.between(60, max(61, end - start - 30))
        staff = dice.pick(visit.unit.staff.get("nurse", [visit.doctor or ""]))
        contact(
            chart,
            minute,
            "update_family",
            direction="out",
            talk=dice.between(2, 9),
            staff=staff,
            unit=visit.unit,
            speaker="representative" if life.minor else "family",
            stakes=visit.stakes,
        )
