"""The pictures of the pages drawn on paper: the very strokes that the page shows, as vectors."""

import re
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

from twohats.service.pages.paper.letters import BOLD, REGULAR, drawable
from twohats.service.pages.paper.tagged import HEIGHT, Tagged

SAID = ("title", "desc")


def size_of(drawing: str) -> tuple[float, float]:
    """Width and height of a picture in its own units."""
    root = _root(drawing)
    return float(root.get("width", 0)), float(root.get("height", 0))


def said_in(drawing: str) -> str:
    """What a picture tells those who cannot see it."""
    return " ".join(part.text or "" for part in _root(drawing) if _name(part) in SAID)


def draw(paper: Tagged, drawing: str, x: float, y: float, scale: float) -> None:
    """Draws a picture with its upper left corner at a place."""
    canvas = paper.canvas
    canvas.saveState()
    canvas.translate(x, HEIGHT - y)
    canvas.scale(scale, scale)
    for part in _root(drawing):
        if _name(part) not in SAID:
            _STROKES[_name(part)](canvas, part)
    canvas.restoreState()


def _root(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)  # noqa: S314  made by our own strokes, every text escaped there


def _name(part: ElementTree.Element) -> str:
    return part.tag.rpartition("}")[2]


def _number(part: ElementTree.Element, name: str, otherwise: float = 0.0) -> float:
    return float(part.get(name, otherwise))


def _pen(canvas: Any, part: ElementTree.Element) -> dict[str, int]:
    """Sets colours and the pen; says whether there is a fill and a stroke."""
    fill, stroke = part.get("fill", "#000000"), part.get("stroke", "none")
    if fill != "none":
        canvas.setFillColor(fill)
    if stroke != "none":
        canvas.setStrokeColor(stroke)
        canvas.setLineWidth(_number(part, "stroke-width", 1.0))
        canvas.setDash([float(one) for one in part.get("stroke-dasharray", "").split()])
    return {"fill": int(fill != "none"), "stroke": int(stroke != "none")}


def _rect(canvas: Any, part: ElementTree.Element) -> None:
    pen, height = _pen(canvas, part), _number(part, "height")
    place = (_number(part, "x"), -_number(part, "y") - height, _number(part, "width"), height)
    if part.get("rx"):
        canvas.roundRect(*place, _number(part, "rx"), **pen)
    else:
        canvas.rect(*place, **pen)


def _circle(canvas: Any, part: ElementTree.Element) -> None:
    canvas.circle(_number(part, "cx"), -_number(part, "cy"), _number(part, "r"), **_pen(canvas, part))


def _line(canvas: Any, part: ElementTree.Element) -> None:
    _pen(canvas, part)
    canvas.line(_number(part, "x1"), -_number(part, "y1"), _number(part, "x2"), -_number(part, "y2"))


def _polyline(canvas: Any, part: ElementTree.Element) -> None:
    points = [tuple(float(one) for one in point.split(",")) for point in part.get("points", "").split()]
    _through(canvas, part, points, is_closed=_name(part) == "polygon")


def _path(canvas: Any, part: ElementTree.Element) -> None:
    """Straight lines from point to point, as our strokes use it: M, L and Z."""
    told = part.get("d", "")
    points = [tuple(float(one) for one in point.split()) for point in re.split("[MLZ]", told) if point.strip()]
    _through(canvas, part, points, is_closed=told.endswith("Z"))


def _through(canvas: Any, part: ElementTree.Element, points: Sequence[tuple[float, ...]], *, is_closed: bool) -> None:
    pen, path = _pen(canvas, part), canvas.beginPath()
    for place, (x, y) in enumerate(points):
        (path.lineTo if place else path.moveTo)(x, -y)
    if is_closed:
        path.close()
    canvas.drawPath(path, **pen)


def _text(canvas: Any, part: ElementTree.Element) -> None:
    canvas.setFillColor(part.get("fill", "#000000"))
    canvas.setFont(BOLD if part.get("font-weight") == "700" else REGULAR, 0.9 * _number(part, "font-size"))
    write = {"middle": canvas.drawCentredString, "end": canvas.drawRightString}.get(
        part.get("text-anchor", ""), canvas.drawString)
    write(_number(part, "x"), -_number(part, "y"), drawable(part.text or ""))


_STROKES = {"rect": _rect, "circle": _circle, "line": _line, "polyline": _polyline,
            "polygon": _polyline, "path": _path, "text": _text}
