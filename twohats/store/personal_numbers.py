"""Personal data that have a shape: dates, phones, e-mail addresses, ids, street addresses and links, in two languages.

Every pattern is bounded, so the time grows with the length of the text and with nothing else. What counts hours,
dollars, pills or rooms, an hour of the day, a score out of ten and a year alone are nobody's.
"""

import re
from collections.abc import Iterable, Iterator

from .personal_words import Is, cues, word

Span = tuple[int, int, str]

BLANK = "\x00"
"""Stands where something was found, so that no second pattern reads over it."""

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|ene(?:ro)?|febrero|marzo|abr(?:il)?|mayo|junio|julio|agosto|sep?tiembre|octubre"
    r"|noviembre|dic(?:iembre)?|febuary|feburary|janurary|januray|setember|octuber|novemeber|agust|otubre|nobiembre"
    r"|disiembre|deciembre)\b\.?"
)
_WEEKDAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo|(?:mon"
    r"|tues?|wed|thurs?|thu|fri|sat|sun)\b\.?)"
)
_DAY = r"(?:[1-3]\d|0?[1-9])(?:\s(?=[nrt][dh]\b)|)(?:st|nd|rd|th|ero|ra|ro|er|o|\.?º|°)?(?!\d|:\d)"
_ORDINAL = (
    r"(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth"
)
_CARDINAL_ES = (
    r"primero|(?:treinta y |veinti|dieci)?(?:uno?|un|d[oó]s|tr[eé]s|cuatro|cinco|s[eé]is|siete|ocho|nueve)|diez|once"
    r"|doce|trece"
    r"|catorce|quince|veinte|treinta"
)
_YEAR = r"(?:(?:19|20)\d\d(?!\d)|['’]\d\d(?!\d))"
_YEAR_IN_WORDS = (
    r"(?:nineteen|twenty)[ -](?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|ten|eleven|twelve|oh"
    r"|\w{3,5}teen)"
    r"(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?\b"
    r"|(?:two thousand|dos mil|mil novecientos)(?: (?:and )?[a-záéíóú]{3,12}(?:[ -](?:y )?(?:one|two|three|four|five"
    r"|six"
    r"|seven|eight|nine|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve))?)?\b"
)
_AND_YEAR = rf"(?:,?\s*(?:of\s|de\s|del\s(?:a[ñn]o\s)?|in\s)?\s*(?:{_YEAR}|{_YEAR_IN_WORDS}|(?<=\bdel\s)\d\d(?!\d)))?"

