"""The few strokes every picture is made of. Colours are the tokens of twohats.css, set as attributes."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

PATIENT, PATIENT_TINT = "#0A5F66", "#DCEEEE"
CUSTOMER, CUSTOMER_FILL, CUSTOMER_TINT = "#8F5200", "#D4932B", "#F8EBD3"
INK, MUTED, LINE, CONTROL, CARD = "#1C2126", "#59626C", "#D8D5CD", "#8B8F94", "#FFFFFF"

TEXT = 13  # px at the size shown; look.md asks for at least 12, also in print
ACROSS = (("roomy", 960.0), ("middle", 624.0), ("tight", 288.0))
"""The widths of a picture across the page; the page shows the one that fits."""
CHARACTER = 7.6  # px: a wide guess at the mean width of a bold character at that size


@dataclass(frozen=True)
class Said:
    """What a picture tells those who cannot see it: its title states the finding."""

    title: str
    description: str


def number(value: float) -> str:
    """A coordinate as short as it can be."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def tag(name: str, content: str = "", **attributes: object) -> str:
    """One element; underscores in attribute names become hyphens, None leaves the attribute out."""
    parts = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_written(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{parts}>{content}</{name}>" if content else f"<{name}{parts}/>"


def _written(value: object) -> str:
    return number(value) if isinstance(value, float) else str(value)


def words(x: float, y: float, text: str, **attributes: object) -> str:
    """Text at a point, in ink unless told otherwise."""
    return tag("text", escape(text), x=float(x), y=float(y), **{"font_size": TEXT, "fill": INK, **attributes})


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> str:
    """A straight stroke."""
    points = {"x1": float(x1), "y1": float(y1), "x2": float(x2), "y2": float(y2)}
    return tag("line", **points, **{"stroke": LINE, **attributes})


def point(hat: str, x: float, y: float, size: float, stands_out: bool) -> str:
    """A circle for patients, a square for customers, in ink for no hat; larger, with an edge, where it stands out."""
    edge = {"stroke": INK if stands_out else CARD, "stroke_width": 2.5 if stands_out else 1.5}
    size += 2.0 if stands_out else 0.0
    if hat != "customer":
        return tag("circle", cx=x, cy=y, r=size, fill=PATIENT if hat == "patient" else INK, **edge)
    if not stands_out:
        edge = {"stroke": CUSTOMER, "stroke_width": 1.5}
    return tag("rect", x=x - size, y=y - size, width=2 * size, height=2 * size, fill=CUSTOMER_FILL, **edge)


def fits(text: str, width: float) -> bool:
    """Whether a text at the usual size stays within a width."""
    return len(text) * CHARACTER <= width


def drawing(key: str, width: float, height: float, said: Said, parts: Iterable[str]) -> str:
    """A whole picture with its title and description; `key` keeps ids apart when several stand on a page."""
    body = "".join(parts)
    head = tag("title", escape(said.title), id=f"{key}-title") + tag(
        "desc", escape(said.description), id=f"{key}-desc"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{key}-title" '
        f'aria-describedby="{key}-desc" width="{number(width)}" height="{number(height)}" '
        f'viewBox="0 0 {number(width)} {number(height)}" '
        f'font-family="system-ui, -apple-system, Segoe UI, Roboto, Liberation Sans, Arial, sans-serif">'
        f"{head}{body}</svg>"
    )


def hatching(key: str) -> str:
    """Definitions used by journey lanes: hatching for waits, stripes of both hats."""
    return tag(
        "defs",
        tag(
            "pattern",
            line(0, 0, 0, 7, stroke=CARD, stroke_width=3.0),
            id=f"{key}-wait",
            width=7,
            height=7,
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)",
        )
        + tag(
            "pattern",
            tag("rect", width=14, height=14, fill=CUSTOMER_FILL)
            + tag("rect", width=7, height=14, fill=PATIENT),
            id=f"{key}-both",
            width=14,
            height=14,
            patternUnits="userSpaceOnUse",
        ),
    )
