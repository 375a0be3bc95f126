"""Page references of a real program, as valgrind's lackey tool prints them.

``valgrind --tool=lackey --trace-mem=yes`` writes a line for every access of a program: ``I`` an
instruction fetch, ``L`` a load, ``S`` a store, ``M`` a load and a store of the same place, each
with an address in hexadecimal and a size in bytes. Source: the Valgrind manual, "Lackey: an
example tool". What matters to page replacement is only the page: address // page size.

Three kinds of file are read, each plain or gzipped:

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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from lab_kernel.errors import BadInput
from lab_kernel.host.recorded import Recording
from lab_kernel.language import _
from lab_kernel.trace import Trace

KINDS = {"I": "fetch", "L": "load", "S": "store", "M": "modify", "-": "reference"}
"""Letter of a reference -> kind of its event; ``-`` where only an address is known."""

Reference = tuple[str, int]
"""A letter of KINDS and a page number."""

_GZIP = b"\x1f\x8b"
_ACCESS = re.compile(r"\s*([ILSM])\s+([0-9a-fA-F]{1,16}),([1-9]\d{0,3})\s*")
_ADDRESS = re.compile(r"\s*(0[xX][0-9a-fA-F]{1,16}|\d{1,20})\s*(?:#.*)?\s*")
_NOTHING = re.compile(r"\s*(?:#.*|==\d+==.*)?\s*")
_RECORDED = re.compile(r"([ILS]) (\d{1,9})")


def references(lines: Iterable[str], page_size: int = 4096) -> Iterator[Reference]:
    """The page references of lackey's text or of a list of addresses, in order.

    An access that spans two pages is a reference to each. ``==pid==`` lines, comments and empty
    lines are skipped; any other line is BadInput with its number.
    """
    if page_size < 1:
        raise BadInput("page size", _("{size} (at least 1)").format(size=page_size))
    for number, line in enumerate(lines, 1):
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
    stay exact for every policy but LFU, whose counts it would have raised.
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
        return cls.from_text(name, _text(packed))

    @classmethod
    def from_text(cls, name: str, text: str) -> PageRecording:
        head, *body = text.splitlines() or [""]
        try:
            metadata: dict[str, Any] = json.loads(head)
            kept = int(metadata["kept"])
        except (ValueError, TypeError, KeyError):
            _malformed(1, head)
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


def read(path: str | Path, page_size: int = 4096) -> list[Reference]:
    """The references of a file of any of the three kinds; BadInput if it cannot be read."""
    text, recording = _open(path, page_size)
    if recording is not None:
        return list(zip(recording.letters, recording.data, strict=True))
    return _some(references(io.StringIO(text), page_size))


def read_pages(path: str | Path, page_size: int = 4096) -> list[int]:
    """The page numbers that a file refers to, in order: what a replacement policy eats."""
    return [page for _letter, page in read(path, page_size)]


def read_trace(path: str | Path, page_size: int = 4096) -> Trace:
    """The same file as a Trace (see ``to_trace``)."""
    text, recording = _open(path, page_size)
    if recording is not None:
        return recording.to_trace()
    return to_trace(_some(references(io.StringIO(text), page_size)))


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


def _open(path: str | Path, page_size: int) -> tuple[str, PageRecording | None]:
    """The text of a file, or the recording it holds."""
    try:
        text = _text(Path(path).read_bytes())
    except OSError as error:
        raise BadInput("trace", f"{path}: {error.strerror}") from None
    if not text.startswith("{"):
        return text, None
    recording = PageRecording.from_text(Path(path).name.partition(".")[0], text)
    recorded = recording.metadata.get("page_size")
    if page_size != recorded:  # the addresses are gone: pages cannot be cut anew
        message = _("{size} (this recording was made with pages of {recorded} bytes)")
        raise BadInput("page size", message.format(size=page_size, recorded=recorded))
    return text, recording


def _text(packed: bytes) -> str:
    if packed.startswith(_GZIP):
        try:
            packed = gzip.decompress(packed)
        except (OSError, EOFError, zlib.error):
            raise BadInput("trace", _("a damaged gzip file")) from None
    return packed.decode("utf-8", "replace")


def _some(stream: Iterable[Reference]) -> list[Reference]:
    found = list(stream)
    if not found:
        raise BadInput("trace", _("no memory reference in this file"))
    return found


def _malformed(number: int, line: str) -> NoReturn:
    allowed = "I  04000000,3 | 0x1d1c | 7452"
    message = _("line {number} is no memory reference: {line!r} (allowed: {allowed})")
    text = line.strip()[:40]
    raise BadInput("trace", message.format(number=number, line=text, allowed=allowed)) from None
