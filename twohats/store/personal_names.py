"""People's names in free text, English and Spanish: known ones, listed ones, and those that stand where a name stands.

A name and hardly anything else (names.txt) is found wherever it stands. A word that is also an ordinary one needs a
capital inside a sentence, a title, or another name beside it. A word that no list knows is a name where it has a capital
inside a sentence, or follows a cue. In a text without lower case, or without capitals, capitals say nothing.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from enum import IntFlag
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

WORD = re.compile(r"[^\W\d_][^\W\d_̀-ͯ]*(?:['’‘-][^\W\d_][^\W\d_̀-ͯ]*)*")
LONGEST = 30
"""Letters of the longest word that is looked at: no name is longer."""


class Is(IntFlag):
    """What a word can be."""

    NAME = 1
    AMBIGUOUS = 2
    EVERYDAY = 4
    ORDINARY = 8
    TITLE = 16
    ROLE = 32
    CLOSED = 64
    PROPER = 128
    PARTICLE = 256
    NOBODY = 512
    """Never taken for a name without a capital, though some people are named so."""
    DEED = 1024
    """Tells that somebody stands before it: was, helped, explicó."""
    PLACE = 2048
    GIVEN = 4096
    """An ambiguous or everyday word that is a given name."""


class Case(IntFlag):
    """How a word is written."""

    LOWER = 0
    CAPITAL = 1
    ALL_CAPITALS = 2
    LETTER = 4


class Word(NamedTuple):
    """One spelling: its plain form, what it can be, how it is written, how many signs of it are the name."""

    plain: str
    can_be: int
    case: int
    length: int
    may: bool
    """False where no context makes it a name."""


TITLES = frozenset("dr drs dra dres doctor doctora mr mrs ms miss mx sr sra srta senor senora senorita prof profesor profesora professor"
                   " dona doc lic rev mister missus hno hna lcda lcdo ing profe mtra mtro sgt capt rabbi imam".split())
ALWAYS_PEOPLE = frozenset("mr mrs ms miss mx sr sra srta senor senora senorita dona mister missus".split())
ROLES = frozenset(
    "nurse nurses rn np lpn cna crna md pa ma aide tech technician midwife doula sister brother aunt auntie uncle cousin husband wife"
    " son daughter mother father mom mum dad grandma grandmother grandpa grandfather granddaughter grandson niece nephew"
    " partner friend boyfriend girlfriend fiance baby toddler receptionist therapist surgeon resident intern physician"
    " anesthesiologist anesthetist phlebotomist pharmacist navigator coordinator worker manager supervisor counselor chaplain"
    " clerk rep representative agent operator assistant volunteer driver interpreter porter paramedic specialist hygienist"
    " dentist psychologist psychiatrist cardiologist oncologist pediatrician dermatologist neurologist urologist"
    " radiologist patient mamá papá mama papa enfermera enfermero enfermeras hermana hermano tia tio primo prima esposo esposa"
    " marido hijo hija hijos madre padre abuela abuelo nieto nieta sobrina sobrino novio novia amiga amigo comadre compadre"
    " cunada cunado suegra suegro nuera yerno bebe recepcionista terapeuta cirujano cirujana trabajadora trabajador social partera"
    " interprete asistente secretaria secretario tecnico tecnica medico medica especialista paciente don companera companero vecina"
    " vecino muchacha muchacho joven janitor orderly guard cashier custodian transporter camillero guardia intendente voluntaria voluntario cajera cajero guera guero tal"
    " kid kiddo boy girl niece nina nino beba bebita roommate neighbor boss greeter barista scheduler biller translator traductora traductor orthodontist optometrist farmaceutico farmaceutica chofer sita senorita dentista pediatra ginecologa psicologa psiquiatra pastor padre sor fray officer oficial captain coach attorney maestra maestro sis bro nana chaplain capellan"
    .replace("á", "a").split())
KIN = frozenset(
    "kid kiddo boy girl nina nino brother aunt auntie uncle cousin husband wife son daughter mother father mom mum dad grandma grandmother grandpa grandfather granddaughter"
    " grandson niece nephew boyfriend girlfriend fiance hermana hermano tia tio primo prima esposo esposa marido hijo hija abuela abuelo sobrina"
    " sobrino novio novia comadre compadre cunada cunado suegra suegro nuera yerno nana".split())
CLOSED = frozenset(
    "a about after again all also am an and any are as at be because been before being both but by came can could did do does"
    " don't each even ever every few for from get got had has have he her here hers him his how i if in into is it it's its just me"
    " more most much my no nor not now of off on once one only or other our out over own said same she should so some such than"
    " that the their them then there these they this those through to too two under until up us very was we were what when where"
    " which while who whom why will with would yes yet you your i'm i've i'd i'll he's she's they're we're didn't wasn't don’t"
    " couldn't wouldn't isn't can't won't that's there's you're what's let's please thanks thank good great first new last next"
    " al algo alguien ante antes aqui asi aunque bien cada casi como con contra cual cuando de del desde donde dos durante e"
    " el ella ellas ello ellos en entre era eran eres es esa esas ese eso esos esta estaba estaban estamos estan estar este esto"
    " estos estoy fue fueron fui gracias ha han hasta hay he hola la las le les lo los luego mas me mi mis mientras muy nada ni"
    " no nos nosotros nuestra nuestro o otra otro para pero por porque pues que quien se sea ser si siempre sin sino sobre son"
    " su sus tal tambien tan te tengo ti tiene toda todas todo todos tu tus un una unas uno unos usted ustedes va vamos y ya yo"
    .split())
SURNAMES_AFTER_TITLE = frozenset(
    "al so an do will may see can good great ho ha more most every last first such few next new thank down off over out up not".split())
PARTICLES = frozenset("de del la las los da das do dos di du van von der den bin ibn al el abu ben san santa st le y o mc mac ter".split())
PROPER = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat lunes martes miercoles jueves"
    " viernes sabado domingo january february march april may june july august september october november december jan feb mar"
    " apr jun jul aug sep sept oct nov dec enero febrero marzo mayo junio agosto septiembre octubre noviembre"
    " diciembre christmas thanksgiving easter halloween ramadan navidad pascua english spanish espanol ingles french creole"
    " arabic chinese mandarin cantonese vietnamese korean japanese tagalog russian polish portuguese hindi urdu somali swahili"
    " italian hmong haitian american americana americano mexican mexicano mexicana latino latina hispanic hispano african"
    " asian european british muslim catholic jewish mexico america usa us uk eeuu texas california florida york"
    " arizona nevada illinois ohio michigan puerto guatemala honduras colombia peru venezuela cuba dominicana chicago"
    " miami boston seattle denver atlanta medicare medicaid medi-cal aetna cigna humana kaiser"
    " permanente unitedhealthcare united bluecross blueshield anthem tricare obamacare walgreens cvs walmart costco rite-aid"
    " target amazon uber lyft google facebook yelp zoom mychart epic cerner doxy facetime whatsapp iphone android apple tylenol"
    " advil motrin ibuprofen aspirin benadryl lipitor zofran toradol dilaudid percocet vicodin norco ozempic wegovy mounjaro"
    " humira xarelto eliquis plavix synthroid prozac zoloft xanax ativan lantus keytruda botox insulin metformin lisinopril"
    " gabapentin prednisone warfarin heparin morphine oxycodone fentanyl epipen covid pfizer moderna zyrtec claritin nexium"
    " medicaid's alzheimer alzheimers parkinson parkinsons crohn crohns hodgkin hodgkins tourette asperger asperger's down downs"
    " bells hashimoto huntington huntingtons addison raynaud raynauds marfan foley hickman doppler pap apgar lamaze braille god"
    " dios lord bible wifi wi-fi tv internet email nhs er icu nicu mri ct xray x-ray ok gp gps mychart's bipap cpap pcr"
    " a&e hipaa ada cobra fmla ppo hmo eob ok obgyn ob-gyn lab labs ed or pt ot ent iv mri's bp aarp va dmv irs hsa fsa"
    " mcdonald's mcdonalds starbucks subway netflix youtube halal kosher".split())
EPONYMS = frozenset("alzheimer parkinson crohn hodgkin tourette asperger huntington addison raynaud marfan foley hickman graves cushing"
                    " lyme lou barrett meniere sjogren bell hashimoto wilson down turner klinefelter heimlich braden".split())
OF_EPONYMS = frozenset("disease syndrome syndromes palsy catheter lymphoma esophagus maneuver scale phenomenon thyroiditis chorea smear"
                       " gehrig enfermedad sindrome paralisis".split())
PLACES = frozenset("hospital hospitals clinic clinics clinica center centre building pavilion pharmacy farmacia medical health"
                   " healthcare insurance university campus institute foundation memorial".split())
DEEDS = frozenset(
    "was is were did does has had took takes helped helps explained came comes made makes called calls said told gave gives"
    " went answered listened checked worked works stayed sat held walked brought kept got knew treated cared handled fixed found"
    " drew drove greeted met who and also always never really deserves rocks rocked saved asked spoke talked showed put let at"
    " from in over fue es estuvo esta estaba me nos le hizo dio tomo ayudo explico llamo dijo atendio trato escucho vino siempre"
    " quien que y tiene merece contesto reviso llego cuido saco puso se trabaja resolvio".split())
SURE_DEEDS = frozenset(
    "helped explained answered listened checked stayed held brought treated handled greeted drew deserves rocks saved spoke was is took"
    " fue es estuvo ayudo explico atendio trato escucho contesto reviso cuido hizo resolvio me nos".split())
NOBODY = frozenset(
    "hope may will mark faith grace joy rose dawn summer autumn sunny bill frank gene pat sue art dean drew grant chase guy hank"
    " lance miles rusty sol sola solo segura leal justo justa bella bonita mayor nieto nieta buena bueno real grande mala vida luz mar cruz"
    " an so do in long see can call day best early main last more read short page price ward cook close hand sell head press care"
    " back ball bush bond case chance cross fine field good high hill holiday house law light little low love lovely mean means moon"
    " new noble nation north pace park piece place plan power quick rain rest rich ring rush sharp shine sweet small smart snow son"
    " song south spring stand steel still stock stone storm story street strong sun sweat swift true wall walls way west white wild"
    " winter wise wood word worth young green gray grey black brown blue gold golden silver king knight bishop pope judge major"
    " child christian church earnest junior senior merry mercy patience patient gay pearl curt clay ray van nick rob don angel"
    " angeles domingo santos casa casas rio rios torre campo campos calle flor flores reina rey reyes cabello sala salas ama vera"
    " una tu su mi esta nada hay ha han sana vista paz fe ira alma amado amada esperanza socorro remedios dolores milagro milagros soledad"
    " consuelo caridad gracia concha corazon mano mona cola piedra ventura victoria franco santo santa urbano modesto severo barba"
    " barrera bello blanco blanca cadena camara cano castillo corte corta costa cuevas delgado delgada espina fierro fuentes gallo guerra"
    " guerrero hierro iglesias infante ley limon madera mata mesa monte mora moral moreno morena muro ojo palma paredes parra partida pena"
    " pina pino prado precioso puente puentes regalado rico rica rojo rosado segura seguro sierra toro valle valles vega vela verdugo oro"
    " norma perla estrella estela celeste dulce lima luna justice ally brandy candy cherry ginger olive ivory opal amber iris violet art"
    " buddy lane reed forest brook brooks banks bass bell berry book booth bridge bridges brush buck bull burns butt camp card carver"
    " cash church coffee cotton course crane crow daily darling dear dial dollar driver duke eagle early east edge fair fish fisher"
    " fix flowers fox free freeman french friend fry gates gift glass gore hair hale ham hardy hart haven hood hook horn hunt hunter hurt"
    " key land lemon lent lock lord luck marks marsh masters meadows miller minor money moody moss nail north oh outlaw paint palm parents"
    " peace peak pepper person plant pleasant point pool post potter pound pounds pride prince queen race ready rice riddle rivers rock"
    " root rose ross rouse royal rust sage sales salt sands savage shade sheets shell shore singer sink sparks speed staples star stern"
    " stokes sutton tan temple thorn touch tower towns treat trust tuck valentine veal wait waits walker ware waters watt weather weeks"
    " welch welcome wells wheeler wick winters wolf woods wright yates less harsh said sang hung fay mae noble ok tai tam ma pa an hae"
    .split())
INTRODUCED_BY = frozenset("named llamo llama llaman llamada llamado llamaba llamaban nombrada nombrado apodado apodada attn atte signed firma"
                          " atentamente sincerely regards surname apellido".split())
INTRODUCED_BY_TWO = frozenset((
    ("name", "is"), ("name's", ""), ("name", "was"), ("names", "is"), ("nombre", "es"), ("nombre", "era"), ("goes", "by"), ("ask", "for"),
    ("asked", "for"), ("asking", "for"), ("pregunte", "por"), ("preguntar", "por"), ("pregunten", "por"), ("preguntando", "por"),
    ("name", "of"), ("apellido", "es"), ("apellidos", "es"), ("nombre", "de"), ("atentamente", ""), ("name", "tag"), ("de", "nombre"),
    ("call", "him"), ("call", "her"), ("calls", "him"), ("calls", "her"), ("him", "as"), ("her", "as"), ("known", "as"), ("call", "me"),
    ("calls", "me"), ("le", "dicen"), ("le", "decimos"), ("conocida", "como"), ("conocido", "como"), ("una", "tal"), ("atendio", ""), ("ayudo", ""), ("named", "her"), ("named", "him"), ("re", ""), ("regarding", ""), ("un", "tal"), ("el", "tal"), ("la", "tal"), ("certain", ""), ("by", "name"), ("love", ""), ("yours", ""), ("nombre", "")))
GREETED = frozenset("thanks gracias kudos shoutout props hi hello hey hola dear querida querido estimada estimado bless".split())
GREETED_BY_TWO = frozenset((
    ("thanks", "to"), ("thank", "you"), ("thank", "u"), ("gracias", "a"), ("mom", "of"), ("mother", "of"), ("mama", "de"), ("madre", "de"), ("is", "about"), ("seen", "by"), ("out", "to"), ("kudos", "to"), ("ask", "for"), ("spoke", "with"),
    ("spoke", "to"), ("talked", "to"), ("talked", "with"), ("met", "with"), ("i", "saw"), ("saludos", "a"), ("bendiga", "a"),
    ("hable", "con"), ("especially", ""), ("atendio", ""), ("bless", ""), ("helped", "by"), ("treated", "by"), ("atendida", "por"),
    ("atendido", "por"), ("felicitar", "a"), ("felicito", "a"), ("agradecer", "a"), ("agradezco", "a"), ("this", "is"), ("soy", ""), ("ayudo", ""), ("hablar", "con"),
    ("im", ""), ("i'm", ""), ("i", "am"), ("was", "dr"), ("hug", "to"), ("hugs", "to"), ("love", "to"), ("props", "to"), ("gracias", "senora")))
SOFT = frozenset("with by con saw especially con thank".split())
MONTHS_AS_NAMES = frozenset("april may june august summer autumn julio abril domingo german winter".split())
BEFORE_A_MONTH = frozenset("in of last since until till by next early late mid this every from en de desde hasta around through and or".split())
BEGINS = re.compile(r"[.!?:;\n\r•\"“”«»*|>¡¿…]|(?:^|\s)[-–—~]+\s*$")
ENDINGS = (
    "tion", "tions", "ology", "ologist", "ologists", "ectomy", "oscopy", "itis", "osis", "opathy", "plasty", "gram", "graphy", "therapy", "cillin",
    "statin", "prazole", "olol", "pril", "sartan", "mab", "azepam", "idine", "mycin", "oxacin", "azole", "formin", "tide", "gliptin", "mente", "cion",
    "ciones", "siones", "iendo", "aron", "ieron", "aban", "idad", "idades", "isimo", "isima", "isimos", "isimas", "abamos", "aste", "iste",
    "arnos", "adores", "ingly", "ances", "ences", "emia", "uria", "algia", "ectomies", "pathic", "logical",
)
"""Of learned words and verb forms that no list holds whole."""
STEM_ENDINGS = (
    "ing", "ed", "er", "ers", "ly", "ness", "ment", "ments", "able", "ible", "ful", "less", "ous", "ive", "ist", "ists", "ism", "ity", "ize", "izar", "ando",
    "me", "nos", "te", "se", "le", "les", "lo", "la", "los", "las", "melo", "mela", "selo", "sela", "noslo", "ito", "ita", "itos", "itas", "n't", "nt",
)
"""Of words whose stem is an ordinary one."""


_UNMARKED = str.maketrans({"’": "'", "‘": "'", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "ı": "i", "œ": "oe", "þ": "th"})


def plain(word: str) -> str:
    """A word in lower case, without accents."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFD", word.lower().translate(_UNMARKED))
    return "".join(sign for sign in apart if unicodedata.category(sign) != "Mn")


