"""People with something lately ended that they could be asked about, whatever day it is."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from tests.release_fixture import ANA, OMAR, interaction, make_release
from twohats.service.actions import answering, asking, links
from twohats.service.records.asking import SurveyRequest
from twohats.store.keys import key

CLINIC, STAY = key("visit|Encounter/e20"), key("visit|Encounter/e21")
VISIT, CALL, OPEN_CALL, NOTICE, OMARS_CALL = "c-20", "c-21", "c-22", "c-23", "c-24"


def lately(days: float = 1) -> datetime:
    """So many days ago, at noon in New York, to the minute: never within an hour of now."""
    return (timezone.now() - timedelta(days=days)).replace(hour=17, minute=0, second=0, microsecond=0)


def visit(number: int = CLINIC, person: int = ANA, days: float = 1, **more: Any) -> dict[str, Any]:
    """A visit to the clinic of the north."""
    began = lately(days)
    return {"visit": number, "person": person, "encounters": '["e20"]', "class_code": "AMB", "started_at": began,
            "ended_at": began + timedelta(minutes=30), "unit": "north-clinic", "status": "finished",
            "evidence": "full", "seen_by_clinician": True} | more


def call(number: str, person: int = ANA, days: float = 1, unit: str = "north-clinic", **more: Any) -> dict[str, Any]:
    """A call about a bill, somebody of ours on the line."""
    began = lately(days)
    return interaction(person, f"{began:%Y-%m-%d}", "17:00", 5, "bill", "billing_insurance", "customer", "bill",
                       unit=unit, resource=f"contacts/{number}", role="clerical", channel="phone",
                       interaction=key(number)) | more


def of_matter(number: str) -> str:
    """A call's key as the page names it."""
    return f"contact-{key(number)}"


VISITED = f"visit-{CLINIC}"


def draw(home: Any, name: str = "lately", **changed: Any) -> None:
    """A release in which Ana was at the clinic and called twice, once in vain, and Omar called the south."""
    make_release(home, name, **{
        "visits": [visit()],
        "interactions": [call(CALL), call(OPEN_CALL), call(NOTICE, act="remind", role="automated"),
                         call(OMARS_CALL, OMAR, unit="south")],
        "measured": [{"measure": "time_to_resolution", "thing": f"contacts/{OPEN_CALL}", "person": ANA,
                      "unit": "north-clinic", "ended": "open"}]} | changed)


def asked(form: str = "your_care", matter: str = VISITED, person: int = ANA, by: Any = None,
          channel: str = "email") -> tuple[SurveyRequest, str]:
    """A request that the gate let pass, and a token of its link."""
    now = timezone.now()
    made = asking.ask(person=person, form=form, matter=matter, channel=channel, solved=True, by=by, now=now)
    return made, token_of(made)


def token_of(made: SurveyRequest, now: datetime | None = None) -> str:
    """A new token of the link to a request."""
    return links.make(purpose="survey", person=made.person, about=str(made.pk), language=made.language,
                      now=now or timezone.now())


def held(made: SurveyRequest) -> dict[str, str]:
    """What is kept of a request: each question's value or words."""
    return {name: one.value or one.words for name, one in answering.given(made).items()}