_DATES = re.compile(
    r"(?<![A-Za-z])(?=\w)(?:"
    rf"(?<!\d)(?:19|20)\d\d\s?[-/.]\s?\d{{1,2}}\s?[-/.]\s?\d{{1,2}}(?!\d)"
    rf"|(?<![\d.,$])\d{{1,2}}\s?([-/.])\s?\d{{1,2}}\s?\1\s?(?:\d{{4}}|['’]?\d\d)(?!\d)"
    rf"|(?<![\d.,$/])(?:{_DAY}(?:(?:\s?(?:,|-|–|to|al?|y|and|&)\s?)(?:el\s)?{_DAY}){{0,3}}"
    rf"|\b(?:{_ORDINAL}|{_CARDINAL_ES})\b)"
    rf"(?:\s+(?:day\s+)?(?:of|de|d|del mes de)\s+|\s*[-/]\s*|\s*)(?:{_MONTH}|ago\b)(?:\s?[-/]\s?(?:\d{{4}}|\d\d)(?!\d)"
    rf"|{_AND_YEAR})"
    rf"(?:\s\d\d(?=[.,;!?)]|$|\s(?:at|and|but|was|i|we|y|pero|a)\b))?"
    rf"|(?:19|20)\d\d[-/\s]{_MONTH}[-/\s]\d{{1,2}}(?!\d)|\b{_MONTH}\s?[-/]\s?\d{{1,2}}(?:\s?[-/,]\s?(?:\d{{4}}"
    rf"|\d\d))?(?!\d)"
    r"|(?<!\w)\d{1,2}(?:st|nd|rd|th)?(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec|ene|abr)[a-z]{0,6}\b"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\d{1,2}(?:st|nd|rd|th)?\b"
    rf"|\b{_MONTH}(?:\s+the)?[\s-]*(?:{_DAY}(?!\s?(?:%|hours?|hrs?|minutes?|min|days?|weeks?|times?"
    rf"|people"
    rf"|nurses?|dollars?|horas?|minutos?|veces|d[ií]as))(?:(?:\s?(?:,?\s?and|,|-|–|to|&)\s?)(?:the\s)?{_DAY}(?!\d"
    rf"|\s?(?:am|pm|:))){{0,3}}|(?:{_ORDINAL}|(?:twenty|thirty)(?:[ -](?:one|two|three|four|five|six|seven|eight"
    rf"|nine))?|ten|eleven|twelve|\w{{3,5}}teen)\b){_AND_YEAR}"
    rf"|\b{_MONTH},\s\d{{1,2}}(?:st|nd|rd|th)\b"
    rf"|\b{_MONTH},?\s+(?:of\s|de\s|del\s(?:a[ñn]o\s)?)?\s*{_YEAR}"
    rf"|\b{_MONTH}\s?[/-]\s?(?:19|20)?\d\d(?!\d)"
    r"|\b(?:christmas|new year['’]?s|labor|memorial|valentine['’]?s|veterans|mother['’]?s|father['’]?s|independence"
    r"|columbus|mlk|presidents?['’]?s?|patrick['’]?s|boxing)\s(?:day|eve)\b|\b(?:nochebuena|good friday|ash wednesday"
    r"|palm sunday|juneteenth)\b"
    r"|\b(?:on|since|before|after|until)\s(?:thanksgiving|christmas|easter|halloween)\b|\b(?:d[ií]a de (?:navidad"
    r"|reyes|(?:los )?muertos|(?:las? )?(?:madres?|gracias)|san valent[ií]n|a[ñn]o nuevo)|a[ñn]o nuevo|nochevieja"
    r"|noche buena|easter sunday)\b"
    r"|(?<![\d/-])(?:0?[1-9]|1[0-2])/(?:19|20)\d\d(?!\d)"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s(?:of|de|del)\s(?:this|last|next|the|este|ese|el|pr[oó]ximo|pasado)?\s?(?:same\s"
    r"|mismo\s)?(?:month|mes)\b(?:\spasado)?"
    r"|\b\d{1,2}\sdel?\s\d{1,2}\sdel?\s(?:\d{4}|\d\d)(?!\d)"
    rf"|\b{_WEEKDAY},?\s(?:the\s|el\s)?(?:\d{{1,2}}(?:st|nd|rd|th)\b|(?:{_ORDINAL})\b(?!\s\w)|(?<=\s)(?:[12]\d|3[01]"
    rf"|[1-9])(?=\s*(?:[.,;!?)]|$)|\s(?:at|and|but|i|we|was|for|with|a|y|pero|me|no|en|fue|se|que)\b))"
    r")",
    re.I,
)
_DATE_LIKE = re.compile(
    r"\d\s?[-/.]\s?['’]?\d|\d\s?(?:st|nd|rd|th|o|ro|de|del|of)\b|\b[Ee]l (?:d[ií]a )?\d|\b(?:al|del) \d|\b(?:born|nac"
    r"|dob|birth)",
    re.I,
)
_SHORT_DATES = re.compile(
    rf"\b(?:on|el|since|from|dated?|until|till|before|after|by|desde|hasta|born|dob|bday|birthday|seen|scheduled|filled|moved|to"
    rf"|was|is|til|thru|back|again|due|dated|admitted|discharged|called|surgery|came|went|fecha|appt|appointment|cita"
    rf"|{_WEEKDAY}"
    r"|of|for|the|del|para|visit)\W{1,3}(?:el\s)?(\d{1,2}\s?[/-]\s?\d{1,2}(?:\s?(?:to|and|through|thru|al?|y|hasta"
    r"|[-–])"
    r"\s?\d{1,2}/\d{1,2})?)(?![\d/]|\s?(?:%|hours?|hrs?|minutes?|mins?|days?|weeks?|months?|years?|times?|mg|horas?"
    r"|minutos?|d[ií]as|semanas|meses|a[ñn]os|veces|people|pain|stars?|estrellas|out))"
    r"|(?<![\d/.,])(\d{1,2}/\d{1,2})(?=\s(?:at|a las|appt|appointment|cita|visit)\b)"
    r"|\b(?:on|since|until|by|before|after|the|to|from)\s(?:the\s)?(\d{1,2}(?:st|nd|rd|th))(?=\s*(?:[.,;!?)]|$)"
    r"|\s(?:at|and|but|for|with|i|we|they|to|or|through|because|so|he|she|my|you|was|is|were|then|when|it|after"
    r"|around|until)\b)"
    r"|(?<![\d/.-])(0\d-\d\d|\d\d-0\d)(?![\d-])"
    r"|\b(?:on|since|until|by|it was|from|to)\sthe\s((?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth"
    r"|sixth|seventh|eighth|ninth)|tenth|eleventh"
    r"|twelfth|\w{3,5}teenth|twentieth|thirtieth)(?=\s*(?:[.,;!?)]|$)|\s(?:at|and|but|i)\b)"
    r"|(?<!\bde 1 )(?<!\bdel 1 )"
    r"\b(?:el|del|al)\s(?:d[ií]a\s)?(\d{1,2})(?=\s*(?:[.,;!?)]|$)|\s(?:a las?|y|pero|me|nos|fue|no|se|ya|tuve|vine"
    r"|llegu[eé]|en la (?:ma[ñn]ana|tarde|noche))\b)"
    r"|\b(?:born|nac[ií]|naci[oó]|nacid[oa]|dob|d\.o\.b\.|birth\w*|nacimiento)\W{1,3}(?:\w{1,9}\W{1,2}){0,3}?((?:19"
    r"|20)\d\d|['’]?[2-9]\d(?=\W|$)(?!\s\w{3}))(?!\d)",
    re.I,
)

_SHORT_DATE_LIKE = re.compile(
    r"\d\s?[-/]\s?\d|\d(?:st|nd|rd|th)\b|\b(?:el|del|al)\s(?:d[ií]a\s)?\d|\b(?:born|nac|dob|d\.o\.b|birth)"
    r"|\bthe\s(?:\w{6}[ -])?\w{3,8}(?:st|nd|rd|th)\b",
    re.I,
)
_SLASHED = re.compile(
    r"(?<![\d/.,$])(?<!\d-)(\d{1,2})/(\d{1,2})(?:\s?(?:to|thru|through|al?|hasta|-|–)\s?\d{1,2}/\d{1,2})?(?![\d/]"
    r"|\.\d|\s?(?:%|hours?|hrs?|horas?|people|pain|stars?|of\b))"
)
_TIE = r"(?:dot|punto|underscore|under score|dash|hyphen|gui[oó]n(?: bajo)?|point|\.|_|-)"
_MAILS = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,80}\s?@\s?[\w-]{1,63}(?:\s?\.\s?[\w-]{2,63}){1,4}"
    rf"|(?<![\w.+%-])(?:[\w+-]{{1,40}}\s{_TIE}\s){{0,3}}(?:\b\w\s){{0,4}}[\w.+%-]{{1,80}}"
    r"(?:\s?(?:\(at\)|\[at\]|\{at\}|<at>)\s?|\s(?:at|arroba|@)\s)"
    r"(?:[\w-]{1,40}\s?(?:\.|\(dot\)|\[dot\]|\sdot\s|\spoint\s|\spunto\s)\s?){1,2}"
    r"(?:com|org|net|edu|gov|mx|us|es|co|io|uk)\b(?:\.[a-z]{2}\b)?"
    r"|(?<![\w.+%-])[\w.+%-]{1,80}(?:@|\sat\s|\sarroba\s)(?:gmail|hotmail|yahoo|outlook|icloud|aol|protonmail|comcast)\b"
    r"|(?<![\w.+%/-])[a-z][\w.+%-]{1,80}@[a-z][\w-]{1,62}"
    r"|(?<![\w@.])@[\w.]{3,30}(?<!\.)",
    re.I,
)
_LINKS = re.compile(
    r"\b(?:https?|ftp)://[^\s<>\"']{1,2000}(?<![.,;:!?)\]])|\bwww\.[^\s<>\"']{1,2000}(?<![.,;:!?)\]])"
    r"|(?<![\w.@/-])(?:[a-z0-9-]{1,40}\.){1,4}(?:com|org|net|edu|gov|io|health|info|us|mx|ly|me|co|link|app"
    r"|care)/[^\s<>\"']{1,2000}"
    r"(?<![.,;:!?)\]])",
    re.I,
)
_MAY_BE_LINK = re.compile(r"://|www\.|\.[a-z]{2,6}/", re.I)