@cache
def _lists() -> dict[str, frozenset[str]]:
    held: dict[str, set[str]] = {}
    for file in ("names.txt", "ordinary.txt"):
        section = ""
        for line in files("twohats.store").joinpath(file).read_text("utf-8").splitlines():
            if line.startswith("["):
                section = line.strip("[]")
            elif not line.startswith("#"):
                held.setdefault(section, set()).update(line.split())
    return {
        "names": frozenset(held["given"] | held["family"]),
        "ambiguous": frozenset(held["ambiguous"]),
        "everyday": frozenset(held["everyday"]),
        "called": frozenset(held["called"]),
        "ordinary": frozenset(held["english"] | held["spanish"] | held["talk"]),
    }


@lru_cache(maxsize=1 << 16)
def word(written: str) -> Word:
    """What one spelling can be."""
    if len(written) > LONGEST:
        return Word("", Is.ORDINARY, Case.LOWER, len(written), False)
    key, length = plain(written), len(written)
    if key.endswith("'s"):
        key, length = key[:-2], length - 2
    held = _lists()
    if key not in held["names"] and key.endswith("s") and key[:-1] in held["names"] and len(key) > 4 and key not in held["ordinary"]:
        key = key[:-1]
    can_be = _can_be(key)
    case = _case(written[:length])
    if "-" in key and _BOTH_CAPITAL.fullmatch(written) and key.split("-")[0] not in _PREFIXES:
        parts = key.split("-")
        if any(part in held["names"] for part in parts):
            can_be |= Is.NAME
        elif any(part not in held["ordinary"] or len(part) < 3 for part in parts):
            can_be &= ~Is.ORDINARY
    if case == Case.LOWER and len(key) > 3 and not can_be & Is.NAME and _ENDS_AS_VERB.search(written):
        can_be |= Is.ORDINARY
    may = not (can_be & Is.CLOSED and key not in SURNAMES_AFTER_TITLE) and (
        case != Case.LOWER or bool(can_be & (Is.NAME | Is.AMBIGUOUS | Is.EVERYDAY)) or not can_be & Is.ORDINARY or key in PARTICLES
    )
    if len(key) == 1 and key.isascii() and key not in _LETTER_WORDS:
        may, case = True, case or Case.LETTER
    if case & Case.LETTER:
        may = True
    if key in PARTICLES and case == Case.LOWER:
        may = False
    return Word(key, can_be, case, length, may)


