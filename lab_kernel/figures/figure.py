"""A finished picture."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import svg

from lab_kernel.figures.text import SIZE

_LEGIBLE = 10  # pixels: no text is shown smaller
_PHONE = 328  # pixels that a page leaves for a picture on a screen of 360
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, repr=False)
class Figure:
    """A picture with its text alternative.

    ``description`` says in words what the picture shows. ``svg`` is a complete file. Sizes are in
    user units. A picture narrow enough for a phone shrinks with its page, to text of 10 px at the
    least; a wider one keeps its size, and ``html()`` lets it scroll by touch or arrow keys.
    """

    title: str
    description: str
    width: int
    height: int
    svg: str

    def html(self) -> str:
        """The picture for inlining in a page; in a scrolling region when too wide for a phone."""
        if not scrolls(self.width):
            return self.svg
        region = {
            "style": "overflow-x:auto",
            "role": "region",
            "tabindex": "0",
            "aria-label": attribute(self.title),
        }
        return str(_Div(text=self.svg, extra=region))

    def save(self, path: str | Path) -> None:
        """Write the SVG file, the same bytes on every system."""
        Path(path).write_bytes(self.svg.encode())

    def _repr_html_(self) -> str:
        return self.html()

    def __repr__(self) -> str:
        return f"{self.title}: {self.description}"


@dataclass
class _Div(svg.Element):
    element_name: ClassVar[str] = "div"


def scrolls(width: float) -> bool:
    """Whether a picture of this width would be illegible if it were shrunk onto a phone."""
    return _PHONE / width * SIZE < _LEGIBLE


def content(text: str) -> str:
    """Text made safe between tags; characters that XML forbids become question marks."""
    return html.escape(_NOT_XML.sub("?", text), quote=False)


def attribute(text: str) -> str:
    """Text made safe inside an attribute."""
    return html.escape(_NOT_XML.sub("?", text), quote=True)
