"""Who the records say somebody is: Patient (two when merged), RelatedPerson, Coverage, lasting conditions."""

from twohats.demo.chart import Chart, security
from twohats.demo.clock import DAY
from twohats.demo.hospital import INSURERS
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
    if life.old_id and life.merged_at is not None and life.merged_at < chart.limit:
        _patient(chart, life.old_id, known, "1", "true", life.old_mrn or "", "")
        _patient(
            chart,
            life.old_id,
            life.merged_at,
            "2",
            "false",
            life.old_mrn or "",
            f',"link":[{{"other":{{"reference":"Patient/{life.id}"}},"type":"replaced-by"}}]',
        )
        _patient(
            chart,
            life.id,
            life.merged_at,
            "2",
            "true",
            life.mrn,
            f',"link":[{{"other":{{"reference":"Patient/{life.old_id}"}},"type":"replaces"}}]',
        )
    else:
        life.old_id = life.old_mrn = life.merged_at = None
        _patient(chart, life.id, known, "1", "true", life.mrn, "")
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


def _patient(chart: Chart, key: str, minute: int, version: str, active: str, mrn: str, link: str) -> None:
    life, text = chart.life, chart.t_text
    died = life.died if life.died is not None and life.died < chart.now else None
    if died is not None and version == "1" and key == life.id and not link:
        version, minute = "2", died + 60
    elif died is not None and link and key == life.id:
        version, minute = "3", died + 60
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
        text(min(minute, chart.now)),
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
