"""Events from an access log: nginx's "combined" form with the request time at its end.

    log_format timed '$remote_addr - $remote_user [$time_local] "$request" '
        '$status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time';

Apache writes the same with ``%D`` divided by a million. More fields may follow. A line that has
another form is counted and the first few are kept, with the place where they differ: what is not
read can be the very thing that went wrong.

``[time]`` is when the request ended, to the second; ``$request_time`` is in seconds, to the
millisecond, from the first byte read to the last one sent. nginx writes a quotation mark in a
field as ``\\x22``, Apache as ``\\"``; both are read, neither is undone.

Source: nginx, ngx_http_log_module and ngx_http_core_module, "Embedded Variables".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from lab_kernel.language import N_, _
from lab_kernel.sre.sli.event import Event

KEPT = 5  # malformed lines that are kept to be shown
LONGEST = 65_536  # characters of a line; nginx reads request lines of 8k unless told otherwise

# Possessive repetition (*+): a line without the form is given up at once.
_TEXT = r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"'
_TIME = N_("a time in brackets")
# Each piece of the form, and what to call it where a line lacks it.
_FORM = (
    (r"(\S+) ", N_("the client's address")),
    (r"\S+ [^\[]+", N_("two names, or - for none")),
    (r"\[([^\]]+)\] ", _TIME),
    (_TEXT + " ", N_("the request in quotation marks")),
    (r"(\d{3}) ", N_("a status of three digits")),
    (r"(\d{1,18}+|-) ", N_("a number of bytes")),
    (_TEXT.replace("(", "(?:", 1) + " ", N_("the referer in quotation marks")),
    (_TEXT + r"(?: |(?=\s*$))", N_("the agent in quotation marks")),
    (
        r"(\d{1,9}+(?:\.\d{1,9}+)?+)(?=\s|$)",
        N_("the request time; add $request_time to the log format"),
    ),
)
_LINE = re.compile("".join(pattern for pattern, _name in _FORM))
_MOMENT = re.compile(r"(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Malformed(NamedTuple):
    """A line without the form: ``column`` (from 1) is where it differs, ``expected`` what from."""

    number: int
    column: int
    expected: str
    text: str

    def __str__(self) -> str:
        return _("line {number}, column {column}: expected {expected}").format(
            number=self.number, column=self.column, expected=_(self.expected)
        )


class AccessLog:
    """The events of a log, in the order of its lines; to be gone through once.

    ``lines`` counts those read so far, ``empty`` those of white space, ``malformed`` those without
    the form, of which ``examples`` has the first few. Events plus these two are the lines.
    Memory does not grow with the log.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self.lines = self.empty = self.malformed = 0
        self.examples: list[Malformed] = []

    def __iter__(self) -> Iterator[Event]:
        match, moment, split = _LINE.match, _moment, _split
        for line in self._lines:
            self.lines += 1
            found = match(line)
            if found is None:
                self._refuse(line)
                continue
            address, time, request, status, size, agent, seconds = found.groups()
            second = moment(time)
            if second is None:
                self._refuse(line)
                continue
            method, path = split(request)
            yield Event(
                second,
                float(seconds),
                int(status),
                0 if size == "-" else int(size),
                method,
                path,
                agent,
                address,
            )

    def _refuse(self, line: str) -> None:
        if not line.strip():
            self.empty += 1
            return
        self.malformed += 1
        if len(self.examples) < KEPT:
            self.examples.append(_where(self.lines, line))


def parse(line: str) -> Event | None:
    """One line's event; None if the line is malformed."""
    return next(iter(AccessLog([line])), None)


def _where(number: int, line: str) -> Malformed:
    """The first piece of the form that the line lacks."""
    text, at = line.rstrip("\r\n"), 0
    for pattern, name in _FORM:
        found = re.compile(pattern).match(text, at)
        if found is None or (name is _TIME and _moment(found[1]) is None):
            return Malformed(number, at + 1, name, text[:LONGEST])
        at = found.end()
    raise AssertionError(line)


@lru_cache(maxsize=4096)
def _moment(text: str) -> int | None:
    """Unix seconds of ``29/Nov/2026:00:01:30 +0000``; None if there is no such time.

    Many requests end in the same second, and lines out of order are near each other.
    """
    found = _MOMENT.fullmatch(text)
    if found is None or found[2] not in _MONTHS:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    try:
        local = datetime(
            int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second),
            tzinfo=UTC,
        )  # fmt: skip
    except ValueError:
        return None
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    shift = offset if sign == "+" else -offset
    return int(local.timestamp() - shift.total_seconds())


@lru_cache(maxsize=4096)
def _split(request: str) -> tuple[str, str]:
    """Method and path of ``GET /search?q=tea HTTP/1.1``."""
    words = request.split(" ")
    if len(words) == 3 and words[2].startswith("HTTP/"):
        return words[0], words[1].partition("?")[0]
    return "", request
