"""One person's row: what is drawn from their own record."""

from datetime import UTC, datetime

from twohats.analysis.build import build_lines

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BORN = {
    "eighteen-today": "2008-11-24",
    "eighteen-tomorrow": "2008-11-25",
    "new-year-only": "2008",
    "month-only": "2008-12",
    "leap-day": "2008-02-29",
    "forty-tomorrow": "1986-11-25",
    "sixty-five-today": "1961-11-24",
    "eighty-tomorrow": "1946-11-25",
    "eighty-today": "1946-11-24",
    "nobody-knows": None,
}


def test_the_age_band_turns_on_the_birthday_and_not_with_the_calendar_year() -> None:
    lines = [{"resourceType": "Patient", "id": key, **({"birthDate": born} if born else {})}
             for key, born in BORN.items()]
    people = build_lines(lines, as_of=NOON)["people"].to_pylist()
    assert {person["patient_id"].removeprefix("Patient/"): person["age_band"] for person in people} == {
        "eighteen-today": "18-39",
        "eighteen-tomorrow": "0-17",
        "new-year-only": "18-39",
        "month-only": "0-17",
        "leap-day": "18-39",
        "forty-tomorrow": "18-39",
        "sixty-five-today": "65-79",
        "eighty-tomorrow": "65-79",
        "eighty-today": "80+",
        "nobody-knows": "unknown",
    }


def test_the_front_desk_expects_nobody_who_died() -> None:
    died = {"ana": {}, "ben": {"deceasedBoolean": True}, "cal": {"deceasedDateTime": "2026-11-20"},
            "dan": {"deceasedBoolean": False}}
    lines = [{"resourceType": "Patient", "id": key, **said} for key, said in died.items()]
    lines += [{"resourceType": "Appointment", "id": f"a-{key}", "status": "booked", "start": "2026-11-24T15:00:00Z",
               "participant": [{"actor": {"reference": f"Patient/{key}"}, "status": "accepted"}]} for key in died]
    made = build_lines(lines, as_of=NOON)
    names = {person["person"]: person["patient_id"] for person in made["people"].to_pylist()}
    assert sorted(names[row["person"]] for row in made["desk"].to_pylist()) == ["ana", "dan"]
