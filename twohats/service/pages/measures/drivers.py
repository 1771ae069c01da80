"""What goes together with the overall rating: the items of either hat side by side, as association, never as effect."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from twohats.service.doors import needs
from twohats.service.pages import wording
from twohats.service.pages.charts import svg
from twohats.service.pages.charts.dots import Dot, dots
from twohats.service.pages.measures import cells, choosing, leaving, periods
from twohats.service.pages.measures.leaving import Page
from twohats.service.pages.measures.numbers import Numbers
from twohats.service.pages.templatetags.hats import hat_word
from twohats.service.policy import Permission
from twohats.store.disclosure import WHOLE
from twohats.words.hats import Hat
from twohats.words.instruments import Instrument, instruments
from twohats.words.measures import ASSOCIATION, sub_score

WIDTHS = (("roomy", 480.0), ("tight", 288.0))
SIDES = (Hat.PATIENT, Hat.CUSTOMER)


class Part(NamedTuple):
    """An item, a hat's items together, or all: its share of what ratings differ by (R²), of 1, with its interval."""

    driver: str
    hat: str
    share: float
    low: float
    high: float
    of_hat: float | None
    of_hat_low: float | None
    of_hat_high: float | None
    correlation: float | None


class Model(NamedTuple):
    """One instrument in one year."""

    whole: Part
    hats: dict[str, Part]
    items: list[Part]
    answers: int
    people: int


@needs(Permission.SEE_OVERVIEW)
def what_goes_together(request: HttpRequest) -> HttpResponse:
    """The drivers of every instrument in a year; for readers of the whole organisation."""
    chosen = choosing.for_the_whole(request)
    if chosen is None:
        return redirect("first_steps:steps")
    reader, numbers = chosen
    models = models_of(reader)
    years = _years(numbers)
    year = choosing.year_asked(request, years)
    return render(
        request,
        "measures/drivers.html",
        {
            "years": choosing.year_choices(numbers, years, year),
            "year": periods.name(year, numbers.as_of) if year else "",
            "association": ASSOCIATION.read_in(wording.language()),
            "instruments": _instruments(numbers, models, year),
            "files": choosing.files("drivers", {"year": year}),
            "trail": [
                (_("Both experiences"), "/overview/"),
                (_("Measures"), "/measures/?" + urlencode({"unit": WHOLE, "period": year})),
                (_("What goes together with the rating"), None),
            ],
        },
    )


def leaves(request: HttpRequest) -> tuple[Numbers, Page] | None:
    """The page as it leaves; None where there is nothing to take."""
    chosen = choosing.for_the_whole(request)
    if chosen is None:
        return None
    reader, numbers = chosen
    year = choosing.year_asked(request, _years(numbers))
    if not year:
        return None
    parts = [part for one in _instruments(numbers, models_of(reader), year) for part in _parts(one)]
    return numbers, Page(
        "drivers", year, _("What goes together with the overall rating?"), choosing.whole_place(numbers),
        periods.name(year, numbers.as_of), [ASSOCIATION.read_in(wording.language())], parts,
        [_("Shares are those of R² over all orders of the items (LMG); the items of a hat add up to that hat's, both "
           "hats to the whole. The range counts people. Items that fewer than half of the forms answer are left out, "
           "and so is every official composite: a score goes together with its own parts by construction. Counts are "
           "rounded down to 25.")])


def _parts(told: dict[str, Any]) -> Iterator[leaving.Part]:
    """One instrument as it leaves: what it says, both hats side by side, items of both, each item within its hat."""
    if not told["sides"]:
        yield leaving.Part(told["name"], [], [_("Fewer than 100 forms of 100 people on which everything is answered: "
                                                "nothing is said.")])
        return
    yield leaving.Part(told["name"], [], told["says"])
    for side in [*told["sides"], *([told["both"]] if told["both"] else [])]:
        items = [leaving.Item(picture=side["picture"])] if side["picture"] else []
        yield leaving.Part(side["name"], items, [side["says"]], side["hat"] if side in told["sides"] else "")
    yield leaving.Part(_("Each item within its hat"), [leaving.Item(table=told["within"])])


def _instruments(numbers: Numbers, models: dict[tuple[str, str], Model], year: str) -> list[dict[str, Any]]:
    """Every instrument for the page, those with a model first."""
    return [_instrument(asked, models.get((asked.key, year)), periods.name(year, numbers.as_of))
            for asked in sorted(_asked(numbers, year), key=lambda one: (one.key, year) not in models)]


def models_of(reader: Any) -> dict[tuple[str, str], Model]:
    """The models of a release, by instrument and year; items of one hat from the largest share down."""
    held: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in reader.rows("SELECT * FROM drivers", ()):
        held[row["instrument"], row["year"]].append(row)
    return {key: _model(rows) for key, rows in held.items()}


def _model(rows: Sequence[Any]) -> Model:
    def of(part: str) -> list[Part]:
        return [Part(*(row[name] for name in Part._fields)) for row in rows if row["part"] == part]

    items = sorted(of("item"), key=lambda item: (-item.share, item.driver))
    return Model(of("all")[0], {part.hat: part for part in of("hat")}, items, rows[0]["answers"], rows[0]["people"])


def _asked(numbers: Numbers, year: str) -> list[Instrument]:
    """Instruments with a rating of the whole of which something was answered in that year."""
    return [one for one in instruments() if one.overall() and any(
        (sub_score(one.key, hat), WHOLE, year) in numbers.sums for hat in SIDES)]