_SURE_STREET = (
    r"street|str|avenue|ave|av|road|rd|boulevard|blvd|lane|ln|parkway|pkwy|highway|hwy|terrace|ter|turnpike|tpke"
    r"|expressway"
)
_STREET = (
    rf"(?:{_SURE_STREET}|drive|dr|court|ct|circle|cir|st|way|place|pl|trail|trl|loop|square|sq|alley|aly|plaza|plz"
    rf"|crossing|xing"
    r"|row|run|ridge|rdg|path|pike|point|pt|cove|cv|bend|heights|hts|hollow|landing|commons?|manor|glen|grove|park"
    r"|view|estates?)"
)
_SIDE = r"(?:(?:[NSEW]|NE|NW|SE|SW|north|south|east|west|norte|sur|este|oeste)\b\.?)"
_DOOR = (
    r"(?:[,.]?\s*(?:(?:apt|apartment|unit|suite|ste|lot|floor|fl|bldg|building|apto|depto|departamento|apartamento"
    r"|piso|interior|int"
    r"|casa|puerta|local)\b\.?|#)\s*#?\s*(?:\d{1,5}[a-z]?|[a-z]-?\d{0,4})\b"
    r"|[,.]?\s*(?:the\s|el\s|en el\s)?(?:\d{1,2}(?:st|nd|rd|th|er|do|o)|first|second|third|fourth|fifth|sixth|ground"
    r"|top|primer|segundo|tercer|cuarto|quinto|[uú]ltimo)\s(?:floor|fl|piso)\b){0,2}"
)
_STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AIT]"
    r"|W[AIVY]"
    r"|(?i:alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho"
    r"|illinois|indiana"
    r"|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana"
    r"|nebraska|nevada"
    r"|new hampshire|new jersey|new mexico|new york|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania"
    r"|puerto rico"
    r"|rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington|west virginia"
    r"|wisconsin|wyoming))"
)
_TOWN = (
    rf"(?:,?\s+(?:in\s+"
    rf"|en\s+)?[A-Za-zÀ-ÿ.'-]{{2,20}}(?:\s[A-Za-zÀ-ÿ.'-]{{2,20}}){{0,2}}?,?\s+{_STATE}\b\.?(?:,?\s*\d{{5}}"
    rf"(?:-\d{{4}})?)?|,?\s*\d{{5}}(?:-\d{{4}})?\b"
    rf"|,\s+(?-i:[A-ZÁÉÍÓÚÑ][\w.'-]{{2,20}}(?:\s[A-ZÁÉÍÓÚÑ][\w.'-]{{2,20}}){{0,2}}))?"
)
_ADDRESSES = tuple(
    map(
        re.compile,
        (
            rf"(?<![\w$.,/-])\d{{1,6}}\s+(?i:{_SIDE}\s+)?(?i:county road|state road|farm road|rural route|state route"
            rf"|route|highway|hwy|cr|fm|rr)\s"
            rf"\d{{1,5}}(?i:(?:\s+{_SIDE})?{_DOOR}){_TOWN}",
            rf"(?<![\w$.,/-])(?i:(?P<house>\d{{1,6}}(?:-?[a-z])?(?:-\d{{1,4}})?(?:\s1/2)?)\s+(?:{_SIDE}\s+)?"
            rf"(?P<between>(?:[\w'’.-]{{1,20}}\s+){{1,4}}?)(?P<type>{_STREET})\b\.?(?:\s+{_STREET}\b\.?)?"
            rf"(?:\s+{_SIDE}(?!\s\w+\s(?:of|de)))?{_DOOR}){_TOWN}",
            rf"(?<![\w$.,/-])\d{{1,6}}\s+(?:bis\s)?(?i:calle|avenida|av\.?|avda\.?|paseo|camino|calzada|privada"
            rf"|cerrada|pasaje|plaza|via|rue|carrera|callejón|bulevar)\s"
            rf"(?:(?i:de|del|la|las|los|el|san"
            rf"|santa)\s){{0,3}}[\w.'’-]{{2,20}}(?:\s[A-ZÁÉÍÓÚÑ][\w.'’-]{{1,20}}){{0,2}}(?i:{_DOOR}){_TOWN}",
            rf"\b(?i:p\.?\s?o\.?\s?box|post office box|apartado(?: postal)?|buz[oó]n|(?:rr|hc"
            rf"|rural route)\s*\d{{1,3}},?\s*box|box)\s*#?\s*\d{{1,6}}{_TOWN}",
            rf"\b(?i:(?:live[sd]?|living|stay(?:ing)?|reside|house|home|address|mail\w{{0,3}}|sen[dt]|deliver\w{{0,3}}|vivo|vive"
            rf"|vivimos|domicilio|direcci[oó]n|casa)\s"
            rf"(?:(?:it|them|is|was|es|my|the|letter|bill)\s){{0,3}}(?:at|to|on|en|a|is"
            rf"|es)?\s?)(?P<told>\d{{2,5}}\s(?:[NSEW]\.?\s)?[A-ZÁÉÍÓÚÑ][\w.'’-]{{2,20}}"
            rf"(?:\s[A-ZÁÉÍÓÚÑ][\w.'’-]{{1,20}})?{_TOWN})",
            rf"(?<![\w$.,/-])\d{{2,5}}\s(?i:{_SIDE}\s)?(?:Main|Broadway|MAIN|BROADWAY)\b(?i:{_DOOR}){_TOWN}",
            rf"(?<![\w$.,/-])\d{{2,5}}\s(?:North|South|East|West"
            rf"|[NSEW]\.?)\s[A-Z0-9][\w'’-]{{2,20}}(?i:{_DOOR}){_TOWN}",
        ),
    )
)
_CALLES = re.compile(
    r"\b(?:calle|c/|ave\b\.?|avenida|avda?\b\.?|av\b\.?|bulevar|blvd\b\.?|carretera|carr\b\.?|camino|paseo|calzada"
    r"|callej[oó]n|pasaje|privada"
    r"|urb\b\.?|urbanizaci[oó]n|barrio|colonia|col\.|edificio|residencial|circuito|cerrada|carrera|cra\.?|lote"
    r"|manzana)\s+(?:\d{1,2}\sde\s[a-z]{4,10}\s+(?=[^;\n]{0,12}\d))?(?P<between>(?:[\w.'’-]{1,20},?\s+){0,5}?)"
    rf"(?:[,.]?\s*(?:#|n[oº°]\.?|n[uú]m(?:ero)?\b\.?"
    rf"|km\b\.?))?\s*(?:[a-z]-)?\d{{1,6}}(?:\.\d{{1,2}}\b|\sde\s[a-z]{{4,10}}\s\#?\d{{1,6}}|\s?-\s?\d{{1,4}}"
    rf"|\s?[a-z]\b(?!\s[a-z]|-\d)|\sde\s(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre"
    rf"|octubre|noviembre|diciembre)\b)?(?:\s(?:km\.?\s?)?(?:[a-z]-)?\d{{1,5}}\b(?:\.\d\b)?)?{_DOOR}"
    r"(?:,?\s+(?:colonia|col\.?|barrio|urb\.?|urbanizaci[oó]n"
    r"|fracc\.?)\s+[\w.'’-]{2,20}(?:\s[A-ZÁÉÍÓÚÑ][\w.'’-]{1,20}){0,2})?"
    r"(?:,?\s+zona\s\d{1,2})?(?:,?\s+c\.?\s?p\.?\s*\d{5})?",
    re.I,
)
_LIVES = re.compile(
    rf"\b(?i:(?:i|we|he|she|they|who)?\s?(?:live|lives|lived|living|stay|stays|staying|reside|resides|moved|house"
    rf"|home|address|apartment)\s"
    rf"(?:is\s)?(?:on|at|off|to|over on"
    rf"|is)\s)(?P<en>(?i:{_SIDE}\s)?(?P<between>(?:[\w'’.-]{{1,20}}\s){{1,3}}?)(?i:(?:{_STREET})\b))"
    r"|\b(?i:(?:vivo|vive|viven|vivimos|vivía|domicilio|direcci[oó]n|casa)\s(?:es\s)?(?:en\s)?(?:la\s|el\s)?)"
    r"(?P<es>(?i:calle|avenida|av\.|paseo|barrio|colonia|urbanización)(?:\s(?:de|la|las|los|el|del|san"
    r"|santa)){0,2}\s[\w'’.-]{2,20}"
    r"(?:\s[A-ZÁÉÍÓÚÑ][\w'’.-]{1,20}){0,2})"
)
_CORNERS = re.compile(
    r"\b(?:corner|intersection) of ((?:[\w'’.-]{1,20}\s){1,3}(?:and|&)(?:\s[A-Z0-9][\w'’.-]{1,20}){1,2})"
)
_DOORS_ALONE = re.compile(
    r"\b(?:(?<!parking )lot|trailer|spc|lote|apt|apartment|apto|apartamento|depto)\b\.?\s*#?\s*(?:\d{1,5}[a-z]?"
    r"|[a-z]-?\d{1,4})\b(?![/-]\d)"
    r"|\b(?:live|lives|living|lived|stay|stays|staying|home|moved|vivo|vive|vivimos)\s(?:is\s)?(?:in|to|at|en)\s(?:la\s|el\s)?"
    r"(?:unit|unidad|room|suite|casa|house|#)\s?#?\d{1,5}[a-z]?\b"
    r"|\b\d{1,6}\s(?:calle|avenida|ave)\s\d{1,3}-\d{1,4}(?:\szona\s\d{1,2})?\b",
    re.I,
)
_NO_STREET = cues("no_street")
"""What a street's name never has between the number and the word for a street; Spanish articles are allowed below."""
_NO_CALLE = _NO_STREET - frozenset(["a", "y", "o", "lo", "las", "el", "su"])

