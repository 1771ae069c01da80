"""How well a release is understood: evidence, what is tied to whom, what is unknown, how fresh it is."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from twohats.service.actions import hats
from twohats.service.pages import codebook_words, gaps, ties, wording

EVIDENCE: dict[str, Promise] = {
    "full": _("statuses, places and people"), "no_zones": _("no places"), "no_history": _("no status history"),
    "period_only": _("only start and end"), "message": _("messages"), "contact": _("calls and letters"),
    "bill": _("bills"), "portal": _("portal"),
}
TIED: dict[str, Promise] = {
    "visit": _("a visit"), "unit": _("a unit"), "person": _("a person"), "nobody": _("nobody"),
    "two_people": _("two people, so to nobody"), "no_record": _("a person whose own record never came"),
}
FEEDS: dict[str, Promise] = {
    "contacts": _("contacts"), "surveys": _("survey answers"), "comments": _("comments"),
    "encounters": _("encounters"), "appointments": _("bookings"), "service_requests": _("requests"),
    "conditions": _("diagnoses"), "observations": _("observations"), "procedures": _("procedures"),
    "medication_requests": _("prescriptions"), "medication_dispenses": _("medicines handed out"),
    "diagnostic_reports": _("reports of results"), "audit_events": _("portal log"),
    "communications": _("messages"), "claims": _("bills"),
    "explanations_of_benefit": _("answers of insurers"), "coverages": _("insurance"),
    "related_persons": _("relatives"), "invoices": _("invoices"),
    "coverage_eligibility_requests": _("questions to insurers"),
    "coverage_eligibility_responses": _("what insurers said of cover"),
    "claim_responses": _("decisions of insurers"), "tasks": _("tasks"),
    "communication_requests": _("messages to be sent"), "questionnaire_responses": _("forms filled in"),
    "document_references": _("documents"),
}
FEWEST = 11
"""Of fewer interactions than these no share is told."""


@dataclass(frozen=True)
class Share:
    """So many of so many; `percent` is empty where there are too few to tell one."""

    name: Any
    of: Any
    part: int
    whole: int
    hat: str = ""
    by: Any = ""

    @property
    def percent(self) -> str:
        """The share in percent, as one writes it."""
        return wording.percent(self.part, self.whole) if self.whole >= FEWEST else ""


def evidence(reader: Any) -> list[Share]:
    """Of all interactions, how many rest on which evidence."""
    rows = reader.rows("SELECT evidence, sum(interactions) AS n FROM coverage "
                       "GROUP BY evidence ORDER BY n DESC, evidence")
    whole = sum(row["n"] for row in rows)
    return [Share(EVIDENCE.get(row["evidence"], row["evidence"]), "", row["n"], whole) for row in rows]


def unknown(reader: Any) -> list[Share]:
    """By month, of how many interactions the hat is not known; and in all, first."""
    rows = reader.rows("SELECT month, sum(unknown) AS unknown, sum(interactions) AS n FROM coverage "
                       "GROUP BY month ORDER BY month DESC LIMIT 24")
    whole = reader.rows("SELECT coalesce(sum(unknown), 0) AS unknown, coalesce(sum(interactions), 0) AS n "
                        "FROM coverage")[0]
    return [Share(_("all months"), "", whole["unknown"], whole["n"]),
            *(Share(wording.month(row["month"]), "", row["unknown"], row["n"]) for row in rows)]


def tied(reader: Any) -> list[Share]:
    """By feed, to what its rows could be tied."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in reader.rows('SELECT feed, tied_to, "rows" AS n FROM ties'):
        counts[row["feed"]][row["tied_to"]] += row["n"]
    return [Share(FEEDS.get(feed, feed), TIED.get(to, to), n, sum(counts[feed].values()))
            for feed in sorted(counts) for to, n in sorted(counts[feed].items(), key=lambda one: (-one[1], one[0]))]


def voices_by_rule(reader: Any) -> list[Share]:
    """Of all comments and of all answers, how many each rule tied, and to what."""
    rows = reader.rows('SELECT feed, tied_to, tied_by, "rows" AS n FROM ties WHERE feed IN (?, ?)'
                       " ORDER BY feed, n DESC, tied_to, tied_by", ties.VOICES)
    whole = {feed: sum(row["n"] for row in rows if row["feed"] == feed) for feed in ties.VOICES}
    return [Share(FEEDS[row["feed"]], TIED.get(row["tied_to"], row["tied_to"]), row["n"], whole[row["feed"]],
                  by=ties.rule(row["tied_to"], row["tied_by"])) for row in rows]


def by_people(reader: Any) -> list[Share]:
    """By language, age and portal use, of how many interactions the hat is not known."""
    return [Share(gaps.cut_name(row["cut"]), gaps.value_word(row["cut"], row["value"]), row["unknown"],
                  row["interactions"])
            for row in reader.rows("SELECT cut, value, unknown, interactions FROM agreement ORDER BY cut, value")]


def overruled(reader: Any) -> list[Share]:
    """By rule, how many of its hats staff overruled."""
    return [Share(codebook_words.sentence(row["rule"]), "", row["overruled"], row["interactions"], row["hat"])
            for row in reader.rows(
                "SELECT rule, hat, overruled, interactions FROM rules_used WHERE overruled > 0 "
                "ORDER BY 1.0 * overruled / interactions DESC, rule, hat")]


def orphans(reader: Any) -> int:
    """Overrides whose interaction this release no longer has: late data moved it."""
    numbers = hats.overruled_interactions()
    there: set[int] = set()
    for start in range(0, len(numbers), 500):
        part = numbers[start:start + 500]
        there |= {row["interaction"] for row in reader.rows(
            f"SELECT interaction FROM interactions WHERE interaction IN ({','.join('?' * len(part))})", part)}
    return len(set(numbers) - there)
