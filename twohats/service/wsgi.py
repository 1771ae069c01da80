"""The site as a WSGI application; refuses to come up with a configuration that is not safe."""

import os

from django.core.wsgi import get_wsgi_application

from twohats.service import configuration


def safe_application():  # type: ignore[no-untyped-def]
    """The application, or the first reason why it must not start."""
    for problem in configuration.refusals(configuration.read()):
        raise problem
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twohats.service.settings")
    return get_wsgi_application()


application = safe_application()
