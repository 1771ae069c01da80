"""What the pages of messages show: messages of the reader's units in words, none of what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twohats.care.contact import letters
from twohats.care.contact.messages import ANSWERED, BOUNCED, DELIVERED, NOT_DELIVERED, OPTED_OUT
from twohats.care.contact.rules import Rules, shipped
from twohats.service import releases
from twohats.service.pages import wording
from twohats.service.policy import Scope
from twohats.service.records.contact import (
    DEAD,
    HANDED,
    MOVED,
    REFUSED,
    SENT,
    STATES,
    UNSURE,
    WAITING,
    DeliveryReport,
    LedgerLine,
    PersonMessage,
)

A_PAGE = 50
CAME_BACK = "came_back"
"""Not a state: messages that left and of which a provider told that they did not arrive."""
IN_WORDS: dict[str, Promise] = {
    WAITING: gettext_lazy("waits"),
    HANDED: gettext_lazy("to post or to call"),
    UNSURE: gettext_lazy("may have left"),
    SENT: gettext_lazy("sent"),
    REFUSED: gettext_lazy("not sent"),
    DEAD: gettext_lazy("given up after many tries"),
    CAME_BACK: gettext_lazy("came back, or did not arrive"),
}
STEPS: dict[str, Promise] = {
    "put": gettext_lazy("put down"), "lease": gettext_lazy("taken up"), "send": gettext_lazy("just before it left"),
    "sweep": gettext_lazy("looked at again"), "tried": gettext_lazy("tried"),
    "told": gettext_lazy("told by who carries it"),
}
VERDICTS: dict[str, Promise] = {
    "send": gettext_lazy("may go"), "hold": gettext_lazy("waits"), "refuse": gettext_lazy("never goes"),
    "sent": gettext_lazy("it left"), "failed": gettext_lazy("it did not leave; it is tried again"),
    "unsure": gettext_lazy("the other side fell silent: it may have left, and is not sent again"),
    "dead": gettext_lazy("given up"), "moved": gettext_lazy("goes another way"),
}
TOLD_BY_OTHERS: dict[str, Promise] = {
    DELIVERED: gettext_lazy("it reached them"), BOUNCED: gettext_lazy("it came back: the address takes nothing"),
    NOT_DELIVERED: gettext_lazy("it did not reach them"), OPTED_OUT: gettext_lazy("the person said STOP"),
    ANSWERED: gettext_lazy("the person answered"),
}


@dataclass(frozen=True)
class Line:
    """A message in words."""

    number: int
    kind: str
    channel: str
    state: str
    why: str
    when: str
    is_by_hand: bool
    warns: bool


@dataclass(frozen=True)
class Answer:
    """One line of the ledger in words."""

    when: str
    step: str
    verdict: str
    why: str
    rules: str
    strategies: str


def in_scope(scope: Scope) -> "QuerySet[PersonMessage]":
    """Messages that speak for these units; those of no unit are the whole organisation's."""
    return PersonMessage.objects.all() if scope.everything else PersonMessage.objects.filter(unit__in=scope.units)


def page_of(scope: Scope, state: str, number: str | None) -> Page:
    """A page of messages, the newest first; of one state where one is named."""
    found = in_scope(scope).order_by("-made_at", "-pk")
    if state == CAME_BACK:
        found = _came_back(found)
    return Paginator(found.filter(state=state) if state in STATES else found, A_PAGE).get_page(number)


def _came_back(found: "QuerySet[PersonMessage]") -> "QuerySet[PersonMessage]":
    told = DeliveryReport.objects.filter(says__in=[BOUNCED, NOT_DELIVERED])
    return found.filter(pk__in=told.values("message"))


def counts(scope: Scope) -> list[tuple[str, Promise, int]]:
    """How many messages are in each state, in the order of a message's life, and how many came back."""
    found = dict(in_scope(scope).order_by().values_list("state").annotate(Count("pk")))
    found[CAME_BACK] = _came_back(in_scope(scope)).count()
    return [(state, IN_WORDS[state], found.get(state, 0)) for state in (*STATES, CAME_BACK)]


def lines(messages: Sequence[PersonMessage], rules: Rules) -> list[Line]:
    """Messages in words, each with the last answer of the gate."""
    last = {line.message_id: line for line in LedgerLine.objects.filter(message__in=[one.pk for one in messages])
            .order_by("made_at", "pk")}
    return [_line(one, last.get(one.pk), rules) for one in messages]


def _line(message: PersonMessage, last: LedgerLine | None, rules: Rules) -> Line:
    return Line(
        number=message.pk, kind=kind(message.kind, rules), channel=channel(message.channel, rules),
        state=str(IN_WORDS[message.state]), why=_why(message, last, rules),
        when=day(message.ended_at or message.made_at),
        is_by_hand=message.state == HANDED, warns=message.state in (UNSURE, DEAD)
        or bool(last and (last.warnings or (last.step == "told" and last.verdict in (BOUNCED, NOT_DELIVERED)))))


def _why(message: PersonMessage, last: LedgerLine | None, rules: Rules) -> str:
    told = [reason(last.reason, rules)] if last and last.reason in shipped().reasons else []
    told += [reason(word, rules) for word in (last.warnings if last else [])]
    if last and last.step == "told":
        told.append(_verdict(last) + ".")
    if message.carried_by_id:
        told.append(reason("carried", rules))
    if message.state == WAITING and last and last.until:
        told.append(_("The gate is asked again %(when)s.") % {"when": day(last.until)})
    if message.problem:
        told.append(_("The last try: %(problem)s.") % {"problem": message.problem})
    return " ".join(told)


def answers(message: PersonMessage, rules: Rules) -> list[Answer]:
    """The ledger of one message, the oldest first."""
    return [Answer(day(line.made_at), str(STEPS[line.step]), _verdict(line), _said(line, rules),
                   line.rules, line.strategies)
            for line in message.ledger.order_by("made_at", "pk")]


def _verdict(line: LedgerLine) -> str:
    return str((TOLD_BY_OTHERS if line.step == "told" else VERDICTS)[line.verdict])


def _said(line: LedgerLine, rules: Rules) -> str:
    if line.verdict == MOVED:
        ways, _rest, strategy = line.reason.partition(" ")
        was, _rest, now = ways.partition(">")
        return _("From “%(was)s” to “%(now)s”, by the rule %(rule)s.") % {
            "was": channel(was, rules), "now": channel(now, rules), "rule": strategy}
    return " ".join(reason(word, rules) for word in (line.reason, *line.warnings) if word)


def kind(key: str, rules: Rules) -> str:
    """The class of a message in words."""
    return rules.classes[key].text.read_in(wording.language()) if key in rules.classes else key


def channel(key: str, rules: Rules) -> str:
    """A channel in words."""
    return rules.channels[key].text.read_in(wording.language()) if key in rules.channels else key


def reason(key: str, rules: Rules) -> str:
    """A reason of the gate in words; what a server said stands as it is."""
    told = {**shipped().reasons, **rules.reasons}
    return told[key].read_in(wording.language()) if key in told else key


def letter(key: str) -> str:
    """What a letter is called."""
    return letters.letters()[key].subject.read_in(wording.language()) if key in letters.letters() else key


def day(instant: datetime) -> str:
    """An instant as it stands on the wall of the organisation."""
    return wording.instant(instant.astimezone(releases.clock_on_the_wall("")))
