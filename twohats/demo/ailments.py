"""What people live with and what brings them in: codes, words, where it is treated and how much is at stake."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ailment:
    """A lasting condition: visits, medicines and blood tests follow from it."""

    code: str
    text: str
    unit: str
    stakes: int
    """0 to 1000: how much is at stake in a usual visit about it."""
    share: tuple[float, float, float, float]
    """Share of people who have it at 0-17, 18-39, 40-64, 65+."""
    visits: int
    """Visits a year it leads to."""
    medicine: tuple[str, str] | None
    test: str | None
    label: str | None = None
    """Security label of visits about it (v3-ActCode)."""


@dataclass(frozen=True)
class Reason:
    """Something that happens: an acute reason for a visit."""

    code: str
    text: str
    stakes: int
    esi: tuple[int, ...]
    medicine: tuple[str, str] | None = None
    imaging: bool = False
    label: str | None = None
    adult: bool = False
    """Only grown-ups come for it."""


AILMENTS: tuple[Ailment, ...] = (
    Ailment(
        "I10",
        "High blood pressure",
        "primary",
        250,
        (0, 0.07, 0.34, 0.55),
        2,
        ("314076", "Lisinopril 10 MG Oral Tablet"),
        "metabolic",
    ),
    Ailment(
        "E11.9",
        "Type 2 diabetes",
        "primary",
        400,
        (0, 0.02, 0.13, 0.22),
        2,
        ("860975", "Metformin 500 MG Oral Tablet"),
        "a1c",
    ),
    Ailment("J45.909", "Asthma", "primary", 350, (0.09, 0.08, 0.08, 0.07), 1, ("2123111", "Albuterol inhaler"), None),
    Ailment(
        "E78.5",
        "High cholesterol",
        "primary",
        200,
        (0, 0.03, 0.2, 0.3),
        1,
        ("617311", "Atorvastatin 40 MG Oral Tablet"),
        "lipids",
    ),
    Ailment(
        "M54.50", "Back pain", "ortho", 300, (0, 0.08, 0.14, 0.16), 1, ("310965", "Ibuprofen 200 MG Oral Tablet"), None
    ),
    Ailment(
        "I25.10",
        "Heart disease",
        "heart",
        700,
        (0, 0.005, 0.06, 0.2),
        2,
        ("308136", "Amlodipine 2.5 MG Oral Tablet"),
        "lipids",
    ),
    Ailment(
        "F32.9",
        "Depression",
        "mind",
        750,
        (0.04, 0.11, 0.1, 0.07),
        2,
        ("312941", "Sertraline 50 MG Oral Tablet"),
        None,
        "PSY",
    ),
    Ailment("F10.20", "Alcohol dependence", "mind", 750, (0, 0.03, 0.03, 0.01), 1, None, None, "ETH"),
    Ailment("B20", "HIV disease", "specialty", 800, (0, 0.004, 0.005, 0.001), 2, None, "metabolic", "HIV"),
    Ailment("C50.919", "Breast cancer", "specialty", 950, (0, 0.001, 0.009, 0.02), 4, None, "blood"),
    Ailment(
        "E03.9",
        "Underactive thyroid",
        "primary",
        200,
        (0, 0.02, 0.05, 0.09),
        1,
        ("966222", "Levothyroxine 50 MCG Oral Tablet"),
        "thyroid",
    ),
)
PREGNANCY = Ailment("Z34.90", "Pregnancy", "women", 800, (0, 0, 0, 0), 6, None, "blood")

CHECK = Reason("Z00.00", "Yearly check-up", 150, (5,))
MINOR: tuple[Reason, ...] = (
    Reason("J06.9", "Cold and cough", 200, (5, 4), None),
    Reason("N39.0", "Urinary infection", 300, (4, 3), ("311681", "Nitrofurantoin 100 MG Oral Capsule")),
    Reason("R51.9", "Headaches", 450, (3, 4), ("313782", "Acetaminophen 325 MG Oral Tablet")),
    Reason("L30.9", "A rash", 250, (5, 4)),
    Reason("R53.83", "Tiredness", 400, (4,)),
    Reason("N63.0", "A lump in the breast", 950, (3,), adult=True),
    Reason("Z79.899", "Medicine review", 200, (5,)),
)
URGENT: tuple[Reason, ...] = (
    Reason("S93.409A", "Ankle sprain", 350, (4, 4, 5), ("310965", "Ibuprofen 200 MG Oral Tablet"), True),
    Reason("R07.9", "Chest pain", 950, (2, 2, 3), adult=True),
    Reason("R10.9", "Stomach pain", 650, (3, 3, 2)),
    Reason("S61.419A", "Cut on the hand", 400, (4, 4)),
    Reason("J18.9", "Pneumonia", 800, (2, 3), ("308182", "Amoxicillin 250 MG Oral Capsule"), True),
    Reason("R50.9", "Fever", 500, (3, 4, 3)),
    Reason("S52.509A", "Broken wrist", 650, (3, 4), ("313782", "Acetaminophen 325 MG Oral Tablet"), True),
    Reason("R55", "Fainted", 800, (2, 3)),
    Reason("I63.9", "Stroke signs", 1000, (1, 2), adult=True),
    Reason("F41.0", "Panic attack", 800, (3, 3), None, False, "PSY", adult=True),
    Reason("T74.11XA", "Hurt by somebody at home", 1000, (2, 3), None, True, "SDV", adult=True),
)
SURGERY: tuple[Reason, ...] = (
    Reason("M17.11", "Knee replacement", 850, (3,), ("313782", "Acetaminophen 325 MG Oral Tablet")),
    Reason("K80.20", "Gallstones operation", 800, (3,), ("313782", "Acetaminophen 325 MG Oral Tablet")),
    Reason("K40.90", "Hernia operation", 700, (3,), ("313782", "Acetaminophen 325 MG Oral Tablet")),
)
BIRTH = Reason("O80", "Labor and birth of a child", 950, (3,))

# name: report (LOINC, words) and its results: LOINC, words, unit, usual low and high, each in tenths.
TESTS: dict[str, tuple[str, str, tuple[tuple[str, str, str, int, int], ...]]] = {
    "a1c": ("4548-4", "Hemoglobin A1c", (("4548-4", "Hemoglobin A1c", "%", 40, 64),)),
    "lipids": (
        "24331-1",
        "Lipid panel",
        (("13457-7", "LDL cholesterol", "mg/dL", 500, 1290), ("2093-3", "Cholesterol", "mg/dL", 1200, 1990)),
    ),
    "metabolic": (
        "51990-0",
        "Basic metabolic panel",
        (("2823-3", "Potassium", "mmol/L", 35, 51), ("2160-0", "Creatinine", "mg/dL", 6, 12)),
    ),
    "blood": (
        "58410-2",
        "Blood count",
        (("718-7", "Hemoglobin", "g/dL", 120, 160), ("6690-2", "White blood cells", "10*3/uL", 40, 110)),
    ),
    "thyroid": ("3016-3", "Thyroid test", (("3016-3", "Thyrotropin", "m[IU]/L", 5, 45),)),
}