_UNIT = (
    r"(?:%|dollars?|bucks?|usd|d[oó]lares|pesos|cents?|euros?|pounds?|libras?|lbs?|kg|mg|mcg|ml|g|cc|units?|unidades"
    r"|iu|hours?|hrs?|horas?"
    r"|minutes?|mins?|minutos?|seconds?|segundos|days?|d[ií]as?|weeks?|semanas?|months?|mes(?:es)?|years?|a[ñn]os?"
    r"|yrs?|times?|veces|miles?"
    r"|millas?|steps?|pasos|people|personas|patients?|pacientes|calories|calor[ií]as|k|am|pm|stars?|estrellas?"
    r"|points?|puntos|pages?"
    r"|p[aá]ginas|beds?|camas|sq|feet|ft|pies)\b"
)
_CUE = (
    r"(?:\b(?:mrn|m\.r\.n\.|medical record|record|chart|member(?:ship)?|subscriber|policy|claim|account|acct|a/c|ssn"
    r"|social(?: security)?|ss"
    r"|pin|confirmation|reference|ref|case|ticket|invoice|rx|prescription"
    r"|license|licence|passport|dl|(?:license )?plates?|tag|vin|npi|serial|voucher"
    r"|file|locker|group|patient"
    r"|encounter|visit|order"
    r"|bill|statement|authorization|auth|referral|tracking|badge|employee|id|i\.d\.|identification|medicaid|medicare"
    r"|insurance|card|code|no|num"
    r"|number|expediente|historia cl[ií]nica|historial|cuenta|p[oó]liza|miembro|afiliad[oa]|afiliaci[oó]n|reclamo"
    r"|reclamaci[oó]n"
    r"|factura|folio|referencia|n[uú]mero|seguro social|nss|curp|licencia|pasaporte|identificaci[oó]n|c[eé]dula"
    r"|tarjeta|caso|receta|orden"
    r"|autorizaci[oó]n|confirmaci[oó]n|matr[ií]cula|placas?|gafete|credencial|recibo|boleto|contraseña|registro|clave)\b|#)"
)
_FILLER = (
    r"(?:number|num|no|nbr|is|was|es|era|id|ending|ends|end|in|of|the|with|de|del|terminad[ao]|termina|en|last|four|4"
    r"|digits?|d[ií]gitos"
    r"|[uú]ltimos|cuatro|los|que|n[uú]mero|are|starting|starts|on|file|for|my|card|social|security|seguro|record"
    r"|claim|mrn|account|member|policy|n[oº°])"
)
_CUED_IDS = re.compile(
    rf"{_CUE}[\s:#.()-]{{0,4}}(?:{_FILLER}\b[\s:#.,-]{{0,3}}){{0,5}}"
    rf"(?P<id>(?<![\w$])(?:(?-i:[A-Z]{{1,4}})[ -](?=\d))?(?=[a-z-]{{0,8}}\d)[a-z0-9]"
    rf"(?:[\s-]?[a-z]{{0,3}}\d|[a-z0-9]|[-/.](?=[a-z0-9])){{2,30}})(?!\w"
    rf"|[.,]\d\d\b)(?!\s?{_UNIT})",
    re.I,
)
_LAST_FOUR = re.compile(
    r"\b(?:(?:ending|ends|end)(?:\s(?:in|with))?|last (?:4|four)(?: digits)?(?: (?:of|are|is)(?: (?:my|the|social|ssn"
    r"|card|account|number|are|is))"
    r"{0,4})?|terminad[oa]s? en|termina en|[uú]ltimos (?:4|cuatro)(?: d[ií]gitos)?(?: (?:son|de|mi|es|seguro|social"
    r"|tarjeta|la|cuenta)){0,5}"
    rf"|ext(?:ension|ensi[oó]n)?\b\.?|anexo|pin)\s*[:#,]?\s*(?P<id>\d{{1,6}})(?!\w)(?!\s?{_UNIT})",
    re.I,
)
_CLUSTERS = re.compile(r"(?<![\w$€£])[+(]{0,2}\d(?:[ .()\-–—/]{0,3}\d)*+")
_EXTENSION = re.compile(r"\s*,?\s*(?:x|ext|extension|extensi[oó]n|anexo)\.?\s*\d{1,6}\b", re.I)
_TOKENS = re.compile(r"(?<![\w$])(?=[A-Za-z]{0,8}-?\d|\d)[A-Za-z0-9]++(?:[-_/][A-Za-z0-9]++){0,9}+(?!\w)")
_AMOUNT = re.compile(
    r"\d[\d.:]*(?:[a-z]{1,5})?(?:-\d[\d.:]*(?:[a-z]{1,7})?)?|(?:covid|sars|fy|cpt|icd|form|section|room|rm|bed"
    r"|suite)-?\d+",
    re.I,
)
_UNIT_AFTER = re.compile(rf"\s?{_UNIT}|[.,]\d\d?\b(?!\d)|,\d{{3}}\b", re.I)
_MONEY_BEFORE = re.compile(r"(?:[$€£]\s?|\d,|\broom\s|\brm\.?\s|\bsuite\s|\bcpt\s(?:code\s)?)$", re.I)
_DIGIT_WORD = (
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|cero|uno|dos|tres|cuatro|cinco|seis|siete"
    r"|ocho|nueve)"
)
_SPELLED = re.compile(
    rf"\b{_DIGIT_WORD}(?:[\s,.-]{{1,3}}{_DIGIT_WORD}\b){{4,30}}"
    rf"|\b(?:{_DIGIT_WORD}|\d{{1,4}})(?:[\s,.-]{{1,3}}(?:{_DIGIT_WORD}|\d{{1,4}})\b){{3,30}}",
    re.I,
)
_DIGIT_SAID = re.compile(_DIGIT_WORD, re.I)
_MAY_BE_ID = re.compile(r"\d[ .A-Za-z/-]?\d|\bext|anexo|[A-Z]\d|#\s?\d|\d[A-Z]\b", re.I)
_LAST_FOUR_AFTER = re.compile(r"(?<!\w)(\d{4})\s(?:are|is|were|son)\s(?:my|the|los|mis)\s(?:last|[uú]ltimos)\b", re.I)
_CODES = re.compile(
    r"\b(?i:confirmation|reference|ref|tracking|authorization|access|claim|member|record|id|folio|confirmaci[oó]n"
    r"|referencia|ticket|case)\b[\s:#.]{0,3}"
    r"(?:(?i:code|number|no|num|is|was|id|es|n[uú]mero"
    r"|c[oó]digo)\b[\s:#.]{0,3}){0,3}(?P<id>(?=[A-Z/-]{0,12}\d)[A-Z0-9][A-Z0-9/-]{4,20})(?![\w])"
    r"|\b(?i:plates?|placas?|matr[ií]cula|tag)\b[\s:#.]{0,3}(?:(?i:number|no|num|is|was|es|son|n[uú]mero)\b[\s:#.]{0,3}){0,3}"
    r"(?P<plate>(?=[A-Z -]{0,5}\d)[A-Z0-9]{1,5}(?:[ -][A-Z0-9]{1,5}){0,2})\b"
    r"|\b(?i:badge|ticket|case|claim|folio|caso|boleto|gafete|badge no|invoice|order|locker)\s?#\s?(?P<few>\d{1,3})\b"
)
_VANITY = re.compile(
    r"(?<!\w)(?:1[-. ])?8\d\d[-. ](?=[A-Z0-9-]{0,8}[A-Z])[A-Z0-9]{2,4}-?[A-Z0-9]{2,7}\b|(?<!\w)\d{3}-[A-Z]{4}\b"
)
_MASKED_DIGITS = re.compile(r"(?<!\w)[xX*•]{2,5}[- ]?[xX*•]{0,3}[- ]?\d{3,6}\b")
_CAPITALS_BY_DIGITS = re.compile(r"[A-Z]{2}|[A-Z][-/]?\d|\d[-/]?[A-Z]|#")
_THREE_DIGITS = re.compile(r"\d(?:[^\d\n]{0,4}\d){2}")
_DIGIT = re.compile(r"\d")


