"""twohats cahps ANSWERS.csv DESIGN.toml OUT_DIR: survey scores adjusted for case mix, tested, each with its variance.

Exact, as a verb on a plain file is: small numbers are not hidden here.
"""

import argparse
import csv
import json
import shutil
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from twohats.analysis.commands.cells import cell
from twohats.analysis.measures.cahps.answers import AnswersFile
from twohats.analysis.measures.cahps.design_file import read_design
from twohats.analysis.measures.cahps.hat_scores import HatScore, HatScores, official
from twohats.analysis.measures.cahps.layout import layout_of
from twohats.analysis.measures.cahps.moments import Moments, moments_of
from twohats.analysis.measures.cahps.results import NothingToScore, Scored
from twohats.analysis.measures.cahps.scoring import scored
from twohats.analysis.measures.cahps.tables import COLUMNS, HAT_SCORES, RESIDUALS, hat_rows, rows_of
from twohats.words.problems import Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The answers, the design, and where to."""
    parser.add_argument("answers", type=Path, metavar="ANSWERS.csv")
    parser.add_argument("design", type=Path, metavar="DESIGN.toml")
    parser.add_argument("out", type=Path, metavar="OUT_DIR")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Writes every table of COLUMNS and report.json into OUT_DIR, all or none."""
    design, layouts = read_design(args.design)
    file = AnswersFile(args.answers, design, layouts)
    layout = layout_of(design)
    moments: Moments | None = None
    hats = HatScores.asked(design)
    for batch, _ in file.batches():
        own = moments_of(official(batch), layout)
        moments = own if moments is None else moments + own
        if hats is not None:
            hats.add(batch)
    if moments is None:
        raise Problem("there is no answer of a unit that is asked for", str(args.answers),
                      "Look at the unit column and [units] names in the design.")
    try:
        scores = [scored(moments, design, measure, file.kinds) for measure in design.measures]
    except NothingToScore as nothing:
        raise Problem(f"measure {nothing.measure}: no unit has two respondents with an answer and all adjusters",
                      str(args.answers), "Check its items' codes; a missing adjuster leaves a respondent out unless "
                      "[analysis] impute = true, and one missing for a whole unit leaves the unit out.") from None
    report = _report(args, file, scores)
    _write(args.out, file, scores, report, [] if hats is None else list(hats.scores()))
    if not args.json:
        _say(report)
    return report


def _report(args: argparse.Namespace, file: AnswersFile, scores: list[Scored]) -> dict[str, Any]:
    design = file.design
    return {
        "answers": args.answers.name,
        "design": args.design.name,
        "twohats": _version(),
        "convention": str(design.convention),
        "instrument": design.instrument,
        "hats_overridden": {
            item: {"declared": str(design.hats[item]) if item in design.hats else None, "own": str(hat)}
            for item, hat in design.other_hats.items() if design.hats.get(item) is not hat
        },
        "respondents_read": file.read,
        "respondents_left_out": dict(sorted((why, count) for why, count in file.left_out.items() if count)),
        "measures": [
            {
                "measure": score.measure.key,
                "name": score.measure.name,
                "items": list(score.measure.items),
                "adjusters": list(score.adjusters),
                "units": sum(len(group.units) for group in score.groups),
                "analysed": score.overall[0].analysed,
                "f": score.overall[0].comparison.f,
                "p": score.overall[0].comparison.p,
                "reliability": score.overall[0].comparison.reliability,
                "units_not_analysed": [
                    {"unit": gone.unit, "respondents": gone.everybody, "analysed": gone.analysed}
                    for gone in score.dropped
                ],
                "warnings": list(score.warnings),
            }
            for score in scores
        ],
        "columns": {
            name: {column.name: {"macro": column.macro, "means": column.means} for column in columns}
            for name, columns in (COLUMNS | {"hat_scores.csv": HAT_SCORES, "residuals.csv": RESIDUALS}).items()
        },
    }


def _version() -> str:
    try:
        return version("twohats")
    except PackageNotFoundError:
        return "from its source"


def _write(out: Path, file: AnswersFile, scores: list[Scored], report: dict[str, Any],
           hat_scores: list[HatScore]) -> None:
    """Writes aside and renames, so that nobody reads half a folder; a folder of another making is not replaced."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / "report.json").exists())):
        raise Problem("this is there already, and holds something else", str(out), "Name a new folder.")
    aside = out.with_name(out.name + ".aside")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        for name, columns in COLUMNS.items():
            _table(aside / name, [column.name for column in columns], rows_of(name, scores))
        if hat_scores:
            _table(aside / "hat_scores.csv", [column.name for column in HAT_SCORES], hat_rows(hat_scores))
        if file.design.residuals:
            _table(aside / "residuals.csv", [column.name for column in RESIDUALS], _residuals(file, scores))
        (aside / "report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False, allow_nan=False), "utf-8")
        shutil.rmtree(out, ignore_errors=True)
        aside.replace(out)
    except OSError as failed:
        raise Problem(f"this folder cannot be written: {failed.strerror}", str(out),
                      "Name a folder that you may write to.") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _table(path: Path, heading: list[str], rows: Iterable[list[Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(heading)
        for row in rows:
            out.writerow([cell(value) for value in row])


def _residuals(file: AnswersFile, scores: list[Scored]) -> Iterator[list[Any]]:
    """A second reading: what is left of each analysed respondent's answers."""
    for batch, lines, respondents in file.batches_with_respondents():
        for score in scores:
            for model in score.residuals:
                left = model.of(official(batch))
                for row in np.flatnonzero(~np.isnan(left)):
                    yield [score.measure.key, batch.units[batch.unit[row]], respondents[row], int(lines[row]),
                           float(left[row])]


def _say(report: dict[str, Any]) -> None:
    print(f"{report['respondents_read']} respondents read; convention {report['convention']}")  # noqa: T201
    for why, count in report["respondents_left_out"].items():
        print(f"  left out: {count} ({why})")  # noqa: T201
    for measure in report["measures"]:
        f = "" if measure["f"] is None else f", F {measure['f']:.4f}, p {measure['p']:.4f}"
        print(f"{measure['measure']}: {measure['units']} units, {measure['analysed']} respondents analysed{f}")  # noqa: T201
        for warning in measure["warnings"]:
            print(f"  {warning}")  # noqa: T201
