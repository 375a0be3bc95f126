"""How wide a text will be, before any browser has seen it.

An SVG does not flow: boxes must be sized from their words. The reader's font is unknown, so the
estimate takes the widest common one (DejaVu Sans; Segoe UI, SF, Roboto and Noto are narrower)
and a full em for Hangul and everything else beyond the alphabets. It errs on the wide side, so a
label is never clipped.
"""

from __future__ import annotations

import re

SIZE = 13  # the smallest text in any picture, in user units
TITLE_SIZE = 15
LINE = 18  # from one line of text to the next
BASELINE = 4.5  # from the middle of a line down to its baseline, at SIZE

_BOLD = 1.12
_PIECES = re.compile(r"(\s*)([^\s/]*/+|[^\s/]+)")
# ``.wh.`` and ``cache``, ``--workers=`` and ``2``, ``node`` and ``Selector``
_PARTS = re.compile(
    r"[-._=:@,(]*(?:[A-Z]*[^-._=:@,(A-Z]+|[A-Z]+)[-._=:@,]*(?![-._=:@,])|[-._=:@,(]+"
)
_WIDTHS = {
    character: em
    for characters, em in (
        ("iIjlJ", 0.32),
        ("frt.,:;'|/!()[]`\\ -", 0.42),
        ('cszkvxyeaE*FLTY?_"^', 0.62),
        ("w=+<>#~CGNOQDUH&", 0.84),
        ("mMW%@", 1.0),
        ("ABKPRSVXZ", 0.7),
    )
    for character in characters
}


def text_width(text: str, *, bold: bool = False, size: float = SIZE) -> float:
    """The estimated width of one line of text, in user units."""
    em = sum(_WIDTHS.get(c) or _other(ord(c)) for c in text)
    return em * size * (_BOLD if bold else 1)


def _other(code: int) -> float:
    if code < 0x80:
        return 0.65
    if code < 0x1100:
        return 0.85
    return 1.0 if code < 0x1F000 else 1.4


def wrap(text: str, limit: float, *, bold: bool = False, size: float = SIZE) -> list[str]:
    """The text in lines no wider than ``limit``.

    Lines break at spaces and behind slashes. What is too long even so breaks behind one of
    ``. - _ = : @ ,`` within it or before a bracket or a capital, and else between any two
    characters. A line holds at least one character, so a limit narrower than that is exceeded.
    """

    def fits(line: str) -> bool:
        return text_width(line, bold=bold, size=size) <= limit

    lines: list[str] = []
    line = ""
    for space, piece in _PIECES.findall(text.strip()):
        joined = line + " " * bool(line and space) + piece
        if fits(joined):
            line = joined
            continue
        if line:
            lines.append(line)
        line = ""
        for part in [piece] if fits(piece) else _PARTS.findall(piece):
            if line and not fits(line + part):
                lines.append(line)
                line = ""
            for character in part:
                if line and not fits(line + character):
                    lines.append(line)
                    line = ""
                line += character
    return [*lines, line] if line or not lines else lines


def longest(*texts: str, bold: bool = False, broken: bool = False) -> float:
    """The width of the longest piece that ``wrap`` would rather not break; 0 for none.

    ``broken``: after such pieces have been broken where that reads well.
    """
    pieces = [piece for text in texts for _space, piece in _PIECES.findall(text)]
    if broken:
        pieces = [part for piece in pieces for part in _PARTS.findall(piece)]
    return widest(*pieces, bold=bold)


def widest(*texts: str, bold: bool = False) -> float:
    """The width of the widest of some texts; 0 for none."""
    return max((text_width(text, bold=bold) for text in texts), default=0)
