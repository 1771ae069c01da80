"""People who are not patients yet: they look for a doctor, seldom they call."""

from twohats.demo.chart import Chart
from twohats.demo.clock import DAY, utc_text
from twohats.demo.shapes import AUDIT_EVENT

_LOOKED_FOR = ("family doctor", "heart doctor", "accepts my plan", "Spanish speaking doctor", "midwife", "near me")


def searches(chart: Chart, first_visit: int, joined: bool) -> None:
    """Find-a-doctor searches before the first visit; a share under the account the person later had."""
    life, dice = chart.life, chart.life.dice
    session = life.portal if joined and life.portal else f"web-{life.index}-{dice.between(1000, 9999)}"
    known = session == life.portal
    minute = first_visit - dice.between(2, 20) * DAY
    for _ in range(dice.between(1, 4)):
        minute += dice.between(1, 30)
        if minute >= chart.limit:
            return
        key, at = chart.new_id("u"), chart.t_text(minute)
        entity = f',"entity":[{{"name":"Find a doctor: {dice.pick(_LOOKED_FOR)}"}}]'
        chart.fhir(
            "AuditEvent",
            AUDIT_EVENT
            % (key, at, "", "110112", "Query", "search", "Find a doctor", "E", at, f'"altId":"{session}"', entity),
        )
        who = life.id if known else f"prospect:{session}"
        chart.lines["truth/interactions"].append(
            f"{who},,AuditEvent/{key},{utc_text(minute)},{utc_text(minute)},customer,provider_search,search_provider,speed,0,none,100,"
            f"{life.language},{life.age_band},{'true' if life.portal else 'false'}"
        )
