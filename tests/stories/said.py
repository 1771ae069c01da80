"""Comments to search: a big cell, a small one, and one in another unit; Ana's name stands in what is not masked.

In November 2026 fourteen people speak about the north's emergency department and four about its clinic, all in one
clause or two; in October twelve about the south. `release_of_comments(home)` makes them the current release.
"""

from typing import Any

from tests.release_fixture import INTERACTIONS, at, make_release
from twohats.store.keys import key

RELEASE = "2026-11-23-comments"
SMALL_CELL = ("Lantern", "harbour", "seven candles", "violet")
"""A word of each comment of the clinic, where only four people spoke."""
STAFF = "Practitioner/diaz"
VISIT = key("visit|Encounter/thanked")


def voice(number: int, unit: str | None, day: str, **more: Any) -> dict[str, Any]:
    """One comment of one person."""
    return {"voice": key(f"said/{number}"), "kind": "comment", "source_id": f"said/{number}",
            "person": key(f"Patient/said-{number}"), "unit": unit, "said_at": at(day, "15:00"), **more}


def clause(number: int, place: int, words: str, said_in: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One clause of a comment; certain, about treatment, praise by the patient, unless more is said."""
    return {"clause": key(f"said/{number}/{place}"), "voice": said_in["voice"], "person": said_in["person"],
            "clause_no": place, "start": 100 * place, "words": words, "masked": words, "hat": "patient",
            "p_patient": 0.9, "p_customer": 0.05, "p_none": 0.05, "certain": True,
            "touchpoint": "treatment_competence", "sentiment": 1, "speaker": "patient", "about_hat": "patient",
            "urgent": "no", "evidence": "[]", "corrected": False, "model_hat": "patient", "service": "Emergency",
            "unit": said_in["unit"], "said_at": said_in["said_at"], "visit": said_in.get("visit"), **more}


def drawn() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Voices and clauses."""
    voices, clauses = [], []
    for n in range(14):
        said_in = voice(n, "north-ed", f"2026-11-{n + 1:02}", visit=VISIT if n == 0 else None)
        voices.append(said_in)
        clauses.append(clause(n, 1, f"Doctor Alvarez listened to visitor {n}. ", said_in,
                              masked=f"Doctor [name] listened to visitor {n}. "))
        clauses.append(clause(n, 2, "=SUM(A1) is what the bill said", said_in, hat="customer", about_hat="customer",
                              touchpoint="billing_insurance", sentiment=-1, certain=n % 2 == 0,
                              speaker="family" if n >= 2 else "patient"))
    for n, word in enumerate(SMALL_CELL, 20):
        said_in = voice(n, "north-clinic", "2026-11-05")
        voices.append(said_in)
        clauses.append(clause(n, 1, f"The doctor spoke of {word}", said_in, service="Clinic"))
    for n in range(30, 42):
        said_in = voice(n, "south", "2026-10-05")
        voices.append(said_in)
        clauses.append(clause(n, 1, f"Parking took an hour, doctor {n}", said_in, hat="none", about_hat="none",
                              touchpoint="none_other", sentiment=0, service="South clinic"))
    return voices, clauses


STAY = {"interaction": key("thanked"), "person": key("Patient/said-0"), "visit": VISIT, "unit": "north-ed",
        "touchpoint": "treatment_competence", "hat": "patient", "started_at": at("2026-11-01", "12:00"),
        "staff": STAFF, "act": "treat", "kind": "segment"}
DESK = STAY | {"interaction": key("checked in"), "touchpoint": "check_in", "started_at": at("2026-11-01", "11:50"),
               "staff": "Practitioner/eve"}


def release_of_comments(home: Any, name: str = RELEASE, **changed: list[dict[str, Any]]) -> None:
    """Makes these comments the current release, instead of those of the drawn one."""
    voices, clauses = drawn()
    make_release(home, name, **{"voices": voices, "clauses": clauses, "interactions": [*INTERACTIONS, DESK, STAY],
                                **changed})


