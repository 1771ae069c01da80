"""Why a line was quarantined: every code once, with what it says and what to try."""

from dataclasses import dataclass

from twohats.store.strict import Refused as Refused  # what refuses a line, beside the words for why


@dataclass(frozen=True)
class Reason:
    """A code that stays, a sentence for the person who opens the line, and what to try."""

    code: str
    says: str
    try_this: str


_EXPORT = "Correct the export, deliver the file again and run: twohats intake FILE"

REASONS: dict[str, Reason] = {
    reason.code: reason
    for reason in (
        Reason("not_utf8", "the line is not UTF-8", "Export as UTF-8."),
        Reason(
            "not_json",
            "the line is not one whole JSON value",
            "Look for a line cut off or glued to another. " + _EXPORT,
        ),
        Reason("not_a_number", "NaN, Infinity or a number too large to hold", _EXPORT),
        Reason("lone_surrogate", "half of a surrogate pair in a string", "Export as UTF-8 without escapes."),
        Reason("null_character", "U+0000 in a string, which not every database can hold", _EXPORT),
        Reason("big_integer", "a whole number beyond 64 bits", "Send identifiers as strings. " + _EXPORT),
        Reason(
            "duplicate_key",
            "the same key twice in one object: which one is meant cannot be told",
            _EXPORT,
        ),
        Reason("too_deep", "nested deeper than 64 levels", _EXPORT),
        Reason("too_long", "longer than 16 MiB", "Send attachments as links. " + _EXPORT),
        Reason("not_an_object", "a JSON value, but not a resource", _EXPORT),
        Reason("no_resource_type", "resourceType is missing or is not the name of a type", _EXPORT),
        Reason("no_id", "id is missing or is not a string", _EXPORT),
        Reason(
            "bad_id",
            "an id is at most 64 letters, digits, - and . in FHIR; no reference could reach this one",
            _EXPORT,
        ),
        Reason("wrong_type", "the field does not have the type declared for it", _EXPORT),
        Reason("bad_instant", "not an instant that exists", "Write 2024-05-17T10:00:00Z. " + _EXPORT),
        Reason(
            "instant_without_zone",
            "a time of day without its time zone",
            "Write 2024-05-17T10:00:00-05:00. " + _EXPORT,
        ),
        Reason("period_backwards", "the end is before the start", _EXPORT),
        Reason(
            "from_the_future",
            "more than 24 hours after the moment of intake",
            "Check the clock of the source, then run: twohats redrive",
        ),
        Reason(
            "version_conflict",
            "this version was landed before with other content; the first was kept",
            "Ask the source which one is right and have it sent as a new version.",
        ),
        Reason("delete_unclear", "a deletion that does not name one resource", _EXPORT),
        Reason(
            "document_too_large",
            "one JSON document over 64 MiB",
            "Deliver it as NDJSON, one resource a line.",
        ),
        Reason("bad_number", "not a number", _EXPORT),
        Reason("out_of_range", "a number that this column cannot hold: a share is from 0 to 100, a count not negative",
               _EXPORT),
        Reason("bad_date", "not a date; write 2024-05-17", _EXPORT),
        Reason("bad_flag", "not true or false", _EXPORT),
        Reason(
            "cells",
            "the row has another number of cells than the heading",
            "Look for a comma or a line break outside quotes. " + _EXPORT,
        ),
        Reason(
            "heading_twice",
            "two columns of the heading bear this name: which one is meant cannot be told",
            "Rename the other one. " + _EXPORT,
        ),
        Reason("line_break", "a carriage return in a cell without quotes", "Put the cell in quotes. " + _EXPORT),
        Reason("broken_quotes", "a quoted cell is not closed as CSV demands", _EXPORT),
    )
}


def sentence(code: str, field: str = "") -> str:
    """What is said of a line: the field first where there is one. Never a value."""
    says = REASONS[code].says
    return f"{field}: {says}" if field else says
