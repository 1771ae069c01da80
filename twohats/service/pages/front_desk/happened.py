"""What somebody at a desk says has happened: a form filled in beforehand from the feed, made into a live event."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twohats.service.actions.live_events import Event
from twohats.service.pages import wording
from twohats.service.pages.forms import PageForm
from twohats.service.pages.front_desk.live import Now
from twohats.words.cues import Speaker
from twohats.words.desk import QuestionKind, questions
from twohats.words.live import Told
from twohats.words.situation import Situation

ACTS = ("register", "wait", "ask_admin", "book", "rebook", "cancel", "papers", "ride", "wait_to_leave", "refer",
        "arrange_transport")
WAITS = ("wait", "wait_to_leave")
"""Nobody of ours takes part in these."""
MONEY_ACTS = ("insurance", "bill", "financial_talk")
SPEAKERS = {
    Speaker.SELF: gettext_lazy("the person themselves"), Speaker.FAMILY: gettext_lazy("family or friends"),
    Speaker.REPRESENTATIVE: gettext_lazy("a parent of a minor, or who decides for the person"),
    Speaker.OTHER: gettext_lazy("somebody else")}


class Happened(PageForm):
    """What happened at the desk."""

    event_id = forms.CharField(widget=forms.HiddenInput, max_length=64)
    act = forms.ChoiceField(label=gettext_lazy("What happened?"))
    speaker = forms.ChoiceField(label=gettext_lazy("With whom?"), choices=lambda: list(SPEAKERS.items()))
    distress = forms.BooleanField(label=gettext_lazy("They were upset or very worried"), required=False)
    red_flag = forms.BooleanField(label=gettext_lazy("They said something that sounds urgent"), required=False)
    answered = forms.MultipleChoiceField(
        label=gettext_lazy("What was answered, so that nobody asks again?"), required=False,
        widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, money: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        acts = (*ACTS, *(MONEY_ACTS if money else ()))
        kinds = {QuestionKind.PLAIN, *([QuestionKind.MONEY] if money else [])}
        self.fields["act"].choices = [("", _("Choose one")), *((key, wording.act(key)) for key in acts)]
        self.fields["answered"].choices = [(one.key, one.text.read_in(wording.language()))
                                           for one in questions().values() if one.kind in kinds]

    @property
    def chosen(self) -> list[forms.BoundField]:
        """The fields of which one value is chosen."""
        return [self["act"], self["speaker"]]

    @property
    def ticked(self) -> list[forms.BoundField]:
        """The fields that are ticked or not."""
        return [self["distress"], self["red_flag"]]


def filled_in(now: Now) -> dict[str, Any]:
    """What the feed tells already."""
    event = now.newest
    seen = event.body if event else {}
    return {"event_id": secrets.token_hex(16), "act": event.act if event else "",
            "speaker": seen.get("speaker") or Speaker.SELF.value, "distress": bool(seen.get("distress")),
            "red_flag": bool(seen.get("red_flag")), "answered": event.answered if event else []}


def event_of(said: Mapping[str, Any], now: Now, unit: str, at: datetime) -> Event:
    """The live event that a filled-in form tells: the feed's newest moment told better, or one of its own."""
    same = now.newest if now.newest is not None and now.newest.act == said["act"] else None
    began = same.started_at if same else at
    place = {"zone": "waiting"} if said["act"] in WAITS else {"zone": "front_desk", "role": "clerical"}
    seen = {"speaker": said["speaker"], "channel": "in_person", **place,
            **{name: True for name in ("distress", "red_flag") if said[name]}}
    told = Told(started_at=began, act=said["act"], unit=unit, seen=Situation(**seen),
                resource=same.resource if same else f"desk/{said['event_id']}", answered=frozenset(said["answered"]))
    body = {"act": said["act"], "answered": sorted(said["answered"]), "unit": unit, "started_at": began.isoformat()}
    return Event(said["event_id"], "", "", told, at, body | seen)
