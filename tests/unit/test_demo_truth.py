"""The demo hospital's truth keeps every boundary rule of the mission that it can produce, and asks no codebook."""

from collections import Counter

from tests.conftest import REPOSITORY
from tests.unit.demo_files import demo, resources, rows
from twohats.demo.contacts import HATS

SEVERE = 7


def true_hats(feed: str) -> dict[str, set[str]]:
    """Every act of the truth with the hats it was truly worn in."""
    hats: dict[str, set[str]] = {}
    for row in rows(demo(), f"truth/{feed}"):
        hats.setdefault(row["act"], set()).add(row["hat"])
    return hats


def test_the_truth_never_asks_the_codebook():
    told = {path.name: path.read_text() for path in (REPOSITORY / "twohats" / "demo").rglob("*.py")}
    assert [
        name for name, text in told.items() if "codebook" in text and "import" in text.split("codebook")[0][-80:]
    ] == []
    assert "twohats.words.codebook" not in "".join(told.values())


def test_in_a_visit_the_act_decides_and_only_waits_distress_and_needs_can_be_either():
    assert true_hats("segments") == {
        "register": {"customer", "mixed"},  # mixed: a clerk meets somebody in distress
        "wait": {"customer", "mixed"},  # mixed: see below
        "triage": {"patient"},
        "treat": {"patient"},
        "nurse": {"patient"},
        "teach": {"patient"},
        "ask_can_manage": {"patient"},
        "unserved": {"patient"},
        "papers": {"customer"},
        "wait_to_leave": {"customer"},
        "ride": {"customer"},
        "feed": {"customer"},
        "screen_needs": {"patient", "customer"},  # asked by a nurse; by a discharge planner
        "financial_talk": {"mixed"},  # two views: money, in a place of care
        "board": {"mixed"},  # under care, and waiting for a bed
        "away": {"none"},
    }


def test_outside_visits_errands_are_a_customers_and_clinical_words_a_patients():
    assert true_hats("interactions") == {
        "book": {"customer", "mixed"},  # mixed: distress or words of danger
        "rebook": {"customer"},
        "cancel": {"customer"},
        "miss": {"customer"},
        "remind": {"customer"},
        "search_provider": {"customer"},
        "log_in": {"customer"},
        "look_up_result": {"customer"},
        "explain_result": {"patient"},
        "result_not_followed": {"mixed"},
        "request_refill": {"customer"},
        "decide_refill": {"patient"},
        "pick_up": {"customer"},
        "not_picked_up": {"customer"},
        "ask_clinical": {"patient", "customer"},  # customer: a relative asks
        "answer_clinical": {"patient"},
        "ask_admin": {"customer"},
        "answer_admin": {"customer"},
        "ask_opinion": {"customer"},
        "arrange_transport": {"customer"},
        "bill": {"customer"},
        "insurance": {"customer"},
        "refer": {"customer"},
        "reach_out": {"patient"},
        "update_family": {"customer", "patient"},  # patient: the parent of a minor
    }


def readings(code: str) -> dict[str, int]:
    return {
        line["encounter"]["reference"].split("/")[1]: line["valueInteger"]
        for line in resources(demo(), "Observation")
        if line["code"].get("coding", [{}])[0].get("code") == code
    }


def test_a_wait_is_both_hats_in_severe_pain_in_labour_or_after_triage_at_high_acuity_and_a_customers_otherwise():
    acuity, pain = readings("75636-1"), readings("72514-3")
    visits = {line["id"]: line for line in resources(demo(), "Encounter")}
    segments = rows(demo(), "truth/segments")
    triaged = {row["encounter"]: row["start"] for row in segments if row["act"] == "triage"}

    def why(row: dict[str, str]) -> str:
        visit = row["encounter"]
        if visits[visit]["reasonCode"][0]["coding"][0]["code"] == "O80":
            return "in labour"
        if "priority" not in visits[visit]:
            return "booked"
        if visit not in pain or visit not in acuity:
            return "not asked"  # pain is not always asked for; the truth knows it all the same
        if pain[visit] >= SEVERE:
            return "in severe pain"
        if row["start"] < triaged[visit]:
            return "before triage"
        return "after triage at 1 or 2" if acuity[visit] <= 2 else "after triage at 3 to 5"

    seen = Counter((why(row), row["hat"]) for row in segments if row["act"] == "wait")
    assert {one for one in seen if one[0] != "not asked"} == {
        ("in labour", "mixed"),
        ("in severe pain", "mixed"),
        ("after triage at 1 or 2", "mixed"),
        ("after triage at 3 to 5", "customer"),
        ("before triage", "customer"),
        ("booked", "customer"),
    }
    assert all(count >= 2 for count in seen.values()), seen


