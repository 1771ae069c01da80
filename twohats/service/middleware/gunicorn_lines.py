"""Gunicorn's own words, in our one-line form: it would quote a request that it could not read."""

import logging

from gunicorn.glogging import Logger

from .lines import OneLine


class Lines(Logger):
    """Keeps level, place and kind of error of what gunicorn says, not its text."""

    def setup(self, cfg: object) -> None:
        """Puts our form on gunicorn's handlers."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(OneLine())
        self.error_log.setLevel(logging.WARNING)