_BOTH_CAPITAL = re.compile(r"[^\W\d_a-z][a-zà-ÿ]+(?:-[^\W\d_a-z][a-zà-ÿ]+)+(?:'s)?")
_ENDS_AS_VERB = re.compile("(?:[óéíá]|ía[ns]?|íamos|[áéí]s|ón|ción)$")
_LETTER_WORDS = frozenset("aiyoeu")


def _case(written: str) -> int:
    if not written[:1].isupper():
        return Case.LOWER
    if len(written) == 1:
        return Case.LETTER | Case.CAPITAL
    return Case.CAPITAL | Case.ALL_CAPITALS if written.isupper() else Case.CAPITAL


def _can_be(key: str) -> int:
    held = _lists()
    can_be = 0
    if key in held["names"] or _is_double_name(key):
        can_be |= Is.NAME
    if key in held["ambiguous"]:
        can_be |= Is.AMBIGUOUS
    if key in held["everyday"]:
        can_be |= Is.EVERYDAY
    if key in held["called"]:
        can_be |= Is.GIVEN
    if key in CLOSED:
        can_be |= Is.CLOSED
    if key in TITLES:
        can_be |= Is.TITLE
    if key in ROLES:
        can_be |= Is.ROLE
    if key in PROPER:
        can_be |= Is.PROPER
    if key in PARTICLES:
        can_be |= Is.PARTICLE
    if key in NOBODY:
        can_be |= Is.NOBODY
    if key in DEEDS:
        can_be |= Is.DEED
    if key in PLACES:
        can_be |= Is.PLACE
    if can_be & (Is.CLOSED | Is.TITLE | Is.ROLE) or _is_ordinary(key):
        can_be |= Is.ORDINARY
    if can_be & Is.PROPER and not can_be & Is.AMBIGUOUS:
        can_be &= ~Is.NAME
    return can_be


def _is_double_name(key: str) -> bool:
    held = _lists()
    if re.search(r"(.)\1\1", key):
        return re.sub(r"(.)\1{2,}", r"\1", key) in held["names"]
    parts = re.split(r"['-]", key)
    if len(parts) < 2:
        return False
    if key.replace("'", "") in held["names"]:
        return True
    if parts[0] in {"o", "d", "al", "el"} and "'" + parts[0] not in key and len(parts) == 2 and len(parts[1]) > 3:
        return parts[1] in held["names"] or parts[1] in held["ambiguous"] or parts[1] not in held["ordinary"]
    named = [part in held["names"] or part in held["ambiguous"] or part in held["everyday"] for part in parts]
    return all(named) or any(part in held["names"] for part in parts) and all(
        name or part not in held["ordinary"] for name, part in zip(named, parts, strict=True))


