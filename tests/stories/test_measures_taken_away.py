"""Frank takes the measures away as CSV, as a workbook and on paper: the same numbers, by the same right."""

import csv
import io
import re
import zipfile
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from tests.release_fixture import RELEASE, UNITS, make_release, missed
from tests.security.conftest import logged_in
from tests.stories.counting import queries_of
from twohats.service import releases
from twohats.service.actions import marks, people
from twohats.service.actions.marks import Chart
from twohats.service.pages.measures.numbers import numbers_of
from twohats.service.policy import WHOLE, Role
from twohats.service.records.models import AuditEvent
from twohats.words.measures import measure as declared

pypdf = pytest.importorskip("pypdf")

QUARTER = "2026-Q3"
ALL = {kind: f"/measures/told.{kind}?unit=*&period={QUARTER}" for kind in ("csv", "xlsx", "pdf")}
ONE = {kind: f"/measures/no_show/told.{kind}?unit=*&period={QUARTER}" for kind in ("csv", "xlsx", "pdf")}
GROUPS = [("language en", 400, 25 / 400), ("language es", 110, 0.2), ("language other", 50, 0.26),
          ("age 40-64", 250, 0.112), ("age 65-79", 310, 32 / 310), ("payer public", 300, 0.11),
          ("payer other", 252, 27 / 260), ("area 000", 60, 0.2), ("area 021", 500, 0.096)]
"""The groups of visits missed in the drawn release: people (at least so many), and the share missed."""
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def frank(readers, home):
    people.give_role(user=readers["leader"], role=Role.LEADER, unit=WHOLE, by=None)
    return logged_in(readers["leader"])


