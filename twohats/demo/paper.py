"""Where everything is written: one open file per FHIR type and feed, person after person, nothing kept in memory.

Two deliveries: the first in `fhir` and `csv`, and a later one in `later/fhir` and `later/csv`, behind it by name too.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

FHIR_TYPES = (
    "Patient",
    "RelatedPerson",
    "Practitioner",
    "PractitionerRole",
    "Organization",
    "Location",
    "Coverage",
    "Encounter",
    "Schedule",
    "Slot",
    "Appointment",
    "ServiceRequest",
    "Condition",
    "Observation",
    "Procedure",
    "MedicationRequest",
    "MedicationDispense",
    "DiagnosticReport",
    "AuditEvent",
    "Communication",
    "Claim",
    "ExplanationOfBenefit",
)
HEADERS: dict[str, str] = {
    "csv/units": "unit_id,name,kind,parent_id,time_zone,valid_from,valid_to,merged_into,facility_id",
    "csv/staff": "staff_id,name,role,unit_id,languages,valid_from,valid_to",
    "csv/contacts": "contact_id,person_mrn,person_phone,person_email,portal_account,direction,channel,topic,started_at,"
    "ended_at,queue_minutes,talk_minutes,transfers,staff_id,unit_id,sender,in_reply_to,outcome,"
    "automated,speaker,words",
    "csv/surveys": "answer_id,response_id,person_mrn,person_phone,person_email,portal_account,survey,item,value,"
    "asked_at,answered_at,mode,language,respondent,encounter_id,contact_id,unit_id",
    "csv/comments": "comment_id,response_id,person_mrn,person_phone,person_email,portal_account,question,words,"
    "language,respondent,created_at,encounter_id,unit_id,service,shown_to",
    "csv/hospital_scores": "facility_id,state,num_completed_surveys,survey_response_rate_percent,number_of_beds,"
    "start_date,end_date,h_comp_1_a_p,h_comp_2_a_p,h_comp_3_a_p,h_comp_5_a_p,h_comp_6_y_p,h_comp_7_sa,"
    "h_clean_hsp_a_p,h_quiet_hsp_a_p,h_hsp_rating_9_10,h_recmnd_dy",
    "truth/segments": "person,encounter,resource,start,end,hat,touchpoint,act,wanted,given_minutes,served_wrong,"
    "stakes,language,age_band,portal",
    "truth/interactions": "person,encounter,resource,start,end,hat,touchpoint,act,wanted,given_minutes,served_wrong,"
    "stakes,language,age_band,portal",
    "truth/served": "person,encounter,resource,start,hat,act,wanted,given_minutes,eligible,served_wrong,unhappy,"
    "planted_points,satisfaction,left",
    "truth/clauses": "comment_id,segment_no,text,hat,touchpoint,sentiment,speaker,urgent",
    "truth/ties": "feed,id,person",
    "truth/openings": "schedule,practitioner,unit,week,days,away",
    "truth/lives": "person,age,language,portal,phone,shared_phone,car,income,payer,site,mood,unhappy,left_at,died_at,"
    "merged_from,second_record,mixed_up_with",
}
LATER = "later"
PERSONAL_FEEDS = ("csv/contacts", "csv/surveys", "csv/comments")
"""The feeds written person by person."""
FIRST = (*(f"fhir/{kind}" for kind in FHIR_TYPES), *HEADERS)


def later(name: str) -> str:
    """The file of the later delivery that goes with one of the first: fhir/Slot, later/fhir/Slot."""
    return f"{LATER}/{name}"


FILES = (*FIRST, *(later(name) for name in FIRST if name.startswith("fhir/") or name in PERSONAL_FEEDS))


def cell(text: str) -> str:
    """A CSV cell, quoted where it must be."""
    if '"' in text or "," in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def heading(name: str) -> bytes:
    """The first line of a CSV file; nothing for FHIR."""
    columns = HEADERS.get(name.removeprefix(f"{LATER}/"))
    return columns.encode() + b"\n" if columns else b""


class Paper:
    """The open files of one demo hospital. Use as a context; of the later delivery no empty file is kept."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._files: dict[str, BinaryIO] = {}

    def __enter__(self) -> "Paper":
        for name in FILES:
            path = self._path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._files[name] = path.open("wb")
            self._files[name].write(heading(name))
        return self

    def _path(self, name: str) -> Path:
        return self._out / f"{name}.{'ndjson' if 'fhir/' in name else 'csv'}"

    def write(self, written: Iterable[tuple[str, bytes]]) -> None:
        """Appends to each named file what was written for it."""
        for name, lines in written:
            self._files[name].write(lines)

    def __exit__(self, *_: object) -> None:
        for name, file in self._files.items():
            holds_nothing = name.startswith(LATER) and file.tell() == len(heading(name))
            file.close()
            if holds_nothing:
                self._path(name).unlink()