def _is_ordinary(key: str) -> bool:
    ordinary = _lists()["ordinary"]
    if key in ordinary or key.replace("'", "") in ordinary:
        return True
    if not key.isascii() or len(key) < 2:
        return True  # scripts without capitals: only known names are found in them
    if key.endswith("n't") and key[:-3] + "n" != key:
        return key[:-3] in ordinary or key[:-3] in CLOSED or key[:-2] in ordinary
    if "'" in key:
        base, _, end = key.rpartition("'")
        return end in {"s", "t", "ll", "ve", "re", "d", "m", "n", "em", "all"} and _is_ordinary(base)
    if "-" in key:
        parts = [part for part in key.split("-") if part]
        return not parts or parts[0] in ordinary or parts[0] in _PREFIXES or all(part in ordinary for part in parts)
    if len(key) > 4 and key.endswith("s") and key[:-1] in ordinary or len(key) > 5 and key.endswith(ENDINGS):
        return True
    if len(key) > 4 and re.search(r"[aeiín]r(?:me|te|se|nos|l[eoa]s?|(?:me|te|se)l[oa]s?)$", key) and re.split(r"(?<=r)(?=[mtsnl])", key)[0] in ordinary:
        return True
    return len(key) > 5 and any(
        key.endswith(end) and _is_stem(key[: -len(end)]) for end in STEM_ENDINGS if len(key) - len(end) > 2
    )


def _is_stem(stem: str) -> bool:
    ordinary = _lists()["ordinary"]
    return any(one in ordinary for one in (stem, stem + "e", stem + "o", stem + "a", stem + "y")) or (
        stem[-1] == stem[-2] and stem[:-1] in ordinary) or stem.endswith("i") and stem[:-1] + "y" in ordinary


_PREFIXES = frozenset("co re pre post non anti multi semi self ex x e t a un over under out in on off up mid bi tri tele".split())


@lru_cache(maxsize=1 << 12)
def misspelt(key: str) -> bool:
    """True for a word one slip away from an ordinary one, or written with letters drawn out."""
    ordinary, names = _lists()["ordinary"], _lists()["names"]
    if re.search(r"(.)\1\1", key):
        return True
    if len(key) > 5 and any(key[:place] + letter + key[place + 1 :] in names for place in range(1, len(key)) for letter in "aeiouyszchkn"):
        return False
    if len(key) < 6:
        return any(
            key[place] == key[place - 1] and key[:place] + key[place + 1 :] in ordinary
            or key[: place - 1] + key[place] + key[place - 1] + key[place + 1 :] in ordinary
            for place in range(1, len(key))
        )
    cuts = [(key[:place], key[place:]) for place in range(len(key) + 1)]
    letters = "abcdefghijklmnopqrstuvwxyz"
    return (
        any(left + right[1:] in ordinary for left, right in cuts if right)
        or any(left + right[1] + right[0] + right[2:] in ordinary for left, right in cuts if len(right) > 1)
        or (len(key) > 5 and any(left + letter + right[1:] in ordinary for left, right in cuts if right for letter in letters))
        or (len(key) > 4 and any(left + letter + right in ordinary for left, right in cuts for letter in letters))
        or any(
            (left in CLOSED and right in ordinary or right in CLOSED and left in ordinary) and min(len(left), len(right)) > 1 for left, right in cuts)
    )


