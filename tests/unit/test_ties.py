"""Contacts, answers and comments find their person by exact identifiers; what finds nobody or two is shown.

First drawn line by line, then a whole demo hospital beside its truth and beside the same rule told in Python.
"""

from collections import Counter
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest

from tests.unit.demo_files import AS_OF, demo, resources, rows
from tests.unit.release_files import built
from twohats.analysis.build import build_lines
from twohats.sources.commands.intake import take_in
from twohats.store.buckets import read_state, rows_sql
from twohats.store.engine import connect
from twohats.store.home import Home
from twohats.store.keys import key
from twohats.store.reading import current
from twohats.store.tables.landed import CONTACTS

IDENTIFIERS = (
    ("mrn", "person_mrn"), ("portal", "portal_account"), ("phone", "person_phone"), ("email", "person_email"),
)
KINDS = {"urn:mrn": "mrn", "urn:portal": "portal", "phone": "phone", "email": "email"}
Tie = tuple[str | None, str, str]
"""whose it is, tied to, by what"""


def person(name: str, *known: tuple[str, str]) -> dict[str, Any]:
    told = {"resourceType": "Patient", "id": name, "meta": {"lastUpdated": "2026-01-01T00:00:00Z"}}
    return told | {
        "identifier": [{"system": system, "value": value} for system, value in known if system.startswith("urn:")],
        "telecom": [{"system": system, "value": value} for system, value in known if not system.startswith("urn:")],
    }


ANA_AND_BEN = [
    person("ana", ("urn:mrn", "M1"), ("urn:portal", "ana1"), ("phone", "+1201"), ("email", "home@example.org")),
    person("ben", ("urn:mrn", "M2"), ("phone", "+1202"), ("email", "home@example.org")),
]
CALLS = [
    # mrn, portal account, phone and mail given; whose it is, what it is tied to, by what
    ("by mrn", "M1", "", "", "", "ana", "person", "mrn"),
    ("by portal account", "", "ana1", "", "", "ana", "person", "portal"),
    ("by phone", "", "", "+1202", "", "ben", "person", "phone"),
    ("by the mail of two", "", "", "", "home@example.org", None, "two_people", "email"),
    ("a phone decides between two", "", "", "+1202", "home@example.org", "ben", "person", "phone"),
    ("an mrn before a phone", "M2", "", "+1202", "", "ben", "person", "mrn"),
    ("one person's mrn, another's phone", "M1", "", "+1202", "", None, "two_people", "identifiers_differ"),
    ("an mrn nobody has", "M9", "", "", "", None, "nobody", "unknown_identifier"),
    ("an mrn nobody has, a phone of one", "M9", "", "+1201", "", "ana", "person", "phone"),
    ("nothing given", "", "", "", "", None, "nobody", "no_identifier"),
    ("nearly an mrn", "m1", "", "", "", None, "nobody", "unknown_identifier"),
    ("blanks around it", " M1 ", "", "", "", "ana", "person", "mrn"),
]


def test_each_identifier_finds_its_person_exactly_or_nobody():
    feed = [
        {"comment_id": name, "person_mrn": mrn, "portal_account": portal, "person_phone": phone, "person_email": email,
         "words": "The desk was kind.", "created_at": "2026-02-01T09:00:00Z"}
        for name, mrn, portal, phone, email, *_ in CALLS
    ]
    made = build_lines(ANA_AND_BEN, {"comments": feed})
    found = {row["source_id"]: row for row in made["voices"].to_pylist()}
    assert [(name, found[name]["person"], found[name]["tied_by"]) for name, *_ in CALLS] == [
        (name, key(f"Patient/{whose}") if whose else None, tied_by) for name, *_, whose, _, tied_by in CALLS
    ]
    counted = Counter(("comments", tied_to, tied_by) for *_, tied_to, tied_by in CALLS)
    assert {tuple(row.values())[:3]: row["rows"] for row in made["ties"].to_pylist()} == counted


@pytest.fixture(scope="module")
def hospital() -> Path:
    return demo(60, seed=3, merged_patients=0.1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, hospital: Path) -> Home:
    made = Home(tmp_path_factory.mktemp("ties") / "home")
    take_in(made, [hospital], now=datetime.combine(AS_OF, time(23), UTC))
    built(made)
    return made


def test_whatever_is_tied_in_the_demo_hospital_is_tied_to_whom_it_truly_is(hospital: Path, home: Home):
    truly = {(row["feed"], row["id"]): row["person"] for row in rows(hospital, "truth/ties")}
    found = tied_in(home)
    assert set(found) == set(truly)
    assert {one: whose for one, (whose, *_) in found.items() if whose not in (None, truly[one])} == {}


