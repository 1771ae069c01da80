"""Run by test_postgresql.py in a process of its own, with the records on PostgreSQL: prints what happened as JSON."""

import json
import sys
import threading
from pathlib import Path

from twohats.service import starting
from twohats.words.hats import Hat


def refused(deed) -> bool:
    from django.db import DatabaseError, transaction

    try:
        with transaction.atomic():
            deed()
    except DatabaseError as error:
        return "insert-only" in str(error)
    return False


def read_a_clause(first, home: Path) -> dict:
    """Two readers and what settles it; what the database refuses whatever the code says."""
    from django.db import IntegrityError, transaction

    from twohats.service.actions import people, readings
    from twohats.service.actions.readings import Label, Queue, Told
    from twohats.service.records.models import ClauseReading

    told = Told(2**62 + 3, 7, "comments/3", 26, "north", "r1", "customer", "billing_insurance", -1, 0.45)
    second = people.add_user(username="rita", display_name="Rita", password="a sentence nobody else knows", by=None)
    for by, hat in ((first, "patient"), (second, "customer")):
        readings.read_clause(told=told, label=Label(hat, "discharge", -1, "patient"), queue=Queue.UNSURE, by=by)
    readings.settle(told=told, label=Label("customer", "discharge", -1, "patient"), by=second)
    lines = (home / "records_export" / "clauses.ndjson").read_text().splitlines()

    def is_refused(**more) -> bool:
        held = ClauseReading.objects.filter(order=1).values().get()
        try:
            with transaction.atomic():
                ClauseReading.objects.create(**{name: value for name, value in held.items() if name != "id"} | more)
        except IntegrityError:
            return True
        return False

    return {"orders": list(ClauseReading.objects.order_by("order").values_list("order", flat=True)),
            "lines": [json.loads(line)["hat"] for line in lines], "second_by_the_first": is_refused(order=2),
            "mixed": is_refused(clause=1, hat="mixed", about_hat="mixed")}


def write_together(by, writers: int, each: int) -> None:
    """Several writers at once, each event in a transaction of its own, while blocks are sealed."""
    from django.db import connection, transaction

    from twohats.service.actions import audit, seals

    def writer(number: int) -> None:
        for one in range(each):
            with transaction.atomic():
                audit.record(by=by, verb="looked at", kind="person", thing=f"{number}-{one}")
        connection.close()

    threads = [threading.Thread(target=writer, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seals.seal()
    for thread in threads:
        thread.join()


def main(home: Path) -> dict:
    starting.begin(home)
    first, again = starting.bring_records_up_to_date(), starting.bring_records_up_to_date()
    from django.db import connection

    from twohats.service.actions import hats, outbox, people, seals
    from twohats.service.records.models import AuditEvent, AuditSeal

    carla = people.add_user(username="carla", display_name="Carla", password="a sentence nobody else knows", by=None)
    hats.overrule_hat(interaction=2**62 + 1, hat=Hat.MIXED, reason="she was weeping", release="r1", by=carla)
    lines = (home / "records_export" / "overrides.ndjson").read_text().splitlines()
    read = read_a_clause(carla, home)
    write_together(carla, 4, 25)
    while seals.seal():
        pass
    told = {
        "read": read,
        "engine": connection.vendor, "steps": [step for step in first if step.startswith("records")], "again": again,
        "line": json.loads(lines[0])["interaction"], "waiting": outbox.flush(),
        "refused": [
            refused(lambda: AuditEvent.objects.update(thing="x")),
            refused(lambda: AuditEvent.objects.all()._raw_delete("default")),
            refused(lambda: AuditSeal.objects.update(digest="x")),
            refused(lambda: connection.cursor().execute("TRUNCATE records_auditevent")),
        ],
        "events": AuditEvent.objects.count(), "sealed": sum(len(block.events) for block in AuditSeal.objects.all()),
        "fault": seals.first_fault(),
    }
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_auditevent DISABLE TRIGGER USER")
    changed = AuditEvent.objects.order_by("pk")[7]
    AuditEvent.objects.filter(pk=changed.pk).update(thing="somebody else")
    return told | {"named": seals.first_fault().event == changed.pk}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
