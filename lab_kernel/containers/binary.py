"""A program as a file: what it asks of the place where it is started.

A file made for one architecture, linked against libraries by name (soname) and by version of their
symbols. What it does once it runs is the same small errand for every program here: it reads its
settings, makes the system calls that it was written with, opens its backing services, and prints
a receipt whose last digit is rounded as the library rounds.

Modelled: as much of ELF as starting asks for (machine, interpreter, NEEDED with version). The file
holds it as JSON, not as ELF does. Left out: symbols one by one, search paths, static initialisers.
Source: elf(5), ld.so(8); names of architectures: OCI image-spec, config.md (GOARCH).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

UNAME = {"amd64": "x86_64", "arm64": "aarch64"}  # what uname -m says
INTERPRETER = {"amd64": "/lib64/ld-linux-x86-64.so.2", "arm64": "/lib/ld-linux-aarch64.so.1"}
LIBRARIES = "/lib"


@dataclass(frozen=True, slots=True)
class Need:
    """A library by its soname, and the version of symbols that must be in it."""

    soname: str
    version: str


@dataclass(frozen=True, slots=True)
class Binary:
    """``settings`` are names in the environment, ``services`` names of backing services.

    Without ``needs`` it is statically linked: no loader, no library, and the rounding is its own.
    """

    architecture: str
    needs: tuple[Need, ...] = ()
    calls: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    def data(self) -> bytes:
        """The file."""
        return json.dumps(asdict(self)).encode()


@dataclass(frozen=True, slots=True)
class Library:
    """``provides`` are the versions of symbols in it; ``rounding`` is how this release rounds."""

    soname: str
    provides: tuple[str, ...]
    rounding: str = ""

    def data(self) -> bytes:
        return json.dumps(asdict(self)).encode()


def read_binary(data: bytes) -> Binary:
    read: Mapping[str, Any] = json.loads(data)
    return Binary(
        read["architecture"],
        tuple(Need(**need) for need in read["needs"]),
        *(tuple(read[name]) for name in ("calls", "settings", "services")),
    )


def read_library(data: bytes) -> Library:
    read: Mapping[str, Any] = json.loads(data)
    return Library(read["soname"], tuple(read["provides"]), read["rounding"])


def glibc(release: str) -> Library:
    """libc.so.6 of this release: symbols of every version up to its own are in it.

    Old symbols stay, so an old program starts on a new library. The reverse is not so.
    """
    last = int(release.split(".")[1])
    return Library("libc.so.6", tuple(f"GLIBC_2.{minor}" for minor in range(2, last + 1)))
