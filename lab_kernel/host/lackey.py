"""Page references of a real program, as valgrind's lackey tool prints them.

``valgrind --tool=lackey --trace-mem=yes`` writes a line for every access of a program: ``I`` an
instruction fetch, ``L`` a load, ``S`` a store, ``M`` a load and a store of the same place, each
with an address in hexadecimal and a size in bytes. Source: the Valgrind manual, "Lackey: an
example tool". What matters to page replacement is only the page: address // page size.

Three kinds of file are read, each plain or gzipped, line by line:

- lackey's own text;
- one address per line, ``0x1d1c`` or ``7452``, with ``#`` comments;
- our recording: a line of JSON that says how it was made, then one line per reference, a letter
  and a page number (``I 0``), pages numbered 0, 1, 2 ... in order of first appearance.

Left out: the value read or written, the time between two accesses, the kernel's own accesses.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn

from lab_kernel.errors import BadInput
from lab_kernel.host.reasons import reason
from lab_kernel.host.recorded import Recording
from lab_kernel.language import _
from lab_kernel.trace import Trace

KINDS = {"I": "fetch", "L": "load", "S": "store", "M": "modify", "-": "reference"}
"""Letter of a reference -> kind of its event; ``-`` where only an address is known."""

Reference = tuple[str, int]
"""A letter of KINDS and a page number."""

LONGEST = 1 << 20
"""Bytes in a line that is still read: /dev/zero, say, has no line end at all."""

_ACCESS = re.compile(r"([ILSM])\s+([0-9a-fA-F]{1,16}),([1-9]\d{0,3})")
_ADDRESS = re.compile(r"(0[xX][0-9a-fA-F]{1,16}|\d{1,20})\s*(?:#.*)?")
_NOTHING = re.compile(r"(?:#.*|==\d+==.*)?")
_RECORDED = re.compile(r"([ILS]) (\d{1,9})\s*")
_SYSTEM_CALL = re.compile(r"(?:\[pid +\d+\] +|\d+ +)?(?:[\d.:]+ +)?[a-z_][a-z0-9_]*\(.*")
_RANGES = re.compile(r"(?:\d{1,9}(?:-\d{1,9})?(?:,|$))*")


def references(lines: Iterable[str], page_size: int = 4096) -> Iterator[Reference]:
    """The page references of lackey's text or of a list of addresses, in order.

    An access that spans two pages is a reference to each. ``==pid==`` lines, comments and empty
    lines are skipped; any other line is BadInput with its number.
    """
    if page_size < 1:
        raise BadInput("page size", _("{size} (at least 1)").format(size=page_size))
    for number, line in enumerate(map(str.strip, lines), 1):
        if access := _ACCESS.fullmatch(line):
            letter, digits, size = access.groups()
            first = int(digits, 16)
            page = first // page_size
            yield letter, page
            for following in range(page + 1, (first + int(size) - 1) // page_size + 1):
                yield letter, following
        elif address := _ADDRESS.fullmatch(line):
            yield "-", int(address[1], 0 if "x" in address[1].lower() else 10) // page_size
        elif not _NOTHING.fullmatch(line):
            _malformed(number, line)


def collapse(stream: Iterable[Reference]) -> Iterator[tuple[str, int, int]]:
    """Runs of references to one page, as (letter, page, how many references the run had).

    The letter is ``S`` if the run wrote, else ``I`` if it only fetched, else ``L``. The second
    reference of a run is always a hit and changes nothing that a policy looks at, so the faults
    stay exact. Not so for two: LFU, whose counts it would have raised, and CLOCK or second chance
    with ``referenced_on_load=False``, whose reference bit it would have set.
    """
    letter, page, count = "", -1, 0
    for access, number in stream:
        access = "S" if access in "SM" else "I" if access == "I" else "L"
        if number != page:
            if count:
                yield letter, page, count
            letter, page, count = access, number, 1
            continue
        if access != letter:
            letter = "S" if "S" in (access, letter) else "L"
        count += 1
    if count:
        yield letter, page, count


@dataclass(frozen=True)
class PageRecording(Recording):
    """The page references of one run of a real program: ``data`` holds the page numbers.

    ``letters`` holds a letter (I, L, S) per reference. ``metadata`` tells, besides how it was
    made, ``page_size`` in bytes; ``kept``, the references here, each a run of references to one
    page; ``window_references``, how many accesses those runs were; ``skipped``, runs cut at the
    start; ``complete``, whether nothing was cut; ``regions``, the page numbers of each kind of
    memory (``code``, ``data``, ``library``, ``file``, ``heap``, ``stack``) as far as known.
    """

    data: list[int] = field(repr=False)
    letters: str = field(repr=False)

    @property
    def pages(self) -> list[int]:
        return self.data

    def regions(self) -> dict[int, str]:
        """Page number -> kind of memory, for the pages of which it is known."""
        return {
            page: region
            for region, ranges in self.metadata.get("regions", {}).items()
            for page in _numbers(ranges)
        }

    def to_trace(self) -> Trace:
        return to_trace(zip(self.letters, self.data, strict=True), self.regions())

    def to_bytes(self) -> bytes:
        """The file: the same recording gives the same bytes."""
        text = io.StringIO()
        text.write(json.dumps(self.metadata, ensure_ascii=False) + "\n")
        for letter, page in zip(self.letters, self.data, strict=True):
            text.write(f"{letter} {page}\n")
        packed = io.BytesIO()
        with gzip.GzipFile("", "wb", 9, packed, mtime=0) as file:
            file.write(text.getvalue().encode())
        return packed.getvalue()

    @classmethod
    def from_bytes(cls, name: str, packed: bytes) -> PageRecording:
        """The inverse of ``to_bytes``; BadInput if it is not such a file or not all of it."""
        with _lines(io.BufferedReader(io.BytesIO(packed))) as lines:
            return cls.from_lines(name, map(_text, lines))

    @classmethod
    def from_lines(cls, name: str, lines: Iterable[str]) -> PageRecording:
        """The same from the file's lines."""
        body = iter(lines)
        metadata = _metadata(next(body, ""))
        kept = metadata["kept"]
        letters: list[str] = []
        pages: list[int] = []
        for number, line in enumerate(body, 2):
            match = _RECORDED.fullmatch(line)
            if match is None:
                _malformed(number, line)
            letters.append(match[1])
            pages.append(int(match[2]))
        if len(pages) != kept:
            message = _("{found} references where {kept} were recorded: the file is not whole")
            raise BadInput("trace", message.format(found=len(pages), kept=kept))
        return cls(name, metadata, pages, "".join(letters))


