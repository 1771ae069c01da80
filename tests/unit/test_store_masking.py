"""Names, dates, phones, ids and addresses are found in English and Spanish; hours, doses and marks are nobody's."""

import csv
import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twohats.store.masking import MARK, Found, found_in, masked

ENGLISH = (
    (
        "Dr. Osei was wonderful and Nurse Thandiwe Nkosi explained it.",
        "Dr. […] was wonderful and Nurse […] explained it.",
    ),
    ("maria was great at the front desk", "[…] was great at the front desk"),
    ("thanks to oluwaseun in radiology", "thanks to […] in radiology"),
    ("DR PATEL AND NURSE MARIA WERE RUDE TO ME", "DR […] AND NURSE […] WERE RUDE TO ME"),
    ("My name is Grace Kim, call (312) 555-0142 ext. 12.", "My name is […], call […]."),
    ("Seen on 3/14/2024 and again March 3rd, 2025.", "Seen on […] and again […]."),
    ("I was there on 12/3 and on the 22nd.", "I was there on […] and on the […]."),
    ("My MRN is 00482913, claim CLM-2024-88123, SSN 123-45-6789.", "My MRN is […], claim […], SSN […]."),
    ("email ana.lopez@example.com or ana dot lopez at gmail dot com", "email […] or […]"),
    ("I live at 4521 N Maple Street, Apt 4B, Chicago, IL 60614", "I live at […]"),
    ("see https://portal.example.org/r?token=abc123.", "see […]."),
    ("the number is five five five zero one four two", "the number is […]"),
    ("K. Osei and J.R. Smith, Rodrick Bell Sr. and Mei-Ling", "[…] and […], […]. and […]"),
    (
        "Grace at the front desk showed real grace under pressure.",
        "[…] at the front desk showed real grace under pressure.",
    ),
)
SPANISH = (
    ("La enfermera Lupita y la Dra. de la Peña fueron amables.", "La enfermera […] y la Dra. […] fueron amables."),
    ("me llamo juan pérez garcía y vivo en calle 5 de mayo 123", "me llamo […] y vivo en […]"),
    ("gracias a rosa y a marisol por todo", "gracias a […] y a […] por todo"),
    ("Tuve cita el 5 de mayo con el señor Benítez.", "Tuve cita el […] con el señor […]."),
    ("nací el primero de junio de 1956", "nací el […]"),
    ("Rosa la de la caja es una rosa, de veras", "[…] la de la caja es una rosa, de veras"),
    ("YESENIA ES LA MEJOR", "[…] ES LA MEJOR"),
    ("el expediente 77-40912 y el teléfono 55 5550 1122", "el expediente […] y el teléfono […]"),
    ("Vivo en la 412 Calle Encino, apto 6.", "Vivo en la […]."),
)
NOBODYS = (
    "I waited 3 hours, gave it 10/10, you are open 24/7, room 12, bed 4.",
    "The bill was $1,200.50 and 500 mg twice a day for my 85 year old mother on Monday.",
    "May I suggest more chairs? Will there be any in March?",
    "Blood pressure 120/80 and an A1C of 7.2.",
    "I hope the nurse may rest.",
    "Esperé 3 horas en el cuarto 12, le doy 9/10.",
    "La enfermera fue muy amable y la cita fue en mayo.",
    "Todo el personal es excelente, de día y de noche.",
)


@pytest.mark.parametrize(("words", "shown"), ENGLISH + SPANISH)
def test_what_is_personal_is_masked_and_nothing_else(words: str, shown: str):
    assert masked(words) == shown


@pytest.mark.parametrize("words", NOBODYS)
def test_what_is_nobodys_stays(words: str):
    assert found_in(words) == ()
    assert masked(words) == words


