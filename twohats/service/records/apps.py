"""The records as a Django application."""

from django.apps import AppConfig


class Records(AppConfig):
    """What our people write down."""

    name = "twohats.service.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