SHAPES = Is.MONTH | Is.MISSPELT_MONTH | Is.FEAST | Is.COUNTED | Is.DWELLED | Is.SPELT


def shaped_in(text: str, hints: int) -> list[Span]:
    """Every date, phone, e-mail address, id, street address and link of a text, in no order, none over another.

    `hints` is what the words of the text can be, all together: it spares most texts most patterns.
    """
    found: list[Span] = []
    digits = _DIGIT.search(text) is not None
    mark = "@" in text
    if not (digits or mark or hints & SHAPES or _MAY_BE_LINK.search(text)):
        return found
    if _MAY_BE_LINK.search(text):
        text = _taken(text, found, ((*match.span(), "link") for match in _LINKS.finditer(text)))
    if mark or hints & Is.SPELT:
        text = _taken(text, found, ((*match.span(), "e-mail") for match in _MAILS.finditer(text)))
    if hints & Is.COUNTED:
        spelled = (match for match in _SPELLED.finditer(text) if _is_spelled(match[0]))
        text = _taken(text, found, ((*match.span(), "phone") for match in spelled))
    if digits and hints & (Is.STREET | Is.DWELLED):
        text = _taken(text, found, _addresses(text))
    if _may_hold_dates(text, hints, digits):
        dated = _with_months_mended(text) if hints & Is.MISSPELT_MONTH else text
        text = _taken(text, found, ((*match.span(), "date") for match in _DATES.finditer(dated)))
        text = _taken(text, found, _short_dates(text))
    if digits:
        text = _taken(text, found, _whole(text, _mixed_tokens(text)))
        text = _taken(text, found, _whole(text, _clusters(text)))
        if _MAY_BE_ID.search(text):
            text = _taken(text, found, _whole(text, _cued_ids(text)))
    if hints & Is.DWELLED and hints & Is.STREET:
        _taken(text, found, _homes(text))
    return found


