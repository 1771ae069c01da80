"""What every page knows: the reader's places, who they are, and the release that the page was read from."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from twohats.service import doors, releases
from twohats.service.pages import navigation, wording, words
from twohats.service.policy import Permission


def every_page(request: HttpRequest) -> dict:
    """`frame`, `release`, `places` and `is_demo`, for every template."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    reader = releases.current() if known else None
    places = navigation.places_of(request) if known else []
    return {
        "release": reader.release if reader else None,
        "places": places,
        "is_demo": releases.is_demo(),
        "frame": {
            "places": places,
            "who": user.display_name if known else "",
            "role": ", ".join(str(words.role(role)) for role in dict.fromkeys(role for role, _unit in user.held))
            if known else "",
            "account_address": reverse("account:account"),
            "log_out_address": reverse("account:log_out"),
            "release": release_line(reader) if reader else None,
            "quality_address": reverse("quality:reports") if known and doors.may(user, Permission.SEE_QUALITY) else "",
            "printed_from": request.build_absolute_uri() if known else "",
        },
    }


def release_line(reader: "releases.reading.Reader") -> dict:
    """The release's id, period, day and what is missing, in words."""
    told = words.release_facts(reader)
    missing = ""
    if told.quarantined:
        missing = _("%(lines)s of %(read)s lines were set aside on the way in.") % {
            "lines": wording.whole(told.quarantined), "read": wording.whole(told.read)}
    return {
        "id": reader.id,
        "period": _("%(first)s to %(last)s") % {
            "first": wording.month(told.first_month), "last": wording.month(told.last_month)}
        if told.first_month else _("no dates yet"),
        "day": wording.plain_day(told.as_of) if told.as_of else _("an unknown day"),
        "missing": missing,
    }
