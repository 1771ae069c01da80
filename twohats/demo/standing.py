"""The lines that stand before the first person comes: organizations, places, staff and their schedules."""

from collections.abc import Iterator

from twohats.demo.among import public_lines
from twohats.demo.clock import day_text
from twohats.demo.hospital import INSURERS, Hospital, Worker
from twohats.demo.openings import SERVICE, horizon, is_offered
from twohats.demo.paper import cell
from twohats.demo.shapes import MORE, SNOMED, THO, json_text, shape

_ORGANIZATION = shape(
    resourceType="Organization",
    id="%s",
    meta={"versionId": "%s", "lastUpdated": "%s"},
    active="@json",
    type=[{"coding": [{"system": THO + "organization-type", "code": "%s"}]}],
    name="@json",
)
_PART_OF = ',"partOf":{"reference":"Organization/%s"}}'
_LOCATION = shape(
    resourceType="Location",
    id="%s",
    meta={"versionId": "1", "lastUpdated": "%s"},
    status="active",
    name="@json",
    mode="instance",
    physicalType={"coding": [{"system": THO + "location-physical-type", "code": "%s"}]},
    managingOrganization={"reference": "Organization/%s"},
)
_PRACTITIONER = shape(
    resourceType="Practitioner",
    id="%s",
    meta={"versionId": "1", "lastUpdated": "%s"},
    active=True,
    name=[{"family": "%s", "given": ["%s"]}],
    qualification=[{"code": {"text": "%s"}}],
)
_ROLE = shape(
    resourceType="PractitionerRole",
    id="r%s",
    meta={"versionId": "1", "lastUpdated": "%s"},
    active=True,
    period={"start": "%s"},
    practitioner={"reference": "Practitioner/%s"},
    organization={"reference": "Organization/%s"},
    code=[{"coding": [{"system": SNOMED, "code": "%s"}], "text": "%s"}],
)
_SCHEDULE = shape(
    resourceType="Schedule",
    id="h%s",
    meta={"versionId": "1", "lastUpdated": "%s"},
    active=True,
    **MORE,
)
_OFFERED = (
    ',"serviceType":[{"text":"%s"}],"actor":[{"reference":"Practitioner/%s"},{"reference":"Location/%s"}],'
    '"planningHorizon":{"start":"%s","end":"%s"}'
)
_WORKERS_AT_A_TIME = 1000
_SNOMED_WORK = {"doctor": "309343006", "nurse": "106292003", "triage": "106292003"}


def standing_lines(hospital: Hospital) -> Iterator[tuple[str, list[str]]]:
    """Every line that does not belong to a person: file after file, some lines at a time, since a large hospital has
    many people at work.
    """
    opened = f"{hospital.plan.as_of.year - 3}-01-02T08:00:00Z"
    yield "csv/units", [",".join(map(cell, row)) for row in hospital.tree]
    yield "csv/hospital_scores", list(public_lines(hospital))
    yield "fhir/Organization", _organizations(hospital, opened)
    yield (
        "fhir/Location",
        [
            _LOCATION
            % (
                place.id,
                opened,
                json_text(place.name),
                "area" if place.purpose in ("curb", "lounge") else "ro",
                place.unit,
            )
            for place in hospital.places
        ],
    )
    for first in range(0, len(hospital.workers), _WORKERS_AT_A_TIME):
        some = hospital.workers[first : first + _WORKERS_AT_A_TIME]
        yield "csv/staff", [_staff_row(worker) for worker in some]
        yield (
            "fhir/Practitioner",
            [_PRACTITIONER % (one.id, opened, one.family, one.given, one.role) for one in some],
        )
        yield "fhir/PractitionerRole", [_role(worker, opened) for worker in some]
        yield "fhir/Schedule", [_schedule(hospital, one, opened) for one in some if one.work == "doctor"]


def _staff_row(worker: Worker) -> str:
    name = f"{worker.given} {worker.family}"
    cells = (worker.id, name, worker.role, worker.unit, worker.languages, worker.starts, worker.ends)
    return ",".join(map(cell, cells))


def _role(worker: Worker, opened: str) -> str:
    work = _SNOMED_WORK.get(worker.work, "158965000")
    return _ROLE % (worker.id, opened, worker.starts, worker.id, worker.unit, work, worker.role)


def _schedule(hospital: Hospital, worker: Worker, opened: str) -> str:
    """A doctor's calendar; that of a clinic says where, for what, and from when to when hours are offered."""
    unit = hospital.units[worker.unit]
    if not is_offered(unit):
        return _SCHEDULE % (worker.id, opened, f',"actor":[{{"reference":"Practitioner/{worker.id}"}}]')
    first, end = map(day_text, horizon(hospital))
    return _SCHEDULE % (worker.id, opened, _OFFERED % (SERVICE, worker.id, unit.places["exam"][0], first, end))


def _organizations(hospital: Hospital, opened: str) -> list[str]:
    """The tree as FHIR sees it: only the present; a renamed unit has a second version, a merged one is inactive."""
    lines = [_ORGANIZATION % (key, "1", opened, "true", "ins", json_text(name)) for key, name in INSURERS]
    versions: dict[str, int] = {}
    for unit, name, kind, parent, _, starts, ends, merged, _facility in hospital.tree:
        versions[unit] = versions.get(unit, 0) + 1
        updated = opened if versions[unit] == 1 and not merged else f"{starts if not merged else ends}T08:00:00Z"
        line = _ORGANIZATION % (
            unit,
            versions[unit],
            updated,
            "false" if merged else "true",
            "prov" if kind in ("system", "site") else "dept",
            json_text(name),
        )
        lines.append(line[:-1] + _PART_OF % parent if parent else line)
    return lines
