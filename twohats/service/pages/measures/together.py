"""How what people met as customers goes together with the care they received, said as an association."""

from typing import Any

from django.utils.translation import gettext as _

from twohats.service.pages import wording
from twohats.service.pages.measures import cells

ENOUGH = 0.05
"""Below this robustness value something small and unseen would undo it: then nothing is claimed."""


def table_of(reader: Any) -> dict[str, Any] | None:
    """The release's table of what goes together, as the page shows it; None where nothing can be told."""
    rows = [row for row in reader.rows("SELECT * FROM together ORDER BY received, met", ()) if row["way"] != "untold"]
    if not rows:
        return None
    heads = {"points": _("Of 100 visits"), "range": _("Range"), "people": _("People who tell it")}
    return {
        "caption": _("What goes together, visit by visit"),
        "key": "together",
        "columns": [
            {"name": _("When a customer met")}, {"name": _("of the care was received"), "key": "received"},
            *({"name": name, "is_number": True, "key": key} for key, name in heads.items()),
            {"name": _("How far it may be trusted"), "key": "trust"},
        ],
        "rows": [
            [
                {"text": met(row["met"]), "key": row["met"] + "/" + row["received"]},
                {"text": received(row["received"])},
                cells.exact(signed(row["points"]), row["points"], cells.SIGNED, row["low"], row["high"],
                            row["telling"]),
                cells.of_the_number(_("%(low)s to %(high)s") % {
                    "low": signed(row["low"]), "high": signed(row["high"])}),
                cells.of_the_number(wording.whole(row["telling"])),
                {"text": trust(row)},
            ]
            for row in rows
        ],
    }


def met(key: str) -> str:
    """What was met, in words."""
    return {
        "asked_too_much": _("a sign of too much asked"),
        "half_hours_waited": _("half an hour more of waiting"),
    }[key]


def received(key: str) -> str:
    """What of the care was received, in words."""
    return {
        "understood": _("what was taught, said back rightly"),
        "no_question_after": _("no question within three days of teaching"),
        "medicines_fetched": _("all new medicines fetched"),
        "next_visit_kept": _("the next visit kept"),
    }[key]


def signed(value: float) -> str:
    """Points with their sign; a true minus."""
    return f"{value:+.1f}".replace("-", "\u2212")


def trust(row: Any) -> str:
    """Whether anything may be said, and how: no association, an association, within the same people, undone by its
    placebo."""
    low, high = row["placebo_low"], row["placebo_high"]
    if low is not None and (low > 0 or high < 0):
        return _("Not to be trusted: what was met only at the next visit seems to go together with it as well.")
    if row["low"] <= 0 <= row["high"]:
        return _("No association is seen: the range holds nought.")
    if row["robustness"] < ENOUGH:
        return _("Weak: something small that we do not see would undo it.")
    if row["way"] == "within":
        return _("Association within the same people: consistent with an effect, not proof of one.")
    return _("Association between visits: too few people had both, so people may differ in other ways.")
