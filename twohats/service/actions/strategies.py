"""How each hat is engaged, as the hospital writes it: drafted, tested against last month, seen, then live; and back.

Nothing follows a draft. A version goes live only after somebody saw what last month would have been under it and under
the version in force, and only while that is still the version in force and the release still the current one. Going
back to a version that was live before needs no test: it is the way out when something goes wrong.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from twohats.care.contact import strategies
from twohats.service import releases
from twohats.service.actions import audit, contact
from twohats.service.actions.last_month import Ended, Month, last_month
from twohats.service.records.contact import RuleBook, RuleDraft, RuleTest
from twohats.service.records.models import User
from twohats.words.problems import Problem

DRAFT = "draft"
STALE = gettext_noop("Another version or another release came since this test. Test the draft again.")


@dataclass(frozen=True)
class Version:
    """A version as it stands in the history: who wrote it, when and why. Nobody wrote the one that was shipped."""

    version: str
    by: str
    made_at: datetime | None
    reason: str
    repeats: str
    holds: bool


def versions() -> list[Version]:
    """Every version that was ever in force, the newest first."""
    own = RuleBook.objects.filter(kind="strategies").select_related("by").order_by("-made_at", "-pk")
    holds = contact.strategies_in_force().version
    told = [Version(one.version, one.by.display_name, one.made_at, one.reason, one.repeats, one.version == holds)
            for one in own]
    shipped = strategies.shipped().version
    return [*told, Version(shipped, "", None, "", "", shipped == holds)]


def last_draft() -> RuleDraft | None:
    """What somebody works on: the newest draft that the version in force has not overtaken."""
    return RuleDraft.objects.filter(based_on=contact.strategies_in_force().version).order_by("made_at", "pk").last()


@transaction.atomic
def draft_and_test(*, book: Mapping[str, Any], by: User, now: datetime, request_id: str = "") -> RuleTest:
    """Keeps a draft with what last month would have been under it; BadStrategies where it cannot hold, Problem where
    there is no month to test it against.
    """
    asked = {**book, "version": DRAFT}
    drafted, live = strategies.read(asked), contact.strategies_in_force()
    rules = contact.rules_in_force()
    months = [last_month(rules, one) for one in (live, drafted)]
    if months[0] is None or months[1] is None:
        raise Problem(gettext_noop("No release is published yet: there is no month to test against."), "book",
                      "Build a release first.")
    draft = RuleDraft.objects.create(book=asked, based_on=live.version, by=by, made_at=now)
    test = RuleTest.objects.create(draft=draft, release=months[0].release, month=_told(months[0], months[1]), by=by,
                                   made_at=now)
    audit.record(by=by, verb="tested", kind="strategies", thing=test.pk, request_id=request_id)
    return test


def _told(live: Month, drafted: Month) -> dict[str, Any]:
    """Both months, message by message, as counts: by hat, the way it went, and how it ends under each version."""
    by_key = {one.sent.message.key: one for one in drafted.ended}
    counts = Counter((one.sent.hat.value, one.sent.message.channel, *_end(one), *_end(by_key[one.sent.message.key]))
                     for one in live.ended)
    return {"since": live.since.isoformat(), "until": live.until.isoformat(), "people": live.people,
            "ended": [[*key, n] for key, n in sorted(counts.items())]}


def _end(one: Ended) -> tuple[str, str]:
    return one.channel, one.end


def see(*, test: RuleTest, now: datetime) -> None:
    """Somebody looks at what a test told."""
    RuleTest.objects.filter(pk=test.pk, seen_at=None).update(seen_at=now)


@transaction.atomic
def go_live(*, test: RuleTest, version: str, reason: str, by: User, request_id: str = "") -> RuleBook:
    """The tested draft is in force from this moment; Problem where its test was not seen or is of another time."""
    audit.one_writer()
    held = RuleTest.objects.select_related("draft").get(pk=test.pk)
    if held.seen_at is None:
        raise Problem(gettext_noop("Nobody has seen yet what last month would have been. Look at the test first."),
                      "test", "Open the page of the test.")
    reader = releases.current()
    if held.draft.based_on != contact.strategies_in_force().version or reader is None or reader.id != held.release:
        raise Problem(STALE, "test", "Nothing was changed.")
    if not version.strip():
        raise Problem(gettext_noop("Name the version, so that each line of the ledger can say which decided."),
                      "version", "Such as 2026-12.")
    book = {**held.draft.book, "version": version.strip()}
    strategies.read(book)
    return contact.keep_version(kind="strategies", book=book, reason=reason, by=by, request_id=request_id, tested=held)


@transaction.atomic
def go_back(*, version: str, reason: str, by: User, request_id: str = "") -> RuleBook:
    """A former version is in force again from this moment, under a name of its own; Problem for one that never was."""
    audit.one_writer()
    known = RuleBook.objects.filter(kind="strategies", version=version).first()
    shipped = version == strategies.shipped().version
    if known is None and not shipped:
        raise Problem(gettext_noop("No such version was ever in force."), "version", "Choose one of those shown.")
    if version == contact.strategies_in_force().version:
        raise Problem(gettext_noop("This version is in force already."), "version", "Nothing is left to do.")
    book = dict(known.book) if known else strategies.shipped_book()
    times = RuleBook.objects.filter(kind="strategies", repeats=version).count()
    try:
        strategies.read(book)
    except strategies.BadStrategies as faults:
        raise Problem(str(faults), "version", "Nothing was changed.") from faults
    return contact.keep_version(kind="strategies", book={**book, "version": f"{version[:27]}, again {times + 1}"},
                                reason=reason, by=by, request_id=request_id, repeats=version)