def read(path: str | Path, page_size: int = 4096) -> PageRecording | list[int]:
    """The recording that a file of one of the three kinds holds, else its page numbers in order.

    However often a page occurs its number is one object, so that the list takes 8 bytes a
    reference. BadInput if the file cannot be read.
    """
    with _open(path) as (first, lines):
        if first == b"{":
            return _recording(path, lines, page_size)
        known: dict[int, int] = {}
        pages = [
            known.setdefault(page, page)
            for _letter, page in references(map(_text, lines), page_size)
        ]
    if not pages:
        _nothing()
    return pages


def read_pages(path: str | Path, page_size: int = 4096) -> list[int]:
    """The page numbers that a file refers to, in order: what a replacement policy eats."""
    found = read(path, page_size)
    return found.pages if isinstance(found, PageRecording) else found


def read_trace(path: str | Path, page_size: int = 4096) -> Trace:
    """The same file as a Trace (see ``to_trace``); also a file of a Trace's own JSON lines."""
    with _open(path) as (first, lines):
        if first == b"[":
            return Trace.from_json_lines(b"".join(lines).decode())
        if first == b"{":
            return _recording(path, lines, page_size).to_trace()
        trace = to_trace(references(map(_text, lines), page_size))
    if not len(trace):
        _nothing()
    return trace


