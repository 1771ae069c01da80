"""The numbers of the agreement and the drift pages in words: each with its n, its range and how it was counted."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from twohats.service.actions.readings import Standing
from twohats.service.pages import wording
from twohats.service.pages.charts import svg
from twohats.service.pages.charts.trend import trend_picture
from twohats.service.pages.review import agreement as agreeing
from twohats.service.pages.review import strokes
from twohats.service.pages.review.drift import ALL, MEASURES, Drift, Shift
from twohats.service.records.models import ClauseReading
from twohats.store.agreement import FEWEST, Kappa, Pair, kappa_of

WHAT: dict[str, Promise] = {
    "hat": gettext_lazy("Hat"), "touchpoint": gettext_lazy("Touchpoint"), "sentiment": gettext_lazy("Tone"),
}
MOST_CONFUSIONS = 12
WIDTHS = (("roomy", 480.0), ("tight", 288.0))
SHARES: dict[str, Promise] = {
    "unsure": gettext_lazy("Not sure"), "confidence": gettext_lazy("How sure, on average"),
    "praise": gettext_lazy("Praise"), "complaints": gettext_lazy("Complaints"),
    "overturned": gettext_lazy("Overturned by readers"),
}


def agreement(twice: Sequence[Standing], sampled: Sequence[ClauseReading]) -> dict[str, Any]:
    """Both tables of kappa, the model's accuracy, and where readers say different things."""
    pairs = {what: agreeing.pairs_of(twice, what, only_drawn=False) for what in WHAT}
    drawn = {what: agreeing.pairs_of(twice, what, only_drawn=True) for what in WHAT}
    enough = len(pairs["hat"]) >= FEWEST
    return {
        "lead": _lead(drawn["hat"], pairs["hat"]),
        "kappas": [_kappa_table(_("Clauses that chance gave to both readers"), drawn),
                   _kappa_table(_("All clauses that two people read"), pairs)],
        "crossed": [_crossed(what, pairs[what]) for what in ("hat", "sentiment")] if enough else [],
        "confusions": _confusions(pairs["touchpoint"]) if enough else None,
        "accuracy": _accuracy_table(sampled), "sample": len(sampled),
    }


def _lead(drawn: Sequence[Pair], pairs: Sequence[Pair]) -> str:
    kappa = kappa_of(drawn)
    if kappa.pairs >= FEWEST and kappa.value is not None:
        return _("Of %(n)s clauses that chance gave to two readers, they saw the same hat in %(agreed)s: a kappa of "
                 "%(kappa)s.") % {"n": kappa.pairs, "agreed": kappa.agreed, "kappa": two_places(kappa.value)}
    n = len(pairs)
    return ngettext("%(n)s clause was read by two people so far: too few to say how well they agree.",
                    "%(n)s clauses were read by two people so far, and too few of them were drawn by chance to say how "
                    "well readers agree.", n) % {"n": n}


def _kappa_table(caption: str, pairs: dict[str, list[Pair]]) -> dict[str, Any]:
    return {
        "caption": caption,
        "columns": [{"name": _("Label")}, {"name": _("Clauses"), "is_number": True},
                    {"name": _("The same"), "is_number": True}, {"name": _("Kappa"), "is_number": True},
                    {"name": _("95 % range"), "is_number": True}],
        "rows": [_kappa_row(str(name), kappa_of(pairs[what])) for what, name in WHAT.items()],
    }


def _kappa_row(name: str, kappa: Kappa) -> list[dict[str, Any]]:
    head = [{"text": name}, {"text": wording.whole(kappa.pairs), "is_number": True}]
    if kappa.pairs < FEWEST:
        return [*head, *[_instead(_("too few"))] * 3]
    same = {"text": wording.percent(kappa.agreed, kappa.pairs), "is_number": True}
    if kappa.value is None:
        return [*head, same, _instead(_("one label only")), _instead(_("none"))]
    value = {"text": two_places(kappa.value), "is_number": True}
    if kappa.low is None or kappa.high is None:
        return [*head, same, value, _instead(_("they never differed"))]
    return [*head, same, value, {"text": _range(two_places(kappa.low), two_places(kappa.high)), "is_number": True}]


def _instead(says: str) -> dict[str, Any]:
    """What stands where a number would stand."""
    return {"instead": says, "is_number": True}


def _crossed(what: str, pairs: Sequence[Pair]) -> dict[str, Any]:
    """First readers down, second readers across."""
    names: dict[Any, Promise] = dict(strokes.HATS) if what == "hat" else dict(strokes.SENTIMENTS)
    counted = Counter(pairs)
    return {
        "caption": _("%(what)s: first reader down, second reader across") % {"what": WHAT[what]},
        "columns": [{"name": _("First reader")}, *({"name": str(name), "is_number": True} for name in names.values())],
        "rows": [[{"text": str(name)}, *({"text": wording.whole(counted[label, other]), "is_number": True}
                                        for other in names)] for label, name in names.items()],
    }


