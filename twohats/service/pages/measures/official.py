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
from twohats.service.pages.measures import adjusted, cells, choosing, periods, saying
from twohats.service.pages.measures.answered_how import answered_how_of, line, with_care
from twohats.service.pages.measures.composites import (
    Composites,
    Share,
    Told,
    composites_of,
    reliability,
    sub_scores,
)
from twohats.service.pages.measures.leaving import Item, Page, Part
from twohats.service.pages.measures.numbers import COMPARABLE, SURE, Numbers
from twohats.service.policy import Permission, Scope
from twohats.words.hats import Hat
from twohats.words.instruments import Composite, Instrument, instrument
from twohats.words.measures import measure

RELIABLE = 0.70
"""Under it a difference between units is mostly chance (CAHPS instructions 2017, page 48)."""
DASH = "–"


@needs(Permission.SEE_OVERVIEW)
def official_scores(request: HttpRequest) -> HttpResponse:
    """The official composites of a unit and period, with the sub-scores of the hats beside them."""
    read = _read(request)
    if read is None:
        return redirect("first_steps:steps")
    numbers, scope, composites, unit, period, told = read
    query = urlencode({"unit": unit, "period": period})
    return render(request, "measures/official.html", {
        "place": overview.place(numbers.cube, unit),
        "period": periods.name(period, numbers.as_of) if period else "",
        "surveys": _surveys(composites, scope, unit, period),
        "is_answered": bool(composites.asked()),
        "choices": choosing.choices(numbers, scope, unit, period, told),
        "files": choosing.files("official", {"unit": unit, "period": period}),
        "trail": [
            (_("Both experiences"), "/overview/?" + urlencode({"unit": unit})),
            (_("Measures"), "/measures/?" + query),
            (_("Official survey scores"), None),
        ],
    })


def _read(request: HttpRequest) -> tuple[Numbers, Scope, Composites, str, str, list[str]] | None:
    """The measures and composites of the release, and the unit and period asked for among the periods told."""
    chosen = choosing.chosen(request)
    if chosen is None:
        return None
    numbers, scope, unit, period = chosen
    composites = composites_of(releases.current())
    told = composites.told_periods(unit)
    period = next((one for one in (period, period[:4]) if one in told), choosing.usual(told))
    return numbers, scope, composites, unit, period, told


def leaves(request: HttpRequest) -> tuple[Numbers, Page] | None:
    """The page as it leaves; None where there is nothing to take."""
    read = _read(request)
    if read is None:
        return None
    numbers, scope, composites, unit, period, _told = read
    surveys, place = _surveys(composites, scope, unit, period), overview.place(numbers.cube, unit)
    when = periods.name(period, numbers.as_of) if period else ""
    return numbers, Page(
        "official", unit, _("What do the official survey scores say?"), place[:1].upper() + place[1:], when,
        [_("Composites under their own names, put together as those who own them say (%(place)s, %(period)s). None of "
           "them is ours, and none belongs to one hat.") % {"place": place, "period": when},
         _("Official definition, unadjusted for who answers and for how they were asked. Higher is better in every "
           "column but that of the worst answers, and there are no stars: their cut points are CMS's alone.")],
        [Part(survey["name"], [Item(table=table) for table in _tables(survey)],
              [said for said in (survey["breaks"], survey["how"], (survey["adjusted"] or {}).get("said")) if said])
         for survey in surveys],
        [_("Best answers are always, 9 or 10, yes, or definitely yes; in between lie usually, 7 or 8, and probably "
           "yes; the worst are all others. A composite is the plain average of its items, each over those who "
           "answered it; the mean runs from 0 (worst) to 100 (best), in whole points. Relatives who answer for "
           "themselves are not in it."),
         _("The range would hold the true number 95 times in 100 and counts people, not forms. Boxes and means are "
           "kept back where they would tell of fewer than 11 people, also by subtraction. Our own sub-scores count "
           "the items of one hat on a form together: they are beside the official measures and none of them.")])


def _tables(survey: dict[str, Any]) -> list[dict[str, Any]]:
    """The tables of an instrument in their order, as they leave."""
    means = survey["adjusted"]
    return [survey["scores"], *([means["table"]] if means and means["table"]["rows"] else []), survey["beside"]]


def _surveys(composites: Composites, scope: Scope, unit: str, period: str) -> list[dict[str, Any]]:
    """Every instrument that was answered and in use in the period."""
    query = urlencode({"unit": unit, "period": period})
    return [_survey(composites, one, scope, unit, period, query) for one in composites.asked()
            if _in_use(one, period)] if period else []


