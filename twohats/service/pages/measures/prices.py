"""What the wrong hat went together with, in words: never more than an association, with its range and its placebo."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twohats.service.pages import wording
from twohats.service.pages.measures import cells
from twohats.service.pages.measures.together import ENOUGH, signed
from twohats.words.hats import Hat

WRONGS: dict[str, tuple[Hat, Promise]] = {
    "hurried": (Hat.PATIENT, gettext_lazy("a patient was hurried")),
    "over_engaged": (Hat.CUSTOMER, gettext_lazy("a customer was asked too much")),
}
OUTCOMES: dict[str, Promise] = {
    "satisfaction": gettext_lazy("How content people were, in points of 100"),
    "leaving": gettext_lazy("People of 100 who went elsewhere after it"),
}


def by_hat(reader: Any) -> dict[Hat, list[dict[str, Any]]]:
    """The prices of each hat, outcome by outcome, as the page shows them."""
    found: dict[Hat, list[dict[str, Any]]] = {Hat.PATIENT: [], Hat.CUSTOMER: []}
    for row in reader.rows("SELECT * FROM prices ORDER BY outcome DESC, wrong", ()):
        hat, when = WRONGS[row["wrong"]]
        found[hat].append({
            "name": OUTCOMES[row["outcome"]], "instead": _instead(row), "says": _says(row, when),
            "value": signed(row["points"]) if row["points"] is not None else "",
        })
    return found


def table_of(reader: Any, hat: Hat) -> dict[str, Any]:
    """The prices of one hat as a table, for files and paper."""
    rows = [row for row in reader.rows("SELECT * FROM prices ORDER BY outcome DESC, wrong", ())
            if WRONGS[row["wrong"]][0] is hat]
    return {
        "caption": _("When a patient was hurried") if hat is Hat.PATIENT else _("When a customer was asked too much"),
        "key": "prices",
        "columns": [{"name": _("What")}, {"name": _("Number"), "is_number": True, "key": "points"},
                    {"name": _("Range"), "is_number": True, "key": "range"},
                    {"name": _("People who tell it"), "is_number": True, "key": "people"},
                    {"name": _("How far it may be trusted"), "key": "trust"}],
        "rows": [[{"text": str(OUTCOMES[row["outcome"]]), "key": row["outcome"]}, *_told(row)] for row in rows],
    }


def _told(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    if row["points"] is None:
        return [cells.instead(_("not told"), why=_instead(row)), cells.nothing(_("none")), cells.nothing(_("none")),
                {"text": _instead(row)}]
    return [
        cells.exact(signed(row["points"]), row["points"], cells.SIGNED, row["low"], row["high"], row["telling"]),
        cells.of_the_number(_range(row["low"], row["high"])), cells.of_the_number(wording.whole(row["telling"])),
        {"text": _trust(row)},
    ]


def sample_of(reader: Any) -> Mapping[str, Any]:
    """How many sides people looked at in this release, and how many are told as they found them."""
    row = reader.row("SELECT max(labelled) AS labelled, max(told_rightly) AS told_rightly FROM prices", ())
    return {"labelled": row["labelled"] or 0,
            "rightly": wording.percent(row["told_rightly"], 1) if row["told_rightly"] is not None else ""}


def _instead(row: Mapping[str, Any]) -> str:
    """Why nothing is shown."""
    return {
        "not_looked_at": _("too few visits and calls were looked at by people"),
        "few_people": _("fewer than 50 people tell it"),
        "not_told_apart": _("what is known says too little"),
    }.get(row["way"], "")


def _says(row: Mapping[str, Any], when: Any) -> str:
    if row["points"] is None:
        return ""
    told = {"when": when, "points": signed(row["points"]), "range": _range(row["low"], row["high"]),
            "telling": wording.whole(row["telling"])}
    if row["way"] == "within":
        first = _("Of the same person's visits and calls, those in which %(when)s were rated %(points)s points "
                  "(95 %% range %(range)s) beside the others; %(telling)s people tell it.") % told
    else:
        first = _("Of 100 visits and calls of the same kind and month in which %(when)s, %(points)s more or fewer were "
                  "the last (95 %% range %(range)s).") % told
    return f"{first} {_trust(row)} {_uncorrected(row)}".strip()


def _trust(row: Mapping[str, Any]) -> str:
    low, high = row["placebo_low"], row["placebo_high"]
    if low is not None and (low > 0 or high < 0):
        return _("Not to be trusted: what was met only at the next one seems to go together with it as well.")
    if row["low"] <= 0 <= row["high"]:
        return _("No association is seen: the range holds nought.")
    if row["robustness"] < ENOUGH:
        return _("Weak: something small that we do not see would undo it.")
    if row["way"] == "within":
        return _("Stable traits of the person are out of it; what changed in between, such as worse symptoms or a bad "
                 "day, is not. This is consistent with an effect, not proof of one.")
    return _("People may differ in other ways. This is consistent with an effect, not proof of one.")


def _uncorrected(row: Mapping[str, Any]) -> str:
    return _("Without correcting for what is told wrongly: %(points)s (%(range)s).") % {
        "points": signed(row["as_told"]), "range": _range(row["as_told_low"], row["as_told_high"])}


def _range(low: float, high: float) -> str:
    return _("%(low)s to %(high)s") % {"low": signed(low), "high": signed(high)}
