"""The catalogue is complete: every touchpoint we promise, in both languages, with what speaks for it."""

import csv
from dataclasses import fields, is_dataclass
from pathlib import Path

from twohats.words.acts import act, acts
from twohats.words.cues import Event
from twohats.words.hats import Hat
from twohats.words.languages import Text
from twohats.words.rules import codebook
from twohats.words.seeds import act_of
from twohats.words.touchpoints import (
    comment_touchpoints,
    survey_item,
    survey_items,
    touchpoint,
    touchpoint_of_theme,
    touchpoints,
)

PATIENT_SIDE = [
    "treatment_competence", "clinician_communication", "staff_manner_clinical", "medication_pain",
    "emotional_support_safety", "information_education", "continuity_followup", "staffing_responsiveness",
]
CUSTOMER_SIDE = [
    "check_in", "scheduling_access", "wait_timeliness", "phone_digital_access", "portal_results",
    "billing_insurance", "discharge", "transport_parking_location", "facilities_environment", "food",
    "activities_amenities", "family_carer_involvement", "staff_manner_nonclinical", "informed_updates",
    "referral_coordination", "prescription_supply_access", "organisation_funding",
]
NEITHER_SIDE = [
    "general_praise", "general_dissatisfaction", "none_other",
]
OF_EVENTS_ONLY = [
    "rescheduling", "missed_visit", "triage", "away", "admission_boarding", "needs_screening",
    "clinical_message", "reminder_todo", "provider_search",
]

EVENTS = [  # element as the standard has it, the touchpoint that it speaks for, its usual hat
    ("Slot search", "scheduling_access", "customer"),
    ("Appointment.status proposed, pending, booked", "scheduling_access", "customer"),
    ("Appointment booked then cancelled, rescheduled", "rescheduling", "customer"),
    ("Appointment.status noshow", "missed_visit", "customer"),
    ("Appointment.status checked-in, arrived", "check_in", "customer"),
    ("Encounter.status arrived after registration", "wait_timeliness", "customer"),
    ("Encounter.status triaged", "triage", "patient"),
    ("Encounter.status in-progress", "treatment_competence", "patient"),
    ("Encounter.status onleave", "away", "none"),
    ("Encounter.classHistory EMER to IMP", "admission_boarding", "mixed"),
    ("Observation category sdoh, survey", "needs_screening", "patient"),
    ("QuestionnaireResponse AHC, PRAPARE", "needs_screening", "patient"),
    ("ServiceRequest discharge order", "discharge", "customer"),
    ("Encounter.hospitalization.dischargeDisposition", "discharge", "customer"),
    ("MedicationDispense absent", "prescription_supply_access", "customer"),
    ("ExplanationOfBenefit", "billing_insurance", "customer"),
    ("Coverage", "billing_insurance", "customer"),
    ("AuditEvent read of DiagnosticReport by Patient, RelatedPerson", "portal_results", "customer"),
    ("Communication sender Patient, clinical topic", "clinical_message", "patient"),
    ("Communication sender Patient, practical topic", "phone_digital_access", "customer"),
    ("Task TaskForPatient", "reminder_todo", "customer"),
    ("RelatedPerson", "family_carer_involvement", "customer"),
    ("CareTeam.participant", "family_carer_involvement", "customer"),
    ("Task TaskForReferralManagement", "referral_coordination", "customer"),
    ("ServiceRequest transport", "transport_parking_location", "customer"),
    ("Encounter.class VR", "treatment_competence", "patient"),
]


def test_a_clause_of_a_comment_has_one_of_the_guides_28_touchpoints():
    assert [point.key for point in comment_touchpoints()] == [*PATIENT_SIDE, *CUSTOMER_SIDE, *NEITHER_SIDE]


def test_the_catalogue_holds_the_guides_touchpoints_and_those_of_events_and_no_others():
    keys = [point.key for point in touchpoints()]
    assert keys == [*PATIENT_SIDE, *CUSTOMER_SIDE, *NEITHER_SIDE, *OF_EVENTS_ONLY]
    assert len(keys) == len(set(keys)) == 37


