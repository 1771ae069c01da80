"""The page on intake names every reason, every table and every column that is declared."""

import sys

from tests.conftest import REPOSITORY
from twohats.sources.reasons import REASONS
from twohats.store.tables.landed import LANDED, LINE_COLUMNS

PAGE = REPOSITORY / "docs" / "facts" / "intake.md"
START = "## Reasons for quarantine\n"


def declared() -> str:
    lines = [START, "| code | says | try |", "|---|---|---|"]
    lines += [f"| `{one.code}` | {one.says} | {one.try_this} |" for one in REASONS.values()]
    lines += ["", "## Columns of every landed line", "", "| column | kind | meaning |", "|---|---|---|"]
    lines += [f"| `{column.name}` | {column.kind} | {column.meaning} |" for column in LINE_COLUMNS]
    for table in LANDED:
        lines += ["", f"## {table.name}", "", f"{table.grain[0].upper()}{table.grain[1:]}.", ""]
        lines += ["| column | kind | from | meaning |", "|---|---|---|---|"]
        lines += [f"| `{c.name}` | {c.kind} | `{c.path or '-'}` | {c.meaning} |" for c in table.columns]
    return "\n".join(lines) + "\n"


def test_the_page_prints_what_is_declared():
    assert PAGE.read_text().partition(START)[1:] == (START, declared().removeprefix(START))


if __name__ == "__main__":
    told = PAGE.read_text().partition(START)[0]
    sys.exit(PAGE.write_text(told + declared()) and None)
