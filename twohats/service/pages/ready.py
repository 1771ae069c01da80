"""What pages need of a release, made ready before anybody asks: sums read, small ones hidden, all of them attacked."""

import time

from twohats.service import releases
from twohats.service.pages.leader.cube import cube_of
from twohats.service.pages.measures.answered_how import answered_how_of
from twohats.service.pages.measures.composites import composites_of
from twohats.service.pages.measures.numbers import numbers_of

LOOK_AGAIN_SECONDS = 2.0


def make_ready() -> None:
    """Makes the current release ready, where there is one and it is not."""
    reader = releases.current()
    if reader is not None:
        for make in (cube_of, numbers_of, composites_of, answered_how_of):
            make(reader)


def stay_ready() -> None:
    """Makes every release ready soon after it is published, for as long as the process lives."""
    while True:
        make_ready()
        time.sleep(LOOK_AGAIN_SECONDS)
