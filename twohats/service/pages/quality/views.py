"""Data quality: every intake report, and what can and cannot be said from this release."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from twohats.service import doors, releases
from twohats.service.actions import audit, break_glass, live_events
from twohats.service.doors import needs, scope_of
from twohats.service.pages import gaps, words
from twohats.service.pages.quality import intake, reasons, shares, untied
from twohats.service.policy import Permission
from twohats.store.landings import stops_publication


@needs(Permission.SEE_QUALITY)
def reports(request: HttpRequest) -> HttpResponse:
    """Files, evidence, ties, what is unknown, freshness; sums only for whoever sees the whole organisation."""
    reader, taken_in = releases.current(), intake.reports(releases.home())
    read = sum(report.counts["read"] for report in taken_in)
    context = {
        "reports": taken_in, "read": read, "set_aside": sum(report.counts["quarantined"] for report in taken_in),
        "unbalanced": [report for report in taken_in if not report.balanced],
        "drift": [(report, one, reasons.news(one["kind"])) for report in taken_in for one in report.drift],
        "waiting": sorted((report for report in taken_in if report.counts["quarantined"] > report.settled),
                          key=lambda report: report.settled - report.counts["quarantined"]),
        "newest": taken_in[0].ended if taken_in else None, "held_back": stops_publication(releases.home()),
        "reader": reader, "understood": None, "untied": untied.lines(live_events.untied()),
    }
    if reader and scope_of(request.user, Permission.SEE_QUALITY).everything:
        context["understood"] = {
            "facts": words.release_facts(reader), "evidence": shares.evidence(reader),
            "unknown": shares.unknown(reader), "tied": shares.tied(reader),
            "voices": shares.voices_by_rule(reader), "people": shares.by_people(reader),
            "gaps": gaps.said(reader), "overruled": shares.overruled(reader),
            "orphans": shares.orphans(reader),
        }
    return render(request, "quality/reports.html", context)


@needs(Permission.SEE_QUALITY)
def landing(request: HttpRequest, landing: str) -> HttpResponse:
    """One file's report and the lines set aside: place and reason; their content only while somebody has it open."""
    told = intake.one(releases.home(), landing)
    if told is None:
        raise Http404
    opened = break_glass.is_open(kind=break_glass.LINES, thing=landing, to=request.user)
    if opened:
        audit.noted(request, "looked at", break_glass.LINES, landing)
    may_open = doors.may(request.user, Permission.BREAK_GLASS) and doors.may(request.user, Permission.SEE_AUDIT)
    return render(request, "quality/landing.html", {
        "report": told, "lines": intake.lines_set_aside(releases.home(), landing, opened), "opened": opened,
        "may_open": may_open and not opened, "most": intake.MOST_LINES,
        "why": [(reasons.says(code), n) for code, n in told.reasons.items()]})
