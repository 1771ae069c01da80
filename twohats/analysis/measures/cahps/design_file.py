"""Reading DESIGN.toml: strict, so that a misspelt word is said and not passed over."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from twohats.words.hats import Hat
from twohats.words.instruments import AnswerScale, Instrument, instrument, instruments
from twohats.words.problems import Problem

from .codes import written
from .design import Coded, Convention, Design, ItemWeights, Measure, People, Subsets, UnitDetail, Users
from .scales import Box, Reading, Recode, Scale, ScaleType, scale_of

# What the words stand for in the program's own calls, so that both can be written.
_CODES: dict[type[Enum], dict[int, Enum]] = {
    ScaleType: {1: ScaleType.YES_NO, 2: ScaleType.RATING, 3: ScaleType.OFTEN, 4: ScaleType.THREE, 5: ScaleType.OTHER},
    Recode: {0: Recode.NONE, 1: Recode.BOXES, 2: Recode.HIGH, 3: Recode.HIGH_BOXES},
    ItemWeights: {0: ItemWeights.ANSWERS, 1: ItemWeights.EVEN, 2: ItemWeights.WEIGHTS},
    People: {0: People.ALL, 1: People.BOTH, 2: People.CHILDREN, 3: People.ADULTS},
    Users: {1: Users.ALL, 2: Users.LOW, 3: Users.HIGH},
    Subsets: {1: Subsets.NONE, 2: Subsets.CENTRED, 3: Subsets.APART},
}
_MEASURE_OPTIONS = ("recode", "item_weights", "least_answers", "smoothing", "adjusted_boxes", "p_value", "change",
                    "least_difference", "reading")
KEYS = {
    "": ("instrument", "answers", "units", "items", "hats", "adjusters", "measures", "analysis"),
    "answers": ("layout", "unit", "respondent", "item", "value", "child", "visits", "answer_weight", "mean_weight",
                "kind", "answered_by", "missing", "not_allowed", "dates"),
    "units": ("names", "others", "details"),
    "item": ("scale", "low", "high", "boxes", "column", "values", "missing", "reverse", "hat", "unsure", "not_allowed"),
    "adjuster": ("column", "values", "missing", "allowed", "low", "high", "reverse", "not_allowed"),
    "measure": ("items", "name", *_MEASURE_OPTIONS),
    "analysis": ("impute", "units_by_weight", "people", "users", "strata", "subsets", "residuals", "convention",
                 *_MEASURE_OPTIONS),
    "dates": ("from", "to"),
    "box": ("name", "low", "high"),
}
"""What may be written, by kind of section."""
NO_ANSWER = ("", ".")
"""What is written where nothing was answered, unless [answers] missing says otherwise."""


@dataclass(frozen=True)
class Layouts:
    """How ANSWERS.csv is laid out."""

    long: bool
    respondent: str
    item: str
    value: str


def read_design(path: Path) -> tuple[Design, Layouts]:
    """The design and the layout of the answers; a Problem with file, line and what to try when it cannot be used."""
    try:
        text = path.read_text("utf-8")
    except OSError as failed:
        raise Problem(f"this file cannot be read: {failed.strerror}", str(path), "Name the DESIGN.toml.") from None
    except UnicodeDecodeError:
        raise Problem("this file is not UTF-8 text", str(path), "Save it as UTF-8.") from None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as failed:
        raise Problem(f"this is not TOML: {failed}", str(path), "Correct the line that is named.") from None
    return _Reader(path, text).design(table)


@dataclass(frozen=True)
class _Reader:
    path: Path
    text: str

    def design(self, table: dict[str, Any]) -> tuple[Design, Layouts]:
        self._only(table, "", "")
        answers = self._section(table, "answers")
        units = self._section(table, "units")
        analysis = self._section(table, "analysis")
        self._only(answers, "answers", "answers")
        self._only(units, "units", "units")
        self._only(analysis, "analysis", "analysis")
        if "unit" not in answers:
            raise self.problem("answers", "nothing says which column names the unit", 'Write: unit = "PLANID"')
        strict = self._strict(answers, "answers", True)
        missing = frozenset(map(written, answers.get("missing", NO_ANSWER)))
        instrument = self._instrument(table)
        rows = self._item_rows(table, instrument)
        items = {key: self._item(key, row, missing, strict) for key, row in rows.items()}
        adjusters = tuple(self._adjuster(key, row, missing, strict) for key, row in self._rows(table, "adjusters"))
        defaults = {name: analysis[name] for name in _MEASURE_OPTIONS if name in analysis}
        asked = self._rows(table, "measures") or _official(instrument)
        measures = tuple(self._measure(key, defaults | row, items) for key, row in asked)
        if not items or not measures:
            raise self.problem("", "there is nothing to score: [items] and [measures] are both needed",
                               'Write for instance: [items.Q38] scale = "rating" and [measures.health] items = ["Q38"]')
        layout = answers.get("layout", "wide")
        if layout not in ("wide", "long"):
            raise self.problem("answers", f"layout '{layout}' is not known", 'Write: layout = "wide" or "long"')
        design = Design(
            unit_column=self._text(answers, "unit", "answers"),
            items=items,
            adjusters=adjusters,
            measures=measures,
            unit_names={str(key): str(name) for key, name in units.get("names", {}).items()},
            others_dropped=self._one_of(units, "others", ("refuse", "drop"), "units") == "drop",
            details=self._details(units),
            respondent_column=answers.get("respondent", "respondent" if layout == "long" else None),
            child_column=answers.get("child"),
            visits_column=answers.get("visits"),
            answer_weight_column=answers.get("answer_weight"),
            mean_weight_column=answers.get("mean_weight"),
            dates=self._dates(answers),
            units_by_weight=self._yes(analysis, "units_by_weight"),
            impute=self._yes(analysis, "impute"),
            people=self._enum(analysis, "people", People, People.ALL, "analysis"),
            users=self._enum(analysis, "users", Users, Users.ALL, "analysis"),
            strata=self._yes(analysis, "strata"),
            subsets=self._enum(analysis, "subsets", Subsets, Subsets.NONE, "analysis"),
            split_column=answers.get("kind"),
            answered_by_column=answers.get("answered_by"),
            hats={key: self._enum(row, "hat", Hat, None, f"items.{key}") for key, row in rows.items() if "hat" in row},
            other_hats=self._other_hats(table, items),
            instrument=None if instrument is None else instrument.key,
            residuals=self._yes(analysis, "residuals"),
            convention=self._enum(analysis, "convention", Convention, Convention.MACRO_41C, "analysis"),
        )
        self._agree(design)
        return design, Layouts(layout == "long", design.respondent_column or "", answers.get("item", "item"),
                               answers.get("value", "value"))

    def problem(self, section: str, what: str, try_this: str) -> Problem:
        """A problem of this file, at the line where the section begins."""
        line = next((number for number, line in enumerate(self.text.splitlines(), 1)
                     if section and line.strip().replace('"', "").startswith(f"[{section}]")), None)
        where = str(self.path) if line is None else f"{self.path} line {line}"
        return Problem(f"[{section}] {what}" if section else what, where, try_this)

    def _section(self, table: Mapping[str, Any], name: str) -> dict[str, Any]:
        section = table.get(name, {})
        if not isinstance(section, dict):
            raise self.problem(name, f"'{name}' must be a table", f"Write: [{name}]")
        return section

    def _rows(self, table: Mapping[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
        rows = self._section(table, name)
        for key, row in rows.items():
            if not isinstance(row, dict):
                raise self.problem(name, f"'{key}' must be a table", f"Write: [{name}.{key}]")
        return list(rows.items())

    def _only(self, row: Mapping[str, Any], kind: str, section: str) -> None:
        for key in row:
            if key not in KEYS[kind]:
                near = difflib.get_close_matches(key, KEYS[kind], 1)
                raise self.problem(section, f"'{key}' is not known here",
                                   f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(KEYS[kind])}")

    def _instrument(self, table: Mapping[str, Any]) -> Instrument | None:
        if "instrument" not in table:
            return None
        found = instrument(str(table["instrument"]))
        if found is None:
            raise self.problem("", f"instrument '{table['instrument']}' is not known",
                               f"Known: {', '.join(one.key for one in instruments())}")
        return found

    def _item_rows(self, table: Mapping[str, Any], known: Instrument | None) -> dict[str, dict[str, Any]]:
        """Each item as declared; those of an instrument need only what differs from it."""
        rows: dict[str, dict[str, Any]] = {}
        if known is not None:
            reports = known.reports()
            for key, scale in known.scales.items():
                rows[key] = {"scale": scale.type, "values": dict(scale.written)}
                if scale.low is not None and scale.high is not None:
                    rows[key] |= _with_unsure(scale, scale.low, scale.high)
                if key in reports:
                    rows[key]["hat"] = known.item(key).hat
        for key, row in self._rows(table, "items"):
            rows[key] = rows.get(key, {}) | row
        return rows

    def _other_hats(self, table: Mapping[str, Any], items: Mapping[str, Coded]) -> dict[str, Hat]:
        own = self._section(table, "hats")
        for key in own:
            if key not in items:
                raise self.problem("hats", f"item '{key}' is not declared", f"Known: {', '.join(items)}")
        return {key: self._enum(own, key, Hat, None, "hats") for key in own}

    def _item(self, key: str, row: dict[str, Any], missing: frozenset[str], strict: bool) -> Coded:
        section = f"items.{key}"
        self._only(row, "item", section)
        kind = self._enum(row, "scale", ScaleType, None, section)
        return Coded(
            key, str(row.get("column", key)), self._values(row, section),
            missing | frozenset(map(written, row.get("missing", ()))), reverse=self._yes(row, "reverse"),
            scale=self._scale(kind, row, section), strict=self._strict(row, section, strict),
            unsure=self._yes(row, "unsure"),
        )

    def _scale(self, kind: ScaleType, row: dict[str, Any], section: str) -> Scale:
        boxes = []
        for box in row.get("boxes", ()):
            self._only(box, "box", section)
            boxes.append(Box(str(box.get("name", len(boxes) + 1)), self._number(box, "low", section),
                             self._number(box, "high", section)))
        if kind is not ScaleType.OTHER:
            if "low" in row or "high" in row:
                raise self.problem(section, f"a scale '{kind}' has its own lowest and highest value",
                                   'Leave low and high away, or write: scale = "other"')
            return scale_of(kind, boxes=tuple(boxes))
        low, high = self._number(row, "low", section), self._number(row, "high", section)
        if not low < high:
            raise self.problem(section, "low must be less than high", "Write for instance: low = 1 and high = 5")
        return scale_of(kind, low, high, tuple(boxes))

    def _adjuster(self, key: str, row: dict[str, Any], missing: frozenset[str], strict: bool) -> Coded:
        section = f"adjusters.{key}"
        self._only(row, "adjuster", section)
        low, high = (self._number(row, name, section) if name in row else None for name in ("low", "high"))
        if row.get("reverse") and (low is None or high is None):
            raise self.problem(section, "reversing needs low and high", "Write both, or leave reverse away.")
        return Coded(
            key, str(row.get("column", key)), self._values(row, section),
            missing | frozenset(map(written, row.get("missing", ()))),
            allowed=frozenset(float(value) for value in row.get("allowed", ())), low=low, high=high,
            reverse=self._yes(row, "reverse"), strict=self._strict(row, section, strict),
        )

    def _values(self, row: dict[str, Any], section: str) -> dict[str, float | None]:
        values = row.get("values", {})
        if not isinstance(values, dict) or not all(_is_number(to) or to in NO_ANSWER for to in values.values()):
            raise self.problem(section, "values must map what is written to a number",
                               'Write for instance: values = { Never = 1, Always = 4 }; "" stands for no answer')
        return {written(code): None if to in NO_ANSWER else float(to) for code, to in values.items()}

    def _measure(self, key: str, row: dict[str, Any], items: Mapping[str, Coded]) -> Measure:
        section = f"measures.{key}"
        self._only(row, "measure", section)
        names = row.get("items", ())
        if not names or not isinstance(names, list) or len(set(names)) < len(names):
            raise self.problem(section, "items must name one item or several, each once", 'Write: items = ["Q38"]')
        for name in names:
            if name not in items:
                near = difflib.get_close_matches(str(name), list(items), 1)
                raise self.problem(section, f"item '{name}' is not declared",
                                   f"Did you mean '{near[0]}'?" if near else f"Declare it: [items.{name}]")
        reading = self._enum(row, "reading", Reading, Reading.ANSWERS, section)
        if reading is Reading.ANSWERS and len({(items[name].scale) for name in names}) > 1:
            raise self.problem(section, "its items have different scales",
                               'Write: reading = "points" (0 to 100) or "top_box"; or score them apart.')
        unsure = [name for name in names if items[name].unsure]
        if unsure and reading is not Reading.TOP_BOX:
            raise self.problem(section, f'"don\'t know" of {unsure[0]} is on no scale', 'Write: reading = "top_box"')
        least = row.get("least_answers", 1)
        if not isinstance(least, int) or least < 1:
            raise self.problem(section, "least_answers must be a whole number from 1", "Write: least_answers = 1")
        p_value = self._number(row, "p_value", section, 0.05)
        if not 0 < p_value < 1:
            raise self.problem(section, "p_value must lie between 0 and 1", "Write: p_value = 0.05")
        return Measure(
            key, tuple(names), str(row.get("name", key)), self._enum(row, "recode", Recode, Recode.NONE, section),
            self._enum(row, "item_weights", ItemWeights, ItemWeights.EVEN, section), least,
            self._not_negative(row, "smoothing", section), self._yes(row, "adjusted_boxes"), p_value,
            self._not_negative(row, "change", section), self._not_negative(row, "least_difference", section), reading,
        )

    def _details(self, units: Mapping[str, Any]) -> dict[str, UnitDetail]:
        if "details" not in units:
            return {}
        path = self.path.parent / str(units["details"])
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            raise self.problem("units", f"the unit detail file {path.name} cannot be read",
                               "Put it beside DESIGN.toml: unit, reported as, weight, subset on each line.") from None
        details: dict[str, UnitDetail] = {}
        for number, line in enumerate(lines, 1):
            cells = [cell.strip() for cell in line.split(",")] if "," in line else line.split()
            if not cells or not cells[0] or (number == 1 and cells[0] == "unit"):
                continue
            where, (unit, reported, weight, subset) = f"{path} line {number}", (*cells, "", "", "")[:4]
            try:
                weighs = float(weight) if weight else 1.0
            except ValueError:
                weighs = -1.0
            if not 0 <= weighs < float("inf"):
                raise Problem(f"the weight of the unit must be a number of at least 0, not '{weight}'", where,
                              "Write: unit, reported as, weight, subset")
            if unit in details:
                raise Problem(f"unit '{unit}' is there twice", where, "Leave one line for each unit.")
            details[unit] = UnitDetail(reported or unit, weighs, subset or "1")
        return details

    def _dates(self, answers: Mapping[str, Any]) -> dict[str, tuple[str | None, str | None]]:
        dates = {}
        for column, row in answers.get("dates", {}).items():
            section = "answers.dates"
            self._only(row, "dates", section)
            for name, day in row.items():
                if not isinstance(day, date) and not _is_day(str(day)):
                    raise self.problem(section, f"'{name}' of {column} is not a day", f"Write: {name} = 2025-01-31")
            dates[column] = (str(row["from"]) if "from" in row else None, str(row["to"]) if "to" in row else None)
        return dates

    def _agree(self, design: Design) -> None:
        """Options that need a column they were not given."""
        needs = (
            (design.people is not People.ALL, design.child_column, "people", "child"),
            (design.users is not Users.ALL, design.visits_column, "users", "visits"),
            (design.units_by_weight, design.mean_weight_column, "units_by_weight", "mean_weight"),
        )
        for wanted, column, option, needed in needs:
            # Without a column everybody is an adult or a child, as the call says; only their interaction needs it.
            if wanted and column is None and not (option == "people" and design.people is not People.BOTH):
                raise self.problem("analysis", f"{option} needs a column",
                                   f'Write under [answers]: {needed} = "COLUMN"')
        if any(measure.item_weights is ItemWeights.WEIGHTS for measure in design.measures) and (
                design.answer_weight_column is None):
            raise self.problem("answers", 'item_weights = "weights" needs the column of the weights',
                               'Write under [answers]: answer_weight = "COLUMN"')
        if (design.strata or design.subsets is not Subsets.NONE) and not design.details:
            raise self.problem("units", "strata and subsets need the unit detail file",
                               'Write under [units]: details = "units.csv"')

    def _strict(self, row: Mapping[str, Any], section: str, default: bool) -> bool:
        if "not_allowed" not in row:
            return default
        return self._one_of(row, "not_allowed", ("refuse", "missing"), section) == "refuse"

    def _one_of(self, row: Mapping[str, Any], key: str, known: tuple[str, ...], section: str) -> str:
        value = row.get(key, known[0])
        if value not in known:
            raise self.problem(section, f"{key} cannot be '{value}'", f"Write one of: {', '.join(known)}")
        return value

    def _enum(self, row: Mapping[str, Any], key: str, kind: type[Any], default: Any, section: str) -> Any:
        value = row.get(key, default)
        codes = _CODES.get(kind, {})
        if isinstance(value, int) and not isinstance(value, bool) and value in codes:
            return codes[value]
        try:
            return kind(value)
        except ValueError:
            raise self.problem(section, f"{key} cannot be '{value}'" if value is not None else f"{key} is needed",
                               f"Write one of: {', '.join(member.value for member in kind)}") from None

    def _yes(self, row: Mapping[str, Any], key: str) -> bool:
        value = row.get(key, False)
        if value not in (0, 1):
            raise self.problem("", f"{key} must be true or false, not '{value}'", f"Write: {key} = true")
        return bool(value)

    def _number(self, row: Mapping[str, Any], key: str, section: str, default: float | None = None) -> float:
        value = row.get(key, default)
        if not _is_number(value):
            raise self.problem(section, f"{key} must be a number", f"Write: {key} = 1")
        return float(value)

    def _not_negative(self, row: Mapping[str, Any], key: str, section: str) -> float:
        value = self._number(row, key, section, 0.0)
        if value < 0:
            raise self.problem(section, f"{key} must not be negative", f"Write: {key} = 0")
        return value

    def _text(self, row: Mapping[str, Any], key: str, section: str) -> str:
        value = row[key]
        if not isinstance(value, str) or not value:
            raise self.problem(section, f"{key} must name a column", f'Write: {key} = "COLUMN"')
        return value


def _with_unsure(scale: AnswerScale, low: float, high: float) -> dict[str, Any]:
    """A range with its boxes; "don't know", where it counts, is a value of its own under the lowest."""
    boxes = [{"name": name, "low": first, "high": last}
             for name, (first, last) in zip(("bottom", "middle", "top"), scale.boxes, strict=True)]
    if not scale.unsure:
        return {"low": low, "high": high, "boxes": boxes}
    under = low - 1
    return {"low": under, "high": high, "boxes": [{"name": "does not know", "low": under, "high": under}, *boxes],
            "values": dict(scale.written) | dict.fromkeys(scale.unsure, under), "unsure": True}


def _official(instrument: Instrument | None) -> list[tuple[str, dict[str, Any]]]:
    """An instrument's own measures, read as it says and with all boxes: scored when nothing else is asked for."""
    if instrument is None:
        return []
    return [
        (one.key, {"items": list(one.items), "name": one.name.en, "reading": one.reading, "adjusted_boxes": True})
        for one in instrument.composites
    ]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")