def _may_hold_dates(text: str, hints: int, digits: bool) -> bool:
    if digits:
        return (
            bool(hints & (Is.MONTH | Is.MISSPELT_MONTH | Is.WEEKDAY | Is.FEAST)) or _DATE_LIKE.search(text) is not None
        )
    return bool(hints & Is.FEAST) or bool(hints & (Is.MONTH | Is.MISSPELT_MONTH) and hints & Is.DAY_IN_WORDS)


def _with_months_mended(text: str) -> str:
    """The text with a month of the same length in the place of each misspelt one, so that every place stays."""
    return _LONG_WORD.sub(
        lambda match: _MONTH_OF_LENGTH[len(match[0])] if word(match[0]).can_be & Is.MISSPELT_MONTH else match[0], text
    )


_LONG_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{4,10}(?![^\W\d_])")
_MONTH_OF_LENGTH = {
    len(month): month for month in ("july", "march", "august", "january", "february", "september", "septiembre")
}


def _is_spelled(told: str) -> bool:
    """True for digits of which some are words; "one 2" is a count."""
    words = len(_DIGIT_SAID.findall(told))
    return words > 4 or (words > 1 and words + sum(sign.isdigit() for sign in told) > 6)


def _whole(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """The spans up to the ends of the written number: "MRN-482913", "884120/2"."""
    for start, end, kind in spans:
        before, after = _JOINED_BEFORE.search(text, max(0, start - 12), start), _JOINED_AFTER.match(text, end)
        yield before.start() if before else start, after.end() if after else end, kind


_JOINED_BEFORE = re.compile(r"(?:[A-Za-z0-9]+[-/_.#])+$|(?<![A-Za-z0-9])[A-Za-z0-9]+$")
_JOINED_AFTER = re.compile(r"(?:[-/_][A-Za-z0-9]{1,12}){1,4}|[A-Za-z0-9]{1,12}")


def _taken(text: str, found: list[Span], spans: Iterable[Span]) -> str:
    """Adds the spans to what was found, and gives the text with blanks in their place."""
    kept: list[Span] = []
    for start, end, kind in sorted(spans):
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]), kept[-1][2])
        else:
            kept.append((start, end, kind))
    if not kept:
        return text
    pieces, last = [], 0
    for start, end, kind in kept:
        found.append((start, end, kind))
        pieces += [text[last:start], BLANK * (end - start)]
        last = end
    return "".join([*pieces, text[last:]])


