"""The pages as a Django application: so that their template tags are found."""

from django.apps import AppConfig


class Pages(AppConfig):
    """Pages, by reader."""

    name = "twohats.service.pages"
    label = "pages"