class _Reading:
    """One text, word by word, with what was taken for a name so far."""

    def __init__(self, text: str, known: frozenset[str]) -> None:
        self.text = text
        self.known = known
        self.matches = list(WORD.finditer(text))
        self.words = [word(match[0]) for match in self.matches]
        self.taken = [False] * len(self.words)
        self.capitals_tell = self._capitals_tell()
        self.has_no_capitals = not self.capitals_tell or not any(
            one.case & Case.CAPITAL and not one.case & (Case.ALL_CAPITALS | Case.LETTER) and not self.begins(place)
            for place, one in enumerate(self.words))

    def _capitals_tell(self) -> bool:
        """False where most words have a capital, or all are in capitals."""
        longer = [one for one in self.words if one.length > 1 or one.case == Case.LOWER]
        if not longer:
            return False
        capital = sum(
            1 for one in longer
            if one.case & Case.CAPITAL and not one.can_be & (Is.NAME | Is.TITLE | Is.GIVEN) and not (one.case & Case.ALL_CAPITALS and one.length < 6)
        )
        shouted = sum(1 for one in longer if one.case & Case.ALL_CAPITALS)
        return shouted * 2 <= len(longer) and (len(longer) < 4 or capital * 2 < len(longer))

    def gap(self, place: int) -> str:
        """What stands between a word and the one before it."""
        if not 0 < place < len(self.words):
            return "\n"
        return self.text[self.matches[place - 1].end() : self.matches[place].start()]

    def begins(self, place: int) -> bool:
        """True for the first word of a sentence, a quotation or a line."""
        if place == 0:
            return True
        gap = self.gap(place)
        before = self.words[place - 1]
        if gap.strip() == "." and (before.can_be & Is.TITLE or before.case & Case.LETTER or before.plain in {"st", "ft"}):
            return False
        return BEGINS.search(gap) is not None

    def close(self, place: int) -> bool:
        """True where only a space, a hyphen or the point of an initial lies before this word."""
        return place > 0 and self.gap(place).strip(" \t\xa0.-_’'") == "" and "\n" not in self.gap(place) and (
            "." not in self.gap(place) or not self.begins(place)
        )

    def at(self, place: int) -> Word:
        """The word there; an empty one outside the text."""
        return self.words[place] if 0 <= place < len(self.words) else _NONE

    def namelike(self, place: int) -> bool:
        """True where a name was taken, or hardly anything but a name stands."""
        return 0 <= place < len(self.words) and (self.taken[place] or bool(self.words[place].can_be & Is.NAME))

    def read(self) -> None:
        """Takes every name, from left to right."""
        for place, one in enumerate(self.words):
            if (one.may or self.known and self._is_known(place) or one.plain in _SUFFIXES or one.plain in _SHORTENED or one.plain in _BEFORE_NICKNAMES) and not self.taken[place] and self.is_name(place, one):
                self.taken[place] = True
                self._take_particles(place)
        self._take_again()

    def _take_again(self) -> None:
        """Takes a name wherever it stands with a capital again, and in lower case where it is no ordinary word."""
        names = {one.plain for one, taken in zip(self.words, self.taken, strict=True)
                 if taken and one.case & Case.CAPITAL and len(one.plain) > 2 and not one.can_be & (Is.CLOSED | Is.PARTICLE)}
        for place, one in enumerate(self.words):
            if one.plain in names and not self.taken[place] and (
                not one.can_be & Is.ORDINARY or one.case & Case.CAPITAL and self.capitals_tell and self._stands_alone(place)
            ):
                self.taken[place] = True

    def _stands_alone(self, place: int) -> bool:
        """True inside a sentence, before a sign, and where what follows tells of somebody: "Penny pinchers" is nobody."""
        return not self.begins(place) or self.gap(place + 1)[:1] not in {" ", "\xa0"} or self._is_told_of(place)

    def _take_particles(self, place: int) -> None:
        """Takes "de la" where it ties two parts of one name."""
        back = place
        while self.at(back - 1).can_be & Is.PARTICLE and self.close(back) and back > 0:
            back -= 1
        tied = back > 0 and self.close(back) and (self.taken[back - 1] or self.at(back - 1).can_be & Is.TITLE)
        if back < place and not tied and (
            self.at(place - 1).plain in _FOREIGN or self.at(place - 1).case & Case.CAPITAL and self.capitals_tell and not self.begins(place - 1)):
            tied, back = True, max(back, place - 1 - (self.at(place - 2).plain in _FOREIGN))
        if back < place and tied:
            for between in range(back, place):
                self.taken[between] = True

    def is_name(self, place: int, one: Word) -> bool:
        """The rules, the surest first."""
        can_be = one.can_be
        if self._is_known(place) and (
            self._known_stands(place, one)
            or any(self._is_known(beside) and self.close(max(place, beside)) for beside in (place - 1, place + 1))
        ):
            return True
        if self.known and one.may and not one.can_be & Is.ORDINARY and _is_short_for(one.plain, self.known):
            return True
        if one.plain in _BEFORE_NICKNAMES and one.case & Case.CAPITAL and self.capitals_tell and self.close(place + 1) and (
            self.at(place + 1).can_be & (Is.NAME | Is.GIVEN) and self.at(place + 1).case & Case.CAPITAL):
            return True
        if one.plain in _SHORTENED and one.case & Case.CAPITAL and self.at(place + 1).can_be & Is.NAME and self.gap(place + 1).startswith("."):
            return True
        if one.plain in _SUFFIXES and place and self.taken[place - 1]:
            return one.case & Case.CAPITAL > 0 and self.gap(place).strip(" ,.") == ""
        if not one.may:
            return False
        if can_be & Is.NAME and not self._is_no_person(place, one):
            return True
        if one.case & Case.LETTER:
            return self._is_initial(place, one)
        return (
            self._follows_title(place, one)
            or self._is_introduced(place, one)
            or self._beside_a_name(place, one)
            or (bool(one.case & Case.CAPITAL) and self._has_telling_capital(place, one))
            or self._is_lower_after_cue(place, one)
        )

    def _is_known(self, place: int) -> bool:
        key = self.at(place).plain
        return key in self.known or "-" in key and not self.known.isdisjoint(key.split("-"))

    def _known_stands(self, place: int, one: Word) -> bool:
        if not one.can_be & (Is.CLOSED | Is.AMBIGUOUS | Is.EVERYDAY | Is.ORDINARY):
            return True
        capital = one.case & Case.CAPITAL and self.capitals_tell
        if capital and not self.begins(place):
            return not self._is_month(place, one)
        before = self.at(place - 1)
        if capital and self._is_told_of(place):
            return True
        if self.close(place) and (before.can_be & (Is.TITLE | Is.ROLE) or self.namelike(place - 1)):
            return not (one.case == Case.LOWER and before.can_be & Is.ROLE and one.can_be & Is.CLOSED)
        if self.close(place + 1) and self.namelike(place + 1) and (capital or not one.can_be & Is.CLOSED):
            return True
        if one.can_be & Is.CLOSED:
            told = one.plain == "will" and self.at(place + 1).plain in {"from", "at", "in"}
            return told or bool(capital) and self._is_closed_name(place, one)
        if self._is_introduced(place, one) or self._is_lower_after_cue(place, one):
            return True
        return self.has_no_capitals and self._is_told_of(place) and self.at(place + 1).plain not in {"de", "del", "la", "el", "de", "that"}

    def _is_no_person(self, place: int, one: Word) -> bool:
        """A disease, a hospital, a ward or a street that bears a name."""
        after = self.at(place + 1)
        if one.plain in EPONYMS and after.plain in OF_EPONYMS:
            return True
        return (
            bool(after.can_be & Is.PLACE)
            and bool(one.case & Case.CAPITAL)
            and bool(after.case & Case.CAPITAL)
            and self.close(place + 1)
            and not self.at(place - 1).can_be & (Is.TITLE | Is.ROLE)
            and self.capitals_tell
        )

    def _is_month(self, place: int, one: Word) -> bool:
        return one.plain in MONTHS_AS_NAMES and self.at(place - 1).plain in BEFORE_A_MONTH and not self.namelike(place - 2)

    def _is_initial(self, place: int, one: Word) -> bool:
        """A letter after a title or a name, or with its point before one."""
        before, after_gap = self.at(place - 1), self.text[self.matches[place].end() : self.matches[place].end() + 1]
        if not one.case & Case.CAPITAL:
            return self.close(place) and bool(before.can_be & Is.TITLE) and before.plain != "ma"
        if self.close(place) and (before.can_be & Is.TITLE or (self.taken[place - 1] if place else False)):
            return one.plain not in _LETTER_WORDS or after_gap == "."
        if self.close(place) and before.can_be & Is.ROLE and after_gap in {".", ""} and one.plain != "i":
            return True
        dotted = after_gap == "." or one.plain not in _LETTER_WORDS
        after = self.at(place + 1)
        if self._are_dotted_initials(place) or self._signs(place):
            return True
        if not dotted or not self.close(place + 1):
            return False
        if after.case & Case.LETTER:
            return self._initials_end_in_name(place + 1)
        return bool(after.case & Case.CAPITAL) and (
            bool(after.can_be & (Is.NAME | Is.AMBIGUOUS | Is.EVERYDAY)) or not after.can_be & (Is.ORDINARY | Is.PROPER)
        )

    def _are_dotted_initials(self, place: int) -> bool:
        """"R.J." where what follows tells of somebody."""
        first = place if self.matches[place].end() + 1 < len(self.text) and self.gap(place + 1) in {".", ". "} else place - 1
        second = first + 1
        if first < 0 or not self.at(first).case & self.at(second).case & Case.LETTER or self.gap(second) not in {".", ". "}:
            return False
        while first > 0 and self.at(first - 1).case & Case.LETTER and self.gap(first) in {".", ". "}:
            first -= 1
        while self.at(second + 1).case & Case.LETTER and self.gap(second + 1) in {".", ". "}:
            second += 1
        letters = "".join(one.plain for one in self.words[first : second + 1])
        return letters not in _SHORT_FORMS and letters[:2] not in {"am", "pm"}

    def _signs(self, place: int) -> bool:
        """A letter that stands for a name: "signed, L.", "initials K"."""
        before = self.at(place - 1).plain
        ends = place + 1 == len(self.words) or self.begins(place + 1)
        return ends and (before in _SIGNED_BY or re.search(r"[-–—~]\s*$", self.gap(place)) is not None and place > 0)

    def _initials_end_in_name(self, place: int) -> bool:
        after = self.at(place + 1)
        return self.close(place + 1) and bool(after.case & Case.CAPITAL) and bool(
            after.can_be & (Is.NAME | Is.AMBIGUOUS | Is.EVERYDAY) or not after.can_be & (Is.ORDINARY | Is.PROPER))

    def _title_before(self, place: int) -> Word:
        """The title or role right before this word, over initials and particles that belong to the name."""
        back = place - 1
        while back >= 0 and self.close(back + 1) and self.at(back).can_be & Is.PARTICLE and not self.at(back).can_be & (Is.TITLE | Is.ROLE):
            back -= 1
        return self.at(back) if back >= 0 and self.close(back + 1) else _NONE

    def _follows_title(self, place: int, one: Word) -> bool:
        title = self._title_before(place)
        if not title.can_be & (Is.TITLE | Is.ROLE):
            return False
        over_particles = title is not self.at(place - 1)
        named_so = one.can_be & (Is.AMBIGUOUS | Is.EVERYDAY)
        capital = one.case & Case.CAPITAL and self.capitals_tell
        if one.can_be & (Is.TITLE | Is.ROLE | Is.PLACE) and not named_so:
            return False
        if one.can_be & Is.CLOSED:
            return bool(capital) and one.plain in SURNAMES_AFTER_TITLE and bool(title.can_be & Is.TITLE) and not over_particles
        unknown = not one.can_be & (Is.ORDINARY | Is.PROPER)
        if title.can_be & Is.TITLE and capital:
            return bool(named_so or unknown or (not over_particles and not one.can_be & Is.PROPER and title.case & Case.CAPITAL
                                                and not one.case & Case.ALL_CAPITALS))
        if title.plain in ALWAYS_PEOPLE and not over_particles:
            return bool(named_so or unknown) or len(one.plain) > 3 and not one.can_be & (Is.DEED | Is.PROPER) and title.plain in {
                "mr", "mrs", "ms", "sra", "srta", "sr"}
        if capital:
            return bool(named_so or unknown) or (
                title.plain in {"nurse", "enfermera", "enfermero"} and not over_particles and not one.can_be & (Is.PROPER | Is.DEED)
                and not one.case & Case.ALL_CAPITALS and one.plain not in _AFTER_NURSE)
        if unknown:
            return not misspelt(one.plain) or bool(title.can_be & Is.TITLE) and len(one.plain) > 2 and self.at(place + 1).can_be & Is.DEED > 0
        if (title.can_be & Is.TITLE or title.plain == "nurse" and self._ends_or_deed(place)) and not over_particles:
            return bool(named_so) and (one.plain not in _VERBS or self.at(place + 1).plain in SURE_DEEDS or place + 1 == len(self.words))
        return bool(named_so) and not one.can_be & (Is.NOBODY | Is.EVERYDAY) or (
            bool(named_so) and one.can_be & Is.GIVEN and bool(title.can_be & Is.ROLE) and not over_particles)

    def _is_introduced(self, place: int, one: Word) -> bool:
        """After "my name is", "me llamo", "named", "ask for"."""
        before, earlier = self.at(place - 1).plain, self.at(place - 2).plain
        if not (before in INTRODUCED_BY or (earlier, before) in INTRODUCED_BY_TWO or (before, "") in INTRODUCED_BY_TWO):
            return before == "called" and bool(one.case & Case.CAPITAL) and self.capitals_tell and not one.can_be & (Is.ORDINARY | Is.PROPER)
        if self.gap(place).strip(" ,:.-\n'\"“") or one.can_be & (Is.CLOSED | Is.PROPER | Is.ROLE | Is.TITLE) and not one.can_be & Is.GIVEN:
            return False
        named_so = one.can_be & (Is.AMBIGUOUS | Is.EVERYDAY)
        if one.case & Case.CAPITAL and self.capitals_tell:
            return True
        return bool(named_so) or not one.can_be & Is.ORDINARY

    def _beside_a_name(self, place: int, one: Word) -> bool:
        """A second name right after one, or a first name right before one."""
        if one.can_be & (Is.CLOSED | Is.TITLE) or one.can_be & Is.ROLE and not one.can_be & (Is.AMBIGUOUS | Is.EVERYDAY):
            return False
        named_so = one.can_be & (Is.AMBIGUOUS | Is.EVERYDAY)
        unknown = not one.can_be & (Is.ORDINARY | Is.PROPER)
        capital = one.case & Case.CAPITAL and self.capitals_tell
        follows = self.close(place) and self.taken[place - 1]
        if follows:
            if capital:
                return bool(named_so or unknown) or not one.can_be & (Is.ROLE | Is.PROPER | Is.PLACE) and not one.case & Case.ALL_CAPITALS
            return (bool(named_so) and one.plain not in _VERBS and (not one.can_be & Is.NOBODY or self._ends_or_deed(place))) or (
                unknown and len(one.plain) > 2 and not misspelt(one.plain))
        if self._after_particle(place):
            return bool(capital) or one.plain in _AFTER_DE or bool(named_so) and not one.can_be & Is.NOBODY
        if named_so and capital and self.gap(place + 1).strip(" ") == "," and self.namelike(place + 1) and self.at(place + 1).case & Case.CAPITAL:
            return not one.can_be & Is.ROLE
        after = self.at(place + 1)
        if named_so and capital and self.close(place + 1) and after.case & Case.CAPITAL and not after.case & Case.LETTER and (
            after.can_be & Is.AMBIGUOUS or not after.can_be & (Is.ORDINARY | Is.PROPER)) and one.can_be & Is.GIVEN:
            return True
        if self.close(place + 1) and self.namelike(place + 1) and named_so:
            return bool(capital) and one.plain not in _VERBS or not one.can_be & Is.NOBODY and not one.can_be & Is.EVERYDAY
        return self._joined_by_and(place, one)

    def _ends_or_deed(self, place: int) -> bool:
        return place + 1 == len(self.words) or bool(self.at(place + 1).can_be & (Is.DEED | Is.CLOSED)) or self.begins(place + 1)

    def _after_particle(self, place: int) -> bool:
        back = place
        while back > 0 and self.close(back) and self.at(back - 1).can_be & Is.PARTICLE and not self.taken[back - 1]:
            back -= 1
        return 0 < back < place and self.close(back) and self.taken[back - 1]

    def _joined_by_and(self, place: int, one: Word) -> bool:
        """"ana y rosa": an ambiguous or unknown word tied to a name."""
        if one.case & Case.CAPITAL and self.capitals_tell:
            named = bool(one.can_be & (Is.AMBIGUOUS | Is.EVERYDAY)) or not one.can_be & (Is.ORDINARY | Is.PROPER)
            return named and (
                (self.at(place + 1).plain in _AND and self.close(place + 2) and (self.namelike(place + 2) or bool(
                    self.at(place + 2).can_be & Is.GIVEN and self.at(place + 2).case & Case.CAPITAL)))
                or (self.at(place - 1).plain in _AND and place > 1 and self.taken[place - 2]))
        tied = (self.at(place - 1).plain in _AND and place > 1 and self.taken[place - 2] and self.close(place) and self.close(place - 1)) or (
            self.at(place + 1).plain in _AND and self.namelike(place + 2) and self.close(place + 1) and self.close(place + 2))
        if not tied:
            return False
        ambiguous = one.can_be & Is.AMBIGUOUS and (not one.can_be & Is.NOBODY or one.can_be & Is.GIVEN)
        return bool(ambiguous) or not one.can_be & (Is.ORDINARY | Is.PROPER) and len(one.plain) > 3 and not misspelt(one.plain)

    def _has_telling_capital(self, place: int, one: Word) -> bool:
        """A capital that the place in the sentence does not explain."""
        if one.plain in {"will", "may", "an", "so", "al", "do", "ha"}:
            return self._is_closed_name(place, one)
        if one.can_be & (Is.CLOSED | Is.TITLE | Is.ROLE) and not one.can_be & Is.AMBIGUOUS:
            return False
        unknown = not one.can_be & (Is.ORDINARY | Is.PROPER)
        named_so = one.can_be & Is.AMBIGUOUS or one.can_be & Is.EVERYDAY and one.can_be & Is.GIVEN
        ambiguous = bool(named_so) and not self._is_month(place, one)
        if self._is_nickname(place, one):
            return True
        if not (unknown or ambiguous) or self._is_no_person(place, one):
            return False
        if one.case & Case.ALL_CAPITALS:
            return self.capitals_tell and len(one.plain) > 2 and (ambiguous or len(one.plain) > 4) and self._is_told_of(place)
        if not self.capitals_tell:
            return unknown and len(one.plain) > 3 and not self._shouted() and not misspelt(one.plain)
        if not self.begins(place):
            return True
        alone = place + 1 == len(self.words) or self.begins(place + 1)
        if self._is_signature(place):
            return True
        if unknown:
            stands = alone or self._is_told_of(place) or self.gap(place + 1).startswith(",")
            return (stands and len(one.plain) < 6) or not misspelt(one.plain)
        if one.can_be & Is.GIVEN and (self._is_owner(place) or self.gap(place + 1).startswith(",") or self._is_quoted(place)):
            return True
        return self._is_told_of(place) or bool(one.can_be & Is.GIVEN) and self.at(place + 1).plain in (
            _AFTER_VERBS if one.plain in _VERBS else _AFTER_NAMES) and not self.gap(place + 1).strip(" ")

    def _is_owner(self, place: int) -> bool:
        return len(self.matches[place][0]) > self.words[place].length

    def _is_quoted(self, place: int) -> bool:
        return self.gap(place)[-1:] in "\"“«'(" and self.gap(place + 1)[:1] in "\"”»')" and self.gap(place + 1) != "\n" and place > 0

    def _is_closed_name(self, place: int, one: Word) -> bool:
        """ "Will was", "An from the lab": what no sentence would say of the word."""
        if not self.capitals_tell or one.case & Case.ALL_CAPITALS or self._is_month(place, one):
            return False
        if not self.begins(place):
            return one.plain in {"will", "may", "al"} or self._is_told_of(place) and one.plain not in {"do", "so"}
        after = self.at(place + 1)
        if after.can_be & Is.NAME and after.case & Case.CAPITAL:
            return one.plain == "will" or bool(self.at(place + 2).can_be & Is.DEED)
        if one.plain in {"so", "do"}:
            return False
        return after.plain in SURE_DEEDS or after.plain in _AFTER_WILL or after.plain in {"from", "at"} or self.gap(place + 1).strip() == "," and after.plain in _SAYS_WHO

    def _is_told_of(self, place: int) -> bool:
        """True where what follows tells of somebody: "was", "at the desk", ", the guard", "de la farmacia"."""
        after, gap = self.at(place + 1), self.gap(place + 1)
        if gap.strip() == ",":
            return after.plain in _SAYS_WHO or bool(after.can_be & Is.ROLE)
        if gap.strip(" \t"):
            return False
        if after.plain in {"the", "our", "el", "la"} and self.at(place + 2).can_be & Is.ROLE:
            return True
        if after.plain in _SAYS_WHERE:
            return self.at(place + 2).plain != "the" or self.at(place + 3).plain not in {"morning", "afternoon", "evening", "end", "meantime"}
        return bool(after.can_be & Is.DEED) and after.plain not in {"and", "y", "que", "se", "over"} or (
            (not self.words[place].can_be & Is.NOBODY or bool(self.words[place].can_be & Is.GIVEN)) and self._is_past(place + 1))

    def _is_past(self, place: int) -> bool:
        """A verb of what somebody did, by its ending."""
        after = self.at(place)
        written = self.matches[place][0] if place < len(self.words) else ""
        return after.case == Case.LOWER and len(written) > 3 and (
            written.endswith(("ed", "ó")) or written.endswith("s") and after.plain.removesuffix("s") in _VERBS_OF_PEOPLE or after.plain in _PAST)

    def _is_nickname(self, place: int, one: Word) -> bool:
        """An ordinary word with a capital that did something: "when Peaches came"; after kin also without."""
        if not self.capitals_tell or self.begins(place) or one.case & Case.ALL_CAPITALS or not one.case & Case.CAPITAL:
            return False
        if one.can_be & (Is.CLOSED | Is.TITLE | Is.ROLE | Is.PROPER | Is.PLACE) or not self.close(place):
            return False
        before = self.at(place - 1)
        if before.plain in KIN:
            return True
        return bool(before.can_be & Is.CLOSED) and before.plain not in _DETERMINERS and not self.gap(place + 1).strip(" ") and (
            self.at(place + 1).plain in SURE_DEEDS | _AFTER_VERBS - {"can", "will"} or self._is_past(place + 1))

    def _stands_as_person(self, place: int, opens: bool, earlier: str, before: str) -> bool:
        """Where a text has no capitals: a name that is a word too, where nothing but a person fits."""
        after, gap = self.at(place + 1), self.gap(place + 1).strip(" ")
        ends = place + 1 == len(self.words) or self.begins(place + 1) or after.plain in {"i", "and", "y", "who", "thank", "thanks", "que"}
        if self.gap(place).strip() == ",":
            return gap == "," and bool(self.at(place - 1).can_be & Is.ROLE)
        if after.plain in {"who", "quien"} or (earlier, before) in _PERSON_WAS and ends:
            return True
        if before in _TOLD and ends:
            return True
        if not gap and after.can_be & (Is.NAME | Is.AMBIGUOUS | Is.EVERYDAY) and not after.can_be & Is.GIVEN and self.close(place + 1):
            return after.can_be & Is.NAME > 0 or bool(self.at(place + 2).can_be & (Is.DEED | Is.CLOSED)) and one_is_no_verb(self.words[place])
        if not opens or gap or not one_is_no_verb(self.words[place]):
            return False
        if after.plain in {"de", "del", "en", "la"}:
            return bool({self.at(place + 2).plain, self.at(place + 3).plain} & _DEPARTMENTS)
        return self._is_past(place + 1) or after.plain == "se" or after.plain in _AFTER_VERBS

    def _is_told_plainly(self, place: int) -> bool:
        """"rose in the lab", "mark at the desk", "hope helped": said of a person even without a capital."""
        after, next_after = self.at(place + 1), self.at(place + 2)
        if self.gap(place + 1).strip(" \t"):
            return False
        if self.words[place].can_be & Is.ORDINARY and after.plain in _AND and self.at(place + 2).can_be & Is.GIVEN:
            return self.words[place].plain not in _VERBS and next_after.plain not in _VERBS
        if after.plain in {"at", "from", "in", "on"}:
            return next_after.plain not in _NO_PLACE and not (after.plain == "on" and not next_after.plain == "the") and (
                after.plain != "in" or not next_after.can_be & Is.CLOSED or self.at(place + 3).can_be & Is.ORDINARY > 0)
        if after.plain in {"me", "nos", "se", "le"}:
            return self._is_past(place + 2) or bool(next_after.can_be & Is.DEED)
        return after.plain in SURE_DEEDS - {"is", "was", "es", "fue", "me", "nos"} or (
            after.plain in {"is", "was", "es", "fue"} and (not self.words[place].can_be & Is.NOBODY or next_after.plain in _KIND))

    def _shouted(self) -> bool:
        return any(one.case & Case.ALL_CAPITALS for one in self.words)

    def _is_signature(self, place: int) -> bool:
        """The last word or two, after a dash or on a line of their own."""
        if place + 2 < len(self.words) or place == 0:
            return False
        return re.search(r"[-–—~\n]\s*$", self.gap(place)) is not None

    def _is_lower_after_cue(self, place: int, one: Word) -> bool:
        """After "thanks to", "with": where capitals say nothing, or were not used."""
        if one.case & Case.CAPITAL and self.capitals_tell and not self.begins(place):
            return False
        if one.can_be & (Is.CLOSED | Is.TITLE | Is.ROLE) or one.can_be & (Is.PROPER | Is.GIVEN) == Is.PROPER:
            return False
        before, earlier = self.at(place - 1).plain, self.at(place - 2).plain
        if place and not self.close(place) and self.gap(place).strip() != ",":
            before = earlier = ""
        greeted = (earlier, before) in GREETED_BY_TWO or (before, "") in GREETED_BY_TWO or before in GREETED
        opens = self.begins(place) or before in _OPENS
        unknown = not one.can_be & Is.ORDINARY and len(one.plain) > 2 and not misspelt(one.plain)
        if opens and (one.can_be & Is.GIVEN and one.plain != "bill" or unknown) and self._is_told_plainly(place):
            return True
        if self.has_no_capitals and unknown and len(one.plain) > 3:
            return True
        if self.has_no_capitals and one.can_be & Is.GIVEN and one.plain != "bill" and self._stands_as_person(place, opens, earlier, before):
            return True
        if not one.can_be & Is.ORDINARY:
            if len(one.plain) < 3 or misspelt(one.plain):
                return False
            return greeted or before in SOFT or (place == 0 and self.at(1).plain in SURE_DEEDS and len(one.plain) > 3)
        return greeted and bool(one.can_be & Is.AMBIGUOUS) and (
            not one.can_be & Is.NOBODY or one.can_be & Is.GIVEN and (self._ends_or_deed(place) or self.at(place + 1).can_be & (Is.NAME | Is.AMBIGUOUS) > 0))