def _short_dates(text: str) -> Iterator[Span]:
    slashed = list(_SLASHED.finditer(text))
    told = any(_is_day_and_month(int(match[1]), int(match[2])) and not _is_share(match) for match in slashed)
    for match in slashed:
        one, other = int(match[1]), int(match[2])
        if _is_day_and_month(one, other) and not _is_share(match, told):
            yield (*match.span(), "date")
    for match in _SHORT_DATES.finditer(text) if _SHORT_DATE_LIKE.search(text) else ():
        group = match.lastindex or 0
        parts = [int(part) for part in re.findall(r"\d+", match[group])]
        if group <= 2 and len(parts) > 1 and (parts[:2] == [24, 7] or not _is_day_and_month(*parts[:2])):
            continue
        if group == 1 and parts[1] in {5, 10} and _MAY_RATE.match(match[0]):
            continue
        if (
            group == 1
            and "/" not in match[group]
            and max(parts[:2]) < 13
            and not (
                match[0][:4].lower() in {"born", "dob ", "dob:"}
                or (not _MAY_RATE.match(match[0]) and _ENDS_DATE.match(text, match.end()))
            )
        ):
            continue
        yield (*match.span(group), "date")


_MAY_RATE = re.compile(
    r"(?:for|of(?! (?:surgery|admission))|the|from|for|visit|para|after|before|came|went|del|to|was|is|back|again)\b",
    re.I,
)


_ENDS_DATE = re.compile(r"\s*(?:[.,;!?)]|$)|\s(?:at|and|but|i|we|y|a las|me|no)\b", re.I)


def _is_share(match: re.Match[str], told: bool = False) -> bool:
    """True for "24/7", "1/2" and marks ("10/10", "pain 3/10"); beside a plain date a small fraction is a date too."""
    one, other = int(match[1]), int(match[2])
    if match[0] in {"24/7", "20/20", "10/10", "5/5"} or (
        (one, other) in {(1, 2), (1, 3), (2, 3), (1, 4), (3, 4)} and not told
    ):
        return True
    if other not in {5, 10} or one > other or told:
        return False
    around = match.string[max(0, match.start() - 30) : match.end() + 25]
    alone = not match.string[: match.start()].strip() or not match.string[match.end() :].strip(" .!")
    return (other == 10 and one > 7) or (one > 3 and other == 5) or alone or _MARKED.search(around) is not None


