"""Where the codebook rules otherwise than the guide that clauses were labelled by: the guide first, then this."""

import re

import pyarrow as pa

CLINICIAN = r"(?:nurses?|doctors?|dr|physician|surgeon|midwife|therapist|pharmacist|enfermer[ao]s?|doctora?|médic[ao])"
TAUGHT = (
    r"(?:explain\w*|taught|teach\w*|show(?:ed|n)|went\s+(?:over|through)|asked?\s+(?:me\s+)?(?:if|how|whether)|"
    r"explic\w+|enseñ\w+|mostr\w+)"
)
TEACHING = re.compile(
    rf"\b{CLINICIAN}\b.{{0,60}}\b{TAUGHT}\b|\b{TAUGHT}\b.{{0,60}}\b{CLINICIAN}\b", re.IGNORECASE | re.DOTALL
)
"""A clinician who teaches, or asks whether one can manage."""
MY_MINOR = re.compile(
    r"\b(?:my|our|mi|nuestr[oa])\s+(?:\w+\s+){0,2}(?:baby|newborn|toddler|infant|little\s+(?:one|boy|girl)|"
    r"\d{1,2}[- ](?:year|month|week)[- ]old|"
    r"child|kid|bebé|bebe|niñ[oa]|hijit[oa])\b",
    re.IGNORECASE,
)
CLINICAL_TALK = frozenset(("clinician_communication", "information_education", "medication_pain"))
"""Touchpoints in which a clinician talks with whoever decides."""


def by_codebook(clauses: pa.Table) -> pa.Table:
    """The clauses with `hat` and `about_hat` as the codebook has them.

    A clinician who teaches at discharge gives care; a minor's parent in a clinical conversation stands in the
    patient's place.
    """
    columns = (clauses.column(name).to_pylist() for name in ("hat", "about_hat", "touchpoint", "speaker", "text"))
    ruled = [_ruled(*row) for row in zip(*columns, strict=True)]
    for place, name in enumerate(("hat", "about_hat")):
        at = clauses.column_names.index(name)
        clauses = clauses.set_column(
            at, clauses.schema.field(name), pa.array([row[place] for row in ruled], pa.string())
        )
    return clauses


def _ruled(hat: str, about: str, touchpoint: str, speaker: str, text: str) -> tuple[str, str]:
    if touchpoint == "discharge" and TEACHING.search(text):
        about = "patient"
        hat = "patient" if speaker == "patient" else hat
    if speaker == "family" and about == "patient" and touchpoint in CLINICAL_TALK and MY_MINOR.search(text):
        hat = "patient"
    return hat, about
