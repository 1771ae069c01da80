"""Letting people in, giving and taking roles, shutting out: within the units that an administrator administers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from twohats.service import releases
from twohats.service.actions import people
from twohats.service.doors import needs, not_yours, scope_of
from twohats.service.pages import words
from twohats.service.pages.forms import PageForm
from twohats.service.policy import WHOLE, Permission, Role, Scope
from twohats.service.records.models import User
from twohats.words.problems import Problem

Units = list[tuple[str, str]]


class NewUser(PageForm):
    """Somebody new, with a first role."""

    username = forms.CharField(label=gettext_lazy("Name they log in with"), max_length=80)
    display_name = forms.CharField(label=gettext_lazy("How they are called on pages"), max_length=120)
    password = forms.CharField(
        label=gettext_lazy("Password, 15 characters or more"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=lambda: _roles())
    unit = forms.ChoiceField(label=gettext_lazy("In this unit and all below it"))

    def __init__(self, units: Units, *args: Any) -> None:
        super().__init__(*args)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]


@needs(Permission.MANAGE_USERS)
@sensitive_post_parameters("password")
def everybody(request: HttpRequest) -> HttpResponse:
    """Everybody whose roles lie in the reader's units, and the form to let somebody in."""
    scope = scope_of(request.user, Permission.MANAGE_USERS)
    units = _units(scope)
    form = NewUser(units, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            people.let_in(username=said["username"], display_name=said["display_name"], password=said["password"],
                          role=Role(said["role"]), unit=said["unit"], by=request.user)
        except Problem as problem:
            form.add_error(problem.where if problem.where in form.fields else None, _(problem.what))
        else:
            messages.success(request, _("Let in. Hand the password over in person."))
            return redirect("users:everybody")
    return render(request, "users/everybody.html", {
        "people": _shown(request.user, scope, dict(units)), "form": form, "units": units,
        "roles": _roles()}, status=400 if form.errors else 200)


def _roles() -> list[tuple[str, Any]]:
    return [(role.value, words.role(role)) for role in Role]


def _units(scope: Scope) -> Units:
    """The units in which the reader may give roles, with their names."""
    reader = releases.current()
    rows = reader.rows("SELECT unit, name, path FROM units ORDER BY path") if reader else []
    named = [(row["unit"], row["path"] or row["name"]) for row in rows if row["unit"] in scope]
    if scope.everything:
        return [(WHOLE, _("the whole organisation")), *named]
    return named or [(unit, unit) for unit in sorted(scope.units)]


def _shown(reader: User, scope: Scope, names: dict[str, str]) -> list[dict[str, Any]]:
    """Two queries, however many people."""
    found = User.objects.prefetch_related("assignments").order_by("-is_active", "display_name", "pk")
    return [{
        "number": user.pk, "name": user.display_name, "username": user.username, "active": user.is_active,
        "mine": user.pk == reader.pk, "staff": user.staff,
        "held": [{"role": held.role, "unit": held.unit, "words": words.role(held.role),
                  "where": names.get(held.unit, held.unit)} for held in user.assignments.all()],
    } for user in found if _administered(user, scope)]


def _administered(user: User, scope: Scope) -> bool:
    """Somebody whose every role lies in the scope; who holds none belongs to the whole organisation."""
    held = [held.unit for held in user.assignments.all()]
    return scope.everything or (bool(held) and all(unit in scope.units for unit in held))


def _one(request: HttpRequest, number: int) -> User:
    """The person asked for, if the reader administers them; nobody changes their own roles."""
    user = User.objects.prefetch_related("assignments").filter(pk=number).first()
    scope = scope_of(request.user, Permission.MANAGE_USERS)
    if user is None or user.pk == request.user.pk or not _administered(user, scope):
        not_yours(request, "user", number)
    return user


@needs(Permission.MANAGE_USERS)
@require_POST
def change_role(request: HttpRequest, number: int) -> HttpResponse:
    """Gives or takes one role."""
    user = _one(request, number)
    role, unit = request.POST.get("role", ""), request.POST.get("unit", "")
    if role not in set(Role) or unit not in dict(_units(scope_of(request.user, Permission.MANAGE_USERS))):
        not_yours(request, "user", number)
    change = people.take_role if request.POST.get("take") else people.give_role
    change(user=user, role=Role(role), unit=unit, by=request.user)
    messages.success(request, _("Kept. It holds from their next click on."))
    return redirect("users:everybody")


@needs(Permission.MANAGE_USERS)
@require_POST
def say_staff(request: HttpRequest, number: int) -> HttpResponse:
    """Says which member of staff somebody is, so that thanks can reach them."""
    user = _one(request, number)
    try:
        people.say_staff(user=user, staff=request.POST.get("staff", ""), by=request.user)
    except Problem as problem:
        messages.error(request, _(problem.what))
    else:
        messages.success(request, _("Kept. It holds from their next click on."))
    return redirect("users:everybody")


@needs(Permission.MANAGE_USERS)
@require_POST
def shut_out(request: HttpRequest, number: int) -> HttpResponse:
    """Shuts somebody out."""
    people.shut_out(user=_one(request, number), by=request.user)
    messages.success(request, _("Shut out. Their sessions are over."))
    return redirect("users:everybody")
