"""Which items of ours the official survey carries: at most twelve, counted here."""

from django import forms as fields
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from twohats.care.asking import worth
from twohats.service.actions import asking as actions
from twohats.service.doors import needs
from twohats.service.pages import wording
from twohats.service.pages.forms import PageForm
from twohats.service.policy import Permission
from twohats.words.problems import Problem
from twohats.words.touchpoints import SurveyItem, survey_item, survey_items

RULES = Permission.CHANGE_RULES
OFFICIAL = "HCAHPS"


class Adding(PageForm):
    """An item that is to stand on the official survey too."""

    item = fields.ChoiceField(label=gettext_lazy("Which item"), choices=lambda: [
        (f"{one.survey}|{one.key}", f"{one.label.read_in(wording.language())} ({one.survey})")
        for one in survey_items() if one.survey != OFFICIAL])


@needs(RULES)
def items(request: HttpRequest) -> HttpResponse:
    """The items that stand on it now, how many places are left, and one more."""
    form = Adding(request.POST or None)
    if request.method == "POST" and form.is_valid():
        survey, _bar, item = form.cleaned_data["item"].partition("|")
        try:
            actions.add_supplemental(survey=survey, item=item, by=request.user, now=timezone.now(),
                                     request_id=request.request_id)
        except Problem as problem:
            form.add_error(problem.where, _(problem.what))
        else:
            messages.success(request, _("Kept."))
            return redirect("asking:supplemental")
    held, most = actions.supplemental_items(), worth.shipped().supplemental_most
    return render(request, "asking/supplemental.html", {
        "form": form, "held": [(one.pk, one.place, _label(survey_item(one.survey, one.item)), one.survey)
                               for one in held],
        "count": len(held), "most": most, "is_full": len(held) >= most,
        "trail": [(_("Questions to people"), reverse("asking:requests")), (_("On the official survey"), None)],
    }, status=400 if form.errors else 200)


@needs(RULES)
@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Takes one off."""
    try:
        actions.drop_supplemental(number=number, by=request.user, now=timezone.now(), request_id=request.request_id)
        messages.success(request, _("Kept."))
    except Problem as problem:
        messages.error(request, _(problem.what))
    return redirect("asking:supplemental")


def _label(item: SurveyItem | None) -> str:
    return item.label.read_in(wording.language()) if item else ""
