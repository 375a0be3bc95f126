"""The pen that every picture is drawn with.

Elements are written by svg.py. Nothing has an id, numbers are rounded to hundredths, and nothing
depends on hashing: the same data gives the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

import svg

from lab_kernel.errors import BadInput
from lab_kernel.figures import marks
from lab_kernel.figures.axes import Scale, said
from lab_kernel.figures.figure import Figure, attribute, content, scrolls
from lab_kernel.figures.looks import Look
from lab_kernel.figures.marks import Point, number
from lab_kernel.figures.palette import STYLESHEET
from lab_kernel.figures.text import LINE, TITLE_SIZE, text_width, widest, wrap
from lab_kernel.figures.writing import written
from lab_kernel.language import _, current_language

PAD = 16  # between the edge of the paper and what is drawn on it
NARROW = 420  # a picture this wide shrinks onto a phone and stays legible
MOST = 2000  # things in one picture; with more it is neither read nor quickly loaded


def at_most(argument: str, count: int, most: int = MOST) -> None:
    """BadInput when there is more to draw than a picture can show."""
    if count > most:
        message = _("{count} are too many for a picture; at most {most}")
        raise BadInput(argument, message.format(count=count, most=most))


class Canvas:
    """Paper of a given width that grows downwards; ``y`` is where the next thing goes."""

    def __init__(self, width: float, title: str) -> None:
        self.width = math.ceil(width)
        self.y: float = PAD
        self.elements: list[svg.Element] = []
        self._title = title
        for line in wrap(title, self.inner, bold=True, size=TITLE_SIZE):
            self.text(PAD, self.y + LINE / 2, line, look="lk-heading")
            self.y += LINE + 2
        self.y += 8

    @property
    def inner(self) -> int:
        """The width between the margins."""
        return self.width - 2 * PAD

    @property
    def right(self) -> int:
        """Where the right margin begins."""
        return self.width - PAD

    def add(self, *elements: svg.Element) -> None:
        self.elements.extend(elements)

    def text(
        self, x: float, middle: float, *lines: str, anchor: str = "start", look: str = ""
    ) -> None:
        """Lines of text around the height ``middle``; ``look`` names classes of the palette."""
        self.add(marks.words(x, middle, lines, anchor, look))

    def path(self, points: Iterable[Point], look: str, dash: Sequence[float] = ()) -> None:
        self.add(marks.path([points], look, dash))

    def arrow(self, points: Sequence[Point], tone: int = 5, dash: Sequence[float] = ()) -> None:
        self.add(*marks.arrow(points, f"lk-t{tone}", dash))

    def marker(
        self, shape: str, x: float, y: float, tone: int, r: float = 5, tooltip: str = ""
    ) -> None:
        """One of SHAPES, centred at (x, y)."""
        element = marks.marker(shape, x, y, f"lk-t{tone}", r)
        element.elements = [svg.Title(text=content(tooltip))] if tooltip else None
        self.add(element)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *lines: str,
        tone: int = 0,
        texture: str = "plain",
        look: str = "lk-fill",
        dash: Sequence[float] = (),
        words: str = "",
        heads: int = 0,
        tooltip: str = "",
    ) -> None:
        """A rectangle with lines of text in its middle, which the caller has made room for."""
        parts: list[svg.Element] = [svg.Title(text=content(tooltip))] if tooltip else []
        frame = svg.Rect(
            x=number(x), y=number(y), width=number(width), height=number(height), class_=[look]
        )
        frame.rx = min(3, number(width / 2))
        frame.stroke_dasharray = list(dash) or None
        parts.append(frame)
        if lines_of_texture := marks.hatch(texture, x, y, width, height):
            parts.append(marks.path(lines_of_texture, "lk-texture"))
        if lines:
            parts.append(marks.words(x + width / 2, y + height / 2, lines, "middle", words, heads))
        self.add(svg.G(class_=["lk-box", *([f"lk-t{tone}"] if tone else [])], elements=parts))

    def legend(self, entries: Iterable[tuple[str, Callable[[float, float], None]]]) -> None:
        """Names, each behind a sample that is drawn in the 16 units right of (x, middle)."""
        x: float = PAD
        drew = False
        for name, sample in entries:
            lines = wrap(name, self.inner - 24)
            needs = 24 + max(text_width(line) for line in lines)
            if x > PAD and x + needs > self.right:
                x, self.y = PAD, self.y + LINE + 4
            sample(x, self.y + LINE / 2)
            self.text(x + 24, self.y + LINE * len(lines) / 2, *lines)
            self.y += LINE * (len(lines) - 1)
            x += needs + 18
            drew = True
        if drew:
            self.y += LINE + 10

    def swatch(self, look: Look) -> Callable[[float, float], None]:
        """A sample of a filled area, for the legend."""

        def draw(x: float, middle: float) -> None:
            self.box(x + 0.5, middle - 5.5, 17, 12, tone=look.tone, texture=look.texture)

        return draw

    def level_axis(self, across: Scale, marked: Iterable[Fraction], label: str) -> None:
        """Ticks with their numbers below the height ``y``, and what they count below those."""
        base = round(self.y) + 0.5
        for tick in marked:
            x = round(across(tick)) + 0.5
            words = said(tick)
            self.path([(x, base), (x, base + 5)], "lk-hair")
            self.centred(x, base + 6 + LINE / 2, words)
        lines = wrap(label, self.inner)
        self.y = base + LINE + 10 + LINE * len(lines)
        self.centred((across.start + across.end) / 2, self.y - LINE * len(lines) / 2, *lines)

    def centred(self, x: float, middle: float, *lines: str, look: str = "lk-muted") -> None:
        """Text around (x, middle), or as near as the margins allow."""
        half = widest(*lines) / 2
        x = max(PAD + half, min(x, self.right - half))
        self.text(x, middle, *lines, anchor="middle", look=look)

    def nothing(self, sentence: str) -> None:
        """What a picture without data says."""
        lines = wrap(sentence, self.inner)
        self.text(PAD, self.y + LINE * len(lines) / 2, *lines, look="lk-muted")
        self.y += LINE * len(lines)

    def figure(self, description: str) -> Figure:
        """The finished picture; BadInput when its title or description is empty."""
        for argument, given in (("title", self._title), ("description", description)):
            if not given.strip():
                raise BadInput(argument, _("say in words what the picture shows"))
        height = math.ceil(self.y) + PAD
        paper = svg.Rect(x=0.5, y=0.5, width=self.width - 1, height=height - 1, rx=8)
        paper.class_ = ["lk-paper"]
        fit = f"min-width:{self.width}px" if scrolls(self.width) else "max-width:100%"
        picture = svg.SVG(
            lang=current_language(),
            class_=["lk-figure"],
            viewBox=svg.ViewBoxSpec(0, 0, self.width, height),
            width=self.width,
            height=height,
            style=f"display:block;{fit};height:auto",
            extra={"role": "img", "aria-label": attribute(self._title)},
            elements=[
                svg.Title(text=content(self._title)),
                svg.Desc(text=content(description)),
                svg.Style(text=STYLESHEET),
                paper,
                *self.elements,
            ],
        )
        return Figure(self._title, description, self.width, height, written(picture))
