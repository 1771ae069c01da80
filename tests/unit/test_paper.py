"""Paper is set as pages are read: words in lines that fit, columns as wide as they need, pictures stroke by stroke."""

from datetime import UTC, datetime
from io import BytesIO

import pytest

from twohats.service.pages.charts import svg
from twohats.service.pages.charts.bars import Bar, bars
from twohats.service.pages.paper.blocks import AROUND, CELL, Grid, Stack, Words
from twohats.service.pages.paper.letters import REGULAR, drawable, register_fonts, shortened, width_of, wrapped
from twohats.service.pages.paper.sheet import COLUMN, LEFT, ROOM, Sheet, in_pages
from twohats.service.pages.paper.strokes import draw, said_in, size_of
from twohats.service.pages.paper.tagged import HEIGHT, WIDTH, About, Tagged

pypdf = pytest.importorskip("pypdf")

ABOUT = About("A title", "Autumn", "en", datetime(2026, 11, 23, tzinfo=UTC))
A4, LETTER = (595.28, 841.89), (612.0, 792.0)


@pytest.fixture(autouse=True)
def fonts():
    register_fonts()


def read(content: bytes):
    return pypdf.PdfReader(BytesIO(content))


def test_a_page_fits_a4_and_letter_alike():
    assert min(A4[0], LETTER[0]) >= WIDTH and min(A4[1], LETTER[1]) >= HEIGHT
    assert 2 * COLUMN < ROOM == WIDTH - 2 * LEFT


@pytest.mark.parametrize(("text", "drawn"), [
    ("¿Cuántos años? ñ Ñ ü ¡sí!", "¿Cuántos años? ñ Ñ ü ¡sí!"),
    ("7.4 % – 13.3 % ≥ …", "7.4 % – 13.3 % ≥ …"),
    ("Győr, Kraków, łódź", "Gyor, Kraków, łódz"),
    ("a\u2003b", "a b"),
    ("φ 18.82, τ² 0.02", "phi 18.82, tau² 0.02"),
    ("病院", "??"),
])
def test_letters_that_the_font_lacks_lose_their_accent_or_become_a_question_mark(text, drawn):
    assert drawable(text) == drawn


def test_lines_end_between_words_and_only_a_word_longer_than_a_line_is_cut():
    lines = wrapped("people waited for a clinician", REGULAR, 10, 80)
    assert " ".join(lines) == "people waited for a clinician" and len(lines) > 1
    assert all(width_of(line, REGULAR, 10) <= 80 for line in lines)
    cut = wrapped("incomprehensibilities", REGULAR, 10, 40)
    assert "".join(cut) == "incomprehensibilities" and all(width_of(line, REGULAR, 10) <= 40 for line in cut)
    assert wrapped("", REGULAR, 10, 80) == ("",)
    assert shortened("people waited for a clinician", REGULAR, 10, 80).endswith("…")
    assert shortened("people", REGULAR, 10, 80) == "people"


def table(*rows: tuple[str, ...]) -> dict:
    return {"caption": "Units", "columns": [{"name": "Unit"}, {"name": "Number", "is_number": True}],
            "rows": [[{"text": unit}, {"instead": number}] for unit, number in rows]}


def test_columns_are_as_wide_as_their_cells_and_the_widest_gives_way_first():
    loose = Grid(table(("North", "1")), 300)
    assert sum(loose.widths) == pytest.approx(300)
    assert loose.widths[1] == pytest.approx(width_of("Number", "VeraBd", CELL) + AROUND)
    tight = Grid(table(("North", "fewer than 11 people on one side of the share")), 120)
    assert sum(tight.widths) == pytest.approx(120)
    assert tight.widths[0] == pytest.approx(width_of("North", REGULAR, CELL) + AROUND)


def test_a_long_table_goes_on_over_the_page_with_its_head_and_is_one_table_to_a_screen_reader():
    rows = [(f"Unit {number}", str(number)) for number in range(90)]
    pages = read(in_pages(lambda sheet: sheet.table(table(*rows)), ABOUT, "Release 1", "{} of {}".format)).pages
    texts = [page.extract_text() for page in pages]
    assert len(texts) == 3 and all("Number" in text for text in texts)
    assert [text.count("Units") for text in texts] == [1, 0, 0]
    assert [text.strip().split("\n")[-1] for text in texts] == ["1 of 3", "2 of 3", "3 of 3"]
    assert all(f"Unit {number}\n" in "\n".join(texts) for number in range(90))


def test_two_columns_stay_level_and_a_head_never_stands_alone_at_the_foot():
    tall = Stack([Words("word", size=20)] * 10)
    sheet = Sheet(ABOUT, "", str)
    sheet.y = 600
    sheet.pair([Words("left", "H2"), tall, tall], [Words("right", "H2"), tall])
    assert sheet.pages == 2
    first, second = (page.extract_text() for page in read(sheet.finished()).pages)
    assert "left" not in first and "left" in second and "right" in second


def test_a_picture_is_drawn_with_its_words_and_tells_them_where_it_cannot_be_seen():
    said = svg.Said("Most waited.", "Bars from zero.")
    rows = [Bar("arrival", 3, "3 minutes"), Bar("leaving <soon>", 9, "9 minutes")]
    drawing = bars("key", "customer", rows, 288, said)
    assert said_in(drawing) == "Most waited. Bars from zero." and size_of(drawing)[0] == 288
    paper = Tagged(ABOUT)
    with paper.content("Figure", alt=said_in(drawing)):
        draw(paper, drawing, 50, 50, 0.8)
    text = read(paper.finished()).pages[0].extract_text()
    assert all(words in text for words in ("arrival", "3 minutes", "leaving <soon>", "9 minutes"))


def test_shapes_of_many_points_are_closed_where_the_page_closes_them():
    shapes = [svg.tag("polygon", points="0,0 10,0 10,10", fill=svg.INK),
              svg.tag("path", d="M0 0L5 5L0 10Z", fill=svg.INK),
              svg.tag("polyline", points="0,0 10,10", fill="none", stroke=svg.INK)]
    paper = Tagged(ABOUT)
    draw(paper, svg.drawing("key", 20, 20, svg.Said("", ""), shapes), 0, 0, 1)
    strokes = read(paper.finished()).pages[0].get_contents().get_data().decode().split()
    assert (strokes.count("m"), strokes.count("l"), strokes.count("h")) == (3, 5, 2)


def test_two_documents_that_differ_have_ids_that_differ():
    def made(words: str) -> bytes:
        return in_pages(lambda sheet: sheet.put(Words(words)), ABOUT, "", "{} of {}".format)

    assert made("one") == made("one")
    assert read(made("one")).trailer["/ID"] != read(made("two")).trailer["/ID"]
