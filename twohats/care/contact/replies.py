"""What a reply to a text asks: STOP, in the words that people use. Nothing else is read from a reply here."""

import re

WHOLE = frozenset({"stop", "stopall", "stop all", "quit", "end", "revoke", "opt out", "optout", "cancel", "unsubscribe",
                   "alto", "parar", "pare", "basta", "baja", "cancelar", "fin"})
"""Words that end messages when a reply holds nothing else: those of 47 CFR 64.1200(a)(10) (2025), and in Spanish."""
FIRST = frozenset({"stop", "stopall", "unsubscribe", "alto"})
"""Words that end messages whatever follows them."""


def is_stop(text: str) -> bool:
    """True where a reply asks for no more messages of this kind."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return " ".join(words) in WHOLE or not FIRST.isdisjoint(words[:1])
