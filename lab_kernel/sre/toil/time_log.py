"""A team's time log: who spent how many hours on what, in which week.

A CSV file with a head line that names at least these columns, in any order:

    week      an ISO week, 2026-W07
    person    a name; a log for others to see has made ones
    hours     a number over 0 and up to 168, with a point
    what      a few words
    tags      production, project or overhead, and the traits that hold (see ``criteria``)

A row that cannot be read is kept in ``malformed`` with its line and the reason. It is never
dropped in silence: hours that are missing from a log move every share that is worked out from it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from lab_kernel.errors import BadInput, one_line
from lab_kernel.language import _
from lab_kernel.sre.toil.criteria import Kind, Trait, Verdict, judge, read_tags

COLUMNS = ("week", "person", "hours", "what", "tags")
HOURS = 168  # in a week


@dataclass(frozen=True)
class Entry:
    """One row. ``week`` counts weeks, see ``week_number``; hours are exact."""

    week: int
    person: str
    hours: Fraction
    what: str
    kind: Kind
    traits: tuple[Trait, ...]

    @property
    def verdict(self) -> Verdict:
        return judge(self.kind, self.traits)


@dataclass(frozen=True)
class Malformed:
    """A row that is not counted: its line in the file, how it begins, and what is wrong."""

    line: int
    text: str
    why: str


@dataclass(frozen=True)
class Log:
    entries: tuple[Entry, ...]
    malformed: tuple[Malformed, ...] = ()

    @property
    def hours(self) -> Fraction:
        return sum((entry.hours for entry in self.entries), Fraction(0))

    @property
    def weeks(self) -> range:
        """From the first week to the last, those without an entry among them."""
        numbers = [entry.week for entry in self.entries]
        return range(min(numbers), max(numbers) + 1) if numbers else range(0)


def week_number(text: str) -> int:
    """``2026-W07`` as a count of weeks, so that weeks across a new year follow each other."""
    found = re.fullmatch(r"(\d{4})-W(\d{2})", text.strip(), re.ASCII)
    if found:
        try:
            return date.fromisocalendar(int(found[1]), int(found[2]), 1).toordinal() // 7
        except ValueError:
            pass
    raise BadInput("week", _("“{text}” is no week such as 2026-W07").format(text=text.strip()))


def week_name(number: int) -> str:
    """The inverse of ``week_number``."""
    year, week, _day = date.fromordinal(number * 7 + 1).isocalendar()
    return f"{year:04}-W{week:02}"


def read_hours(text: str) -> Fraction:
    """``7.5``: exactly 15/2."""
    word = text.strip()
    if re.fullmatch(r"\d{1,3}(\.\d{1,4})?", word, re.ASCII) and 0 < Fraction(word) <= HOURS:
        return Fraction(word)
    message = _("“{text}” is no number of hours over 0 and up to 168")
    raise BadInput("hours", message.format(text=word))


def read_log(lines: Iterable[str]) -> Log:
    """BadInput: the head line lacks a column, or no row at all can be read."""
    rows = _rows(lines)
    head = next((cells for _line, cells in rows if cells), None)
    places = {str(name).strip().lower().lstrip("\ufeff"): n for n, name in enumerate(head or ())}
    missing = [name for name in COLUMNS if name not in places]
    if head is None:
        message = _("it is empty; the first line must name the columns {columns}")
        raise BadInput("LOG", message.format(columns=", ".join(COLUMNS)))
    if missing:
        raise BadInput(
            "LOG",
            _("the first line must name the columns {columns}; there is no {missing}").format(
                columns=", ".join(COLUMNS), missing=", ".join(missing)
            ),
        )
    entries, malformed = [], []
    for line, cells in rows:
        if isinstance(cells, list) and not any(cell.strip() for cell in cells):
            continue  # an empty line says nothing
        try:
            entries.append(_entry(cells, places, len(head)))
        except BadInput as error:
            began = cells if isinstance(cells, str) else ",".join(cells)
            malformed.append(Malformed(line, one_line(began)[:60], str(error)))
    if not entries:
        if not malformed:
            raise BadInput("LOG", _("there is no row below the names of the columns"))
        message = _("no row of it can be read; of {count} the first is line {line}: {why}")
        first = malformed[0]
        words = {"count": len(malformed), "line": first.line, "why": first.why}
        raise BadInput("LOG", message.format(**words))
    return Log(tuple(entries), tuple(malformed))


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str] | str]]:
    """(line, cells); where the CSV itself is broken, (line, what is wrong)."""
    reader = csv.reader(lines, strict=True)
    while True:
        try:
            yield reader.line_num + 1, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, str(error)


def _entry(cells: list[str] | str, places: dict[str, int], width: int) -> Entry:
    if isinstance(cells, str):
        raise BadInput("row", cells)
    if len(cells) != width:
        message = _("{found} cells where the head has {wanted}")
        raise BadInput("row", message.format(found=len(cells), wanted=width))
    cell = {name: cells[places[name]].strip() for name in COLUMNS}
    if not cell["person"]:
        raise BadInput("person", _("the name is empty"))
    kind, traits = read_tags(cell["tags"])
    hours = read_hours(cell["hours"])
    return Entry(week_number(cell["week"]), cell["person"], hours, cell["what"], kind, traits)
