"""The page of who is not heard: whom we asked for an opinion in a year, and who answered, group by group."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from twohats.service.doors import needs
from twohats.service.pages import wording
from twohats.service.pages.measures import cells, choosing, periods, saying
from twohats.service.pages.measures.asked import CUTS, OTHERS, Asked, Heard, asked_of
from twohats.service.pages.measures.leaving import Item, Page, Part
from twohats.service.pages.measures.numbers import OPINIONS, Numbers, Told
from twohats.service.policy import Permission
from twohats.store.disclosure import WHOLE
from twohats.words.measures import Measure, measure


@needs(Permission.SEE_OVERVIEW)
def who_is_heard(request: HttpRequest) -> HttpResponse:
    """Who was asked for an opinion in a year and who answered, cut by cut; for readers of the whole organisation."""
    chosen = choosing.for_the_whole(request)
    if chosen is None:
        return redirect("first_steps:steps")
    reader, numbers = chosen
    asked = asked_of(reader)
    year = choosing.year_asked(request, asked.years)
    query = urlencode({"unit": WHOLE, "period": year})
    return render(
        request,
        "measures/heard.html",
        {
            "years": choosing.year_choices(numbers, asked.years, year),
            "year": periods.name(year, numbers.as_of) if year else "",
            "tables": _tables(asked, year),
            "measures": [saying.row(one, told) for one, told in _together(numbers, year)],
            "query": query,
            "files": choosing.files("heard", {"year": year}),
            "trail": [
                (_("Both experiences"), "/overview/"),
                (_("Measures"), "/measures/?" + query),
                (_("Who is not heard"), None),
            ],
        },
    )


def leaves(request: HttpRequest) -> tuple[Numbers, Page] | None:
    """The page as it leaves; None where there is nothing to take."""
    chosen = choosing.for_the_whole(request)
    if chosen is None:
        return None
    reader, numbers = chosen
    asked = asked_of(reader)
    year = choosing.year_asked(request, asked.years)
    if not year:
        return None
    when = periods.name(year, numbers.as_of)
    together = saying.table(_("All together"), "all", _together(numbers, year))
    return numbers, Page(
        "heard", year, _("Who is not heard?"), choosing.whole_place(numbers), when,
        [_("Whom we asked for an opinion, and who answered (%(year)s). Every number about what people say is a number "
           "about those who answered.") % {"year": when}],
        [Part(_("All together"), [Item(table=together)]),
         Part(_("Group by group"), [Item(table=table) for table in _tables(asked, year)])],
        [_("Only requests that a source told us of count: a survey sent by somebody else without a word to us is not "
           "in here. The range would hold the true share 95 times in 100 and counts people. Differences between rows "
           "may have many reasons; they say who is missing, not why.")])


def _together(numbers: Numbers, year: str) -> list[tuple[Measure, Told]]:
    return [(one, numbers.told(one.key, WHOLE, year)) for one in map(measure, OPINIONS)] if year else []


def _tables(asked: Asked, year: str) -> list[dict[str, Any]]:
    return [_heard_table(cut, asked.told(year, cut)) for cut in CUTS] if year else []


def _heard_table(cut: str, rows: list[Heard]) -> dict[str, Any]:
    """The rows of one cut, as a table."""
    heads = {"language": _("Language"), "age": _("Age"), "channel": _("Channel"), "sender": _("Sender")}
    captions = {"language": _("By language"), "age": _("By age"), "channel": _("By the way they were asked"),
                "sender": _("By who asked")}
    return {
        "caption": captions[cut],
        "key": cut,
        "columns": [
            {"name": heads[cut]},
            {"name": _("People reached"), "is_number": True},
            {"name": _("Answered"), "is_number": True, "key": "answered"},
            {"name": _("Range"), "is_number": True},
        ],
        "rows": [[{"text": _cut_value(cut, row.value), "key": row.value}, *_heard_cells(row)] for row in rows],
    }


def _cut_value(cut: str, value: str) -> str:
    if value in ("unknown", OTHERS):
        return _("not known") if value == "unknown" else _("all others, each under 100 people")
    if cut == "channel":
        return {"sms": _("text message"), "mail": _("letter"), "email": _("e-mail"), "phone": _("phone"),
                "portal": _("portal")}.get(value, value)
    return wording.language_name(value) if cut == "language" else value


def _heard_cells(row: Heard) -> list[dict[str, Any]]:
    few = _("fewer than 11 people")
    people = cells.nothing(few) if row.people is None else cells.of_the_number(wording.whole(row.people))
    if row.share is None or row.low is None or row.high is None:
        return [people, cells.instead(_("not shown"), row.people, few), cells.nothing(_("none"))]
    between = {"low": wording.percent(row.low, 1), "high": wording.percent(row.high, 1)}
    return [
        people,
        cells.exact(wording.percent(row.share, 1), row.share, cells.SHARE, row.low, row.high, row.people),
        cells.of_the_number(_("%(low)s to %(high)s") % between),
    ]