def _confusions(pairs: Sequence[Pair]) -> dict[str, Any]:
    apart = agreeing.confusions(pairs)
    return {
        "caption": _("Touchpoints on which two readers differed, the most frequent first"),
        "columns": [{"name": _("First reader")}, {"name": _("Second reader")},
                    {"name": _("Clauses"), "is_number": True}],
        "rows": [[{"text": wording.touchpoint(str(first))}, {"text": wording.touchpoint(str(second))},
                  {"text": wording.whole(count), "is_number": True}]
                 for first, second, count in apart[:MOST_CONFUSIONS]],
    }


def _accuracy_table(sampled: Sequence[ClauseReading]) -> dict[str, Any]:
    return {
        "caption": _("How often the model says what the reader says, in the random sample only"),
        "columns": [{"name": _("Label")}, {"name": _("Clauses"), "is_number": True},
                    {"name": _("The same"), "is_number": True}, {"name": _("95 % range"), "is_number": True}],
        "rows": [_accuracy_row(str(name), agreeing.against_the_model(sampled, what)) for what, name in WHAT.items()],
    }


def _accuracy_row(name: str, pairs: Sequence[tuple[Hashable, Hashable]]) -> list[dict[str, Any]]:
    head = [{"text": name}, {"text": wording.whole(len(pairs)), "is_number": True}]
    if len(pairs) < FEWEST:
        return [*head, *[_instead(_("too few"))] * 2]
    told = agreeing.accuracy_of(sum(model == reader for model, reader in pairs), len(pairs))
    return [*head, {"text": wording.percent(told.right, told.n), "is_number": True},
            {"text": _range(wording.percent(told.low, 1), wording.percent(told.high, 1)), "is_number": True}]


def two_places(value: float) -> str:
    """A number with two decimals, as kappa is written; no minus before a nought."""
    return f"{value:.2f}".replace("-0.00", "0.00")


def _range(low: str, high: str) -> str:
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


# ---- drift -----------------------------------------------------------------------------------------------------------
def drift(told: Drift, service: str) -> dict[str, Any]:
    """The months of one service, or of all together: whether the last one stands out, a picture, the numbers."""
    return {
        "service": service, "services": [(ALL, _("All services")), *(
            (name, name or _("no service told")) for name in told.services)],
        "any": bool(told.months), "moved": [moved(shift) for shift in told.shifts(service)],
        "compared": len(told.compared(service)), "last": wording.month(told.months[-1]) if told.months else "",
        "picture": _picture(told, service), "table": _drift_table(told, service),
    }


def moved(shift: Shift) -> str:
    """That a share differs from the months before, in one sentence."""
    said = {"month": wording.month(shift.month), "now": wording.percent(shift.now, 1),
            "before": wording.percent(shift.before, 1)}
    return {
        "unsure": _("In %(month)s the model was not sure of %(now)s of the clauses, in the months before of "
                    "%(before)s."),
        "praise": _("In %(month)s %(now)s of the clauses were praise, in the months before %(before)s."),
        "complaints": _("In %(month)s %(now)s of the clauses were complaints or suggestions, in the months before "
                        "%(before)s."),
        "overturned": _("In %(month)s readers overturned the hat of %(now)s of the clauses they read, in the months "
                        "before of %(before)s."),
    }[shift.measure] % said


def _drift_table(told: Drift, service: str) -> dict[str, Any]:
    return {
        "caption": _("Month by month: shares of clauses, the newest month first"),
        "columns": [{"name": _("Month")}, {"name": _("People"), "is_number": True},
                    {"name": _("Clauses"), "is_number": True},
                    *({"name": str(name), "is_number": True} for name in SHARES.values()),
                    {"name": _("Read"), "is_number": True}],
        "rows": [_drift_row(told, service, month) for month in reversed(told.months)],
    }


def _drift_row(told: Drift, service: str, month: str) -> list[dict[str, Any]]:
    head, sums = {"text": wording.month(month)}, told.sums(service, month)
    if sums is None:
        return [head, *[_instead(_("not shown"))] * (len(SHARES) + 3)]
    if not sums.clauses:
        return [head, *[_instead(_("none"))] * (len(SHARES) + 3)]
    cells = []
    for name in SHARES:
        share = MEASURES[name].share(sums)
        if share is not None:
            cells.append({"text": wording.percent(share, 1), "is_number": True})
        else:
            cells.append(_instead(_("too few read") if name == "overturned" else _("not shown")))
    counts = [{"text": wording.whole(count), "is_number": True} for count in (sums.people, sums.clauses)]
    return [head, *counts, *cells, {"text": wording.whole(sums.corrected), "is_number": True}]


def _picture(told: Drift, service: str) -> dict[str, Any] | None:
    """The share not sure by month; None where there are fewer than two months to draw."""
    points = told.shares(service, "unsure")
    if len(points) < 2:
        return None
    title = _("Clauses of which the model is not sure, of 100, by month (fewer is better)")
    said = svg.Said(title, _("A line with one point for each month, from zero. The numbers stand in the table."))
    return {"title": title, "drawings": [(name, _drawn(f"unsure-{name}", points, width, said))
                                         for name, width in WIDTHS]}


def _drawn(key: str, points: Sequence[tuple[str, float]], width: float, said: svg.Said) -> SafeString:
    months = [wording.short_month(month) for month, _share in points]
    drawn = trend_picture(key, "", months, [100 * share for _month, share in points], width, said, wording.whole)
    return mark_safe(drawn)  # noqa: S308  built by our own strokes, every text escaped there
