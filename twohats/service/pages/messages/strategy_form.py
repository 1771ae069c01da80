"""The form on which strategies are edited: one part a rule, filled from a book and read back into one."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from twohats.care.contact.rules import Rules
from twohats.care.contact.strategies import Fault
from twohats.care.contact.strategy_problems import BY as DOERS
from twohats.care.contact.strategy_problems import LONGEST_TEXT
from twohats.care.contact.strategy_problems import ROOM as ROOMS
from twohats.service.pages import wording
from twohats.service.pages.forms import PageForm
from twohats.service.pages.messages import reads
from twohats.service.pages.messages.strategy_words import BY, ROOM
from twohats.service.pages.templatetags.hats import clause_hat_word
from twohats.words.hats import Hat

WAYS = 5
"""So many ways may stand in order."""
YES_NO = [("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]
DAYS = [("", gettext_lazy("on any day")), ("yes", gettext_lazy("on hard days only")),
        ("no", gettext_lazy("on other days only"))]


class Open(forms.ChoiceField):
    """A choice whose unknown values the strategies themselves name, in words of their own."""

    def valid_value(self, value: object) -> bool:
        """Whatever was sent."""
        return True


class OpenMany(forms.MultipleChoiceField):
    """The same for several."""

    def valid_value(self, value: object) -> bool:
        """Whatever was sent."""
        return True


class RulePart(PageForm):
    """One rule: for whom, by whom, by which ways, how."""

    hat = OpenMany(label=gettext_lazy("For which hats"), required=False, widget=forms.CheckboxSelectMultiple)
    worst_day = Open(label=gettext_lazy("When"), choices=DAYS, required=False)
    by = Open(label=gettext_lazy("Who does it"), choices=[(key, BY[key]) for key in DOERS])
    automated = Open(label=gettext_lazy("May a machine do it"), choices=YES_NO)
    touches = forms.CharField(label=gettext_lazy("How often at most about one thing"),
                              widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    link = Open(label=gettext_lazy("A link to do it oneself"), choices=YES_NO)
    asks_again = Open(label=gettext_lazy("May we ask again what we know"), choices=YES_NO)
    room = Open(label=gettext_lazy("How much room"), choices=[(key, ROOM[key]) for key in ROOMS])
    en = forms.CharField(label=gettext_lazy("What our people read, in English"), max_length=LONGEST_TEXT,
                         widget=forms.Textarea(attrs={"rows": 2, "lang": "en"}))
    es = forms.CharField(label=gettext_lazy("What our people read, in Spanish"), max_length=LONGEST_TEXT,
                         widget=forms.Textarea(attrs={"rows": 2, "lang": "es"}))

    def __init__(self, row: Mapping[str, Any], rules: Rules, data: Any = None) -> None:
        super().__init__(data, prefix=row["key"], initial=_typed(row))
        self.row = row
        self.fields["hat"].choices = [(hat.value, clause_hat_word(hat.value)) for hat in Hat]  # type: ignore[attr-defined]
        ways = [("", "–"), *((key, reads.channel(key, rules)) for key in rules.channels)]
        labels = [gettext_lazy("First way"), *[gettext_lazy("and else")] * (WAYS - 1)]
        for place, label in enumerate(labels):
            self.fields[f"way_{place}"] = Open(label=label, choices=ways, required=False)

    @property
    def name(self) -> str:
        """What the rule is called."""
        return str(self.row["name_es" if wording.language() == "es" else "name_en"])

    @property
    def ways(self) -> list[forms.BoundField]:
        """The ways in order."""
        return [self[f"way_{place}"] for place in range(WAYS)]

    @property
    def before(self) -> list[forms.BoundField]:
        """What is asked before the ways."""
        return [self[name] for name in ("worst_day", "by")]

    @property
    def after(self) -> list[forms.BoundField]:
        """What is asked after the ways."""
        return [self[name] for name in ("automated", "touches", "link", "asks_again", "room", "en", "es")]

    def as_row(self) -> dict[str, Any]:
        """The rule as data; values that no rule knows stay as they came, to be named."""
        said = self.cleaned_data
        day = _flag(said["worst_day"]) if said["worst_day"] else None
        touches = said["touches"].strip()
        return {
            **{name: self.row[name] for name in ("key", "name_en", "name_es")},
            "hat": said["hat"], **({"worst_day": day} if day is not None else {}), "by": said["by"],
            "channels": [said[f"way_{place}"] for place in range(WAYS) if said[f"way_{place}"]],
            "touches": int(touches) if touches.isascii() and touches.isdigit() and len(touches) < 5 else touches,
            **{name: _flag(said[name]) for name in ("automated", "link", "asks_again")},
            "room": said["room"], "en": said["en"], "es": said["es"],
        }


def parts(book: Mapping[str, Any], rules: Rules, data: Any = None) -> list[RulePart]:
    """One part a rule, in the order of the book."""
    return [RulePart(row, rules, data) for row in book["strategy"]]


def side_by_side(forms_: Iterable[RulePart]) -> dict[str, list[RulePart]]:
    """The rules of the two hats on an ordinary day beside each other, all others under them."""
    every = list(forms_)
    pair = [next((one for one in every if hat in one.row["hat"] and one.row.get("worst_day") is not True), None)
            for hat in (Hat.PATIENT, Hat.CUSTOMER)]
    shown = [one for one in pair if one is not None]
    return {"pair": shown, "others": [one for one in every if one not in shown]}


def tell(forms_: Iterable[RulePart], faults: Iterable[Fault]) -> list[str]:
    """Puts each fault beside the field it is about; returns what is about no field."""
    by_key = {one.row["key"]: one for one in forms_}
    left = []
    for fault in faults:
        field = {"channels": "way_0"}.get(fault.field, fault.field)
        said = fault.read_in(wording.language())
        if fault.rule in by_key and field in by_key[fault.rule].fields:
            by_key[fault.rule].add_error(field, said)
        else:
            left.append(said)
    return left


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    day = row.get("worst_day")
    return {
        **{name: row[name] for name in ("hat", "by", "touches", "room", "en", "es")},
        "worst_day": "" if day is None else "yes" if day else "no",
        **{name: "yes" if row[name] else "no" for name in ("automated", "link", "asks_again")},
        **{f"way_{place}": channel for place, channel in enumerate(row["channels"])},
    }


def _flag(value: str) -> Any:
    return {"yes": True, "no": False}.get(value, value)
