"""Every route says who may open it: `@needs(...)`, `@for_anyone_logged_in(why)` or `@open_to_all(why)`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, NoReturn

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from twohats.service import policy, releases
from twohats.service.actions import audit
from twohats.service.policy import Permission, Scope

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Door:
    """The policy of a route: any of these permissions; without them, why it stands open."""

    permissions: tuple[Permission, ...] = ()
    logged_in: bool = True
    why: str = ""


def needs(*permissions: Permission) -> Callable[[View], View]:
    """The route opens for whoever holds any of these permissions in any unit; its reads take `scope_of(...)`."""
    if not permissions:
        raise ValueError("A route that needs nothing says why: open_to_all(why).")
    return _door(Door(permissions))


def for_anyone_logged_in(why: str) -> Callable[[View], View]:
    """The route opens for everybody who is logged in, because ..."""
    return _door(Door(why=why))


def open_to_all(why: str) -> Callable[[View], View]:
    """The route opens without a log-in, because ..."""
    return _door(Door(logged_in=False, why=why))


def _door(door: Door) -> Callable[[View], View]:
    def put_on(view: View) -> View:
        @wraps(view)
        def behind_the_door(request: HttpRequest, *args: Any, **words: Any) -> HttpResponse:
            if door.logged_in and not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if door.permissions and not policy.may(request.user.held, *door.permissions):
                audit.noted(request, "refused", "page", request.resolver_match.view_name)
                raise PermissionDenied
            return view(request, *args, **words)
        behind_the_door.door = door  # type: ignore[attr-defined]
        return behind_the_door
    return put_on


def may(user: Any, *permissions: Permission) -> bool:
    """True when the user holds any of these permissions anywhere."""
    return user.is_authenticated and policy.may(user.held, *permissions)


def scope_of(user: Any, *permissions: Permission) -> Scope:
    """The units in which the user holds any of these permissions, by the tree of the current release."""
    if not user.is_authenticated:
        return policy.NOTHING
    return policy.scope(user.held, releases.parents(), *permissions)


def not_yours(request: HttpRequest, kind: str, thing: object) -> NoReturn:
    """Answers as if the thing did not exist, and leaves a trace that it was asked for."""
    audit.noted(request, "refused", kind, thing)
    raise Http404