_MARKED = re.compile(
    r"\b(?:pain|rat|scor|star|g[ai]ve|giving|would|recommend|solid|doy|dolor|estrella|calif|nota|level|nivel|scale"
    r"|escala|out of|experience)",
    re.I,
)


def _is_day_and_month(one: int, other: int) -> bool:
    return 0 < min(one, other) <= 12 and 0 < max(one, other) <= 32


def _addresses(text: str) -> Iterator[Span]:
    found = [
        (*match.span("told" if "told" in pattern.groupindex else 0), "address")
        for pattern in _ADDRESSES
        for match in pattern.finditer(text)
        if "between" not in pattern.groupindex or _is_street(match["between"], match["type"])
    ]
    found += [
        (*match.span(), "address")
        for match in _CALLES.finditer(text)
        if _NO_CALLE.isdisjoint(re.findall(r"\w+", match["between"].lower()))
    ]
    found += [(*match.span(), "address") for match in _DOORS_ALONE.finditer(text)]
    found += [(*match.span(1), "address") for match in _CORNERS.finditer(text)]
    yield from found


def _is_street(between: str, kind: str) -> bool:
    """True for "Maple" before "Street"; before a word that is also something else ("way") a capital is wanted."""
    words = re.findall(r"[\w'’-]+", between)
    if not _NO_STREET.isdisjoint(word.lower() for word in words):
        return False
    sure = re.fullmatch(rf"{_SURE_STREET}|drive|court|ct|circle|cir|trail|loop", kind, re.I)
    if kind.lower() in {"st", "str"} and len(words) < 3:
        return True
    return bool(sure) or all(word[0].isupper() or word[0].isdigit() for word in words)


def _homes(text: str) -> Iterator[Span]:
    for match in _LIVES.finditer(text):
        group = "en" if match["en"] else "es"
        if group == "es" or _is_street(match["between"], match["en"].split()[-1]):
            yield (*match.span(group), "address")


def _cued_ids(text: str) -> Iterator[Span]:
    found = [
        (*match.span("id"), "number")
        for match in (_CUED_IDS.finditer(text) if _THREE_DIGITS.search(text) else ())
        if _is_id(match["id"]) and not _MONEY_BEFORE.search(text, max(0, match.start("id") - 12), match.start("id"))
    ]
    if _CAPITALS_BY_DIGITS.search(text):
        found += [(*match.span(match.lastgroup or 0), "number") for match in _CODES.finditer(text)]
        found += [(*match.span(), "phone") for match in _VANITY.finditer(text)]
    found += [(*match.span("id"), "number") for match in _LAST_FOUR.finditer(text)]
    found += [(*match.span(1), "number") for match in _LAST_FOUR_AFTER.finditer(text)]
    found += [(*match.span(), "number") for match in _MASKED_DIGITS.finditer(text)]
    yield from found


def _is_id(told: str) -> bool:
    digits = sum(sign.isdigit() for sign in told)
    return digits >= 3 and not re.fullmatch(r"(?:19|20)\d\d|\d{1,4}[a-z]{1,2}", told, re.I)


def _clusters(text: str) -> Iterator[Span]:
    """Phones, SSN-like and long numbers: digits that stand together and are no amount."""
    for match in _CLUSTERS.finditer(text):
        start, end = match.span()
        runs = re.findall(r"\d+", match[0])
        digits = sum(map(len, runs))
        one_by_one = digits > 4 and all(len(run) == 1 for run in runs)
        lettered = _LETTERS_BEFORE.search(text, max(0, start - 6), start)
        if digits < 5 or (digits < 7 and len(runs) > 1 and not one_by_one and not lettered):
            continue
        if _MONEY_BEFORE.search(text, max(0, start - 12), start) or _UNIT_AFTER.match(text, end):
            continue
        if all(re.fullmatch(r"(?:19|20)\d\d", run) for run in runs) or _is_list_of_small(runs):
            continue
        more = _EXTENSION.match(text, end) or (_LETTER_AFTER.match(text, end) if lettered else None)
        is_phone = digits in {7, 10, 11, 12, 13} and (len(runs) > 1 or digits == 10)
        if lettered and lettered[1] not in _NO_ID_LETTERS:
            start = lettered.start(1)
        yield start, more.end() if more else end, "phone" if is_phone else "number"


_LETTERS_BEFORE = re.compile(r"(?<![\w])([A-Z]{1,4})[ -]$")
_LETTER_AFTER = re.compile(r"[ -][A-Z]{1,2}(?=\s*(?:[.,;:!?)]|$)|\s(?:is|was|es|and|for|y)\b)")
_NO_ID_LETTERS = cues("no_id_letters")


def _is_list_of_small(runs: list[str]) -> bool:
    """True for "5 10 15 20": amounts in a row, no number in groups."""
    return len(runs) > 3 and len({len(run) for run in runs}) > 1 and all(len(run) <= 2 for run in runs)


def _mixed_tokens(text: str) -> Iterator[Span]:
    """Ids of letters and digits, as on a card."""
    for match in _TOKENS.finditer(text):
        told = match[0]
        if sum(sign.isdigit() for sign in told) >= 4 and re.search("[A-Za-z]", told) and not _AMOUNT.fullmatch(told):
            yield (*match.span(), "number")
