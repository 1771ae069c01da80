"""Which comments a reader may see, and in which form: the strongest right first."""

from typing import Any

from twohats.service import doors, policy, releases
from twohats.service.actions.hidden_kinds import hidden_kinds
from twohats.service.pages.comments.reads import Sight
from twohats.service.policy import WHOLE, Permission, Scope

NAMED, EVERY, DISCLOSED = Permission.SEE_COMMENTS, Permission.READ_COMMENTS, Permission.SEE_COMMENTS_MASKED
READING = (NAMED, EVERY, DISCLOSED)
EXPORTING = (Permission.EXPORT_TOTALS, Permission.EXPORT_MASKED, Permission.EXPORT_PANEL)


def sights_of(user: Any, *also: Permission) -> list[Sight]:
    """What a reader may see, by the roles they hold; where `also` is given, only by roles that give any of it too."""
    labelled = doors.may(user, Permission.SEE_SENSITIVE)
    known = hidden_kinds()
    return [Sight(scope, named=asked is NAMED, every=asked is not DISCLOSED, labelled=labelled,
                  hidden_units=known["unit"], hidden_touchpoints=known["touchpoint"])
            for asked, scope in _scopes(user, also)]


def may_take(user: Any, unit: str) -> bool:
    """Whether a reader may take comments of a unit as a file, or any at all where no unit is asked for."""
    return any(not unit or reaches(scope, unit) for _, scope in _scopes(user, EXPORTING))


def _scopes(user: Any, also: tuple[Permission, ...]) -> list[tuple[Permission, Scope]]:
    held = [(role, unit) for role, unit in user.held if not also or policy.permissions_of(role).intersection(also)]
    scopes = [(asked, policy.scope(held, releases.parents(), asked)) for asked in READING]
    return [(asked, scope) for asked, scope in scopes if scope]


def sight_for(sights: list[Sight], unit: str) -> Sight | None:
    """The strongest sight that reaches a unit; the strongest of all where no unit is asked for."""
    return next((sight for sight in sights if not unit or reaches(sight.scope, unit)), None)


def reaches(scope: Scope, unit: str) -> bool:
    """Whether a unit of the tree, or the whole organisation, lies in a scope."""
    if unit == WHOLE:
        return scope.everything
    return unit in releases.parents() and unit in scope
