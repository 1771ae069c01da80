"""Prints docs/facts/tables.md from the declarations: `python -m twohats.store.tables.print_docs`."""

from pathlib import Path

from . import Table
from .landed import LANDED, LINE_COLUMNS
from .release import RELEASED

PAGE = Path(__file__).resolve().parents[3] / "docs" / "facts" / "tables.md"


def page() -> str:
    """The whole page."""
    parts = [
        "# Tables",
        "Printed from the declarations in `twohats/store/tables` by `python -m twohats.store.tables.print_docs`;"
        " a test holds this page to them.",
        "## What a release holds",
        *(_section(table) for table in RELEASED),
        "## What lands",
        "Every landed row also has the columns of its line:",
        _columns(LINE_COLUMNS),
        *(_section(table) for table in LANDED),
    ]
    return "\n\n".join(parts) + "\n"


def _section(table: Table) -> str:
    source = f" From `{table.resource}`." if table.resource else ""
    keys = ", ".join(f"`{name}`" for name in table.key)
    grain = table.grain[0].upper() + table.grain[1:]
    return f"### {table.name}\n\n{grain}. Unique by {keys}.{source}\n\n{_columns(table.columns)}"


def _columns(columns: tuple) -> str:  # type: ignore[type-arg]
    rows = [
        f"| `{column.name}` | {column.kind} | {column.meaning} | {column.personal or ''} |"
        for column in columns
    ]
    return "\n".join(["| column | kind | meaning | personal |", "|---|---|---|---|", *rows])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
