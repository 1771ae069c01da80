"""Letting people in, giving them roles, shutting them out."""

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_noop

from twohats.service.actions import audit
from twohats.service.policy import Role
from twohats.service.records.models import RoleAssignment, User
from twohats.words.problems import Problem

LONGEST_REFERENCE = 300


@transaction.atomic
def add_user(*, username: str, display_name: str, password: str, by: User | None, language: str = "",
             is_demo: bool = False) -> User:
    """Lets somebody in, without any role yet. `by` is None only for the command line on the machine itself."""
    if not username or username.strip() != username:
        raise Problem(gettext_noop("A name to log in with is needed, without spaces around it."), "username",
                      "Type one.")
    if User.objects.filter(username=username).exists():
        raise Problem(gettext_noop("Somebody already logs in with this name."), "username", "Choose another one.")
    user = User(username=username, display_name=display_name or username, language=language, is_demo=is_demo)
    if not is_demo:
        _check_password(password, user)
    user.set_password(password)
    user.save()
    audit.record(by=by, verb="let in", kind="user", thing=user.pk)
    return user


@transaction.atomic
def let_in(*, username: str, display_name: str, password: str, role: Role, unit: str, by: User) -> User:
    """Lets somebody in with a first role, both or neither."""
    user = add_user(username=username, display_name=display_name, password=password, by=by)
    give_role(user=user, role=role, unit=unit, by=by)
    return user


def _check_password(password: str, user: User) -> None:
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise Problem(" ".join(error.messages), "password", "Take a sentence of your own, 15 characters or more.") \
            from None


@transaction.atomic
def give_role(*, user: User, role: Role, unit: str, by: User | None) -> RoleAssignment:
    """Gives a role in a unit and all below it; '*' is the whole organisation. Giving it again changes nothing."""
    if not unit:
        raise Problem("A role holds in a unit.", "unit", "Name the unit, or * for the whole organisation.")
    held, new = RoleAssignment.objects.get_or_create(user=user, role=role.value, unit=unit)
    if new:
        audit.record(by=by, verb=f"gave {role.value}", kind="user", thing=user.pk)
    return held


@transaction.atomic
def take_role(*, user: User, role: Role, unit: str, by: User | None) -> None:
    """Takes a role back; from the next request on it opens nothing."""
    taken, _ = RoleAssignment.objects.filter(user=user, role=role.value, unit=unit).delete()
    if taken:
        audit.record(by=by, verb=f"took {role.value}", kind="user", thing=user.pk)


@transaction.atomic
def say_staff(*, user: User, staff: str, by: User | None) -> None:
    """Says which member of staff somebody is, by the reference of the hospital's files; empty takes it back."""
    said = staff.strip()
    if len(said) > LONGEST_REFERENCE:
        raise Problem(gettext_noop("A reference has 300 characters or fewer."), "staff", "Check what was pasted.")
    if said and User.objects.filter(staff=said).exclude(pk=user.pk).exists():
        raise Problem(gettext_noop("Somebody else is this member of staff already."), "staff", "Check the reference.")
    if said != user.staff:
        user.staff = said
        user.save(update_fields=["staff"])
        audit.record(by=by, verb="said which staff", kind="user", thing=user.pk)


@transaction.atomic
def shut_out(*, user: User, by: User | None) -> None:
    """Shuts somebody out; their sessions are dead at the next request."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    audit.record(by=by, verb="shut out", kind="user", thing=user.pk)
