"""What people and staff write in messages and say on the phone, put together from fragments of our own."""

from twohats.demo.dice import Dice

Grammar = dict[str, tuple[tuple[str, ...], ...]]

ASK_CLINICAL: Grammar = {
    "en": (
        ("Hi, ", "Hello, ", "Good morning, ", "", "Quick question: "),
        ("since the visit ", "for three days ", "since last night ", "after the new medicine ", "this week "),
        (
            "I still have pain when I move",
            "I feel dizzy when I get up",
            "my stomach is upset",
            "the swelling came back",
            "I cannot sleep",
            "I have a rash on my arm",
            "my blood pressure reads high at home",
        ),
        (
            ". Is that normal?",
            ". Should I come in?",
            ". Do I keep taking it?",
            ". What should I watch for?",
            ". Please advise.",
        ),
    ),
    "es": (
        ("Hola, ", "Buenos dias, ", "", "Disculpe, "),
        ("desde la visita ", "desde hace tres dias ", "desde anoche ", "con la medicina nueva "),
        (
            "me duele al moverme",
            "me mareo al levantarme",
            "tengo el estomago mal",
            "me volvio la hinchazon",
            "no puedo dormir",
            "tengo la presion alta en casa",
        ),
        (". Es normal?", ". Debo ir a verlos?", ". Sigo tomandola?", ". Que hago?"),
    ),
}
URGENT_CLINICAL: Grammar = {
    "en": (
        ("", "Please, ", "I need help: "),
        (
            "my chest feels tight",
            "I can hardly breathe",
            "there is a lot of blood",
            "I do not want to live anymore",
            "my face feels numb on one side",
        ),
        (" since this morning", " again", " right now"),
        (".", "!"),
    ),
    "es": (
        ("", "Por favor, "),
        ("me aprieta el pecho", "casi no puedo respirar", "estoy sangrando mucho", "ya no quiero vivir"),
        (" desde la mañana", " otra vez", " ahora"),
        (".", "!"),
    ),
}
ANSWER_CLINICAL: Grammar = {
    "en": (
        ("Thank you for writing. ", "I looked at your chart. ", "Good that you asked. "),
        (
            "This can happen in the first week. ",
            "Take it with food. ",
            "Rest it and keep it raised. ",
            "Let us check it. ",
        ),
        ("Call us if it gets worse.", "Come in if there is fever.", "We will see you at your next visit."),
    ),
    "es": (
        ("Gracias por escribir. ", "Ya vi su expediente. "),
        ("Eso pasa la primera semana. ", "Tomela con comida. ", "Vamos a revisarlo. "),
        ("Llamenos si empeora.", "Venga si hay fiebre."),
    ),
}
ASK_PRACTICAL: Grammar = {
    "en": (
        ("Hi, ", "Hello, ", ""),
        (
            "where do I park",
            "what do I bring",
            "can I have the form for work",
            "which floor is it",
            "what is the fax number",
            "can you change my address",
            "do you need my card again",
        ),
        (" for my visit", "", " on that day"),
        ("?", "? Thanks."),
    ),
    "es": (
        ("Hola, ", ""),
        (
            "donde me estaciono",
            "que debo llevar",
            "me dan la carta para el trabajo",
            "en que piso es",
            "puedo cambiar mi direccion",
        ),
        (" para mi cita", ""),
        ("?", "? Gracias."),
    ),
}
ANSWER_PRACTICAL: Grammar = {
    "en": (
        ("Hello. ", "Thanks for asking. "),
        ("Use the garage on Mill Road. ", "Please bring your card. ", "It is done. ", "Second floor, desk B. "),
        ("", "Have a good day."),
    ),
    "es": (
        ("Hola. ",),
        ("Use el estacionamiento de Mill Road. ", "Traiga su tarjeta. ", "Ya quedo. "),
        ("", "Que tenga buen dia."),
    ),
}
REFILL: Grammar = {
    "en": (
        ("Please refill ", "I am almost out of ", "Can I get more of ", "Need a renewal for "),
        ("{it}",),
        (".", ", two pills left.", " please.", ". Same pharmacy."),
    ),
    "es": (
        ("Necesito mas ", "Ya casi no tengo ", "Me renueva "),
        ("{it}",),
        (".", ", por favor.", ". La misma farmacia."),
    ),
}
EXPLAIN: Grammar = {
    "en": (
        ("I looked at your result. ", "About your test: "),
        ("It is a little outside the usual range. ", "One value is high. ", "This needs another look. "),
        ("Let us repeat it in a month.", "Please call us for a visit.", "We change the dose, see below."),
    ),
    "es": (
        ("Ya vi su resultado. ",),
        ("Salio un poco alto. ", "Un valor esta fuera de lo normal. "),
        ("Lo repetimos en un mes.", "Llamenos para una cita."),
    ),
}
TROUBLED_NOTES = (
    "crying on the phone, wants to be seen",
    "very worried, asks for anybody today",
    "scared, it has come back",
    "says she can hardly breathe",
    "says his chest feels tight",
    "says there is a lot of blood",
    "says: I do not want to live anymore",
)
"""What a call taker notes when somebody who books is in distress or says words of danger."""
PHONE_NOTES = {
    "book": (
        "wants first free slot",
        "asks for morning",
        "asked for own doctor",
        "new problem, wants to be seen",
        "needs late afternoon, works",
    ),
    "bill": (
        "does not understand the amount",
        "says insurance should have paid",
        "asks for payment plan",
        "got two statements",
        "was told no copay",
    ),
    "insurance": ("new card", "asks if covered", "plan changed in January", "needs prior authorization"),
    "request_refill": ("out of medicine on Friday", "pharmacy says no refills left", "asks for 90 days"),
    "look_up_result": ("cannot find result in portal", "asks if result is in", "nobody called back"),
    "ask_clinical": ("side effect?", "pain not better", "asks if fever is normal"),
    "arrange_transport": ("no ride, asks for van", "which bus", "needs wheelchair van"),
}


def say(dice: Dice, grammar: Grammar, language: str, it: str = "") -> str:
    """A sentence of that grammar in the person's language (English where we have no other)."""
    parts = grammar.get(language) or grammar["en"]
    return "".join([dice.pick(part) for part in parts]).replace("{it}", it)


def note(dice: Dice, act: str) -> str:
    """A call taker's note; often there is none."""
    notes = PHONE_NOTES.get(act)
    return dice.pick(notes) if notes and dice.chance(0.6) else ""
