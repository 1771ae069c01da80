"""CSV files that commands write: aside, then by one rename, so that nobody reads half of one."""

import csv
from collections.abc import Iterable, Sequence
from errno import EISDIR
from pathlib import Path
from typing import Any

from twohats.words.problems import Problem


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Writes a header and the rows, and counts them. Raises Problem where the file cannot be written."""
    try:
        if path.is_dir():
            raise IsADirectoryError(EISDIR, "it is a folder")
        return _written(path, columns, rows)
    except OSError as failed:
        raise Problem(f"this file cannot be written: {failed.strerror}", str(path),
                      "Name a file in a folder that is there and that you may write to.") from None


def _written(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    aside = path.with_name(path.name + ".aside")
    written = 0
    try:
        with aside.open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(columns)
            for row in rows:
                out.writerow(row)
                written += 1
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return written