_SAYS_WHO = frozenset("my our the a an who la el mi nuestra nuestro una un quien your you thank thanks gracias te usted de from her his".split())
_SAYS_WHERE = frozenset("in en at from over our my de del la el who quien nuestra nuestro mi".split())
_AFTER_NURSE = frozenset(
    "practitioner practitioners educator care call calls advice visit visits team staff station line triage hotline office help led leader in"
    " jefa general titulada tried never always".split())
_DETERMINERS = frozenset(
    "the a an this that these those my your his her our their its every each some any no all more most other same first next last new"
    " good great el la los las un una unos unas mi su tu este esta ese esa cada toda todo otra otro gran del al".split())
_AFTER_VERBS = frozenset("can could would should must has had will always never siempre nunca puede".split())
_AFTER_NAMES = _AFTER_VERBS | frozenset(
    "really also still just even on with again too alone who puede sabe tambien no ni anda trae hace dice da pone explica ayuda atiende escucha"
    " habla cuida maneja limpia canta cocina contesta revisa llama llega sigue va".split())
_AFTER_WILL = frozenset("will did does has had says said came went made gave told knows".split())
_VERBS_OF_PEOPLE = frozenset(
    "know sing make take give say tell help listen smile care work call drive bring keep answer explain deserve rock need want think speak talk"
    " look sound seem run get do try like love sit stand wait laugh joke draw read write teach feel see hear treat go come".split())
