"""The labels a clause can have, in the order in which the model tells them."""

from twohats.words.touchpoints import touchpoints

HATS = ("patient", "customer", "none")
SPEAKERS = ("patient", "family", "other")
_OF_CARE = (
    "treatment_competence clinician_communication staff_manner_clinical medication_pain emotional_support_safety "
    "information_education continuity_followup staffing_responsiveness"
)
_OF_ACCESS = (
    "check_in scheduling_access wait_timeliness phone_digital_access portal_results billing_insurance discharge "
    "transport_parking_location facilities_environment food activities_amenities family_carer_involvement "
    "staff_manner_nonclinical informed_updates referral_coordination prescription_supply_access "
    "organisation_funding"
)
PATIENT_SIDE, CUSTOMER_SIDE = frozenset(_OF_CARE.split()), frozenset(_OF_ACCESS.split())
EITHER_SIDE = frozenset(("general_praise", "general_dissatisfaction", "none_other"))
TOUCHPOINTS = tuple(point.key for point in touchpoints() if point.key in PATIENT_SIDE | CUSTOMER_SIDE | EITHER_SIDE)
"""The touchpoints of the annotation guide; the catalogue has more, which no comment was read for."""
THEMES = (
    "Positive experience & gratitude",
    "Staff manner & personal attributes",
    "Timeliness of care",
    "Staff listening, understanding & involving patients",
    "Not assigned",
    "Contacting services",
    "Transport to/ from services",
    "Information directly from staff during care",
    "Appointment arrangements",
    "Impact of treatment/ care",
    "Being kept informed, clarity & consistency of information",
    "Number & deployment of staff",
    "Negative experience & dissatisfaction",
    "Competence & training",
    "Activities & access to fresh air",
    "Referals & continuity of care",
    "Diagnosis & triage",
    "Staff responsiveness",
    "Food & drink provision & facilities",
    "Information provision & guidance",
    "Supplying & understanding medication",
    "Organisation & efficiency",
    "Interaction with family/ carers",
    "Cleanliness, tidiness & infection control",
)
"""The 24 themes of the public comment framework that at least 50 comments have; spelled as there."""