def _examples() -> dict[tuple[str, str], list[tuple[str, list[list[int]]]]]:
    """Invented comments by family and language, with the spans that are personal."""
    held: dict[tuple[str, str], list[tuple[str, list[list[int]]]]] = {}
    with Path(__file__).with_name("masking_examples.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            held.setdefault((row["family"], row["language"]), []).append((row["text"], json.loads(row["spans"])))
    return held


EXAMPLES = _examples()


def _signs(words: str, spans: list[list[int]]) -> list[int]:
    """The places of the letters and digits in the spans."""
    return [place for start, end in spans for place in range(start, end) if words[place].isalnum()]


@pytest.mark.parametrize("family", EXAMPLES, ids=" ".join)
def test_every_way_of_writing_personal_data_is_masked_and_no_letter_more(family: tuple[str, str]):
    assert [
        masked(words)
        for words, spans in EXAMPLES[family]
        if _signs(words, [[one.start, one.end] for one in found_in(words)]) != _signs(words, spans)
    ] == []


def test_the_examples_are_many():
    assert (len(EXAMPLES), sum(map(len, EXAMPLES.values()))) == (14, 1158)


def test_each_kind_is_told_with_its_place():
    words = "Ana, 3/14/2024, 555-0142, ana@example.com, MRN 00482913, 12 Elm Street, www.example.org/a"
    assert found_in(words) == (
        Found(0, 3, "name"),
        Found(5, 14, "date"),
        Found(16, 24, "phone"),
        Found(26, 41, "e-mail"),
        Found(47, 55, "number"),
        Found(57, 70, "address"),
        Found(72, 89, "link"),
    )


def test_known_names_are_found_in_any_case_with_or_without_accents():
    known = ("Íñigo Zubizarreta", "Dr. Quill")
    assert masked("inigo and ZUBIZARRETA met quill", known) == "[…] and […] met […]"


def test_a_known_name_that_is_a_common_word_needs_a_capital_or_company():
    known = frozenset({"Hope Park", "Will Young"})
    assert masked("I hope we can park here; a young man will help.", known) == (
        "I hope we can park here; a young man will help."
    )
    assert masked("I met Hope there. Nurse Young came.", known) == "I met […] there. Nurse […] came."
    assert masked("will young told me where to go", known) == "[…] told me where to go"


def test_a_name_once_found_is_found_again():
    assert masked("Dr. Graves came. We like Graves.") == "Dr. […] came. We like […]."


def test_texts_that_run_from_right_to_left_keep_their_order():
    assert masked("האחות Maria התקשרה 212-555-0142 תודה") == "האחות […] התקשרה […] תודה"
    assert masked("شكرا Dr. Haddad يوم 3/14/2024") == "شكرا Dr. […] يوم […]"
    assert masked("الممرضة فاطمة", ("فاطمة",)) == "الممرضة […]"


def test_emoji_accents_apart_and_control_signs_do_no_harm():
    assert masked("😀 Maria 👩🏽‍⚕️!") == "😀 […] 👩🏽‍⚕️!"
    assert masked(unicodedata.normalize("NFD", "gracias a José")) == "gracias a […]"
    assert masked("\x00\x1b Maria\x07") == "\x00\x1b […]\x07"
    assert masked("<b>Maria</b> =1+1") == "<b>[…]</b> =1+1"


def test_no_words_hold_nothing():
    assert (masked(""), found_in(""), masked("   \n")) == ("", (), "   \n")


@pytest.mark.parametrize(
    "unit", ["a", "1", "Maria Lopez. ", "De ", "A. ", "1-1é ", "a@", "12 Oak St, ", "May 3, ", "one two "]
)
def test_time_grows_with_the_length_and_no_faster(unit: str):
    short, long = ((unit * size)[:size] for size in (10_000, 100_000))
    began = time.process_time()
    masked(short)
    middle = time.process_time()
    masked(long)
    assert time.process_time() - middle < 40 * (middle - began) + 1


PIECES = st.sampled_from(
    (
        "Maria",
        "Osei",
        "grace",
        "Will",
        "may",
        "de",
        "la",
        "Dr.",
        "Nurse",
        "y",
        "and",
        ",",
        ".",
        "!",
        "[…]",
        "3/14",
        "2024",
    )
)
SIGNS = st.sampled_from(
    (
        "@",
        "555-0142",
        "a@b.com",
        "Calle",
        "12",
        "March",
        "el",
        "J.",
        "K.",
        "ñ",
        "😀",
        "ש",
        "MRN",
        "http://a.b/c",
        "'",
        "-",
        "\n",
    )
)
MIXED = st.lists(PIECES | SIGNS, max_size=14)
WORDS = st.one_of(st.text(max_size=60), MIXED.map(" ".join), MIXED.map("".join))


@settings(deadline=None)
@given(WORDS, st.lists(st.sampled_from(("Grace Will", "de la Cruz", "May", "ש", "X")), max_size=2))
def test_what_stands_outside_stays_and_masking_twice_is_masking_once(words: str, known: list[str]):
    found, shown = found_in(words, known), masked(words, known)
    pieces, last = [], 0
    for one in found:
        assert last <= one.start < one.end <= len(words)
        pieces += [words[last : one.start], MARK]
        last = one.end
    assert shown == "".join([*pieces, words[last:]])
    assert masked(shown, known) == shown
