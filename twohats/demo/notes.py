"""How things are noted: one function for each kind of line that is written while somebody is cared for."""

from dataclasses import dataclass

from twohats.demo.chart import Chart, security
from twohats.demo.shapes import (
    COMMUNICATION,
    MEDICATION_REQUEST,
    OBSERVATION,
    PROCEDURE,
    SERVICE_REQUEST,
    json_text,
)
from twohats.demo.visits import Visit

IN_WORDS = '{"text":"%s"}'
"""A CodeableConcept of which only the words are known."""


@dataclass
class Script:
    """A prescription."""

    id: str
    at: int
    medicine: tuple[str, str]
    by: str


def observe(chart: Chart, visit: Visit, minute: int, category: str, code: str, value: str, staff: str | None) -> str:
    """One Observation; gives its id."""
    key, at = chart.new_id("o"), chart.t_text(minute)
    by = f',"performer":[{{"reference":"Practitioner/{staff}"}}]' if staff else ""
    chart.fhir(
        "Observation",
        OBSERVATION
        % (key, at, security(visit.label), category, code, chart.patient_id(minute), visit.id, at, value + by),
    )
    return key


def act(chart: Chart, visit: Visit, start: int, end: int, words: str, staff: str | None) -> None:
    """One Procedure with its period."""
    text = chart.t_text
    by = f',"performer":[{{"actor":{{"reference":"Practitioner/{staff}"}}}}]' if staff else ""
    chart.fhir(
        "Procedure",
        PROCEDURE
        % (
            chart.new_id("t"),
            text(end),
            security(visit.label),
            "completed",
            IN_WORDS % words,
            chart.patient_id(start),
            visit.id,
            f'{{"start":"{text(start)}","end":"{text(end)}"}}',
            by,
        ),
    )


def message(
    chart: Chart,
    minute: int,
    *,
    category: str,
    topic: str,
    words: str,
    sender: str,
    recipient: str,
    medium: str = "WRITTEN",
    encounter: str | None = None,
    answers: str | None = None,
    about: str | None = None,
    priority: str = "routine",
    label: str | None = None,
) -> str:
    """One Communication; gives its id."""
    key, at = chart.new_id("c"), chart.t_text(minute)
    more = f',"inResponseTo":[{{"reference":"Communication/{answers}"}}]' if answers else ""
    line = COMMUNICATION % (
        key,
        at,
        security(label),
        more,
        IN_WORDS % category,
        priority,
        medium,
        chart.patient_id(minute),
        topic,
        at,
        recipient,
        sender,
        json_text(words),
    )
    if encounter:
        line = f'{line[:-1]},"encounter":{{"reference":"Encounter/{encounter}"}}}}'
    if about:
        line = f'{line[:-1]},"about":[{{"reference":"{about}"}}]}}'
    chart.fhir("Communication", line)
    return key


def order(chart: Chart, visit: Visit, minute: int, category: str, words: str, by: str | None, occurs: str = "") -> str:
    """One ServiceRequest; gives its id."""
    key, at = chart.new_id("q"), chart.t_text(minute)
    who = f"Practitioner/{by}" if by else f"Organization/{visit.unit.id}"
    more = f',"occurrenceDateTime":"{occurs}"' if occurs else ""
    chart.fhir(
        "ServiceRequest",
        SERVICE_REQUEST
        % (
            key,
            at,
            security(visit.label),
            "active" if occurs else "completed",
            category,
            words,
            chart.patient_id(minute),
            visit.id,
            at,
            who,
            more,
        ),
    )
    return key


def prescribe(
    chart: Chart,
    minute: int,
    medicine: tuple[str, str],
    by: str,
    encounter: str | None,
    *,
    category: str = "community",
    prior: str | None = None,
    status: str = "active",
    label: str | None = None,
) -> Script:
    """One MedicationRequest."""
    key, at = chart.new_id("m"), chart.t_text(minute)
    more = f',"encounter":{{"reference":"Encounter/{encounter}"}}' if encounter else ""
    more += f',"priorPrescription":{{"reference":"MedicationRequest/{prior}"}}' if prior else ""
    chart.fhir(
        "MedicationRequest",
        MEDICATION_REQUEST
        % (
            key,
            at,
            security(label),
            status,
            "order",
            category,
            *medicine,
            chart.patient_id(minute),
            at,
            f"Practitioner/{by}",
            more,
        ),
    )
    return Script(key, minute, medicine, by)
