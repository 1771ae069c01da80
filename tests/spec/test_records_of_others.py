"""A record that names somebody else's record learns nothing from it, whether they lie in one bucket or not."""

from tests.spec.drawing import ANA, encounter, moment, roles
from twohats.analysis.build import build_lines

BEN = {"resourceType": "Patient", "id": "ben", "birthDate": "1979-01-01"}


def mother_of(child: str) -> dict[str, object]:
    return {"resourceType": "RelatedPerson", "id": "mum", "patient": {"reference": f"Patient/{child}"},
            "relationship": [{"coding": [{"code": "MTH"}], "text": "Mother"}]}


def with_her(child: str) -> tuple[list[tuple[str, str]], list[str]]:
    """The acts and views of Ana's visit as a child with a relative at her side, and who is said to be with her."""
    little = ANA | {"birthDate": "2018-05-05"}
    visit = encounter("v", "10:20", None, places=[("Exam Room 1", "10:20", None)],
                      people=[("diaz", "10:25", None), ("RelatedPerson/mum", "10:20", None)])
    made = build_lines([*roles(), little, BEN, mother_of(child), visit | {"meta": {"lastUpdated": moment("10:30")}}])
    return ([(row["act"], row["view"]) for row in made["interactions"].to_pylist()],
            [row["companion"] for row in made["desk"].to_pylist()])


def test_only_a_childs_own_mother_speaks_for_it() -> None:
    assert with_her("ana") == ([("treat", "self"), ("treat", "representative")], ["Mother"])
    assert with_her("ben") == ([("treat", "self"), ("treat", "self")], ["Relative"])


def wanted(booked_by: str) -> list[str | None]:
    """What was wanted of Ana's visit, booked as a vaccination by one of the two."""
    booking = {"resourceType": "Appointment", "id": "a", "status": "fulfilled", "start": moment("10:00"),
               "created": moment("08:00"), "description": "Flu shot, vaccine clinic",
               "participant": [{"actor": {"reference": f"Patient/{booked_by}"}, "status": "accepted"}]}
    visit = encounter("v", "10:00", "10:20", people=[("diaz", "10:05", "10:20")],
                      appointment=[{"reference": "Appointment/a"}])
    rows = build_lines([*roles(), ANA, BEN, booking, visit])["interactions"].to_pylist()
    return [row["time_wanted"] for row in rows if row["act"] == "treat"]


def test_only_ones_own_booking_tells_what_was_wanted() -> None:
    assert (wanted("ana"), wanted("ben")) == ([0.55], [0.7])


def unit_of_task(about: str) -> list[str | None]:
    """The unit of a to-do of Ana's that names a visit of one of the two."""
    visit = encounter("v", "10:00", "10:20", serviceProvider={"reference": "Organization/clinic"})
    task = {"resourceType": "Task", "id": "t", "status": "requested", "intent": "order",
            "for": {"reference": "Patient/ana"}, "owner": {"reference": "Patient/ana"},
            "authoredOn": moment("12:00"), "encounter": {"reference": "Encounter/v"}}
    made = build_lines([ANA, BEN, visit | {"subject": {"reference": f"Patient/{about}"}}, task])
    return [row["unit"] for row in made["interactions"].to_pylist() if row["resource"] == "Task/t"]


def test_only_ones_own_visit_tells_where_a_to_do_belongs() -> None:
    assert (unit_of_task("ana"), unit_of_task("ben")) == (["clinic"], [None])
