"""What a reader asks of the comments, as it stands in the address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from twohats.store.comment_search import LONGEST, UNSURE
from twohats.words.touchpoints import touchpoints

HATS = ("patient", "customer", "none", UNSURE)
TONES = {"praise": 1, "complaint": -1, "neither": 0}
SPEAKERS = ("patient", "family", "other")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Asked:
    """Words and filters; an empty text asks for nothing in particular."""

    words: str = ""
    hat: str = ""
    touchpoint: str = ""
    tone: str = ""
    unit: str = ""
    first: str = ""
    last: str = ""
    speaker: str = ""
    service: str = ""

    @property
    def query(self) -> str:
        """The same as the query of an address, without what is not asked."""
        return urlencode({name: said for name, said in self.said().items() if said})

    def said(self) -> dict[str, str]:
        """Each filter by its name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def can_be_answered(self) -> bool:
        """Whether each filter is one that the form offers."""
        return (self.hat in ("", *HATS) and self.tone in ("", *TONES) and self.speaker in ("", *SPEAKERS)
                and self.touchpoint in ("", *(point.key for point in touchpoints()))
                and all(not month or MONTH.fullmatch(month) for month in (self.first, self.last)))


def asked_in(given: Mapping[str, str]) -> Asked:
    """What the query of an address asks."""
    said = {field.name: str(given.get(field.name, "")).replace("\0", "").strip() for field in fields(Asked)}
    return Asked(**(said | {"words": said["words"][:LONGEST]}))