def taken(client, address: str, language: str = "en") -> bytes:
    answer = client.get(address, headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


class Workbook:
    """A workbook read back: by sheet its rows, numbers as numbers and words as words."""

    def __init__(self, content: bytes) -> None:
        self.parts = zipfile.ZipFile(io.BytesIO(content))
        shared = ElementTree.fromstring(self.parts.read("xl/sharedStrings.xml"))
        self.words = ["".join(part.text or "" for part in one.iter(f"{MAIN}t")) for one in shared]
        book = ElementTree.fromstring(self.parts.read("xl/workbook.xml"))
        self.names = [one.get("name") for one in book.iter(f"{MAIN}sheet")]
        self.sheets = {name: self._rows(number) for number, name in enumerate(self.names, 1)}

    def sheet(self, number: int) -> ElementTree.Element:
        return ElementTree.fromstring(self.parts.read(f"xl/worksheets/sheet{number}.xml"))

    def _rows(self, number: int) -> list[dict[str, str | float]]:
        return [{re.sub(r"\d", "", cell.get("r")): self._value(cell) for cell in row}
                for row in self.sheet(number).iter(f"{MAIN}row")]

    def _value(self, cell: ElementTree.Element) -> str | float:
        value = cell.findtext(f"{MAIN}v")
        return self.words[int(value)] if cell.get("t") == "s" else float(value)

    def table(self, name: str) -> list[dict[str, str | float]]:
        """The rows below the head, by the names of its columns."""
        head, *rows = self.sheets[name]
        return [{head[column]: value for column, value in row.items()} for row in rows]


def pages_of(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def text_of(content: bytes) -> str:
    return " ".join(pages_of(content)).replace("\u00a0", " ")


def elements(content: bytes) -> list[dict]:
    """The structure that a screen reader follows, from the top down."""
    def below(element: dict) -> list[dict]:
        kids = [kid.get_object() for kid in element["/K"]]
        return [element, *(one for kid in kids if kid["/Type"] == "/StructElem" for one in below(kid))]

    return below(pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/StructTreeRoot"]["/K"])


def test_page_csv_workbook_and_paper_say_the_same_number(frank):
    page = " ".join(frank.get(f"/measures/?unit=*&period={QUARTER}").content.decode().split()).replace("\u00a0", " ")
    assert "10.0 %</strong>" in page and "Range 7.4 % to 13.3 %. 400 people. Lower is better." in page
    (row,) = [row for row in rows_of(taken(frank, ALL["csv"]))
              if (row["measure"], row["period"]) == ("no_show", QUARTER)]
    assert (row["value"], row["low"], row["high"], row["times"], row["people"]) == (
        "0.1", "0.0742993", "0.133311", "400", "400")
    (line,) = [line for line in Workbook(taken(frank, ALL["xlsx"])).table("As customers")
               if (line["Code of the measure"], line["Code of the period"]) == ("no_show", QUARTER)]
    assert {name: round(value, 7) if isinstance(value, float) else value for name, value in line.items()} == {
        "Measure": "Visits missed without notice", "Period": "July 2026 to September 2026", "Number": 0.1,
        "In what": "share", "Range, from": 0.0742993, "Range, to": 0.1333106, "Counted": 400.0, "People": 400.0,
        "Who they are": "People", "Better": "Lower is better.", "In place of a number": "", "How far to trust it": "",
        "Measured or asked": "measured", "How it was answered": "",
        "Code of the measure": "no_show", "Code of the period": QUARTER}
    assert ("Visits missed without notice 10.0 % Range 7.4 % to 13.3 %. 400 people. Lower is better."
            in text_of(taken(frank, ALL["pdf"])))


def test_the_workbook_has_every_row_of_the_csv_and_each_hat_its_sheet_with_the_same_columns(frank):
    rows, book = rows_of(taken(frank, ALL["csv"])), Workbook(taken(frank, ALL["xlsx"]))
    assert book.names == ["Read this first", "As patients", "As customers", "Beside the two hats"]
    lines = [line for name in book.names[1:] for line in book.table(name)]
    names = {"Number": "value", "Range, from": "low", "Range, to": "high", "Counted": "times", "People": "people"}

    def exact(line) -> tuple:
        return (line["Code of the measure"], line["Code of the period"],
                *(f"{line[name]:.6g}" if name in line else "" for name in names))

    assert sorted(map(exact, lines)) == sorted(
        (row["measure"], row["period"], *(row[name] for name in names.values())) for row in rows)
    assert book.sheets["As patients"][0] == book.sheets["As customers"][0] == book.sheets["Beside the two hats"][0]
    assert [[column.attrib for column in book.sheet(number).iter(f"{MAIN}col")] for number in (2, 3)] == [
        [column.attrib for column in book.sheet(4).iter(f"{MAIN}col")]] * 2
    for name, hat in (("As patients", "patient"), ("As customers", "customer")):
        assert {declared(line["Code of the measure"]).hat.value for line in book.table(name)} == {hat}, name
    assert {line["Code of the measure"] for line in book.table("Beside the two hats")} == {"cg_cahps_3_1_family"}


def test_what_is_hidden_is_empty_in_the_workbook_and_says_why(frank):
    book = Workbook(taken(frank, ALL["xlsx"]))
    told = {line["Code of the measure"]: line for name in book.names[1:] for line in book.table(name)
            if line["Code of the period"] == QUARTER}
    assert {name for name in told["hold"] if isinstance(told["hold"][name], float)} == set()
    assert told["hold"]["In place of a number"] == "fewer than 11 people"
    assert {name: value for name, value in told["first_fill"].items() if isinstance(value, float)} == {
        "Counted": 60.0, "People": 50.0}
    assert told["first_fill"]["In place of a number"] == "fewer than 11 people on one side of the share"


def test_a_sheet_keeps_its_head_in_sight_and_the_first_one_says_what_it_is(frank):
    book = Workbook(taken(frank, ALL["xlsx"]))
    for number in (2, 3, 4):
        (pane,) = book.sheet(number).iter(f"{MAIN}pane")
        assert (pane.get("state"), pane.get("topLeftCell")) == ("frozen", "B2")
        assert book.sheet(number).find(f"{MAIN}autoFilter") is not None
    facts = {row["A"]: row.get("B") for row in book.sheets["Read this first"]}
    assert facts["Place"] == "The whole organisation"
    assert facts["Period on the page"] == "July 2026 to September 2026"
    assert (facts["Release"], facts["Known as of"]) == (RELEASE, "November 23, 2026")


def test_a_workbook_knows_no_clock_but_the_release(frank):
    parts = Workbook(taken(frank, ALL["xlsx"])).parts
    assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", parts.read("docProps/core.xml").decode())) == {
        "2026-11-23T18:00:00Z"}


def test_the_files_of_one_measure_are_the_tables_of_its_page(frank):
    rows, book = rows_of(taken(frank, ONE["csv"])), Workbook(taken(frank, ONE["xlsx"]))
    told = [(row["table"], row["unit"], row["period"], row["value"], row["people"]) for row in rows]
    months = [("periods", WHOLE, f"2026-{month:02}", f"{13 / (130 + month):.6g}", str(130 + month))
              for month in (7, 8, 9, 10)]
    assert told == [*months, ("units", "north", QUARTER, f"{28 / 300:.6g}", "300"),
                    ("units", "south", QUARTER, "0.12", "100"),
                    *(("groups", WHOLE, "2026", f"{share:.6g}", str(people)) for _group, people, share in GROUPS)]
    assert [f"{row['cut']} {row['group']}" for row in rows if row["table"] == "groups"] == [
        group for group, _people, _share in GROUPS]
    assert book.names == ["Read this first", "Period by period", "Unit by unit", "Group by group"]
    assert [(line["Period"], f"{line['Number']:.6g}", line["People"], line["Stands out"])
            for line in book.table("Period by period")] == [
        (name, value, float(people), "too few periods") for name, (_table, _unit, _period, value, people) in zip(
            ("July 2026", "August 2026", "September 2026", "October 2026"), months, strict=True)]
    assert [(line["Unit"], line["Number"]) for line in book.table("Unit by unit")] == [
        ("North", 28 / 300), ("South", 0.12)]
    assert [(line["Groups"], line["Group"], line["Number"]) for line in book.table("Group by group")][:3] == [
        ("By language", "English", 0.0625), ("By language", "Spanish", 0.2), ("By language", "all others", 0.26)]
    paper = text_of(taken(frank, ONE["pdf"]))
    for said in ("July 2026 9.5 %", "October 2026 9.3 %", "North 9.3 %", "South 12.0 %", "Spanish 20.0 %",
                 "7.4 % to 13.3 %, 95 times in 100; 400 counted, 400 people, July 2026 to September 2026.",
                 "Too few whole periods to tell a change from chance.", "Appointments marked as missed."):
        assert said in paper, said


def test_the_limits_and_what_stands_out_leave_with_the_chart(settings, tmp_path, readers):
    settings.TWOHATS_HOME = tmp_path / "long"
    months = [f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 13)][10:34]
    make_release(tmp_path / "long", "of-many-months", measures=[
        missed(unit, "2026", 9000, 700) for unit in (WHOLE, "system")] + [
        missed(unit, month, 1000, 160 if month < "2025-11" else 80) for unit in (WHOLE, "system") for month in months])
    people.give_role(user=readers["leader"], role=Role.LEADER, unit=WHOLE, by=None)
    frank = logged_in(readers["leader"])
    marks.set_goal(chart=Chart("no_show", WHOLE), month="2026-01", value=0.1, by=readers["leader"])
    address = "/measures/no_show/told.{}?unit=*"
    last = rows_of(taken(frank, address.format("csv")))[len(months) - 1]
    line = Workbook(taken(frank, address.format("xlsx"))).table("Period by period")[-1]
    assert (last["period"], last["value"], last["goal"], last["stands_out"]) == (
        "2026-10", "0.08", "0.1", "Below LCL")
    assert (f"{line['By chance alone, from']:.6g}", f"{line['By chance alone, to']:.6g}", line["Goal"]) == (
        last["limit_low"], last["limit_high"], 0.1)
    assert line["Stands out"] == "below the lower limit"
    paper = text_of(taken(frank, address.format("pdf")))
    assert "It moved for the better, more than chance explains." in paper and "Goal from January 2026 on" in paper


def test_a_unit_of_few_people_leaves_with_the_number_that_the_page_gives_it(settings, tmp_path, readers):
    settings.TWOHATS_HOME = tmp_path / "few"
    rows = {"*": (728, 151), "system": (728, 151), "north": (700, 136), "south": (28, 15), "north-ed": (400, 40),
            "north-clinic": (300, 96)}
    make_release(tmp_path / "few", "few", measures=[missed(unit, "2026", *row) for unit, row in rows.items()])
    people.give_role(user=readers["leader"], role=Role.LEADER, unit=WHOLE, by=None)
    frank, address = logged_in(readers["leader"]), "/measures/no_show/{}?unit=*"
    page = frank.get(address.format("")).content.decode().replace("\u00a0", " ")
    (shown,) = re.findall(r'<th scope="row">South</th><td class="number">([\d.]+) %</td>', page)
    (row,) = [row for row in rows_of(taken(frank, address.format("told.csv"))) if row["unit"] == "south"]
    (line,) = [line for line in Workbook(taken(frank, address.format("told.xlsx"))).table("Unit by unit")
               if line["Unit"] == "South"]
    assert shown != "53.6" and f"{100 * line['Number']:.1f}" == f"{100 * float(row['value']):.1f}" == shown
    assert (row["how_far"], line["How far it goes"], line["People"]) == (
        "drawn in", "few people: drawn to the mean, not compared", 28)
    assert f"South {shown} %" in text_of(taken(frank, address.format("told.pdf")))


def test_words_that_a_spreadsheet_would_run_stay_words(settings, tmp_path, readers):
    settings.TWOHATS_HOME = tmp_path / "named"
    units = [unit | ({"name": "=1+1"} if unit["unit"] == "north" else {}) for unit in UNITS]
    make_release(tmp_path / "named", "named", units=units)
    content = taken(logged_in(readers["leader"]), "/measures/no_show/told.xlsx?unit=north")
    book = Workbook(content)
    assert {row["A"]: row.get("B") for row in book.sheets["Read this first"]}["Place"] == "'=1+1"
    assert not [cell for number in (1, 2, 3) for cell in book.sheet(number).iter(f"{MAIN}f")]


@pytest.mark.parametrize("language", ["en", "es"])
def test_paper_tells_its_title_language_day_and_structure(frank, language):
    content = taken(frank, ONE["pdf"], language)
    read = pypdf.PdfReader(io.BytesIO(content))
    title = {"en": "Visits missed without notice: The whole organisation",
             "es": "Visitas perdidas sin aviso: Toda la organización"}[language]
    root = read.trailer["/Root"]
    assert (read.metadata.title, root["/Lang"], root["/MarkInfo"]["/Marked"]) == (title, language, True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert read.metadata.creation_date == datetime(2026, 11, 23, 18, tzinfo=UTC)
    found = elements(content)
    kinds = [one["/S"] for one in found]
    assert kinds[:2] == ["/Document", "/H1"] and kinds.count("/H1") == 1
    picture, *by_group = [one for one in found if one["/S"] == "/Figure"]
    finding = {"en": "Too few whole periods to tell a change from chance.",
               "es": "Muy pocos periodos completos para distinguir un cambio del azar."}[language]
    assert picture["/Alt"].startswith(finding)
    heads = [one["/A"]["/Scope"] for one in found if one["/S"] == "/TH"]
    groups = [head for rows in (3, 2, 2, 2) for head in ["/Column"] * 4 + ["/Row"] * rows]
    assert heads == ["/Column"] * 6 + ["/Row"] * 4 + ["/Column"] * 6 + ["/Row"] * 2 + groups
    assert ([one["/S"] for one in found].count("/Table"), len(by_group)) == (2 + 4, 4)


def test_every_mark_on_a_page_of_paper_is_known_to_the_structure(frank):
    read = pypdf.PdfReader(io.BytesIO(taken(frank, ALL["pdf"])))
    numbers = read.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
    assert len(read.pages) > 1
    for page in read.pages:
        marked = [int(number) for number in re.findall(rb"/MCID (\d+)", page.get_contents().get_data())]
        assert marked == list(range(len(parents[page["/StructParents"]])))


def test_both_hats_stand_side_by_side_on_paper_and_nothing_adds_them_up(frank):
    first = pages_of(taken(frank, ALL["pdf"]))[0]
    assert first.index("As patients") < first.index("As customers")
    text = text_of(taken(frank, ALL["pdf"]))
    assert "Never added up" in text and "Beside the two hats" in text and "Page 1 of" in text
    assert RELEASE in text and "The whole organisation" in text
    assert "Fewer than 11 people on one side of the share. 50 people. Higher is better." in text
    assert "No period stands out" in text or "Too few whole periods" in text


def test_the_files_speak_the_language_of_the_reader(frank):
    book = Workbook(taken(frank, ALL["xlsx"], "es"))
    assert book.names == ["Lea esto primero", "Como pacientes", "Como clientes", "Al lado de los dos sombreros"]
    (line,) = [line for line in book.table("Como clientes")
               if (line["Código de la medida"], line["Código del periodo"]) == ("no_show", QUARTER)]
    assert (line["Medida"], line["Periodo"], line["Número"]) == (
        "Visitas perdidas sin aviso", "julio de 2026 a septiembre de 2026", 0.1)
    paper = text_of(taken(frank, ALL["pdf"], "es"))
    assert "¿Qué recibieron de nosotros las personas y qué les costó?" in paper
    assert "Como pacientes" in paper and "Menos es mejor." in paper and "Página 1 de" in paper


@pytest.mark.parametrize("address", [*ALL.values(), *ONE.values()])
def test_the_same_release_gives_the_same_bytes_whatever_the_clock_says(frank, address, monkeypatch):
    first = taken(frank, address)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert taken(frank, address) == first


def test_a_file_answers_every_reader_as_its_page_does(readers):
    pages = {"/measures/?unit={}": "/measures/told.{}?unit={}",
             "/measures/no_show/?unit={}": "/measures/no_show/told.{}?unit={}"}
    for name in readers:
        client = logged_in(readers[name])
        for page, file in pages.items():
            for unit in ("north", "south", "*", "nowhere"):
                status = client.get(page.format(unit)).status_code
                assert [client.get(file.format(kind, unit)).status_code for kind in ("csv", "xlsx", "pdf")] == [
                    status] * 3, (name, page, unit)
    north = logged_in(readers["leader"])
    assert "South" not in text_of(taken(north, "/measures/no_show/told.pdf?unit=north"))
    assert {row["unit"] for row in rows_of(taken(north, "/measures/no_show/told.csv?unit=north"))} == {
        "north", "north-clinic", "north-ed"}
    for address in ("/measures/none_such/told.pdf", "/measures/told.xlsx?period=1999", "/measures/no_show/told.doc"):
        assert north.get(address).status_code == 404, address


def test_each_file_that_leaves_is_written_down_with_what_it_holds_and_for_whom(frank, readers):
    for address in (*ALL.values(), *ONE.values()):
        taken(frank, address)
    frank.get("/measures/told.xlsx?unit=nowhere")
    events = AuditEvent.objects.filter(kind="measures").order_by("pk")
    assert list(events.values_list("verb", "thing", "user_number")) == [
        (f"took {kind}", f"{thing}@{RELEASE}", readers["leader"].pk)
        for thing in ("*", "no_show/*") for kind in ("csv", "xlsx", "pdf")]
    page = logged_in(readers["administrator"]).get("/audit/?kind=measures").content.decode()
    assert all(said in page for said in ("took it away as CSV", "took it away as XLSX", "took it away as PDF"))


def test_pages_offer_their_files_for_the_same_unit_and_period(frank):
    for page, files in (("/measures/", ALL), ("/measures/no_show/", ONE)):
        shown = frank.get(f"{page}?unit=*&period={QUARTER}").content.decode()
        found = re.findall(r'<a href="([^"]*told\.[^"]*)"', shown)
        assert [address.replace("&amp;", "&").replace("%2A", "*") for address in found] == [
            files["pdf"], files["xlsx"], files["csv"]]


def test_paper_of_all_measures_asks_as_little_of_the_records_with_one_chart_as_with_many(frank, readers):
    before = queries_of(frank, ALL["pdf"])
    for key in ("no_show", "coc", "time_to_clinician"):
        chart = Chart(key, WHOLE)
        marks.write_note(chart=chart, month="2026-09", words="a new door", by=readers["leader"])
        marks.rebase(chart=chart, month="2026-09", reason="a new door", by=readers["leader"])
        marks.set_goal(chart=chart, month="2026-08", value=0.1, by=readers["leader"])
    assert queries_of(frank, ALL["pdf"]) == before


def test_what_was_written_on_a_chart_is_on_its_paper(frank, readers):
    chart = Chart("no_show", WHOLE)
    marks.write_note(chart=chart, month="2026-08", words="the bus stopped running", by=readers["leader"])
    for paper in (text_of(taken(frank, ALL["pdf"])), text_of(taken(frank, ONE["pdf"]))):
        assert "the bus stopped running (Leader" in paper
    assert "2 ·" not in text_of(taken(frank, ONE["pdf"]))


def test_the_numbers_are_those_of_the_release(frank):
    numbers = numbers_of(releases.current())
    lines = Workbook(taken(frank, ALL["xlsx"])).table("As patients")
    told = {(line["Code of the measure"], line["Code of the period"]): line.get("Number") for line in lines}
    assert told["coc", QUARTER] == numbers.told("coc", WHOLE, QUARTER).value
    assert told["time_to_clinician", QUARTER] == pytest.approx(
        numbers.told("time_to_clinician", WHOLE, QUARTER).value, rel=1e-12)