_PAST = frozenset(
    "flew won lost sang ran wrote rang sat stood saw heard felt taught spoke broke drove found caught thought brought threw began knew woke"
    " swore sent read let cried tried fought hid rode sold wore paid meant left no nunca tambien ya".split())
_BEFORE_NICKNAMES = frozenset("big little lil old ol mama papa baby tiny crazy gran".split())
_SIGNED_BY = frozenset("signed named called initials initial iniciales llamo llama firma atte soy regards sincerely".split())
_SHORT_FORMS = frozenset(
    "us er pt iv am pm dc id ot md np rn ed or pa do tv ct bp phd icu cpr mri ekg ecg tia uti dob asap otc aka fyi eob hmo ppo nhs usa pcp ent"
    " ob gyn obgyn cna lpn eg ie etc ps nb po pr pd nicu vip ac mrn ssn cp eu ee eeuu dr sa rr mm hh qd bid tid dds dmd lcsw adhd ptsd hipaa gp".split())
_SHORTENED = frozenset("ma fco gpe jno wm chas geo jas jos ant mto".split())
_SUFFIXES = frozenset("jr sr ii iii iv esq".split())
_NONE = Word("", 0, Case.LOWER, 0, False)
_PERSON_WAS = frozenset((
    ("nurse", "was"), ("name", "was"), ("doctor", "was"), ("tech", "was"), ("it", "was"), ("fue", ""), ("was", "named"), ("mucho", "a"),
    ("diganle", "a"), ("digale", "a"), ("dile", "a"), ("we", "loved"), ("i", "loved"), ("we", "love"), ("conoci", "a"), ("especially", ""), ("enfermera", "era")))
