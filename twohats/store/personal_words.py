"""What a written word can be: a name, an ordinary word, a title, a role, a month; from the lists that ship with us."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

WORD = re.compile(r"[^\W\d_][^\W\d_̀-ͯ]*(?:['’‘-][^\W\d_][^\W\d_̀-ͯ]*)*")
LONGEST = 30
"""Letters of the longest word that is looked at: no name is longer."""


class Is:
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
    DATED = 1 << 13
    """A month or a feast: there may be a date without a figure."""
    COUNTED = 1 << 14
    """A digit in words."""
    DWELLED = 1 << 15
    """Lives, address, vivo: a street may follow."""
    STREET = 1 << 16
    """May be part of an address beside a number."""
    SPELT = 1 << 17
    """Dot, punto, arroba: an address of mail may be spelt out."""


class Case:
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
DATED = frozenset(
    "monday tuesday thursday saturday lunes martes miercoles jueves viernes sabado domingo tue tues wed thu thurs fri sat"
    " january jan february feb march mar april apr may june jun july jul august aug september sept sep october oct november nov december dec enero"
    " ene febrero marzo abril abr mayo junio julio agosto ago septiembre setiembre octubre noviembre diciembre dic febuary feburary janurary januray"
    " setember octuber novemeber agust otubre nobiembre disiembre deciembre christmas thanksgiving easter halloween navidad nochebuena"
    " nochevieja year juneteenth friday wednesday sunday labor memorial valentine valentines veterans mother father"
    " independence columbus mlk presidents patrick patricks boxing muertos valentin".split())
COUNTED = frozenset("zero oh one two three four five six seven eight nine double triple cero uno dos tres cuatro cinco siete ocho nueve".split())
DWELLED = frozenset(
    "live lives lived living stay stays staying reside resides moved address vivo vive viven vivimos vivia domicilio direccion house home apartment"
    " casa mail mailed mailing send sent deliver delivered delivery".split())
STREET = frozenset(
    "street str avenue ave av road rd boulevard blvd lane ln parkway pkwy highway hwy terrace ter turnpike tpke expressway drive dr court ct circle"
    " cir st way place pl trail trl loop square sq alley aly plaza plz crossing xing row run ridge rdg path pike point pt cove cv bend heights hts"
    " hollow landing common commons manor glen grove park view estate estates route cr fm rr hc calle c avenida avda bulevar carretera carr camino"
    " paseo calzada callejon pasaje privada urb urbanizacion barrio bo colonia col edificio residencial circuito cerrada carrera cra lote manzana via"
    " rue box apartado buzon main broadway north south east west n s e w corner intersection apt apartment apto apartamento depto lot trailer spc"
    .split())
SPELT = frozenset("dot punto arroba com org net edu".split())
_SHAPES: dict[str, int] = {}
for _words, _shape in ((DATED, Is.DATED), (COUNTED, Is.COUNTED), (DWELLED, Is.DWELLED), (STREET, Is.STREET), (SPELT, Is.SPELT)):
    for _word in _words:
        _SHAPES[_word] = _SHAPES.get(_word, 0) | _shape


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


def words_of(text: str) -> list[Word]:
    """The words of a text, in order."""
    return list(map(word, WORD.findall(text)))


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
    if len(key) == 1 and key.isascii() and key not in LETTER_WORDS:
        may, case = True, case or Case.LETTER
    if case & Case.LETTER:
        may = True
    if key in PARTICLES and case == Case.LOWER:
        may = False
    return Word(key, can_be, case, length, may)


_BOTH_CAPITAL = re.compile(r"[^\W\d_a-z][a-zà-ÿ]+(?:-[^\W\d_a-z][a-zà-ÿ]+)+(?:'s)?")
_ENDS_AS_VERB = re.compile("(?:[óéíá]|ía[ns]?|íamos|[áéí]s|ón|ción)$")
LETTER_WORDS = frozenset("aiyoeu")


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
    can_be |= _SHAPES.get(key, 0)
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