def test_a_touchpoint_of_the_guide_usually_wears_the_guides_hat():
    sides = [(PATIENT_SIDE, Hat.PATIENT), (CUSTOMER_SIDE, Hat.CUSTOMER), (NEITHER_SIDE, Hat.NONE)]
    expected = {key: hat for keys, hat in sides for key in keys}
    assert {key: touchpoint(key).usual_hat for key in expected} == expected


def test_every_kind_of_event_speaks_for_one_touchpoint_with_the_hat_of_the_mapping():
    told = [
        (element, point.key, point.usual_hat)
        for element, _key, _hat in EVENTS
        for point in touchpoints()
        if element in point.fhir
    ]
    assert told == [(element, key, Hat(hat)) for element, key, hat in EVENTS]


def test_what_is_not_read_is_among_what_speaks_for_the_touchpoint():
    assert {point.key for point in touchpoints() if set(point.not_read) - set(point.fhir)} == set()


def test_every_act_belongs_to_a_touchpoint():
    known = {point.key for point in touchpoints()}
    assert [declared.key for declared in acts() if declared.touchpoint not in known] == []


def test_what_an_event_of_an_act_tells_is_a_known_word():
    assert act("teach").event is Event.TEACHING
    assert act("wait").event is None


def test_every_contact_topic_of_the_catalogue_is_understood_as_its_own_touchpoint():
    topics = [(topic, point.key) for point in touchpoints() for topic in point.contact_topics]
    assert [(topic, act(act_of(topic)).touchpoint) for topic, _key in topics] == topics


def test_stakes_lie_between_none_and_all():
    assert [point.key for point in touchpoints() if not 0 <= point.stakes <= 1000] == []
    assert touchpoint("emotional_support_safety").stakes > touchpoint("food").stakes


def test_everything_is_said_in_both_languages_and_not_the_same_twice():
    texts = list(_texts([*touchpoints(), *survey_items(), *acts(), codebook()]))
    empty = [text for text in texts if not text.en.strip() or not text.es.strip()]
    untranslated = [text for text in texts if text.en == text.es]
    assert (empty, untranslated) == ([], [])
    assert len(texts) > 390


def test_every_public_survey_item_finds_its_touchpoint_and_the_hat_agrees(shared_data: Path):
    with (shared_data / "cahps" / "survey_items_hats.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ours = {"both": "mixed"}
    expected = {(row["survey"], row["key"]): ours.get(row["hat"], row["hat"]) for row in rows}
    found = {key: str(item.hat) for key in expected if (item := survey_item(*key))}
    assert found == expected
    of_customers = {"pulse", "CES", "NPS", "CSAT"}
    public = {(item.survey, item.key) for item in survey_items() if item.survey not in of_customers}
    assert public == set(expected)


def test_every_survey_item_asks_about_a_touchpoint_of_the_catalogue():
    assert {item.touchpoint for item in survey_items()} - {point.key for point in touchpoints()} == set()
    keys = [(item.survey, item.key) for item in survey_items()]
    assert len(keys) == len(set(keys))


def test_a_touchpoint_knows_the_items_that_ask_about_it():
    asked = [(item.survey, item.key) for item in touchpoint("wait_timeliness").survey_items]
    assert asked == [("ED CAHPS", "ED_TIMELY")]


def test_every_theme_of_the_labelled_comments_speaks_for_exactly_one_touchpoint(shared_data: Path):
    with (shared_data / "nhs_comments" / "comments.csv").open(newline="", encoding="utf-8") as file:
        labels = {label for row in csv.DictReader(file) for label in row["labels"].split("|") if label}
    assert {label for label in labels if touchpoint_of_theme(label) is None} == set()
    themes = [theme for point in touchpoints() for theme in point.comment_themes]
    assert len(themes) == len(set(themes))


def _texts(thing):
    if isinstance(thing, Text):
        yield thing
    elif isinstance(thing, dict):
        yield from _texts(list(thing.values()))
    elif isinstance(thing, list | tuple):
        for part in thing:
            yield from _texts(part)
    elif is_dataclass(thing):
        yield from _texts([getattr(thing, field.name) for field in fields(thing)])
