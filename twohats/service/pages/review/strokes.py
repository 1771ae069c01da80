"""The keys of the form: one stroke a label. They stand beside each label and are its access key."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twohats.service.actions.readings import Label
from twohats.service.pages import wording
from twohats.words.hats import Hat
from twohats.words.touchpoints import comment_touchpoints

HAT_KEYS = {"patient": "p", "customer": "c", "none": "n"}
SENTIMENT_KEYS = {1: "+", 0: "0", -1: "-"}
SPEAKER_KEYS = {"patient": "s", "family": "f", "other": "o"}
TAKEN = frozenset("".join([*HAT_KEYS.values(), *SENTIMENT_KEYS.values(), *SPEAKER_KEYS.values()]))
TOUCHPOINT_KEYS = dict(zip([point.key for point in comment_touchpoints()],
                           [key for key in "123456789abcdefghijklmnopqrstuvwxyz" if key not in TAKEN], strict=False))
MODEL_KEY = "="

HATS: dict[str, Promise] = {
    "patient": gettext_lazy("patient"), "customer": gettext_lazy("customer"),
    "none": gettext_lazy("no hat can be told"),
}
SENTIMENTS: dict[int, Promise] = {
    1: gettext_lazy("praise"), 0: gettext_lazy("fact, or mixed"), -1: gettext_lazy("complaint or suggestion"),
}
SPEAKERS: dict[str, Promise] = {
    "patient": gettext_lazy("the patient themselves"), "family": gettext_lazy("family or friend"),
    "other": gettext_lazy("somebody else"),
}
SIDES: dict[Hat, Promise] = {
    Hat.PATIENT: gettext_lazy("Patient's side"), Hat.CUSTOMER: gettext_lazy("Customer's side"),
    Hat.NONE: gettext_lazy("Either"),
}


@dataclass(frozen=True)
class Choice:
    """One label that can be chosen: its value, its key, its word, whether it is chosen, and whether by the model."""

    value: str
    key: str
    word: str
    chosen: bool
    by_model: bool
    hat: str = ""

    @property
    def id(self) -> str:
        """The key as part of an HTML id."""
        return {"+": "plus", "-": "minus"}.get(self.key, self.key)


@dataclass(frozen=True)
class Question:
    """One thing to be said of a clause, with its choices in groups; a group without a name is the only one."""

    name: str
    asks: str
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]
    hint: str = ""
    problem: bool = False


def questions(chosen: dict[str, str], by_model: Label | None, missing: str = "") -> list[Question]:
    """The form: hat, touchpoint, tone, speaker, with what is chosen so far; `missing` names the first left out."""
    said = _as_text(by_model)

    def choices(name: str, known: dict, keys: dict, marked: bool = False) -> tuple[Choice, ...]:
        return tuple(Choice(str(value), keys[value], str(word), chosen.get(name) == str(value),
                            said.get(name) == str(value), str(value) if marked else "")
                     for value, word in known.items())

    points = tuple((str(SIDES[side]), choices("touchpoint", {
        point.key: wording.touchpoint(point.key) for point in comment_touchpoints() if point.usual_hat is side},
        TOUCHPOINT_KEYS)) for side in SIDES)
    asked = [
        Question("about_hat", _("Which hat does it speak of?"), (("", choices("about_hat", HATS, HAT_KEYS, True)),),
                 _("What it is about, whoever tells it: whose view it is follows from the speaker.")),
        Question("touchpoint", _("What is it about?"), points),
        Question("sentiment", _("Which tone?"), (("", choices("sentiment", SENTIMENTS, SENTIMENT_KEYS)),)),
        Question("speaker", _("Who tells it?"), (("", choices("speaker", SPEAKERS, SPEAKER_KEYS)),)),
    ]
    return [Question(one.name, one.asks, one.groups, one.hint, one.name == missing) for one in asked]


def _as_text(label: Label | None) -> dict[str, str]:
    names = ("about_hat", "touchpoint", "sentiment", "speaker")
    return {name: str(getattr(label, name)) for name in names} if label else {}


def chosen_of(label: Label | None) -> dict[str, str]:
    """A label as the form holds it."""
    return _as_text(label)


def label_of(typed: dict[str, str]) -> Label | None:
    """What the form says; None while the tone is missing or no number: the rest is judged where it is kept."""
    try:
        sentiment = int(typed.get("sentiment", ""))
    except ValueError:
        return None
    return Label(typed.get("about_hat", ""), typed.get("touchpoint", ""), sentiment, typed.get("speaker", ""))


def first_missing(typed: dict[str, str]) -> str:
    """The first question without an answer we know; '' where all have one."""
    known = {"about_hat": HATS, "touchpoint": TOUCHPOINT_KEYS, "sentiment": {str(tone) for tone in SENTIMENTS},
             "speaker": SPEAKERS}
    return next((name for name, answers in known.items() if typed.get(name) not in answers), "")


def words_of(label: Label) -> dict[str, str]:
    """A label in the reader's words."""
    return {"hat": label.hat, "about_hat": label.about_hat, "about_word": str(HATS[label.about_hat]),
            "touchpoint": wording.touchpoint(label.touchpoint), "sentiment": str(SENTIMENTS[label.sentiment]),
            "speaker": str(SPEAKERS[label.speaker])}
