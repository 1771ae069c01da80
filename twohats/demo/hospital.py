"""Two Rivers Health, the made-up system: its tree of units through time, its places and its people at work."""

from dataclasses import dataclass, field

from twohats.demo.clock import Clock, day_number, day_text
from twohats.demo.dice import Dice
from twohats.demo.names import FAMILY_EN, FAMILY_ES, FAMILY_OTHER, MEN_EN, MEN_ES, WOMEN_EN, WOMEN_ES
from twohats.demo.plan import Plan

SYSTEM = "two-rivers"


@dataclass(frozen=True)
class Site:
    """A hospital with its clock, its town and its way of keeping records."""

    key: str
    name: str
    zone: str
    hours_from_utc: int
    town: str
    state: str
    zip3: str
    model: str
    """full, status_only (no places), zones_only (room names, no status history), reception_apart (as in Wales)."""
    clock: Clock


@dataclass(frozen=True)
class Kind:
    """What sort of unit it is, which places it has and who works there."""

    key: str
    name: str
    department: str
    places: tuple[tuple[str, str, int], ...]
    """(purpose, name, how many)"""
    staff: tuple[tuple[str, str, int], ...]
    """(work, role in the hospital's words, how many per 2,000 people)"""


_CLINIC_PLACES = (("desk", "Front Desk", 1), ("wait", "Waiting Room", 1), ("exam", "Exam Room", 6))
_CLINIC_STAFF = (
    ("clerk", "Front Desk Receptionist", 2),
    ("nurse", "Registered Nurse", 2),
    ("nurse", "Medical Assistant", 1),
    ("doctor", "Physician", 3),
)
_WARD_PLACES = (("desk", "Admitting Desk", 1), ("bed", "Room", 10), ("lounge", "Discharge Lounge", 1))
_WARD_STAFF = (
    ("clerk", "Unit Coordinator", 1),
    ("nurse", "Registered Nurse", 4),
    ("doctor", "Hospitalist", 2),
    ("planner", "Discharge Planner", 1),
    ("mover", "Patient Transporter", 1),
    ("food", "Dietary Aide", 1),
)

KINDS: tuple[Kind, ...] = (
    Kind(
        "ed",
        "Emergency Department",
        "emergency",
        (
            ("desk", "Registration Desk", 1),
            ("wait", "Waiting Room", 1),
            ("triage", "Triage Room", 2),
            ("bay", "Treatment Bay", 12),
            ("lounge", "Discharge Lounge", 1),
            ("curb", "Pick-up Curb", 1),
            ("imaging", "X-ray", 1),
        ),
        (
            ("clerk", "Registration Clerk", 3),
            ("triage", "Triage Nurse", 2),
            ("nurse", "Registered Nurse", 4),
            ("doctor", "Attending Physician", 3),
            ("mover", "Patient Transporter", 1),
            ("tech", "Radiologic Technologist", 1),
            ("money", "Financial Counselor", 1),
            ("interpreter", "Medical Interpreter", 1),
        ),
    ),
    Kind("primary", "Primary Care", "clinics", _CLINIC_PLACES, (*_CLINIC_STAFF[:3], ("doctor", "Family Physician", 5))),
    Kind("heart", "Heart Center", "clinics", _CLINIC_PLACES, (*_CLINIC_STAFF[:2], ("doctor", "Cardiologist", 2))),
    Kind(
        "women",
        "Women's Health",
        "clinics",
        _CLINIC_PLACES,
        (*_CLINIC_STAFF[:2], ("doctor", "Physician", 2), ("doctor", "Nurse Midwife", 1)),
    ),
    Kind(
        "ortho",
        "Bone and Joint Clinic",
        "clinics",
        _CLINIC_PLACES,
        (*_CLINIC_STAFF[:2], ("doctor", "Orthopedic Surgeon", 2)),
    ),
    Kind("mind", "Behavioral Health", "clinics", _CLINIC_PLACES, (*_CLINIC_STAFF[:2], ("doctor", "Psychiatrist", 2))),
    Kind("specialty", "Specialty Clinic", "clinics", _CLINIC_PLACES, (*_CLINIC_STAFF[:2], ("doctor", "Physician", 2))),
    Kind("medical", "Medical Ward", "hospital", _WARD_PLACES, _WARD_STAFF),
    Kind(
        "surgical",
        "Surgical Ward",
        "hospital",
        (*_WARD_PLACES, ("theatre", "Operating Room", 2)),
        (*_WARD_STAFF[:2], ("doctor", "Surgeon", 2), *_WARD_STAFF[3:]),
    ),
    Kind(
        "maternity",
        "Maternity",
        "hospital",
        (*_WARD_PLACES, ("wait", "Waiting Room", 1), ("theatre", "Delivery Room 1 Treatment", 1)),
        (*_WARD_STAFF[:2], ("doctor", "Physician", 2), *_WARD_STAFF[3:]),
    ),
    Kind("laboratory", "Laboratory", "support", (("exam", "Blood Draw Room", 1),), (("tech", "Phlebotomist", 2),)),
    Kind("pharmacy", "Pharmacy", "support", (("counter", "Outpatient Pharmacy", 1),), (("doctor", "Pharmacist", 2),)),
    Kind(
        "access",
        "Patient Access",
        "support",
        (("phone", "Call Center", 1),),
        (("clerk", "Call Center Agent", 4), ("clerk", "Scheduler", 2)),
    ),
    Kind(
        "billing",
        "Business Office",
        "support",
        (("counter", "Billing Office", 1),),
        (("clerk", "Billing Representative", 2), ("money", "Financial Counselor", 1)),
    ),
)
DEPARTMENTS = (
    ("emergency", "Emergency"),
    ("clinics", "Clinics"),
    ("hospital", "Hospital Care"),
    ("support", "Services"),
)

