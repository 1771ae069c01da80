"""What all tables of sums have in common that pages publish: small cells hidden, alone and beside another release."""

import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from twohats.service import releases
from twohats.store.attack import Family, Guarded, guarded, guarded_beside

LOG = logging.getLogger(__name__)


class Published:
    """A table of one release: who stands behind each cell, what is published of it, what adds up, what is hidden."""

    people: Mapping[Any, int]
    counts: Mapping[Any, int]
    families: Sequence[Family[Any]]
    hidden: frozenset[Any]

    def guard(self) -> None:
        """Hides what must be hidden of this release alone."""
        self.hidden = guarded(self.people, self.counts, self.families).hidden

    def guard_beside(self, other: "Published") -> None:
        """Hides more, so that nothing can be worked out with the other's table at hand."""
        mine, theirs = (Guarded(one.people, one.counts, one.families, one.hidden) for one in (self, other))
        self.hidden = guarded_beside(mine, theirs).hidden


Table = TypeVar("Table", bound=Published)


def beside_another(reader: Any, make: Callable[[Any], Table]) -> Table:
    """The table of a release, guarded beside that of the release before it that is kept (the one after it, where
    the home went back)."""
    table = make(reader)
    other = releases.another(reader)
    if other is not None:
        try:
            table.guard_beside(make(other))
        except (sqlite3.OperationalError, IndexError) as lacking:
            LOG.warning("release %s is of an older form and was not held beside %s: %s", other.id, reader.id, lacking)
        finally:
            other.close()
    return table
