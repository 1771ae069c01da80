"""Calls, texts, mail and portal contacts, in both directions."""

from twohats.demo.chart import Chart
from twohats.demo.clock import DAY
from twohats.demo.hospital import Unit
from twohats.demo.speech import note

HATS = {
    "book": "customer",
    "rebook": "customer",
    "cancel": "customer",
    "bill": "customer",
    "insurance": "customer",
    "request_refill": "customer",
    "look_up_result": "customer",
    "ask_clinical": "patient",
    "answer_clinical": "patient",
    "ask_admin": "customer",
    "answer_admin": "customer",
    "remind": "customer",
    "ask_opinion": "customer",
    "reach_out": "patient",
    "explain_result": "patient",
    "decide_refill": "patient",
    "arrange_transport": "customer",
    "log_in": "customer",
    "search_provider": "customer",
    "update_family": "customer",
    "miss": "customer",
    "pick_up": "customer",
    "not_picked_up": "customer",
    "result_not_followed": "mixed",
    "prescribe": "patient",
}
"""The hat an act outside a visit truly is."""

_TOPICS = {
    "book": "Schedule appointment",
    "rebook": "Reschedule",
    "cancel": "Cancel appointment",
    "bill": "Billing question",
    "insurance": "Insurance question",
    "request_refill": "Refill request",
    "look_up_result": "Test result question",
    "ask_clinical": "Clinical question",
    "ask_admin": "Practical question",
    "remind": "Appointment reminder",
    "ask_opinion": "Survey invitation",
    "reach_out": "Follow-up call",
    "explain_result": "Result explained",
    "arrange_transport": "Directions and parking",
    "update_family": "Family update",
}


def contact(
    chart: Chart,
    start: int,
    act: str,
    *,
    direction: str = "in",
    channel: str = "phone",
    queue: int = 0,
    talk: int = 0,
    transfers: int = 0,
    staff: str | None = None,
    unit: Unit | None = None,
    sender: str = "",
    reply_to: str = "",
    outcome: str = "resolved",
    automated: bool = False,
    words: str = "",
    hat: str | None = None,
    wrong: str = "none",
    wanted: str = "speed",
    stakes: int = 100,
    topic: str | None = None,
    speaker: str | None = None,
) -> str | None:
    """One contact with its truth; gives its id, or None when it lies past the last moment known."""
    if start >= chart.limit:
        return None
    text = chart.t_text
    key = chart.new_id("k")
    mrn, phone, email, portal = chart.identifiers(start)
    speaker = speaker or _speaker(chart, direction)
    end = start + queue + talk
    ended = text(end) if channel == "phone" else ""
    chart.row(
        "csv/contacts",
        key,
        mrn,
        phone,
        email,
        portal,
        direction,
        channel,
        topic or _TOPICS[act],
        text(start),
        ended,
        str(queue) if channel == "phone" else "",
        str(talk) if channel == "phone" else "",
        str(transfers),
        staff or "",
        unit.id if unit else "",
        sender,
        reply_to,
        outcome,
        "true" if automated else "false",
        speaker,
        words,
    )
    chart.tie("contacts", key)
    true_hat = hat or HATS[act]
    if speaker == "family":
        true_hat = "customer"  # how a third person sees it, whatever it is about
    if speaker == "representative" and act == "update_family":
        true_hat = "patient"  # a nurse tells a parent about their child: a clinical conversation
    chart.lived(
        f"contacts/{key}",
        start,
        end if channel == "phone" else start,
        act,
        true_hat,
        wanted=wanted,
        given=queue + talk,
        wrong=wrong,
        stakes=stakes,
    )
    return key


def repeated_call(chart: Chart, start: int, act: str, unit: Unit) -> None:
    """A call about one thing; one in five has to call again, and again."""
    dice = chart.life.dice
    before, tries = "", 0
    clinical = act in ("ask_clinical", "answer_clinical")
    while True:
        tries += 1
        solved = tries >= 4 or not dice.chance(0.22)
        staff = dice.pick(unit.staff["nurse" if clinical and "nurse" in unit.staff else "clerk"])
        key = contact(
            chart,
            start,
            act,
            queue=dice.skewed(0, 28),
            talk=dice.between(2, 9),
            transfers=int(dice.chance(0.2)),
            staff=staff,
            unit=unit,
            reply_to=before,
            outcome="resolved" if solved else "unresolved",
            words=note(dice, act),
            stakes=400 if clinical else 150,
        )
        if solved or key is None:
            return
        before, start = key, start + dice.between(1, 4) * DAY + dice.between(0, 120)


def text_to(
    chart: Chart,
    start: int,
    act: str,
    *,
    sender: str,
    unit: Unit | None,
    words: tuple[str, str],
    topic: str | None = None,
) -> None:
    """A text of a programme, in the person's language; a few answer STOP, and then no text goes out any more."""
    life, dice = chart.life, chart.life.dice
    if life.phone is None or life.refuses_texts(start):
        return
    outcome = "bounced" if dice.chance(0.02) else "delivered"
    said = words[1] if life.language == "es" else words[0]
    key = contact(
        chart,
        start,
        act,
        direction="out",
        channel="sms",
        unit=unit,
        sender=sender,
        outcome=outcome,
        automated=True,
        words=said,
        topic=topic,
    )
    if key is None:
        return
    # What follows a visit is drawn before the next visit is: nobody says STOP ahead of a text that stands already.
    newest, life.last_text = start >= life.last_text, max(start, life.last_text)
    if dice.chance(0.012) and newest:
        life.opted_out = start + dice.between(1, 90)
        contact(
            chart,
            life.opted_out,
            "ask_admin",
            channel="sms",
            unit=unit,
            topic="Stop messages",
            reply_to=key,
            outcome="opted_out",
            words="STOP",
        )


def _speaker(chart: Chart, direction: str) -> str:
    """Who speaks with us: a parent for a minor, now and then a relative who calls."""
    life = chart.life
    if life.minor:
        return "representative"
    if direction == "out":
        return "self"
    return "family" if life.relative and life.dice.chance(0.06) else "self"
