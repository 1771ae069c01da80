"""Why lines were set aside, what files hold and what is new in them, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SAYS: dict[str, Promise] = {
    "not_utf8": _("the line is not UTF-8"),
    "not_json": _("the line is not one whole JSON value"),
    "not_a_number": _("NaN, Infinity or a number too large to hold"),
    "lone_surrogate": _("half of a surrogate pair in a string"),
    "null_character": _("U+0000 in a string, which not every database can hold"),
    "big_integer": _("a whole number beyond 64 bits"),
    "duplicate_key": _("the same key twice in one object: which one is meant cannot be told"),
    "too_deep": _("nested deeper than 64 levels"),
    "too_long": _("longer than 16 MiB"),
    "not_an_object": _("a JSON value, but not a resource"),
    "no_resource_type": _("resourceType is missing or is not the name of a type"),
    "no_id": _("id is missing or is not a string"),
    "bad_id": _("an id is at most 64 letters, digits, - and . in FHIR; no reference could reach this one"),
    "wrong_type": _("the field does not have the type declared for it"),
    "bad_instant": _("not an instant that exists"),
    "instant_without_zone": _("a time of day without its time zone"),
    "period_backwards": _("the end is before the start"),
    "from_the_future": _("more than 24 hours after the moment of intake"),
    "version_conflict": _("this version was landed before with other content; the first was kept"),
    "delete_unclear": _("a deletion that does not name one resource"),
    "document_too_large": _("one JSON document over 64 MiB"),
    "bad_number": _("not a number"),
    "out_of_range": _("a number that this column cannot hold: a share is from 0 to 100, a count not negative"),
    "bad_date": _("not a date; write 2024-05-17"),
    "bad_flag": _("not true or false"),
    "cells": _("the row has another number of cells than the heading"),
    "heading_twice": _("two columns of the heading bear this name: which one is meant cannot be told"),
    "line_break": _("a carriage return in a cell without quotes"),
    "broken_quotes": _("a quoted cell is not closed as CSV demands"),
}
"""By the code that intake gives; a test holds these sentences to intake's own."""
HOLDS: dict[str, Promise] = {
    "fhir": _("FHIR"), "fhir_document": _("FHIR, one document"),
    "export_log": _("log of an export"), "empty": _("empty"), "unknown": _("not recognised"),
    "surveys": _("survey answers"), "comments": _("comments"), "contacts": _("contacts"), "staff": _("staff"),
    "units": _("units"), "hospital_scores": _("a public HCAHPS file"),
}
NEWS: dict[str, Promise] = {
    "field not in R4": _("a field that FHIR R4 does not know"),
    "type not in R4": _("a kind of resource that FHIR R4 does not know"),
    "column not declared": _("a column that is not declared"),
}


def says(code: str) -> Promise | str:
    """What is said of a line that has this code."""
    return SAYS.get(code, code)


def holds(kind: str) -> Promise | str:
    """What a file of this kind holds."""
    return HOLDS.get(kind, kind)


def news(kind: str) -> Promise | str:
    """What is new about a field."""
    return NEWS.get(kind, kind)
