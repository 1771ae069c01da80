"""The words of a text as the model reads them: lower case, without accents, Spanish and English alike."""

import re
import unicodedata

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[!?]|[^\w\s!?.,;:()\"'/*\-]")
"""A word, a mark that speaks (! ?), or a sign of its own such as an emoji."""
LONGEST_WORD = 30
QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})


def plain(text: str) -> str:
    """The text in lower case, without accents and with straight quotes; never longer than four times the text."""
    text = text.translate(QUOTES) if not text.isascii() else text
    text = text.lower()
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """The words in order; a very long one is cut."""
    return [word[:LONGEST_WORD] for word in WORD.findall(plain(text))]
