"""How we may reach you: a person's own page, by the link in a message; no log-in, no name, nothing about anybody."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from twohats.service.actions import contact, links, standing
from twohats.service.doors import open_to_all
from twohats.service.records.contact import Link
from twohats.service.records.models import User


@open_to_all("Who holds the link is asked for nothing else; the page names nobody.")
@never_cache
def page(request: HttpRequest, token: str) -> HttpResponse:
    """What the person may choose and what holds now; a press keeps it at once. The same kind answer for every link
    that opens nothing, so that nobody learns which links there are."""
    found = links.opened(token, "choices", timezone.now())
    if found is None:
        return render(request, "choices/closed.html", status=404)
    if request.method == "POST":
        _keep(request, found)
        return redirect(f"{request.path}?kept=1")
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and found.language == "es":
        translation.activate(found.language)
        request.LANGUAGE_CODE = found.language
    return render(request, "choices/page.html", {
        "lists": _lists(found), "kept": "kept" in request.GET, "trail": [(_("How we may reach you"), None)]})


def _lists(found: Link) -> list[dict[str, Any]]:
    """Classes and channels with their words and whether they may be used now."""
    rules = contact.rules_in_force()
    person = standing.reached(found.person, rules)
    if person is None:
        return []
    stand, language = person.standing, translation.get_language()
    classes = [{"key": kind.key, "name": kind.text.read_in(language),
                "yes": kind.key not in stand.stopped and (not kind.needs_yes or kind.key in stand.yes)}
               for kind in rules.classes.values()]
    channels = [{"key": channel.key, "name": channel.text.read_in(language),
                 "yes": channel.key not in stand.not_this_way}
                for channel in rules.channels.values() if channel.key in stand.addresses]
    return [{"of": "class", "name": _("What we may send you"), "choices": classes},
            {"of": "channel", "name": _("By which way"), "choices": channels}]


def _keep(request: HttpRequest, found: Link) -> None:
    """Keeps what differs from what holds: a box that was not touched says nothing new."""
    by = request.user if isinstance(request.user, User) else None
    for one in _lists(found):
        for choice in one["choices"]:
            yes = f"{one['of']}-{choice['key']}" in request.POST
            if yes != choice["yes"]:
                contact.choose(person=found.person, of=one["of"], value=choice["key"], yes=yes, said_on="link", by=by,
                               request_id=request.request_id)
