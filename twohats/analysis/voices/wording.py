"""The words of a text as the model reads them: lower case, without accents, Spanish read as English."""

import re
import unicodedata
from functools import cache
from importlib.resources import files

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[!?]|[^\w\s!?.,;:()\"'/*\-¡¿]")
"""A word, a mark that speaks (! ?), or a sign of its own such as an emoji."""
LONGEST_WORD = 30
SHORTEST_STEM = 3
QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})
_SPANISH = (
    "el la los las de del que y en por con para una un muy mi mis pero es se lo le su al fue esta era porque cuando yo "
    "ya todo todos hasta bien sin gracias doctora enfermera cita aseguranza seguro nos mas"
)
_ENGLISH = (
    "the and was to of is my in for with i it they were very had not but that at this have on all good staff be as so "
    "me you are a we"
)
ONLY_SPANISH, ONLY_ENGLISH = frozenset(_SPANISH.split()), frozenset(_ENGLISH.split())


def plain(text: str) -> str:
    """The text in lower case, without accents and with straight quotes."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFD", text.translate(QUOTES).lower())
    return "".join(sign for sign in text if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """The words in order; a very long one is cut."""
    return [word[:LONGEST_WORD] for word in WORD.findall(plain(text))]


def said_words(text: str) -> list[str]:
    """The same words as `words_of` gives, as they were said (with their accents, in lower case)."""
    words = words_of(text)
    if text.isascii():
        return words
    said = WORD.findall(text.translate(QUOTES).lower())
    return [word[:LONGEST_WORD] for word in said] if len(said) == len(words) else words


def is_spanish(words: list[str]) -> bool:
    """Whether more small words speak for Spanish than for English."""
    told = set(words)
    return len(told & ONLY_SPANISH) > len(told & ONLY_ENGLISH)


@cache
def english_of(word: str) -> str:
    """The English word a Spanish word (without accents) is read as; the word itself where we know none."""
    whole, stems = _lexicon()
    found = whole.get(word)
    for length in range(len(word), SHORTEST_STEM - 1, -1):
        if found is not None:
            return found
        found = stems.get(word[:length])
    return word if found is None else found


@cache
def _lexicon() -> tuple[dict[str, str], dict[str, str]]:
    """Whole words and stems; what is named first holds."""
    whole: dict[str, str] = {}
    stems: dict[str, str] = {}
    for line in files("twohats.analysis.voices").joinpath("spanish.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        english, _, spanish = line.partition(": ")
        for word in spanish.split():
            (stems if word.endswith("*") else whole).setdefault(word.rstrip("*"), english)
    return whole, stems
