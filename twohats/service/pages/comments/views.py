"""What do people say? Search, filters and the file of a result."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from twohats.service import releases
from twohats.service.actions import audit, praise
from twohats.service.doors import needs, not_yours, scope_of
from twohats.service.pages.comments import file, page, reads
from twohats.service.pages.comments.asked import Asked, asked_in
from twohats.service.pages.comments.reads import Comment, Search, Sight
from twohats.service.pages.comments.sight import EXPORTING, READING, may_take, sight_for, sights_of
from twohats.service.policy import Permission, Scope

LONGEST_PLACE = 15


@needs(*READING)
def search(request: HttpRequest) -> HttpResponse:
    """Comments that hold the words and fit the filters of the address, in the form that this reader may see."""
    reader = releases.current()
    if reader is None:
        return redirect("first_steps:steps")
    context: dict[str, Any] = {"trail": [(_("What people say"), None)]}
    if not reads.is_searchable(reader) or not reads.has_comments(reader):
        return render(request, "comments/search.html", context | {"nothing": _nothing(reader)})
    sights = sights_of(request.user)
    asked, sight = _asked(request, sights)
    audit.noted(request, "searched", "comments", reader.id)
    names = page.unit_names(reader)
    context |= {
        "asked": asked, "sight": sight, "asked_for": page.asked_for(asked, names),
        "choices": page.choices(reader, sights, sight, asked, names),
        **_answer(request, Search(reader, sight, asked, releases.parents()), names),
        "may_take": may_take(request.user, asked.unit),
    }
    return render(request, "comments/search.html", context)


@needs(*EXPORTING)
def download(request: HttpRequest) -> HttpResponseBase:
    """The whole result as a file, by the roles that let the reader both see and take it; written down first."""
    reader = releases.current()
    if reader is None or not reads.is_searchable(reader):
        raise Http404
    asked, sight = _asked(request, sights_of(request.user, *EXPORTING))
    audit.noted(request, "took csv", "comments", reader.id)
    made = file.as_csv(Search(reader, sight, asked, releases.parents()), page.unit_names(reader))
    response = StreamingHttpResponse(made, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="comments-{reader.id}.csv"'
    return response


def _nothing(reader: Any) -> str:
    if not reads.is_searchable(reader):
        return _("This release was made before comments could be searched. The next one can be.")
    return _("No comment is in this release yet. When a file of comments has been loaded, it is read here.")


def _asked(request: HttpRequest, sights: list[Sight]) -> tuple[Asked, Sight]:
    """The question and how far this reader may see for it; a unit outside is answered like one that is not there."""
    asked = asked_in(request.GET)
    sight = sight_for(sights, asked.unit)
    if not asked.can_be_answered:
        raise Http404
    if sight is None:
        if asked.unit in releases.parents():
            not_yours(request, "comments", asked.unit)
        raise Http404
    return asked, sight


def _answer(request: HttpRequest, asking: Search, names: dict[str, str]) -> dict[str, Any]:
    """How many people, and one page of what they said."""
    shown = asking.page(_place(request)) if asking.may_be_shown else reads.Page((), None)
    passing = scope_of(request.user, Permission.PASS_ON_PRAISE)
    praised = _praise_in(shown.comments, passing)
    passed = praise.passed_on(praised) if passing else set()
    return {
        "how_many": page.how_many(asking.people, asking.sight), "may_be_shown": asking.may_be_shown,
        "comments": page.said(shown.comments, asking.sight, names, set(praised) - passed, passed),
        "before": shown.before, "is_later_page": _place(request) is not None,
        "is_backwards": bool(asking.asked.last) and asking.asked.first > asking.asked.last,
    }


def _place(request: HttpRequest) -> int | None:
    """From where the page goes on."""
    asked = request.GET.get("before", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_PLACE else None


def _praise_in(comments: tuple[Comment, ...], passing: Scope) -> list[int]:
    return [row["clause"] for comment in comments for row in comment.clauses
            if row["sentiment"] == 1 and row["unit"] in passing]