_TOLD = frozenset("tell told dile love loved called".split())
_DEPARTMENTS = frozenset(
    "recepcion caja farmacia clinica entrada ventanilla urgencias laboratorio limpieza seguridad admisiones admision rayos piso turno oficina"
    " cuentas seguros registro billing cocina enfermeria desk front lab".split())
_OPENS = frozenset("and but because when if ask asked told y pero cuando porque si thanks only until solo".split())
_NO_PLACE = frozenset("all least last first the'end me you this that my your our his her it them us general particular fact case time need".split())
_KIND = frozenset(
    "great awesome amazing so very wonderful kind rude sweet nice gentle the my super excellent fantastic helpful lovely patient muy amable un una la el mejor best"
    " buena bueno grosera grosero excelente".split())
_FOREIGN = frozenset("van von der den ter bin ibn di du dos".split())
_AND = frozenset(("and", "y", "e", "or", "o", "n"))
_AFTER_DE = frozenset("cruz dios luz rosa torre fuente paz garza vega pena rio valle leon jesus angeles santos reyes rios flores mora".split())
_VERBS = frozenset(
    "will may can do see call read hand sell head close press care hope mark held made said went came did had has was is look looks seem"
    " sent hung sang wait waits treat touch fix rush cook hurt drew sue bill page like even so an in more last main early long best back"
    " still please just never also always once then than que era fue ha va hay sea esta vino dijo toma tomar toca lee vea".split())


def one_is_no_verb(one: Word) -> bool:
    """False for "hope", "mark", "will": at the head of a clause they are verbs."""
    return one.plain not in _VERBS


@lru_cache(maxsize=256)
def known_parts(known: frozenset[str]) -> frozenset[str]:
    """The words of known names, plain; titles, particles and single letters are no names."""
    written = {plain(match[0]) for name in known for match in WORD.finditer(name)}
    parts = written | {re.sub("['-]", "", one) for one in written} | {part for one in written for part in re.split("['-]", one)}
    return frozenset(part for part in parts if len(part) > 1 and part not in TITLES and part not in PARTICLES | {"y", "jr"})


def _is_short_for(key: str, known: frozenset[str]) -> bool:
    """True for the beginning of a known name, or a small form of it: "Leo", "Ferny", "Pablito"."""
    stem = re.sub(r"(?:c?it[oa]|ill[oa]|y|ie|i)$", "", key)
    return len(key) > 2 and len(stem) > 2 and any(name.startswith(stem) and len(name) > 4 for name in known)


def names_in(text: str, known: Collection[str] = ()) -> Iterator[tuple[int, int]]:
    """The names of a text from left to right; parts that only a space, a hyphen or a point divides are one name."""
    reading = _Reading(text, known_parts(frozenset(known)) if known else frozenset())
    if not any(one.may for one in reading.words) and reading.known.isdisjoint(one.plain for one in reading.words):
        return
    reading.read()
    start = end = -1
    for place, taken in enumerate(reading.taken):
        if not taken:
            continue
        match, length = reading.matches[place], reading.words[place].length
        if start >= 0 and place and reading.taken[place - 1] and reading.close(place):
            end = match.start() + length
            continue
        if start >= 0:
            yield start, end
        start, end = match.start(), match.start() + length
    if start >= 0:
        yield start, end