def _years(numbers: Numbers) -> list[str]:
    """The years in which such an instrument was answered, the newest first."""
    years = periods.in_order(numbers.periods, periods.YEAR)
    return [year for year in reversed(years) if _asked(numbers, year)]


def _instrument(asked: Instrument, model: Model | None, when: str) -> dict[str, Any]:
    """One instrument for the page; without a model why there is none."""
    told: dict[str, Any] = {"key": asked.key, "name": asked.name.read_in(wording.language()), "sides": [], "both": None}
    if model is None:
        return told
    most = max(item.high for item in model.items)
    told["says"] = _sentences(model, when)
    told["sides"] = [_side(asked, model, hat.value, most) for hat in SIDES]
    told["both"] = _side(asked, model, Hat.MIXED.value, most) if Hat.MIXED.value in model.hats else None
    told["within"] = _within(asked, model)
    return told


def _sentences(model: Model, when: str) -> list[str]:
    whole = {"share": wording.percent(model.whole.share, 1), "between": _between(model.whole.low, model.whole.high)}
    counted = {"answers": wording.whole(model.answers), "people": wording.whole(model.people), "when": when}
    return [
        _("%(share)s of what the ratings differ by goes together with these items (%(between)s).") % whole,
        _("At least %(answers)s forms on which all of them are answered, of at least %(people)s people, %(when)s.")
        % counted,
    ]


def _side(asked: Instrument, model: Model, hat: str, most: float) -> dict[str, Any]:
    """The items of one hat: what they come to together, a picture and its table; no picture where it has none."""
    items, together = [item for item in model.items if item.hat == hat], model.hats.get(hat)
    says = _("No item of this hat is among them.") if together is None else _(
        "Together %(share)s (%(between)s): association, not effect.") % {
            "share": wording.percent(together.share, 1), "between": _between(together.low, together.high)}
    picture = _picture(asked, items, hat, most) if items else None
    return {"hat": hat, "name": _side_name(hat), "says": says, "picture": picture}


def _side_name(hat: str) -> str:
    return {"patient": _("Answers as patients"), "customer": _("Answers as customers")}.get(hat) or _(
        "Items of both hats")


def _picture(asked: Instrument, items: list[Part], hat: str, most: float) -> dict[str, Any]:
    names = [asked.item(item.driver).label.read_in(wording.language()) for item in items]
    title = _finding(items, names)
    said = svg.Said(title, _("A dot for each item on a scale from zero, with the range that would hold it 95 times in "
                             "100; association, not effect. The numbers stand in the table."))
    rows = [Dot(name, item.share, item.low, item.high, wording.percent(item.share, 1))
            for name, item in zip(names, items, strict=True)]
    key = f"drivers-{asked.key}-{hat}"
    return {
        "id": key,
        "title": title,
        "address": "",
        # Built by our own strokes, every text escaped there.
        "drawings": [(name, mark_safe(dots(f"{key}-{name}", hat, rows, most, width, said, "0 %")))  # noqa: S308
                     for name, width in WIDTHS],
        "table": {
            "caption": _("%(survey)s, %(side)s: share of what the ratings differ by; association, not effect") % {
                "survey": asked.name.read_in(wording.language()), "side": _side_name(hat).lower()},
            "key": f"{asked.key}/{hat}",
            "columns": [{"name": _("Item")}, {"name": _("Share"), "is_number": True, "key": "share"},
                        {"name": _("Range"), "is_number": True}],
            "rows": [[{"text": name, "key": item.driver}, *_share(item.share, item.low, item.high)]
                     for name, item in zip(names, items, strict=True)],
        },
    }


def _finding(items: list[Part], names: list[str]) -> str:
    """Which items go together most: the first, and those that chance may have put behind it."""
    most = [name for name, item in zip(names, items, strict=True) if item.high >= items[0].low]
    if 1 < len(most) == len(items):
        return _("None of these items goes together with the rating more than the others for sure.")
    return _("Most goes together with: %(items)s.") % {"items": ", ".join(most)}


def _within(asked: Instrument, model: Model) -> dict[str, Any]:
    """Each item out of what its hat has together, and its correlation with the rating; hat by hat."""
    order = [hat.value for hat in (*SIDES, Hat.MIXED)]
    return {
        "caption": _("%(survey)s, each item within its hat; association, not effect") % {
            "survey": asked.name.read_in(wording.language())},
        "key": f"{asked.key}/within",
        "columns": [{"name": _("Item")}, {"name": _("Hat"), "key": "hat"},
                    {"name": _("Out of its hat"), "is_number": True, "key": "of_hat"},
                    {"name": _("Range"), "is_number": True},
                    {"name": _("Correlation"), "is_number": True, "key": "correlation"}],
        "rows": [
            [{"text": asked.item(item.driver).label.read_in(wording.language()), "key": item.driver},
             {"hat": item.hat, "text": hat_word(item.hat)},
             *_share(item.of_hat or 0.0, item.of_hat_low or 0.0, item.of_hat_high or 0.0),
             cells.exact(f"{item.correlation or 0.0:.2f}", item.correlation or 0.0, cells.TWO)]
            for item in sorted(model.items, key=lambda item: order.index(item.hat))
        ],
    }


def _share(share: float, low: float, high: float) -> list[dict[str, Any]]:
    """A share and its range as cells of a table."""
    return [cells.exact(wording.percent(share, 1), share, cells.SHARE, low, high),
            cells.of_the_number(_between(low, high))]


def _between(low: float, high: float) -> str:
    return _("%(low)s to %(high)s") % {"low": wording.percent(max(low, 0.0), 1), "high": wording.percent(high, 1)}
