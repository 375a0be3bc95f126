"""What a program file says it needs: the interpreter and the libraries that ELF files name.

Source: System V ABI, chapters 4 and 5 (ELF header, program header, dynamic section); 64-bit,
little-endian files only. ``write_elf`` makes a file that says what it needs and has no code, for
labs where no real program is at hand: readelf reads it, a CPU could not run it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

MAGIC = b"\x7fELF\x02\x01\x01"  # 64 bits, little-endian, version 1
MACHINES = {62: "amd64", 183: "arm64", 243: "riscv64"}  # e_machine, by the names that images use
_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_SEGMENT = struct.Struct("<IIQQQQQQ")
_DYNAMIC = struct.Struct("<qQ")
_LOAD, _DYN, _INTERP = 1, 2, 3  # p_type
_NEEDED, _STRTAB, _STRSZ, _RPATH, _RUNPATH = 1, 5, 10, 15, 29  # d_tag
_SHARED = 3  # e_type: a library, or a program that may be loaded anywhere
_MOST = 10_000  # segments and dynamic entries that are looked at


@dataclass(frozen=True, slots=True)
class Elf:
    """``interpreter`` is empty for a library and for a program that is linked statically."""

    machine: str
    interpreter: str = ""
    needed: tuple[str, ...] = ()
    runpath: tuple[str, ...] = ()


def read_elf(content: bytes) -> Elf | None:
    """What the file needs; None if it is no ELF file that is understood, or a damaged one."""
    if not content.startswith(MAGIC):
        return None
    try:
        return _read(content)
    except (struct.error, ValueError, OverflowError):
        return None


def _read(content: bytes) -> Elf:
    header = _HEADER.unpack_from(content)
    machine, offset, size, count = header[2], header[5], header[9], header[10]
    segments = [_SEGMENT.unpack_from(content, offset + size * n) for n in range(min(count, _MOST))]
    loads = [segment for segment in segments if segment[0] == _LOAD]
    interpreter = ""
    tags: list[tuple[int, int]] = []
    for kind, _flags, at, _vaddr, _paddr, length, _memsz, _align in segments:
        if kind == _INTERP:
            interpreter = _text(content, at)
        if kind == _DYN:
            entries = min(length // _DYNAMIC.size, _MOST)
            tags = [_DYNAMIC.unpack_from(content, at + _DYNAMIC.size * n) for n in range(entries)]
            tags = tags[: next((n for n, (tag, _value) in enumerate(tags) if tag == 0), len(tags))]
    table = next((_offset(loads, value) for tag, value in tags if tag == _STRTAB), 0)
    paths = [_text(content, table + value) for tag, value in tags if tag in (_RPATH, _RUNPATH)]
    return Elf(
        MACHINES.get(machine, str(machine)),
        interpreter,
        tuple(_text(content, table + value) for tag, value in tags if tag == _NEEDED),
        tuple(path for line in paths for path in line.split(":") if path),
    )


def _offset(loads: Sequence[tuple[int, ...]], address: int) -> int:
    """Where in the file an address of the loaded program is."""
    for _kind, _flags, offset, vaddr, _paddr, size, _memsz, _align in loads:
        if vaddr <= address < vaddr + size:
            return address - vaddr + offset
    raise ValueError


def _text(content: bytes, at: int) -> str:
    end = content.index(b"\0", at, at + 4096)
    return content[at:end].decode()


def write_elf(
    needed: Sequence[str] = (), interpreter: str = "", machine: str = "amd64", padding: int = 0
) -> bytes:
    """A file that names what it needs. ``padding`` bytes stand for the code that it lacks."""
    number = next(key for key, name in MACHINES.items() if name == machine)
    count = 3 if interpreter else 2
    start = _HEADER.size + count * _SEGMENT.size
    way = interpreter.encode() + b"\0" if interpreter else b""
    names = b"\0" + b"".join(name.encode() + b"\0" for name in needed)
    strings = start + len(way)
    filled = -(strings + len(names)) % 8
    dynamic = strings + len(names) + filled
    tags, at = [], 1
    for name in needed:
        tags.append((_NEEDED, at))
        at += len(name.encode()) + 1
    tags += [(_STRTAB, strings), (_STRSZ, len(names)), (0, 0)]
    table = b"".join(_DYNAMIC.pack(*tag) for tag in tags)
    whole = dynamic + len(table) + padding

    def segment(kind: int, at: int, size: int) -> bytes:
        return _SEGMENT.pack(kind, 4, at, at, at, size, size, 8)

    header = _HEADER.pack(
        MAGIC.ljust(16, b"\0"), _SHARED, number, 1, 0, _HEADER.size, 0, 0,
        _HEADER.size, _SEGMENT.size, count, 0, 0, 0,
    )  # fmt: skip
    segments = segment(_INTERP, start, len(way)) if interpreter else b""
    segments += segment(_LOAD, 0, whole) + segment(_DYN, dynamic, len(table))
    return header + segments + way + names + bytes(filled) + table + bytes(padding)
