"""What people answered to us, back into the hospital's own files: as the CSV that intake reads, never doubled.

An answer has the same id at every writing, so intake knows it again and measures count it once. Only what can no
longer change is written: forms that were sent, or whose time is past. Words stand there with a yes to show them only;
without one they stay with those who own the case, and no page can quote them.
"""

import csv
import json
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from twohats.service import releases
from twohats.service.actions import answering
from twohats.service.records.asking import SurveyAnswer, SurveyRequest

FOLDER = "outgoing"
SURVEYS = ("answer_id", "response_id", "person_mrn", "survey", "item", "value", "asked_at", "answered_at", "mode",
           "language", "respondent", "encounter_id", "contact_id", "unit_id")
COMMENTS = ("comment_id", "response_id", "person_mrn", "question", "words", "language", "respondent", "created_at",
            "encounter_id", "unit_id", "shown_to")
MAY_BE_SHOWN = ("staff",)
"""Comments of a release are read by staff; a yes to leaders alone does not reach that far."""


def write(now: datetime, folder: Path | None = None) -> dict[str, int]:
    """Writes surveys.csv and comments.csv anew, whole, each at once; nothing where nothing changed since.

    Returns how many rows each holds; 0 and no file while nobody has answered.
    """
    place = folder or Path(settings.TWOHATS_HOME) / FOLDER
    requests = list(SurveyRequest.objects.filter(Q(finished_at__isnull=False) | Q(answer_by__lte=now)).order_by("pk"))
    numbers = _record_numbers(one.person for one in requests)
    rows = {"surveys": list(_answers(requests, numbers)), "comments": list(_comments(requests, numbers))}
    for name, heading in (("surveys", SURVEYS), ("comments", COMMENTS)):
        if rows[name]:
            _write(place / f"{name}.csv", heading, rows[name])
    return {name: len(found) for name, found in rows.items()}


def _answers(requests: list[SurveyRequest], numbers: dict[int, str]) -> Iterator[dict[str, str]]:
    for request, answer in _held(requests):
        asked = answering.form_of(request).question(answer.question)
        if asked is not None and asked.item and answer.value:
            yield {"answer_id": answering.comment_id(request, answer.question), "survey": asked.survey,
                   "item": asked.item, "value": answer.value, "asked_at": request.made_at.isoformat(),
                   "answered_at": answer.made_at.isoformat(), "mode": answer.mode, "contact_id": request.contact,
                   **_about(request, answer, numbers)}


def _comments(requests: list[SurveyRequest], numbers: dict[int, str]) -> Iterator[dict[str, str]]:
    for request, answer in _held(requests):
        asked = answering.form_of(request).question(answer.question)
        if asked is not None and answer.words and answer.quote in MAY_BE_SHOWN:
            yield {"comment_id": answering.comment_id(request, answer.question), "words": answer.words,
                   "question": asked.text.read_in(answer.language), "created_at": answer.made_at.isoformat(),
                   "shown_to": answer.quote,
                   **_about(request, answer, numbers)}


def _about(request: SurveyRequest, answer: SurveyAnswer, numbers: dict[int, str]) -> dict[str, str]:
    return {"response_id": f"ours-{request.pk}", "person_mrn": numbers.get(request.person, ""),
            "language": answer.language, "respondent": request.respondent or "self",
            "encounter_id": request.encounter, "unit_id": request.unit}


def _held(requests: list[SurveyRequest]) -> Iterator[tuple[SurveyRequest, SurveyAnswer]]:
    by_number = {request.pk: request for request in requests}
    for answer in SurveyAnswer.objects.filter(holds=True, request__in=by_number).order_by("request", "pk"):
        yield by_number[answer.request_id], answer


def _record_numbers(people: Iterable[int]) -> dict[int, str]:
    """A record number of each person, by which intake finds them again."""
    reader = releases.current()
    rows = reader.rows(
        "SELECT person, identifiers FROM people WHERE person IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(set(people))),)) if reader else []
    return {row["person"]: next(iter(json.loads(row["identifiers"])), "") for row in rows}


def _write(path: Path, heading: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    """The file as a whole: it is there as it was, or as it is now, whatever happens meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8", newline="") as out:
        written = csv.DictWriter(out, heading, lineterminator="\n")
        written.writeheader()
        written.writerows(rows)
        out.flush()
        os.fsync(out.fileno())
    if path.exists() and path.read_bytes() == new.read_bytes():
        new.unlink()
    else:
        new.replace(path)
