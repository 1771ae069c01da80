"""Who the records say somebody is: Patient (two when merged), RelatedPerson, Coverage, lasting conditions."""

from twohats.demo.chart import Chart, security
from twohats.demo.clock import DAY
from twohats.demo.dice import Dice
from twohats.demo.hospital import INSURERS
from twohats.demo.lives import Life
from twohats.demo.shapes import CONDITION, COVERAGE, PATIENT, RELATED_PERSON, THO

_INTERPRETER = '{"url":"http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired","valueBoolean":true}'
_DISABILITY = (
    '{"url":"http://hl7.org/fhir/StructureDefinition/patient-disability","valueCodeableConcept":{"coding":'
    '[{"system":"http://snomed.info/sct","code":"%s","display":"%s"}]}}'
)
_PAYERS = {
    "commercial": (THO + "v3-ActCode", "EHCPOL", "Commercial plan", *INSURERS[0]),
    "public": (THO + "v3-ActCode", "PUBLICPOL", "Public plan", *INSURERS[1]),
    "self": (THO + "coverage-selfpay", "pay", "Pays alone", "", "Self"),
}


def write_identity(chart: Chart) -> None:
    """Everything that says who this is, before anything happens."""
    life, hospital = chart.life, chart.hospital
    known = life.site.clock.at(life.new_since or hospital.first_day - 30, 600)
    _records(chart, known)
    _relative(chart, known)
    system, code, words, insurer, name = _PAYERS[life.payer]
    payor = f"Organization/{insurer}" if insurer else f"Patient/{life.id}"
    chart.fhir(
        "Coverage",
        COVERAGE
        % (
            f"v{life.index}",
            chart.t_text(known),
            "",
            system,
            code,
            words,
            life.id,
            f"{hospital.plan.as_of.year - 2}-01-01",
            payor,
            name,
        ),
    )
    for ailment in life.ailments:
        at = chart.t_text(known)
        chart.fhir(
            "Condition",
            CONDITION
            % (
                chart.new_id("d"),
                at,
                security(ailment.label),
                "active",
                "problem-list-item",
                ailment.code,
                ailment.text,
                life.id,
                f',"recordedDate":"{at}"',
            ),
        )


def _records(chart: Chart, known: int) -> None:
    """The record of a person in all its versions; two records for some, merged later or never, and some taken apart."""
    life, mixed_up = chart.life, _mixed_up_with(chart)
    main, other = [(known, "true", "")], [(known, "true", "")]
    if life.merged_at is not None and life.merged_at < chart.limit:
        main.append((life.merged_at, "true", _link(life.old_id or "", "replaces")))
        other.append((life.merged_at, "false", _link(life.id, "replaced-by")))
    elif not life.unnoticed:
        life.old_id = life.old_mrn = life.merged_at = None
    if mixed_up is not None:
        neighbour, merged, apart = mixed_up
        first = life.index < neighbour
        link = _link(f"p{neighbour}", "replaces" if first else "replaced-by")
        main += [(merged, "true" if first else "false", link), (apart, "true", "")]
        life.mixed_up_with = f"p{neighbour}"
    died = life.died if life.died is not None and life.died < chart.now else None
    if died is not None:
        main.append((min(died + 60, chart.now), *main[-1][1:]))
    if life.old_id:
        for version, (minute, active, link) in enumerate(other, 1):
            _patient(chart, life.old_id, minute, str(version), active, life.old_mrn or "", link, None)
    for version, (minute, active, link) in enumerate(main, 1):
        dead = died if version == len(main) else None
        _patient(chart, life.id, minute, str(version), active, life.mrn, link, dead)


def _link(other: str, kind: str) -> str:
    return f',"link":[{{"other":{{"reference":"Patient/{other}"}},"type":"{kind}"}}]'


def _mixed_up_with(chart: Chart) -> tuple[int, int, int] | None:
    """The neighbour with whom somebody was merged by mistake, when, and when it was taken back; both tell the same."""
    life, hospital = chart.life, chart.hospital
    plan, neighbour = hospital.plan, life.index ^ 1
    dice = Dice(plan.seed, "mixed-up", life.index // 2)
    if not dice.chance(plan.unmerged_patients) or neighbour >= plan.people:
        return None
    if any(one.old_id or one.new_since or one.died for one in (life, Life(hospital, neighbour))):
        return None
    merged = (hospital.first_day + dice.between(10, plan.days - 40)) * DAY + 900
    return neighbour, merged, merged + dice.between(1, 30) * DAY


def _patient(
    chart: Chart, key: str, minute: int, version: str, active: str, mrn: str, link: str, died: int | None
) -> None:
    life, text = chart.life, chart.t_text
    signs = [_INTERPRETER] if life.interpreter else []
    signs += [_DISABILITY % ("15188001", "Hearing loss")] if life.hearing else []
    signs += [_DISABILITY % ("105503008", "Dependence on wheelchair")] if life.wheelchair else []
    extension = f"[{','.join(signs)}]" if signs else None
    numbers = [f'{{"use":"usual","system":"urn:mrn","value":"{mrn}"}}']
    if life.portal and key == life.id:
        numbers.append(f'{{"system":"urn:portal","value":"{life.portal}"}}')
    reach = []
    if life.phone:
        reach.append(f'{{"system":"phone","value":"{life.phone}","use":"mobile"}}')
    if life.email and key == life.id:
        reach.append(f'{{"system":"email","value":"{life.email}"}}')
    line = PATIENT % (
        key,
        version,
        text(minute),
        "",
        extension or "[]",
        f"[{','.join(numbers)}]",
        active,
        life.family,
        life.given,
        f"[{','.join(reach)}]" if reach else "[]",
        life.gender,
        life.birth_date,
        life.street,
        life.site.town,
        life.site.state,
        life.zip,
        life.language,
        life.site.key,
        f',"generalPractitioner":[{{"reference":"Practitioner/{life.pcp}"}}]'
        + (f',"deceasedDateTime":"{text(died)}"' if died is not None else "")
        + link,
    )
    # FHIR knows no empty arrays: what is not there is left out.
    if not signs:
        line = line.replace('"extension":[],', "", 1)
    if not reach:
        line = line.replace('"telecom":[],', "", 1)
    chart.fhir("Patient", line)


def _relative(chart: Chart, minute: int) -> None:
    life = chart.life
    if life.relative is None:
        return
    if life.minor:
        name, gender = life.parent[1], life.parent[2]
        code, words = ("MTH", "Mother") if gender == "female" else ("FTH", "Father")
    else:
        name, code, words = life.relative_name, "FAMMEMB", "Family member"
    reach = f'[{{"system":"phone","value":"{life.phone}"}}]' if life.phone and life.minor else ""
    line = RELATED_PERSON % (
        life.relative,
        chart.t_text(minute),
        "",
        life.id,
        code,
        words,
        life.family,
        name,
        reach or "[]",
    )
    chart.fhir("RelatedPerson", line if reach else line.replace(',"telecom":[]', "", 1))


def first_known(chart: Chart) -> int:
    """The first minute at which anything can happen to this person with us."""
    life, hospital = chart.life, chart.hospital
    return (life.new_since or hospital.first_day) * DAY + 840
