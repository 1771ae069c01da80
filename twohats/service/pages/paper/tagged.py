"""A PDF with its structure told: what is a heading, a picture, a head of a table; the same bytes for the same content.

The library draws; of structure it knows nothing, so the elements are written here (PDF 1.7, 14.7 and 14.8).
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import md5
from typing import Any

from twohats.service.pages.paper.letters import REGULAR, register_fonts

WIDTH, HEIGHT = 595.0, 792.0
"""As wide as A4 and as tall as Letter: prints whole on either. In points, as every length here."""


@dataclass(frozen=True)
class About:
    """What a document says of itself."""

    title: str
    subject: str
    language: str
    known_at: datetime
    """The release's instant stands as the day of making: no clock is asked."""


@dataclass
class Element:
    """A piece of structure: elements inside it, or content on a page by its number there."""

    kind: str
    name: str
    parent: str
    kids: list["Element | tuple[int, int]"] = field(default_factory=list)
    alt: str = ""
    scope: str = ""


class Tagged:
    """A document that is being written; the origin is the upper left corner."""

    def __init__(self, about: About) -> None:
        from reportlab.pdfgen.canvas import Canvas  # late: slow import

        register_fonts()
        self.about, self.written = about, io.BytesIO()
        self.canvas = Canvas(self.written, pagesize=(WIDTH, HEIGHT), pageCompression=1, invariant=1,
                             lang=about.language, initialFontName=REGULAR)
        self.canvas._doc.signature = md5(usedforsecurity=False)  # the library's own has begun with the time of day
        self.canvas.setTitle(about.title)
        self.canvas.setSubject(about.subject)
        self.canvas.setAuthor("twohats")
        self.canvas.setCreator("twohats")
        self.canvas.setDateFormatter(lambda *_clock: f"D:{about.known_at.astimezone(UTC):%Y%m%d%H%M%S}Z")
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self.elements = [Element("Document", "element0", "structure")]
        self.open = [self.elements[0]]
        self.on_page: list[list[Element]] = [[]]

    @contextmanager
    def inside(self, kind: str, alt: str = "", scope: str = "") -> Iterator[Element]:
        """All that is written in the block belongs to a new element of this kind."""
        with self.within(self.element(kind, alt, scope)) as made:
            yield made

    def element(self, kind: str, alt: str = "", scope: str = "") -> Element:
        """A new element after those that the one at hand holds already."""
        above = self.open[-1]
        made = Element(kind, f"element{len(self.elements)}", above.name, alt=alt, scope=scope)
        above.kids.append(made)
        self.elements.append(made)
        return made

    @contextmanager
    def within(self, element: Element) -> Iterator[Element]:
        """All that is written in the block belongs to this element."""
        self.open.append(element)
        yield element
        self.open.pop()

    @contextmanager
    def content(self, kind: str, alt: str = "", scope: str = "") -> Iterator[None]:
        """Words or strokes of one element, whole on this page."""
        with self.inside(kind, alt, scope) as made:
            page = self.on_page[-1]
            made.kids.append((len(self.on_page), len(page)))
            self.canvas.addLiteral(f"/{kind} <</MCID {len(page)}>> BDC")
            page.append(made)
            yield
            self.canvas.addLiteral("EMC")

    @contextmanager
    def ornament(self) -> Iterator[None]:
        """What a screen reader passes over: rules, marks beside their words, heads repeated, the foot."""
        self.canvas.addLiteral("/Artifact BMC")
        yield
        self.canvas.addLiteral("EMC")

    def words(self, x: float, y: float, text: str, font: str, size: float, colour: str) -> None:
        """One line of text; y is its baseline."""
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(colour)
        self.canvas.drawString(x, HEIGHT - y, text)

    def rule(self, x: float, y: float, width: float, colour: str, thickness: float = 0.5) -> None:
        """A thin line from left to right."""
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(thickness)
        self.canvas.setDash()
        self.canvas.line(x, HEIGHT - y, x + width, HEIGHT - y)

    def next_page(self) -> None:
        """Ends this page and begins another one."""
        self._end_page()
        self.on_page.append([])

    def finished(self) -> bytes:
        """The document."""
        self._end_page()
        self._tell_structure()
        self.canvas.save()
        return self.written.getvalue()

    def _end_page(self) -> None:
        from reportlab.pdfbase.pdfdoc import PDFName  # late: slow import

        self.canvas.showPage()
        page = self.canvas._doc.Pages.pages[-1]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = len(self.on_page) - 1, PDFName("S")
        self.canvas._doc.signature.update(page.stream.encode())

    def _tell_structure(self) -> None:
        from reportlab.pdfbase import pdfdoc as pdf  # late: slow import

        held, of = self.canvas._doc, pdf.PDFObjectReference
        for element in self.elements:
            held.Reference(pdf.PDFDictionary(self._told(element)), element.name)
        pages = [[number, pdf.PDFArray([of(one.name) for one in page])] for number, page in enumerate(self.on_page)]
        parents = pdf.PDFDictionary({"Nums": pdf.PDFArray([part for page in pages for part in page])})
        root = pdf.PDFDictionary({"Type": pdf.PDFName("StructTreeRoot"), "K": of("element0"),
                                  "ParentTree": parents, "ParentTreeNextKey": len(self.on_page)})
        held.Reference(root, "structure")
        self.canvas.setCatalogEntry("StructTreeRoot", root)
        self.canvas.setCatalogEntry("MarkInfo", {"Marked": "true"})

    def _told(self, element: Element) -> dict[str, Any]:
        from reportlab.pdfbase import pdfdoc as pdf  # late: slow import

        of, kids = pdf.PDFObjectReference, []
        for kid in element.kids:
            kids.append(of(kid.name) if isinstance(kid, Element) else pdf.PDFDictionary(
                {"Type": pdf.PDFName("MCR"), "Pg": of(f"Page{kid[0]}"), "MCID": kid[1]}))
        told = {"Type": pdf.PDFName("StructElem"), "S": pdf.PDFName(element.kind), "P": of(element.parent),
                "K": pdf.PDFArray(kids)}
        if element.alt:
            told["Alt"] = pdf.PDFString(element.alt)
        if element.scope:
            told["A"] = pdf.PDFDictionary({"O": pdf.PDFName("Table"), "Scope": pdf.PDFName(element.scope)})
        return told
