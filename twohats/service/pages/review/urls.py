"""Addresses of the review pages. A clause is a key of ours; its words stand in no address."""

from django.urls import path, register_converter

from . import views


class QueueName:
    """The queues one may ask for."""

    regex = "unsure|disagreed|random"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(QueueName, "queue")
app_name = "review"
urlpatterns = [
    path("", views.queues, name="queues"),
    path("agreement/", views.agreement, name="agreement"),
    path("drift/", views.drift, name="drift"),
    path("corrections.csv", views.corrections, name="corrections"),
    path("differences/", views.differences, name="differences"),
    path("differences/<int:key>/", views.settle, name="settle"),
    path("<queue:name>/", views.next_one, name="next"),
    path("<queue:name>/<int:key>/", views.clause, name="clause"),
]