def test_every_contact_answer_and_comment_of_the_demo_hospital_is_tied_as_its_identifiers_say(
    hospital: Path, home: Home
):
    assert tied_in(home) == expected_ties(hospital)


def test_the_share_tied_to_a_visit_a_unit_a_person_and_nobody_is_a_figure_in_the_release(hospital: Path, home: Home):
    """Somebody tied by each identifier, and rows of two people and of nobody, are among them."""
    shown = {tuple(row)[:3]: row["rows"] for row in current(home).rows("SELECT feed, tied_to, tied_by, rows FROM ties")
             if row["feed"] in ("contacts", "surveys", "comments")}
    assert shown == Counter((feed, *how) for (feed, _), (_, *how) in expected_ties(hospital).items())
    assert {tied_by for _, _, tied_by in shown} > {*(kind for kind, _ in IDENTIFIERS), "encounter", "unit"}
    assert {tied_to for _, tied_to, _ in shown} == {"visit", "unit", "person", "nobody", "two_people"}


def tied_in(home: Home) -> dict[tuple[str, str], Tie]:
    """What the release says of every row: whose it is, what it is tied to, and by what."""
    release = current(home)
    patients = release.rows("SELECT person, patient_id FROM people WHERE patient_id IS NOT NULL")
    names = {None: None} | {row["person"]: row["patient_id"].removeprefix("Patient/") for row in patients}
    feeds = {"answer": "surveys", "comment": "comments"}
    found = {
        (feeds[row["kind"]], row["source_id"]): (names[row["person"]], row["tied_to"], row["tied_by"])
        for row in release.rows("SELECT * FROM voices")
    }
    with connect() as dealt:
        calls = rows_sql(home, read_state(home), CONTACTS)
        for call, person, *how in dealt.execute(
            f"SELECT contact_id, person, tied_to, tied_by FROM ({calls}) WHERE is_current"
        ).fetchall():
            found["contacts", call] = (names[person], *how)
    return found


def expected_ties(hospital: Path) -> dict[tuple[str, str], Tie]:
    """The same, told from the files line by line."""
    known, subjects = known_identifiers(hospital), subjects_of(hospital)
    return {
        (feed, row[name]): expected_tie(feed, row, known, subjects)
        for feed, name in (("contacts", "contact_id"), ("surveys", "answer_id"), ("comments", "comment_id"))
        for row in rows(hospital, f"csv/{feed}")
    }


def expected_tie(
    feed: str, row: dict[str, str], known: dict[tuple[str, str], set[str]], subjects: dict[str, str]
) -> Tie:
    given = [(kind, row[column].strip()) for kind, column in IDENTIFIERS if row[column].strip()]
    having = [(kind, known.get((kind, value), set())) for kind, value in given]
    alone = [(kind, *whose) for kind, whose in having if len(whose) == 1]
    shared = [kind for kind, whose in having if len(whose) > 1]
    people = {whose for _, whose in alone}
    if len(people) == 1:
        found = (*people, "person", alone[0][0])
    elif people:
        found = (None, "two_people", "identifiers_differ")
    elif shared:
        found = (None, "two_people", shared[0])
    else:
        found = (None, "nobody", "unknown_identifier" if given else "no_identifier")
    if feed == "contacts":
        return found
    if found[0] and subjects.get(row["encounter_id"]) == found[0]:
        return (found[0], "visit", "encounter")
    return found if found[0] or not row["unit_id"] else (None, "unit", "unit")


def known_identifiers(hospital: Path) -> dict[tuple[str, str], set[str]]:
    """Who has which identifier, by the newest version of each record; a merged record's are the survivor's."""
    newest = {patient["id"]: patient for patient in sorted(
        resources(hospital, "Patient"), key=lambda patient: int(patient["meta"]["versionId"]))}
    survivors = merged(hospital)
    known: dict[tuple[str, str], set[str]] = {}
    for patient in newest.values():
        for one in (*patient.get("identifier", []), *patient.get("telecom", [])):
            whose = known.setdefault((KINDS[one["system"]], one["value"]), set())
            whose.add(survivors.get(patient["id"], patient["id"]))
    return known


def subjects_of(hospital: Path) -> dict[str, str]:
    """Whose each encounter is."""
    survivors = merged(hospital)
    named = {one["id"]: one["subject"]["reference"].removeprefix("Patient/")
             for one in resources(hospital, "Encounter")}
    return {encounter: survivors.get(patient, patient) for encounter, patient in named.items()}


def merged(hospital: Path) -> dict[str, str]:
    """Which record was merged into which, by the truth."""
    return {row["merged_from"]: row["person"] for row in rows(hospital, "truth/lives") if row["merged_from"]}
