"""The hospital's list: which touchpoints and units are hidden, and the form to change it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from twohats.service import releases
from twohats.service.actions import hidden_kinds as actions
from twohats.service.doors import needs
from twohats.service.policy import Permission
from twohats.words.touchpoints import touchpoints

Names = dict[tuple[str, str], str]


@needs(Permission.HIDE_KINDS)
def hidden_list(request: HttpRequest) -> HttpResponse:
    """What is hidden, and a form to hide one more or show one again. It holds for the whole organisation, at once."""
    names = _names()
    if request.method == "POST":
        of, _colon, value = request.POST.get("kind", "").partition(":")
        if (of, value) not in names:
            messages.error(request, _("Nothing was changed: choose one of the list."))
            return redirect("hidden_kinds:list")
        actions.say_hidden(of=of, value=value, hidden=request.POST.get("hidden") == "1", by=request.user,
                           request_id=request.request_id)
        messages.success(request, _("Kept. It holds from now on."))
        return redirect("hidden_kinds:list")
    known = actions.hidden_kinds()
    hidden = [{"key": f"{of}:{value}", "of": of, "name": names.get((of, value), value)}
              for of in known for value in sorted(known[of])]
    open_ones = [(f"{of}:{value}", name, of) for (of, value), name in names.items() if value not in known[of]]
    return render(request, "hidden_kinds/list.html", {"hidden": hidden, "open_ones": open_ones})


def _names() -> Names:
    """Touchpoints and units by what they are and their key, with their words."""
    found: Names = {(actions.TOUCHPOINT, point.key): point.name.read_in(get_language()) for point in touchpoints()}
    reader = releases.current()
    for row in reader.rows("SELECT unit, name, path FROM units ORDER BY path") if reader else ():
        found[actions.UNIT, row["unit"]] = row["path"] or row["name"]
    return found
