"""A comment is cut into clauses: stretches that speak of one thing. The cuts join back to the text, exactly."""

import re

SENTENCE_ENDS = re.compile(
    r"(?:(?<![.!?…])[.!?…]++[)\"'”’»]*+\s++|[\n\r\u2028\u2029]\s*+|[;•]\s++|(?<=[^\W\d_][a-z]{2})\.(?=[A-ZÁÉÍÓÚÑ¿¡]))"
)
"""Where a sentence ends for sure; the third shape is a full stop without a blank ("kind.Food was cold")."""

TURNS = re.compile(
    r"(?<=\s)(?=(?:but|although|though|however|except|whereas|yet|apart\s+from|other\s+than\s+that|on\s+the\s+other\s+hand|"
    r"pero|aunque|sin\s+embargo|excepto|en\s+cambio|salvo)\b)",
    re.IGNORECASE,
)
"""Before a word that turns against what was said."""
_TURNING = (
    "but although though however except whereas yet apart other hand pero aunque embargo excepto cambio salvo"
)
TURNING = frozenset(_TURNING.split())
"""Words without one of which nothing turns: most comments need not be searched."""

JOINTS = re.compile(
    r"(?:,\s*(?:(?:and|y|e)\s+)?|\s[-–—/]\s|\s(?:and|y|e|&|\+|also|plus|while|además|también)\s)", re.IGNORECASE
)
"""Where one thing may end and another begin: only if both sides have a subject of their own."""

SUBJECTS = {
    subject: group
    for group, subjects in {
        "staff": "staff nurse nurses doctor doctors dr physician surgeon midwife midwives consultant crew paramedic "
        "paramedics therapist therapists team personal enfermera enfermeras enfermero enfermeros doctora "
        "médico medico médica médicos medicos equipo",
        "desk": "receptionist receptionists reception desk clerk operator handler driver drivers security "
        "recepcionista recepción recepcion chofer",
        "food": "food meal meals breakfast lunch dinner menu comida comidas desayuno almuerzo cena",
        "place": "room rooms ward clean cleanliness toilet toilets bathroom bathrooms bed beds building noise noisy "
        "cuarto habitación habitacion baño baños cama limpieza edificio ruido",
        "wait": "wait waiting waited queue delay delays hours time late espera esperar esperé espere fila horas tarde",
        "booking": "appointment appointments booking referral cita citas referencia",
        "reach": "phone telephone call calls website portal email online teléfono telefono llamada llamadas página",
        "way": "parking transport ambulance bus car estacionamiento transporte ambulancia",
        "money": "bill bills billing insurance copay charge charges cost cuenta factura seguro aseguranza cobro costo",
        "remedy": "medication medicine medicines meds pain prescription medicina medicinas dolor receta",
        "word": "explained explanation information listened explicaron explicó explico escucharon información",
    }.items()
    for subject in subjects.split()
}
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
LONGEST_JOINED = 12
"""Words on the longer side of a joint; past that a joint cuts a sentence, not a list."""


def clauses_of(text: str) -> list[tuple[int, int]]:
    """Where each clause starts and stops, in order; together they cover the text, and none is blank if the text is not.

    Blanks belong to the clause before them.
    """
    if not text:
        return []
    words = set(WORD.findall(text.lower()))
    cuts = sorted(_sentence_cuts(text, not words.isdisjoint(TURNING)))
    spans = list(zip([0, *cuts], [*cuts, len(text)], strict=True))
    if not words.isdisjoint(SUBJECTS):
        spans = [piece for span in spans for piece in _split_at_subjects(text, *span)]
    return _with_words(text, spans) if len(spans) > 1 else spans


def _sentence_cuts(text: str, turns: bool) -> set[int]:
    """Behind every sentence and before every turn."""
    found = {end.end() for end in SENTENCE_ENDS.finditer(text)}
    if turns:
        found |= {turn.start() for turn in TURNS.finditer(text)}
    return {cut for cut in found if 0 < cut < len(text)}


def _split_at_subjects(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """The sentence, cut at the joints between two different subjects."""
    pieces: list[tuple[int, int]] = []
    here = start
    before = None
    last = start
    for joint in JOINTS.finditer(text, start, stop):
        told = _subject(text, last, joint.start())
        before = told or before
        last = joint.end()
        after = _subject(text, last, min(stop, last + 60))
        if before and after and before != after and told != after:
            cut = joint.end() if text[joint.start()] == "," else joint.start() + 1
            pieces.append((here, cut))
            here, before = cut, None
    return [*pieces, (here, stop)]


def _subject(text: str, start: int, stop: int) -> str | None:
    """The group of the first word that names a subject there."""
    for number, word in enumerate(WORD.finditer(text, start, stop)):
        if number >= LONGEST_JOINED:
            return None
        group = SUBJECTS.get(word.group().lower())
        if group:
            return group
    return None


def _with_words(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans, those without any letter or digit joined to the clause before (or, at the start, after)."""
    joined: list[tuple[int, int]] = []
    waiting = None
    for start, stop in spans:
        start = start if waiting is None else waiting
        waiting = None
        if WORD.search(text, start, stop):
            joined.append((start, stop))
        elif joined:
            joined[-1] = (joined[-1][0], stop)
        else:
            waiting = start
    if waiting is not None:
        joined.append((waiting, len(text)))
    return joined
