"""What to load next, and which page waits for it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from twohats.service import releases
from twohats.service.doors import for_anyone_logged_in
from twohats.service.pages.quality import intake


@dataclass(frozen=True)
class Step:
    """A kind of file, what it opens, and by which landed tables one knows that it is there."""

    name: Promise
    opens: Promise
    command: str
    known_by: tuple[str, ...]


STEPS: tuple[Step, ...] = (
    Step(_("The tree of units and their time zones"), _("Every figure by unit, and times on the right clock."),
         "twohats intake units.csv", ("units", "organizations")),
    Step(_("Patients, encounters, places and staff (FHIR, Bulk Data)"),
         _("Journeys with both hats, the overview, the front-desk card."),
         "twohats intake FOLDER-OF-THE-EXPORT", ("patients", "encounters")),
    Step(_("Appointments"), _("Who is expected at the front desk today; moved and missed visits."),
         "twohats intake Appointment.ndjson", ("appointments",)),
    Step(_("Staff and their roles"), _("Hats that lean on who was there."), "twohats intake staff.csv",
         ("staff", "practitioner_roles")),
    Step(_("Calls, texts, letters (contacts)"), _("The customer's side of a journey between visits."),
         "twohats intake contacts.csv", ("contacts",)),
    Step(_("Survey answers"), _("What people wanted and how it was, beside their journeys."),
         "twohats intake surveys.csv", ("surveys",)),
    Step(_("Comments"), _("People's own words, tied to their visits."), "twohats intake comments.csv", ("comments",)),
)


@for_anyone_logged_in("An empty home holds nothing about anybody; the page names kinds of files, not their content.")
def steps(request: HttpRequest) -> HttpResponse:
    """The steps in order; what is there is marked; then the build; then the places to correct."""
    there = {table for report in intake.reports(releases.home()) for table in report.tables}
    shown = [{"step": step, "done": bool(there.intersection(step.known_by))} for step in STEPS]
    return render(request, "first_steps/steps.html", {
        "steps": shown, "next": next((one for one in shown if not one["done"]), None), "any_in": bool(there),
        "published": releases.current() is not None})