# Names as another vendor's rooms are called; some only the hospital's own table can tell.
_OTHER_NAMES = {
    "desk": "{unit} RECEPTION",
    "wait": "The Harbor",
    "exam": "Suite {n}",
    "bay": "ED POD {n}",
    "triage": "{unit} TRIAGE",
    "bed": "BED {n}",
    "lounge": "{unit} DEPARTURE LOUNGE",
    "curb": "NORTH CURB",
    "imaging": "{unit} IMAGING",
    "theatre": "OR {n} SURGERY SUITE",
}

INSURERS = (
    ("insurer-1", "Riverbank Mutual (made up)"),
    ("insurer-2", "Public Plan (made up)"),
    ("insurer-3", "Meadow Health Plan (made up)"),
)


@dataclass
class Unit:
    """One unit with its places and its people."""

    id: str
    name: str
    kind: str
    site: Site
    places: dict[str, list[str]] = field(default_factory=dict)
    staff: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Worker:
    """One member of staff."""

    id: str
    family: str
    given: str
    role: str
    work: str
    unit: str
    languages: str
    starts: str
    ends: str


@dataclass(frozen=True)
class Place:
    """One location."""

    id: str
    name: str
    purpose: str
    unit: str


class Hospital:
    """Everything that is there before the first person comes; built alike in every worker process."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.today = day_number(plan.as_of)
        self.first_day = self.today - plan.days
        # The last instant of which anything is known: mid-morning of today, while people sit in the waiting rooms.
        self.now = self.today * 1440 + 16 * 60 + 30
        self.sites = _sites(plan)
        # No hospital has a CMS certification number that begins so.
        self.facilities = {site.key: f"X{number:05}" for number, site in enumerate(self.sites, 1)}
        self.units: dict[str, Unit] = {}
        self.places: list[Place] = []
        self.workers: list[Worker] = []
        self.work_of: dict[str, str] = {}
        self.tree: list[tuple[str, ...]] = []
        self.renamed_on = self.today - 200
        self.merged_on = self.today - 150
        self._grow_tree()
        dice = Dice(plan.seed, "hospital")
        for unit in self.units.values():
            self._furnish(unit)
            self._hire(unit, dice)

    def unit(self, site: str, kind: str) -> Unit:
        """The unit of that kind at that site."""
        return self.units[f"{site}-{kind}"]

    def _row(self, *cells: str, facility: str = "") -> None:
        self.tree.append((*cells, facility))

    def _grow_tree(self) -> None:
        opened = day_text(self.first_day - 3000)
        self._row(SYSTEM, "Two Rivers Health", "system", "", "", opened, "", "")
        for site in self.sites:
            facility = self.facilities[site.key]
            self._row(site.key, site.name, "site", SYSTEM, site.zone, opened, "", "", facility=facility)
            for key, name in DEPARTMENTS:
                self._row(f"{site.key}-{key}", name, "department", site.key, "", opened, "", "")
            for kind in KINDS:
                self._open(site, kind, opened)
        self._open_annex(opened)

    def _open(self, site: Site, kind: Kind, opened: str) -> None:
        unit = Unit(f"{site.key}-{kind.key}", f"{kind.name}", kind.key, site)
        self.units[unit.id] = unit
        parent = f"{site.key}-{kind.department}"
        if kind.key in ("primary", "access"):
            former = "Family Practice" if kind.key == "primary" else "Central Scheduling"
            self._row(unit.id, former, "unit", parent, "", opened, day_text(self.renamed_on - 1), "")
            opened = day_text(self.renamed_on)
        self._row(unit.id, unit.name, "unit", parent, "", opened, "", "")

    def _open_annex(self, opened: str) -> None:
        """A unit that was merged into another: visits before that day were its own."""
        site = self.sites[0]
        annex = Unit(f"{site.key}-heart-annex", "Cardiology Annex", "heart", site)
        self.units[annex.id] = annex
        self._row(
            annex.id,
            annex.name,
            "unit",
            f"{site.key}-clinics",
            "",
            opened,
            day_text(self.merged_on - 1),
            f"{site.key}-heart",
        )

    def _furnish(self, unit: Unit) -> None:
        kind = next(kind for kind in KINDS if kind.key == unit.kind)
        for purpose, name, count in kind.places:
            for n in range(1, count + 1):
                place = Place(
                    f"{unit.id}-{purpose}{n}", self._place_name(unit, purpose, name, n, count), purpose, unit.id
                )
                self.places.append(place)
                unit.places.setdefault(purpose, []).append(place.id)

    def _place_name(self, unit: Unit, purpose: str, name: str, n: int, count: int) -> str:
        if unit.site.model == "zones_only" and purpose in _OTHER_NAMES:
            return _OTHER_NAMES[purpose].format(unit=unit.name.upper(), n=n)
        return f"{unit.name} {name} {n}" if count > 1 else f"{unit.name} {name}"

    def _hire(self, unit: Unit, dice: Dice) -> None:
        kind = next(kind for kind in KINDS if kind.key == unit.kind)
        main = unit.site is self.sites[0]
        for work, role, per_2000 in kind.staff:
            count = per_2000 * self.plan.people // 2000 if main else per_2000 * self.plan.people // 8000
            for _ in range(max(2, count)):
                worker = self._worker(unit, work, role, dice)
                self.workers.append(worker)
                self.work_of[worker.id] = work
                unit.staff.setdefault(work, []).append(worker.id)

    def _worker(self, unit: Unit, work: str, role: str, dice: Dice) -> Worker:
        spanish = dice.chance(0.2)
        family = dice.pick(FAMILY_ES if spanish else FAMILY_EN if dice.chance(0.85) else FAMILY_OTHER)
        given = dice.pick((WOMEN_ES if spanish else WOMEN_EN) if dice.chance(0.6) else (MEN_ES if spanish else MEN_EN))
        starts = day_text(self.first_day - dice.between(1, 3000))
        languages = "en;es" if spanish or dice.chance(0.15) else "en"
        return Worker(f"s{len(self.workers) + 1}", family, given, role, work, unit.id, languages, starts, "")


def _sites(plan: Plan) -> list[Site]:
    def site(key: str, name: str, zone: str, hours: int, town: str, state: str, zip3: str, model: str) -> Site:
        return Site(key, name, zone, hours, town, state, zip3, model, Clock(hours, plan.as_of, plan.days))

    return [
        site("north", "Two Rivers North", "America/Chicago", -6, "Northford", "IL", "600", "full"),
        site("south", "Two Rivers South", "America/Chicago", -6, "Southmere", "IL", "628", "status_only"),
        site("lakeside", "Two Rivers Lakeside", "America/Denver", -7, "Lakeside", "CO", "802", "zones_only"),
        site("valley", "Two Rivers Valley", "America/Chicago", -6, "Elm Valley", "IL", "617", "reception_apart"),
    ]
