"""What the review pages say: the queues, one clause with the comment around it, what two readers differ in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from twohats.service.actions import readings
from twohats.service.actions.readings import Label, Queue, Standing
from twohats.service.pages import wording
from twohats.service.pages.review import reads, strokes
from twohats.service.pages.review.reads import Filters
from twohats.service.policy import Scope
from twohats.service.records.models import ClauseReading, User

QUEUES: dict[str, tuple[Promise, Promise]] = {
    Queue.UNSURE: (gettext_lazy("Least sure"),
                   gettext_lazy("Nobody read them yet, and the model is not sure. The least sure come first.")),
    Queue.DISAGREED: (gettext_lazy("Most disagreed"),
                      gettext_lazy("Two readers differ, or a reader and the model do. You are the next reader; you do "
                                   "not see what was said.")),
    Queue.RANDOM: (gettext_lazy("Random sample"),
                   gettext_lazy("Drawn for you by chance, and the model's labels are not shown: only this sample tells "
                                "honestly how often the model is right.")),
}
PARTS: dict[str, Promise] = {
    "about_hat": gettext_lazy("Hat it speaks of"), "touchpoint": gettext_lazy("Touchpoint"),
    "sentiment": gettext_lazy("Tone"), "speaker": gettext_lazy("Speaker"),
}


@dataclass(frozen=True)
class Trouble:
    """What is wrong with what was sent, and in which question."""

    says: str
    where: str


def trail(*more: object) -> list[tuple[str, str | None]]:
    """The way here; the last of it is this page."""
    names = [_("Readings"), *(str(name) for name in more)]
    return [(name, reverse("review:queues") if not number and len(names) > 1 else None)
            for number, name in enumerate(names)]


def queue_word(name: str) -> str:
    """The name of a queue."""
    return str(QUEUES[name][0])


def queues(waiting: Mapping[str, int | None], query: str) -> list[dict[str, Any]]:
    """Each queue with what it is for and how many clauses wait in it."""
    return [{"name": name, "word": word, "says": says, "waiting": waiting[name],
             "address": reverse("review:next", args=[name]) + query} for name, (word, says) in QUEUES.items()]


def filters_of(reader: Any, scope: Scope, asked: Mapping[str, str]) -> Filters:
    """What was asked for, as far as there is such a service, month or hat."""
    service, month, hat = (asked.get(name, "") for name in ("service", "month", "hat"))
    known = reads.months(reader, scope, reads.home_clock(reader)) if month else []
    return Filters(
        service=service if service and service in reads.services(reader, scope) else "",
        month=month if month in known else "", hat=hat if hat in reads.HATS else "")


def filters(reader: Any, scope: Scope, asked: Filters) -> list[dict[str, Any]]:
    """The choices of the three filters."""
    months = reads.months(reader, scope, reads.home_clock(reader))
    told = (
        ("service", _("Service"), _("All services"), asked.service,
         [(name, name) for name in reads.services(reader, scope)], True),
        ("month", _("Month"), _("All months"), asked.month, [(key, wording.month(key)) for key in months], False),
        ("hat", _("Hat"), _("All hats"), asked.hat, [(hat, str(strokes.HATS[hat])) for hat in reads.HATS], False),
    )
    return [{"name": name, "label": label, "all": everything, "chosen": chosen, "choices": choices, "as_written": raw}
            for name, label, everything, chosen, choices, raw in told]


# ---- one clause ------------------------------------------------------------------------------------------------------
def by_model(row: Mapping[str, Any]) -> Label | None:
    """The model's labels; None where a reader's have replaced them: a second reader is not to see those."""
    if row["corrected"]:
        return None
    return Label(row["about_hat"], row["touchpoint"], row["sentiment"], row["speaker"])


def clause(reader: Any, row: Mapping[str, Any], name: str, typed: Mapping[str, str], trouble: Trouble | None,
           mine: ClauseReading | None) -> dict[str, Any]:
    """Everything the screen of one clause needs but the way back. In the random sample the model stays silent: who
    sees its label leans towards it."""
    label = None if name == Queue.RANDOM else by_model(row)
    return {
        "trail": trail(queue_word(name)), **around(reader, row),
        "questions": strokes.questions(dict(typed), label, trouble.where if trouble else ""),
        "first": trouble.where if trouble and trouble.where in PARTS else "about_hat",
        "trouble": trouble, "note": typed.get("note", mine.note if mine else ""), "mine": mine,
        "model": _model(row, label) if label else None, "model_key": strokes.MODEL_KEY,
        "silent": name == Queue.RANDOM, "longest_note": readings.LONGEST_NOTE,
    }


def around(reader: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    """The words of the clause, the comment around it, and what was asked where and when."""
    parts = reads.comment(reader, row["voice"])
    at = next(number for number, part in enumerate(parts) if part["clause"] == row["clause"])
    said_at = row["said_at"]
    return {
        "words": row["masked"].strip(), "language": row["language"] or "und",
        "before": "".join(part["masked"] for part in parts[:at]), "marked": row["masked"],
        "after": "".join(part["masked"] for part in parts[at + 1:]), "alone": len(parts) == 1,
        "question": row["question"] or "", "service": row["service"] or "",
        "month": wording.month(wording.local(said_at, reads.home_clock(reader)).strftime("%Y-%m")) if said_at else "",
    }


def _model(row: Mapping[str, Any], label: Label) -> dict[str, Any]:
    """What the model says, with how likely it finds it and the words that decided most."""
    likely = sorted(((hat, row[f"p_{hat}"]) for hat in reads.HATS), key=lambda one: -one[1])
    others = [wording.touchpoint(row[name]) for name in ("touchpoint_2", "touchpoint_3") if row[name]]
    return {
        **strokes.words_of(label), "seen_as": row["hat"], "seen_word": str(strokes.HATS[row["hat"]]),
        "likely": [(str(strokes.HATS[hat]), wording.hundredths(p, 1)) for hat, p in likely],
        "p_touchpoint": wording.hundredths(row["p_touchpoint"], 1), "others": others,
        "evidence": reads.evidence_of(row), "certain": bool(row["certain"]),
    }


# ---- where readers differ --------------------------------------------------------------------------------------------
def parts_apart(stands: Standing) -> list[str]:
    """In which labels two readers differ."""
    first, second = (readings.label_of(made) for made in stands.held[:2])
    return [name for name in PARTS if getattr(first, name) != getattr(second, name)]


def differences(reader: Any, found: Sequence[Standing]) -> list[dict[str, Any]]:
    """One line a clause: where and when it was said, and in which labels its readers differ."""
    told = {row["clause"]: row for row in reads.clauses(reader, [one.clause for one in found])}
    home = reads.home_clock(reader)
    return [{
        "address": reverse("review:settle", args=[one.clause]), "number": number,
        "service": told[one.clause]["service"] or "",
        "month": wording.month(wording.local(told[one.clause]["said_at"], home).strftime("%Y-%m"))
        if told[one.clause]["said_at"] else "",
        "parts": [str(PARTS[name]) for name in parts_apart(one)],
    } for number, one in enumerate(found, 1)]


def settling(reader: Any, row: Mapping[str, Any], stands: Standing, user: User) -> dict[str, Any]:
    """Both labels side by side, what they share, and the choices where they differ."""
    first, second = (readings.label_of(made) for made in stands.held[:2])
    apart = parts_apart(stands)
    words = [strokes.words_of(label) for label in (first, second)]
    value = {"about_hat": "about_word"}
    lines = [{
        "name": name, "part": str(PARTS[name]), "apart": name in apart, "value": getattr(first, name),
        "first": words[0][value.get(name, name)], "second": words[1][value.get(name, name)],
        "choices": [(str(getattr(label, name)), said[value.get(name, name)])
                    for label, said in zip((first, second), words, strict=True)],
    } for name in PARTS]
    return {
        "trail": [(_("Readings"), reverse("review:queues")),
                  (_("Where readers differ"), reverse("review:differences")), (_("One clause"), None)],
        **around(reader, row), "lines": lines,
        "notes": [made.note for made in stands.held if made.note], "is_one_of_them": stands.was_read_by(user),
        "in_what": ngettext("They differ in %(n)s label of 4.", "They differ in %(n)s labels of 4.", len(apart)) % {
            "n": len(apart)},
    }
