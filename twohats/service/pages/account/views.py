"""Log in, log out, and what one may see."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from twohats.service import releases
from twohats.service.actions import log_in as actions
from twohats.service.doors import for_anyone_logged_in, open_to_all
from twohats.service.pages import words
from twohats.service.pages.forms import PageForm
from twohats.service.policy import WHOLE, permissions_of
from twohats.service.records.models import User


class LogIn(PageForm):
    """Name and password."""

    username = forms.CharField(label=gettext_lazy("Name you log in with"), max_length=80, widget=forms.TextInput(
        attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}))
    password = forms.CharField(label=gettext_lazy("Password"), max_length=200, strip=False, widget=forms.PasswordInput(
        attrs={"autocomplete": "current-password"}))


@open_to_all("Nobody is logged in before logging in.")
@sensitive_post_parameters()
def log_in(request: HttpRequest) -> HttpResponse:
    """The form; what was typed as a name is kept when it does not fit."""
    form = LogIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if actions.log_in(request=request, **form.cleaned_data):
            return redirect(_after(request))
        form.add_error(None, _("You have tried several times. Wait 15 minutes, or ask an administrator.")
                       if actions.must_wait(username=form.cleaned_data["username"])
                       else _("Name and password do not fit each other. Check both and try again."))
    return _page(request, form, 200 if request.method == "GET" else 400)


@open_to_all("In a demo hospital everybody may try every role; a real one answers 404.")
@require_POST
def log_in_to_the_demo(request: HttpRequest) -> HttpResponse:
    """One click into one of the demo hospital's roles."""
    if actions.log_in_to_the_demo(request=request, username=request.POST.get("username", "")):
        return redirect(_after(request))
    return render(request, "errors/not_here.html", status=404)


def _page(request: HttpRequest, form: LogIn, status: int) -> HttpResponse:
    demo_users = []
    if settings.CONFIGURATION.is_demo:
        demo_users = [
            {"username": user.username, "name": user.display_name, "roles": _roles(user)}
            for user in User.objects.filter(is_demo=True, is_active=True).prefetch_related("assignments").order_by("pk")
        ]
    return render(request, "account/log_in.html", {
        "form": form, "demo_users": demo_users, "next": request.POST.get("next") or request.GET.get("next", ""),
    }, status=status)


def _roles(user: User) -> str:
    named = [str(words.role(held.role)) for held in user.assignments.all()]
    return ", ".join(named) or _("may see nothing")


def _after(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    fits = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if fits else "home"


@open_to_all("Whoever is not logged in is simply shown the log-in page.")
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    actions.log_out(request=request)
    return redirect("account:log_in")


@for_anyone_logged_in("Everybody may know which roles they hold and what these open.")
def account(request: HttpRequest) -> HttpResponse:
    """Who I am, which roles I hold where, and what each lets me do, in sentences."""
    reader = releases.current()
    names = {row["unit"]: row["path"] or row["name"] for row in reader.rows("SELECT unit, name, path FROM units", ())} \
        if reader else {}
    held = [{
        "role": words.role(role),
        "unit": _("the whole organisation") if unit == WHOLE else names.get(unit, unit),
        "sentences": [words.permission(permission) for permission in sorted(permissions_of(role))],
    } for role, unit in request.user.held]
    return render(request, "account/account.html", {"held": held})
