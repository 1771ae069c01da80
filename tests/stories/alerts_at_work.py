"""Run by test_alerts_on_both_engines.py in a process of its own: several workers at once on real records, as JSON."""

import json
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.release_fixture import CLAUSES, at, clause, make_release
from tests.stories.mail_server import Taken, mail_server
from twohats.service import starting

NOW = at("2026-11-23", "18:05")
WORKERS, MANY = 4, 30


def at_once(deed: Callable[[], int]) -> int:
    """The sum of what several workers did, all begun together."""
    from django.db import connection

    done, gate = [], threading.Barrier(WORKERS)

    def worker() -> None:
        gate.wait()
        done.append(deed())
        connection.close()

    threads = [threading.Thread(target=worker) for _one in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == WORKERS, "a worker died"
    return sum(done)


def somebody(name: str, turn: int | None):
    from twohats.service.actions import alert_recipients, people
    from twohats.service.policy import WHOLE, Role

    user = people.add_user(username=name, display_name=name.title(), password="a sentence nobody else knows", by=None)
    people.give_role(user=user, role=Role.NAVIGATOR, unit=WHOLE, by=None)
    if turn:
        alert_recipients.choose_recipient(user=user, unit=WHOLE, address=f"{name}@hospital.example", turn=turn, by=None)
    return user


def main(home: Path, port: int) -> dict:
    starting.begin(home)
    starting.bring_records_up_to_date()
    from django.db import connection

    from twohats.service.actions import alerts, mail, seals
    from twohats.service.records.models import AuditEvent, Mail, UrgentAlert
    from twohats.words.problems import Problem

    carla, _frank, ben = somebody("carla", 1), somebody("frank", 2), somebody("ben", None)
    make_release(home, "one", clauses=[*CLAUSES, *(
        clause(3, 1, 0, "urgent", "patient", "emotional_support_safety", -1, voice=number, clause=number, urgent="day",
               said_at=NOW - timedelta(days=number), unit=("north", "south", None)[number % 3])
        for number in range(1, MANY + 1))])
    told: dict = {"engine": connection.vendor, "opened": at_once(lambda: alerts.open_alerts(NOW)),
                  "alerts": UrgentAlert.objects.count(), "again": at_once(lambda: alerts.open_alerts(NOW))}
    one = UrgentAlert.objects.get(clock="now")

    def presses(by) -> Callable[[], int]:
        def press() -> int:
            try:
                return int(alerts.acknowledge(alert=one, by=by).acknowledged_by_id == by.pk)
            except Problem:
                return 0
        return press

    turns = [presses(carla), presses(ben)] * (WORKERS // 2)
    told["taken on by one"] = at_once(lambda: turns.pop()()) == WORKERS // 2
    late = NOW + timedelta(days=1)
    told["escalated"] = at_once(lambda: alerts.escalate_overdue(late))
    taken = Taken(port=port)
    told["while down"] = at_once(lambda: mail.send_waiting(clock=lambda: late)["sent"])
    with mail_server(taken):
        told["sent"] = at_once(lambda: mail.send_waiting(clock=lambda: late + timedelta(minutes=9))["sent"])
    told["left"] = sorted((whom, letter["Subject"].split(" /")[0]) for whom, letter in taken.mails)
    told["waiting"] = Mail.objects.filter(sent_at=None, dropped_at=None).count()
    verbs = list(AuditEvent.objects.filter(kind="alert").values_list("verb", flat=True))
    told["events"] = {verb: verbs.count(verb) for verb in sorted(set(verbs))}
    while seals.seal():
        pass
    return told | {"fault": seals.first_fault()}


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1]), int(sys.argv[2])), sys.stdout)