def test_waits_that_are_both_hats_want_time_and_a_customers_wait_wants_speed():
    wanted = {(row["hat"], row["wanted"]) for row in rows(demo(), "truth/segments") if row["act"] == "wait"}
    assert wanted == {("mixed", "time"), ("customer", "speed")}


def spoken() -> Counter[tuple[str, str, str]]:
    """Contacts as (speaker, hat of the act itself, true hat)."""
    speakers = {f"contacts/{row['contact_id']}": row["speaker"] for row in rows(demo(), "csv/contacts")}
    return Counter(
        (speakers[row["resource"]], "update_family" if row["act"] == "update_family" else HATS[row["act"]], row["hat"])
        for row in rows(demo(), "truth/interactions")
        if row["resource"] in speakers
    )


def test_a_relatives_view_is_a_customers_and_a_minors_parent_stands_in_their_place_in_clinical_talk():
    assert {one for one in spoken() if one[0] != "self"} == {
        ("family", "customer", "customer"),
        ("family", "patient", "customer"),
        ("family", "update_family", "customer"),
        ("representative", "customer", "customer"),
        ("representative", "patient", "patient"),
        ("representative", "update_family", "patient"),
    }


def test_only_a_minors_parent_is_a_representative():
    ages = {row["person"]: int(row["age"]) for row in rows(demo(), "truth/lives")}
    whose = {tie["id"]: tie["person"] for tie in rows(demo(), "truth/ties") if tie["feed"] == "contacts"}
    by_minor = {(ages[whose[row["contact_id"]]] < 18, row["speaker"]) for row in rows(demo(), "csv/contacts")}
    assert by_minor == {(True, "representative"), (False, "self"), (False, "family")}


def test_a_clinicians_call_about_a_moved_visit_is_a_customers():
    doctors = {
        line["id"]
        for line in resources(demo(), "Practitioner")
        if "Physician" in line["qualification"][0]["code"]["text"]
    }
    moved = {
        f"contacts/{row['contact_id']}"
        for row in rows(demo(), "csv/contacts")
        if row["topic"] == "Reschedule" and row["staff_id"] in doctors
    }
    hats = [row["hat"] for row in rows(demo(), "truth/interactions") if row["resource"] in moved]
    assert len(hats) > 3 and set(hats) == {"customer"}


def test_words_of_danger_or_distress_make_a_booking_both_and_it_wants_time():
    out = demo(people=400, distress_in_bookings=0.2)
    words = {f"contacts/{row['contact_id']}": row["words"] for row in rows(out, "csv/contacts")}
    booked = [row for row in rows(out, "truth/interactions") if row["act"] == "book" and row["resource"] in words]
    troubled = [row for row in booked if row["hat"] == "mixed"]
    calls = [row for row in booked if int(row["given_minutes"]) > 1]
    assert 0.12 < len(troubled) / len(calls) < 0.28
    assert {row["wanted"] for row in troubled} == {"time"}
    alarm = ("crying", "worried", "scared", "breathe", "chest", "blood", "live anymore")
    assert all(any(word in words[row["resource"]] for word in alarm) for row in troubled)
    calm = [row for row in booked if row["hat"] == "customer" and any(word in words[row["resource"]] for word in alarm)]
    assert {"family"} >= {
        row["speaker"]
        for row in rows(out, "csv/contacts")
        if f"contacts/{row['contact_id']}" in {one["resource"] for one in calm}
    }


def test_an_abnormal_result_raises_what_is_at_stake_when_it_is_opened():
    flags = {
        line["id"]: line["interpretation"][0]["coding"][0]["code"]
        for line in resources(demo(), "Observation")
        if line["category"][0]["coding"][0]["code"] == "laboratory"
    }
    abnormal = {
        line["id"]: any(flags[one["reference"].split("/")[1]] != "N" for one in line["result"])
        for line in resources(demo(), "DiagnosticReport")
    }
    opened = {
        f"AuditEvent/{line['id']}": abnormal[line["entity"][0]["what"]["reference"].split("/")[1]]
        for line in resources(demo(), "AuditEvent")
        if line["subtype"][0]["code"] == "read"
    }
    stakes = {
        (opened[row["resource"]], row["stakes"])
        for row in rows(demo(), "truth/interactions")
        if row["resource"] in opened
    }
    assert stakes == {(True, "700"), (False, "300")}


def test_a_clause_is_a_patients_only_in_their_own_words_about_care():
    found = {(row["speaker"], row["hat"]) for row in rows(demo(), "truth/clauses")}
    assert found == {
        ("patient", "patient"),
        ("patient", "customer"),
        ("patient", "none"),
        ("family", "customer"),
        ("family", "none"),
    }
