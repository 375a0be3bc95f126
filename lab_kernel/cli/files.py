"""Files that a person names: refused in one line, and written whole or not at all."""

from __future__ import annotations

import contextlib
import gzip
import io
import itertools
import os
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lab_kernel.cloud_native.documents import meant
from lab_kernel.errors import BadInput
from lab_kernel.host.reasons import reason
from lab_kernel.language import _

LONGEST = 65_536
SLOW = 2  # seconds of real time without a word


def check_readable(argument: str, name: str, known: Sequence[str] = ()) -> None:
    """BadInput unless a file of this name may be read. Opens nothing: it may be a pipe.

    ``known`` are names that would have done without a file; one that is near is told.
    """
    _check_named(argument, name)
    path = Path(name)
    try:
        is_directory = path.is_dir()
        path.stat()
    except FileNotFoundError:
        message = _("{path}: there is no such file").format(path=name)
        raise BadInput(argument, message + meant(name, list(known))) from None
    except OSError as error:
        raise BadInput(argument, f"{name}: {reason(error)}") from None
    if is_directory:
        raise BadInput(argument, _("{path} is a directory").format(path=name))
    if not os.access(path, os.R_OK):
        raise BadInput(argument, _("{path}: no permission to read it").format(path=name))


def read_text(argument: str, name: str, known: Sequence[str] = ()) -> str:
    """The file's text, which must be UTF-8."""
    check_readable(argument, name, known)
    try:
        return Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(argument, f"{name}: {reason(error)}") from None
    except UnicodeDecodeError:
        raise BadInput(argument, _("{path} is not a text file").format(path=name)) from None


def read_lines(argument: str, name: str, known: Sequence[str] = ()) -> Iterator[str]:
    """The lines of a text of any length, plain or gzip; how far it is, if that takes long.

    ``-`` is standard input. What a line has beyond ``LONGEST`` characters is passed over, a letter
    that is not UTF-8 replaced.
    """
    if name != "-":
        check_readable(argument, name, known)
    try:
        with contextlib.ExitStack() as stack:
            if name == "-":
                raw = getattr(sys.stdin, "buffer", None) or io.BytesIO(sys.stdin.read().encode())
            else:
                raw = stack.enter_context(Path(name).open("rb"))
            yield from _lines(raw)
    except (gzip.BadGzipFile, zlib.error, EOFError):
        raise BadInput(argument, _("a damaged gzip file")) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        raise BadInput(argument, f"{name}: {reason(error)}") from None


def _lines(raw: Any) -> Iterator[str]:
    """Cut where they are too long, with a word on how many there were."""
    raw = raw if hasattr(raw, "peek") else io.BufferedReader(raw)
    packed = raw.peek(1)[:1] == b"\x1f"  # no text begins with that byte
    plain = gzip.GzipFile(fileobj=raw) if packed else raw
    file = io.TextIOWrapper(plain, encoding="utf-8", errors="replace")
    last = time.monotonic()
    try:
        for number in itertools.count(1):
            line = rest = file.readline(LONGEST)
            while len(rest) == LONGEST and not rest.endswith("\n"):
                rest = file.readline(LONGEST)
            if not line:
                return
            yield line
            if number % 4096 == 0 and time.monotonic() - last > SLOW:
                last = time.monotonic()
                message = _("{n} lines read").format(n=f"{number:,}")
                print(message, file=sys.stderr, flush=True)
    finally:
        file.detach()  # whoever opened it closes it


def write_text(argument: str, name: str | Path, content: str) -> None:
    """Write UTF-8 text beside the target and move it there, so that no half of it is ever seen."""
    _check_named(argument, name)
    target = temporary = Path(os.path.realpath(name))
    try:
        if target.is_dir():
            raise IsADirectoryError
        if not target.exists() or target.is_file():  # a device or a pipe cannot be replaced
            temporary = target.with_name(f".{target.name}.{os.getpid()}")
        # JSON may hold half of a surrogate pair, which UTF-8 cannot write: it stays escaped
        temporary.write_text(content, "utf-8", "backslashreplace", "\n")
        if temporary != target:
            temporary.replace(target)
    except BrokenPipeError:
        raise
    except OSError as error:
        if temporary != target:
            with contextlib.suppress(OSError):
                temporary.unlink()
        raise BadInput(argument, _why_not(name, error)) from None


def check_picture(argument: str, name: str) -> None:
    """BadInput for a name that promises another kind of picture. One without an ending may be a
    pipe."""
    if Path(name).suffix.lower() not in ("", ".", ".svg"):
        message = _("{path}: pictures are SVG, so the name has to end in .svg")
        raise BadInput(argument, message.format(path=name))


def _why_not(name: str | Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return _("{path}: no permission to write there").format(path=name)
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return _("{path}: there is no such directory").format(path=name)
    if isinstance(error, IsADirectoryError):
        return _("{path} is a directory").format(path=name)
    return f"{name}: {reason(error)}"


def _check_named(argument: str, name: str | Path) -> None:
    """An empty name would be the current directory."""
    if not str(name):
        raise BadInput(argument, _("the name is empty"))
