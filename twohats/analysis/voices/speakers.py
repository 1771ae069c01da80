"""Who speaks in a comment: the patient, somebody of the family, or another; told by the whole comment."""

import re

PATIENT, FAMILY, OTHER = "patient", "family", "other"

KIN = (
    r"mum|mums|mam|mom|mommy|mother|mother[- ]in[- ]law|dad|dads|daddy|father|father[- ]in[- ]law|wife|husband|hubby|"
    r"partner|spouse|fianc[eé]e?|girlfriend|boyfriend|son|sons|daughter|daughters|child|children|kid|kids|baby|babies|"
    r"toddler|newborn|little\s+(?:one|boy|girl|man)|boy|girl|boys|girls|brother|sister|aunt|auntie|uncle|nan|nana|gran|"
    r"granny|grandma|grandad|granddad|grandpa|grandmother|grandfather|grandson|granddaughter|niece|nephew|cousin|"
    r"parents?|twins|teen|teenager|\d+\s*-?\s*(?:year|yr|month|week|day)s?[- ]old"
)
KIN_ES = (
    r"mam[aá]|mami|madre|suegra|suegro|pap[aá]|papi|padre|espos[oa]|marido|mujer|pareja|novi[oa]|hij[oa]s?|hijit[oa]s?|"
    r"niñ[oa]s?|bebes?|bebé|beb[eé]s?|herman[oa]s?|t[ií][oa]s?|abuel[oa]s?|abuelit[oa]s?|niet[oa]s?|sobrin[oa]s?|"
    r"prim[oa]s?|padres|pap[aá]s|viejit[oa]|gemel[oa]s|cuñad[oa]|nene|nena|chiquit[oa]|muchach[oa]"
)
WORDS_BETWEEN = r"(?:[^\W\d_]+(?:['’]s)?\s+){0,2}"
KIN_OF_MINE = re.compile(
    rf"\b(?:my|our|me|mi|mis|nuestr[oa]s?)\s+{WORDS_BETWEEN}(?P<kin>{KIN}|{KIN_ES})\b(?P<owned>['’]?s?\s+\w+)?", re.IGNORECASE
)
NOT_ABOUT_THEM = re.compile(
    r"\b(?:(?:and|with|to|for)\s+my\s+(?:wife|husband|partner|family)\s+(?:and\s+(?:me|i)|too|as\s+well)|"
    r"me\s+and\s+my\s+\w+|my\s+\w+\s+and\s+(?:i|me|myself)|mi\s+\w+\s+y\s+yo)\b",
    re.IGNORECASE,
)
"""Both of them: it is still told by the patient."""
I_WAS_TREATED = re.compile(
    r"\b(?:my\s+(?:pain|treatment|operation|surgery|baby\s+was\s+born|birth|labou?r|knee|hip|back|leg|foot|feet|heart|eyes?|"
    r"appointment|medication|meds|diagnosis|condition|illness|recovery|wound|care|blood|scan|symptoms|results|physio\w*|"
    r"consultant|therapist|therapy|worker|nurse|doctor|own\s+\w+)|treated\s+me|(?:helped|examined|cared\s+for|looked\s+after|"
    r"listened\s+to|made\s+me\s+feel|put\s+me|took\s+me|got\s+me|saw\s+me)\s*(?:me)?|i\s+(?:was|am|have\s+been|had)\s+"
    r"(?:in\s+(?:pain|hospital|labou?r)|admitted|diagnosed|treated|discharged|ill|sick|unwell|a\s+patient)|"
    r"me\s+(?:atendi\w+|trat\w+|oper\w+|dol[ií]a|dieron|pusieron|revis\w+|internaron|ingresaron)|mi\s+(?:dolor|cirug[ií]a|"
    r"operaci[oó]n|parto|tratamiento|cita|receta|doctora?|presi[oó]n|az[uú]car))\b",
    re.IGNORECASE,
)
FAMILY_SAID = re.compile(
    r"\b(?:as\s+(?:a|the|his|her|their)\s+(?:carer|caregiver|parent|mother|mum|mom|father|dad|husband|wife|son|daughter|relative)|"
    r"(?:i\s+am|i['’]m|we\s+are)\s+(?:a\s+|the\s+|his\s+|her\s+)?(?:carer|caregiver|mum|mother|mom|dad|father|parent|"
    r"daughter|son|wife|husband|parents)\s+(?:of|to|for)|on\s+behalf\s+of|next\s+of\s+kin|loved\s+one|"
    r"soy\s+(?:la|el)\s+(?:mam[aá]|madre|pap[aá]|padre|hij[oa]|espos[oa]|cuidador[a]?|abuel[oa]|t[ií][oa]|herman[oa])|"
    r"a\s+nombre\s+de|de\s+parte\s+de\s+mi)\b",
    re.IGNORECASE,
)
OTHER_SAID = re.compile(
    r"\b(?:(?:a|my|one\s+of\s+my|our)\s+(?:client|resident|pupil|student|service\s+user|colleague|neighbou?r|friend|customer|"
    r"tenant|lodger)s?|care\s+home|nursing\s+home|i\s+work\s+(?:for|at|in|as)|as\s+a\s+(?:gp|paramedic|carer\s+at|nurse|professional|"
    r"first\s+aider|social\s+worker|teacher|bystander)|mi\s+(?:vecin[oa]|client[ea]|paciente|amig[oa])|"
    r"trabajo\s+(?:en|para|como))\b",
    re.IGNORECASE,
)
CARED_FOR = re.compile(
    r"\b(?:with|to|for|of|treated|examined|helped|calmed|assessed|looked\s+after|took|sent|saw|got|gave|kept|told)\s+(?:him|her|them)\b|"
    r"\b(?:he|she)\s+(?:was|is|had|has|needed|needs|got|felt|feels|loves|enjoys|likes|said|waited|fell|died|passed|can|could)\b",
    re.IGNORECASE,
)
LE_ATENDIERON = re.compile(r"\b(?:l[eoa]s?)\s+(?:atendi\w+|trat[oaóá]\w*|dieron|hicieron|pusieron|oper\w+|explic\w+|cuid\w+|revis\w+|dej\w+)\b",
                           re.IGNORECASE)
BY_RESPONDENT = {"self": PATIENT, "proxy": PATIENT, "family": FAMILY, "other": OTHER}
"""Who answers for the patient stands in the patient's place."""


def speaker_of(text: str, respondent: str | None = None) -> str:
    """patient, family or other. What the respondent is, where it is known, decides; else the words of the whole comment."""
    known = BY_RESPONDENT.get((respondent or "").strip().lower())
    return known or _told_by_words(text)


def signs_of(text: str) -> tuple[bool, ...]:
    """What the words say of the speaker, one sign each; the model weighs them."""
    kin = KIN_OF_MINE.search(text)
    return (
        kin is not None,
        FAMILY_SAID.search(text) is not None,
        OTHER_SAID.search(text) is not None,
        CARED_FOR.search(text) is not None,
        LE_ATENDIERON.search(text) is not None,
        I_WAS_TREATED.search(text) is not None,
        NOT_ABOUT_THEM.search(text) is not None,
    )


def _told_by_words(text: str) -> str:
    kin, said_family, said_other, cared_for, le, i_was_treated, both = signs_of(text)
    if said_family:
        return FAMILY
    if kin and not both and not (i_was_treated and not (cared_for or le)):
        return FAMILY
    return OTHER if said_other and not i_was_treated else PATIENT
