"""Every address of the site; each view behind it says who may open it."""

from django.urls import include, path
from django.views.i18n import set_language

from twohats.service.doors import open_to_all
from twohats.service.pages import failures, home

urlpatterns = [
    path("", home.first_place, name="home"),
    path("alive", home.alive, name="alive"),
    path("language", open_to_all("Everybody chooses the language of the pages.")(set_language), name="set_language"),
    path("", include("twohats.service.pages.account.urls")),
    path("overview/", include("twohats.service.pages.leader.urls")),
    path("measures/", include("twohats.service.pages.measures.urls")),
    path("people/", include("twohats.service.pages.person.urls")),
    path("alerts/", include("twohats.service.pages.alerts.urls")),
    path("desk/", include("twohats.service.pages.front_desk.urls")),
    path("readings/", include("twohats.service.pages.review.urls")),
    path("served/", include("twohats.service.pages.served.urls")),
    path("quality/", include("twohats.service.pages.quality.urls")),
    path("tables/", include("twohats.service.pages.analyst.urls")),
    path("places/", include("twohats.service.pages.places.urls")),
    path("comments/", include("twohats.service.pages.comments.urls")),
    path("messages/", include("twohats.service.pages.messages.urls")),
    path("reach/", include("twohats.service.pages.choices.urls")),
    path("say/", include("twohats.service.pages.answering.urls")),
    path("asking/", include("twohats.service.pages.asking.urls")),
    path("cases/", include("twohats.service.pages.cases.urls")),
    path("lost-track/", include("twohats.service.pages.lost_track.urls")),
    path("since-monday/", include("twohats.service.pages.since_monday.urls")),
    path("thanks/", include("twohats.service.pages.thanks.urls")),
    path("users/", include("twohats.service.pages.users.urls")),
    path("hidden-kinds/", include("twohats.service.pages.hidden_kinds.urls")),
    path("first-steps/", include("twohats.service.pages.first_steps.urls")),
    path("audit/", include("twohats.service.pages.audit.urls")),
    path("api/", include("twohats.service.api.urls")),
]
handler400 = failures.not_understood
handler403 = failures.not_for_you
handler404 = failures.not_here
handler500 = failures.our_fault