def to_trace(stream: Iterable[Reference], regions: Mapping[int, str] | None = None) -> Trace:
    """One event per reference: ``time`` its index, ``kind`` fetch, load, store or modify.

    ``track`` is the kind of memory where ``regions`` knows it, else ``page <n>``.
    """
    trace = Trace()
    known = regions or {}
    for time, (letter, page) in enumerate(stream):
        name = f"page {page}"
        trace.add(time, known.get(page, name), KINDS[letter], name, page=page)
    return trace


def ranges(numbers: Iterable[int]) -> str:
    """Page numbers written short: ``0-3,7``."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(f"{a}-{b}" if a < b else f"{a}" for a, b in spans)


def _numbers(written: str) -> Iterator[int]:
    for span in filter(None, written.split(",")):
        first, dash, last = span.partition("-")
        yield from range(int(first), int(last if dash else first) + 1)


@contextmanager
def _open(path: str | Path) -> Iterator[tuple[bytes, Iterator[bytes]]]:
    """The first byte of a file, which tells its kind, and its lines. It may be a pipe: one pass."""
    if not str(path):
        raise BadInput("trace", _("the name is empty"))
    try:
        with Path(path).open("rb") as file, _lines(file) as lines:
            first = next(lines, b"")
            yield first[:1], chain([first], lines)
    except OSError as error:
        raise BadInput("trace", f"{path}: {reason(error)}") from None
    except UnicodeDecodeError:
        raise BadInput("trace", _("{path} is not a text file").format(path=path)) from None


@contextmanager
def _lines(file: io.BufferedReader) -> Iterator[Iterator[bytes]]:
    """The lines of a file, gunzipped if it is gzip; BadInput where it is damaged."""
    try:
        # No text begins with that byte, and a pipe may give no more than one at first.
        packed = file.peek(1)[:1] == b"\x1f"
        yield _bounded(io.BufferedReader(gzip.GzipFile(fileobj=file)) if packed else file)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise BadInput("trace", _("a damaged gzip file")) from None


def _bounded(file: io.BufferedReader) -> Iterator[bytes]:
    number = 0
    while line := file.readline(LONGEST + 1):
        number += 1
        if len(line) > LONGEST:
            message = _("line {number} is longer than {most} bytes")
            raise BadInput("trace", message.format(number=number, most=LONGEST))
        yield line


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace")


def _recording(path: str | Path, lines: Iterator[bytes], page_size: int) -> PageRecording:
    recording = PageRecording.from_lines(Path(path).name.partition(".")[0], map(_text, lines))
    recorded = recording.metadata.get("page_size")
    if page_size != recorded:  # the addresses are gone: pages cannot be cut anew
        message = _("{size} (this recording was made with pages of {recorded} bytes)")
        raise BadInput("page size", message.format(size=page_size, recorded=recorded))
    return recording


def _metadata(head: str) -> dict[str, Any]:
    """The first line of a recording, with what reading the rest relies on."""
    try:
        found: dict[str, Any] = json.loads(head)
        regions = found.get("regions", {}).values()
        if type(found["kept"]) is int and all(map(_RANGES.fullmatch, regions)):
            return found
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        pass
    _malformed(1, head)


def _nothing() -> NoReturn:
    raise BadInput("trace", _("no memory reference in this file"))


def _malformed(number: int, line: str) -> NoReturn:
    if _SYSTEM_CALL.fullmatch(line.strip()):
        raise BadInput(
            "trace",
            _("strace has written this: read it with lab-kernel strace FILE, or read_strace"),
        ) from None
    allowed = "I  04000000,3 | 0x1d1c | 7452"
    message = _("line {number} is no memory reference: {line!r} (allowed: {allowed})")
    text = line.strip()[:40]
    raise BadInput("trace", message.format(number=number, line=text, allowed=allowed)) from None