def _in_use(asked: Instrument, period: str) -> bool:
    """Whether a form of that period may be one of this instrument."""
    first, after = periods.first_day(period), periods.after(period)
    return (asked.first_day or date.min) < after and first <= (asked.last_day or date.max)


def _survey(composites: Composites, asked: Instrument, scope: Scope, unit: str, period: str,
            query: str) -> dict[str, Any]:
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
        "adjusted": adjusted.section(composites, asked, scope, unit, period),
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
    heads = {"top": _("Best answers"), "middle": _("In between"), "bottom": _("Worst answers"),
             "mean": _("Mean, 0 to 100"), "forms": _("Forms")}
    return {
        "caption": _("%(survey)s: official composites") % {"survey": name},
        "key": asked.key,
        "short": name,
        "columns": [{"name": _("Composite")},
                    *({"name": head, "is_number": True, "key": key} for key, head in heads.items()),
                    {"name": _("How far it may be trusted"), "key": "trust"}],
        "rows": [_score(composites, asked, one, unit, period) for one in asked.composites],
    }


def _score(composites: Composites, asked: Instrument, one: Composite, unit: str, period: str) -> list[dict[str, Any]]:
    name = {"text": one.name.read_in(wording.language()), "key": one.key}
    told = composites.told(asked, one, unit, period)
    if told.why_not == "none":
        nobody = _("nobody answered it")
        return [name, *(cells.instead(DASH, why=nobody) | {"is_number": True} for _column in range(5)),
                cells.nothing(nobody)]
    if told.why_not:
        few = _("fewer than 11 people")
        return [name, *(cells.instead(_("not shown"), why=few) | {"is_number": True} for _column in range(5)),
                cells.nothing(few)]
    has_middle = any(asked.scales[item].type != "yes_no" for item in one.items)
    return [
        name,
        _share(told.top),
        _share(told.middle) if has_middle else _none_there_is(),
        _share(told.bottom),
        _mean(told.mean, is_scored=one.reading == "points"),
        cells.exact(wording.whole(told.forms), told.forms, cells.WHOLE, people=told.people,
                    note=_("%(n)s people") % {"n": wording.whole(told.people)}),
        {"text": _trust(composites, asked, one, told, unit, period)},
    ]


def _share(share: Share | None) -> dict[str, Any]:
    if share is None:
        return _kept_back()
    between = {"low": wording.percent(share.low, 1), "high": wording.percent(share.high, 1)}
    return cells.exact(wording.percent(share.value, 1), share.value, cells.SHARE, share.low, share.high,
                       note=_("%(low)s to %(high)s") % between)


def _kept_back() -> dict[str, Any]:
    return cells.instead(_("not shown"), why=_("it would tell of fewer than 11 people")) | {"is_number": True}


def _none_there_is() -> dict[str, Any]:
    return cells.instead(_("none there is")) | {"is_number": True}


def _mean(mean: Share | None, *, is_scored: bool) -> dict[str, Any]:
    """In whole points: more digits would tell how few gave one answer."""
    if mean is None:
        return _kept_back() if is_scored else _none_there_is()
    between = {"low": f"{mean.low:.0f}", "high": f"{mean.high:.0f}"}
    return cells.exact(f"{mean.value:.0f}", round(mean.value), cells.WHOLE, round(mean.low), round(mean.high),
                       note=_("%(low)s to %(high)s") % between)


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
        "key": f"{asked.key}/sub_scores",
        "short": _("%(survey)s, by hat") % {"survey": asked.name.read_in(wording.language())},
        "columns": [{"name": _("Composite")}, {"name": _("As patients"), "key": "patient"},
                    {"name": _("As customers"), "key": "customer"}, {"name": _("In neither"), "key": "neither"}],
        "rows": [[{"text": one.name.read_in(wording.language()), "key": one.key},
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
    note = _("%(n)s of its %(all)s items go into it") % {"n": len(items), "all": len(one.items)}
    number = {"text": saying.why_not(declared, told), "note": note} if told.value is None else cells.exact(
        f"{saying.number(declared, told.value)} {saying.unit(declared)}".strip(), told.value,
        saying.FORMATS[declared.kind], told.low, told.high, told.people, note)
    return number | {"beside": note, "is_number": False, "address": reverse("measures:one", args=[key]) + "?" + query}


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
