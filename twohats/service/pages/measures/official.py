"""The page of official composites: instrument by instrument, never mixed with a hat's side, never called ours."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from twohats.service import releases
from twohats.service.doors import needs
from twohats.service.pages import wording
from twohats.service.pages.leader import page as overview
from twohats.service.pages.measures import choosing, periods, saying
from twohats.service.pages.measures.answered_how import answered_how_of, line, with_care
from twohats.service.pages.measures.composites import (
    Composites,
    Share,
    Told,
    composites_of,
    reliability,
    sub_scores,
)
from twohats.service.pages.measures.numbers import COMPARABLE, SURE
from twohats.service.policy import Permission
from twohats.words.hats import Hat
from twohats.words.instruments import Composite, Instrument, instrument
from twohats.words.measures import measure

RELIABLE = 0.70
"""Under it a difference between units is mostly chance (CAHPS instructions 2017, page 48)."""
DASH = "–"


@needs(Permission.SEE_OVERVIEW)
def official_scores(request: HttpRequest) -> HttpResponse:
    """The official composites of a unit and period, with the sub-scores of the hats beside them."""
    chosen = choosing.chosen(request)
    if chosen is None:
        return redirect("first_steps:steps")
    numbers, scope, unit, period = chosen
    composites = composites_of(releases.current())
    told = composites.told_periods(unit)
    period = next((one for one in (period, period[:4]) if one in told), choosing.usual(told))
    query = urlencode({"unit": unit, "period": period})
    return render(request, "measures/official.html", {
        "place": overview.place(numbers.cube, unit),
        "period": periods.name(period, numbers.as_of) if period else "",
        "surveys": [_survey(composites, one, unit, period, query) for one in composites.asked()
                    if _in_use(one, period)] if period else [],
        "is_answered": bool(composites.asked()),
        "choices": choosing.choices(numbers, scope, unit, period, told),
        "trail": [
            (_("Both experiences"), "/overview/?" + urlencode({"unit": unit})),
            (_("Measures"), "/measures/?" + query),
            (_("Official survey scores"), None),
        ],
    })


def _in_use(asked: Instrument, period: str) -> bool:
    """Whether a form of that period may be one of this instrument."""
    first, after = periods.first_day(period), periods.after(period)
    return (asked.first_day or date.min) < after and first <= (asked.last_day or date.max)


def _survey(composites: Composites, asked: Instrument, unit: str, period: str, query: str) -> dict[str, Any]:
    """One instrument: its composites, and where their items go."""
    language = wording.language()
    recalled = [one.name.read_in(language) for one in asked.composites if one.basis == "recalled"]
    return {
        "key": asked.key,
        "name": asked.name.read_in(language),
        "breaks": _break(asked),
        "recalled": "; ".join(recalled),
        "how": line(answered_how_of(releases.current()), asked.key, unit, period),
        "scores": _scores(composites, asked, unit, period),
        "beside": _beside(composites, asked, unit, period, query),
    }


def _break(asked: Instrument) -> str:
    """That the series is broken where an instrument follows another, and which names go on without being the same."""
    before = instrument(asked.follows) if asked.follows else None
    if before is None or asked.first_day is None:
        return ""
    language = wording.language()
    names = [one.name.read_in(language) for one in asked.composites if one.key in asked.not_chained]
    said = _("A break in the series: from %(day)s another questionnaire is asked than before (%(before)s). Its scores "
             "do not continue the former ones.") % {
        "day": wording.plain_day(asked.first_day), "before": before.name.read_in(language)}
    if not names:
        return said
    return " ".join((said, _("Under the same name another thing is asked: %(names)s.") % {"names": "; ".join(names)}))


def _scores(composites: Composites, asked: Instrument, unit: str, period: str) -> dict[str, Any]:
    name = asked.name.read_in(wording.language())
    heads = (_("Best answers"), _("In between"), _("Worst answers"), _("Mean, 0 to 100"), _("Forms"))
    return {
        "caption": _("%(survey)s: official composites") % {"survey": name},
        "columns": [{"name": _("Composite")}, *({"name": head, "is_number": True} for head in heads),
                    {"name": _("How far it may be trusted")}],
        "rows": [_score(composites, asked, one, unit, period) for one in asked.composites],
    }


def _score(composites: Composites, asked: Instrument, one: Composite, unit: str, period: str) -> list[dict[str, Any]]:
    name, told = {"text": one.name.read_in(wording.language())}, composites.told(asked, one, unit, period)
    if told.why_not == "none":
        return [name, *({"instead": DASH, "is_number": True} for _column in range(5)),
                {"instead": _("nobody answered it")}]
    if told.why_not:
        return [name, *({"instead": _("not shown"), "is_number": True} for _column in range(5)),
                {"instead": _("fewer than 11 people")}]
    has_middle = any(asked.scales[item].type != "yes_no" for item in one.items)
    return [
        name,
        _share(told.top),
        _share(told.middle) if has_middle else {"instead": _("none there is"), "is_number": True},
        _share(told.bottom),
        _mean(told.mean, is_scored=one.reading == "points"),
        {"text": wording.whole(told.forms), "is_number": True,
         "note": _("%(n)s people") % {"n": wording.whole(told.people)}},
        {"text": _trust(composites, asked, one, told, unit, period)},
    ]


def _share(share: Share | None) -> dict[str, Any]:
    if share is None:
        return {"instead": _("not shown"), "is_number": True}
    between = {"low": wording.percent(share.low, 1), "high": wording.percent(share.high, 1)}
    return {"text": wording.percent(share.value, 1), "is_number": True, "note": _("%(low)s to %(high)s") % between}


def _mean(mean: Share | None, *, is_scored: bool) -> dict[str, Any]:
    """In whole points: more digits would tell how few gave one answer."""
    if mean is None:
        return {"instead": _("not shown") if is_scored else _("none there is"), "is_number": True}
    between = {"low": f"{mean.low:.0f}", "high": f"{mean.high:.0f}"}
    return {"text": f"{mean.value:.0f}", "is_number": True, "note": _("%(low)s to %(high)s") % between}


def _trust(composites: Composites, asked: Instrument, one: Composite, told: Told, unit: str, period: str) -> str:
    """The rung of publication: too few to compare, few answers, and from 100 people on what reliability allows."""
    if told.people < COMPARABLE:
        return _("Fewer than 30 people: too few to compare.")
    if told.people < SURE:
        return _("Fewer than 100 people: read with caution.")
    levels = composites.levels(asked, one, unit, period)
    reliable = reliability(levels, unit)
    if reliable is None:
        return _("Enough people. No other unit of its kind is told.")
    said = {"r": f"{reliable:.2f}"}
    if reliable < RELIABLE:
        return _("Enough people, but what units differ by is mostly chance (reliability %(r)s): not compared.") % said
    how = answered_how_of(releases.current())
    care = with_care(how.mix(asked.key, other, period) for other in levels)
    return " ".join(part for part in (
        _("May be compared with units of its kind (reliability %(r)s).") % said, care) if part)


def _beside(composites: Composites, asked: Instrument, unit: str, period: str, query: str) -> dict[str, Any]:
    """Beside each composite our own sub-scores that its items go into."""
    return {
        "caption": _("%(survey)s: our own sub-scores that the items go into") % {
            "survey": asked.name.read_in(wording.language())},
        "columns": [{"name": _("Composite")}, {"name": _("As patients")}, {"name": _("As customers")},
                    {"name": _("In neither")}],
        "rows": [[{"text": one.name.read_in(wording.language())},
                  *(_sub_score(composites, asked, one, hat, unit, period, query)
                    for hat in (Hat.PATIENT, Hat.CUSTOMER)),
                  _neither(asked, one)] for one in asked.composites],
    }


def _sub_score(composites: Composites, asked: Instrument, one: Composite, hat: Hat, unit: str, period: str,
               query: str) -> dict[str, Any]:
    """The sub-score of a hat that items of a composite go into, with a link."""
    key = sub_scores(asked, one).get(hat)
    items = [item for item in one.items if asked.item(item).hat is hat]
    if key is None:
        return {"instead": _("no item")}
    told, declared = composites.numbers.told(key, unit, period), measure(key)
    number = saying.why_not(declared, told) if told.value is None else f"{saying.number(declared, told.value)} " \
        f"{saying.unit(declared)}".strip()
    return {
        "text": number,
        "address": reverse("measures:one", args=[key]) + "?" + query,
        "note": _("%(n)s of its %(all)s items go into it") % {"n": len(items), "all": len(one.items)},
    }


def _neither(asked: Instrument, one: Composite) -> dict[str, Any]:
    """Items that ask about both at once, and ratings of the whole."""
    if one.whole:
        return {"text": _("A rating of the whole.")}
    if len(asked.reports()) < 2:
        return {"text": _("Its one question is the score.")}
    items = [asked.item(item) for item in one.items if asked.item(item).hat not in (Hat.PATIENT, Hat.CUSTOMER)]
    if not items:
        return {"instead": _("no item")}
    return {"text": "; ".join(item.label.read_in(wording.language()) for item in items)}
