"""Money: the claim, the insurer's answer, and the calls about both."""

from twohats.demo.chart import Chart, security
from twohats.demo.clock import DAY
from twohats.demo.contacts import repeated_call
from twohats.demo.hospital import INSURERS
from twohats.demo.shapes import CLAIM, EXPLANATION_OF_BENEFIT
from twohats.demo.visits import Visit

_INSURER = {"commercial": INSURERS[0][0], "public": INSURERS[1][0]}


def bill(chart: Chart, visit: Visit, start: int, end: int) -> None:
    """Claim, the insurer's answer, and the calls about the money."""
    life, dice, text = chart.life, chart.life.dice, chart.t_text
    clock = life.site.clock
    sent = end + dice.between(1, 12) * DAY
    if sent >= chart.limit or visit.unserved:
        return
    claim, kind = chart.new_id("b"), "institutional" if visit.class_code in ("IMP", "EMER") else "professional"
    total = {"IMP": 900000, "EMER": 120000, "VR": 9000}.get(visit.class_code, 16000) + 100 * dice.between(0, 90)
    patient, coverage, day = chart.patient_id(start), f"v{life.index}", clock.date(sent)
    chart.fhir(
        "Claim",
        CLAIM
        % (
            claim,
            text(sent),
            security(visit.label),
            kind,
            patient,
            clock.date(start),
            clock.date(end),
            day,
            visit.unit.id,
            coverage,
            visit.kind,
            visit.id,
            f"{total // 100}.{total % 100:02}",
        ),
    )
    settled = sent + dice.between(6, 40) * DAY
    chart.lived(f"Claim/{claim}", sent, sent, "bill", "customer")
    if settled < chart.limit and life.payer != "self":
        paid, key = total * dice.between(55, 97) // 100, chart.new_id("x")
        chart.fhir(
            "ExplanationOfBenefit",
            EXPLANATION_OF_BENEFIT
            % (
                key,
                text(settled),
                security(visit.label),
                kind,
                patient,
                clock.date(start),
                clock.date(end),
                clock.date(settled),
                f"Organization/{_INSURER[life.payer]}",
                visit.unit.id,
                claim,
                coverage,
                f"{paid // 100}.{paid % 100:02}",
            ),
        )
        chart.lived(f"ExplanationOfBenefit/{key}", settled, settled, "insurance", "customer")
    if life.phone and dice.chance(0.11):
        billing = chart.hospital.unit(life.site.key, "billing")
        repeated_call(chart, settled + dice.between(3, 20) * DAY, "bill" if dice.chance(0.7) else "insurance", billing)
