"""Every table is declared here once: its grain, its columns, and a line of meaning each.

Docs, checks, the analyst's shelf and the de-identified extracts all come from these declarations.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds; each kind has one type in every engine."""

    TEXT = "text"
    INT = "int"  # 64-bit
    FLOAT = "float"  # 64-bit
    BOOL = "bool"
    INSTANT = "instant"  # microseconds, UTC
    DATE = "date"
    JSON = "json"  # text holding a JSON array or object


DUCKDB_TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.INT: "BIGINT",
    Kind.FLOAT: "DOUBLE",
    Kind.BOOL: "BOOLEAN",
    Kind.INSTANT: "TIMESTAMPTZ",
    Kind.DATE: "DATE",
    Kind.JSON: "VARCHAR",
}


class Personal(StrEnum):
    """What a column could give away about a person, and so how an extract treats it."""

    NAME = "name"  # removed
    CONTACT = "contact"  # removed: phone, mail, address line
    ID = "id"  # replaced by a key that is made anew for each extract
    DATE = "date"  # shifted by the person's own number of days
    BIRTH = "birth"  # year only, 90+ above 89
    AREA = "area"  # first three digits of the ZIP code
    WORDS = "words"  # free text: removed


@dataclass(frozen=True)
class Column:
    """One column. `path` says where a landed column lies in its resource (a JSON path); of an array, `inside` says
    what is read in its entries: paths and kinds that intake holds them to."""

    name: str
    kind: Kind
    meaning: str
    path: str | None = None
    personal: Personal | None = None
    inside: tuple[tuple[str, Kind], ...] = ()


@dataclass(frozen=True)
class Table:
    """One table. `grain` completes "one row per ..."; `key` names the columns that are unique together."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    resource: str | None = None
    """For landed tables: the FHIR resource type or the feed it comes from."""
    keeps_history: bool = False
    """For landed tables: all versions go to the buckets (column `is_current`), not only the current one."""

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in the order declared."""
        return tuple(column.name for column in self.columns)
