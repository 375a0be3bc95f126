"""Everything that a program needs to start: is it in the image?

The **dependency closure**: from the program, its interpreter and its libraries, then what those
need, until nothing new is named. What is looked at: ``PATH`` for a name without a slash, the mode,
``#!`` lines (with ``/usr/bin/env NAME``), and of ELF files the loader, the libraries and the
architecture. Left out: the loader's cache file, symbols and their versions, and what a program
opens only when it runs (plugins, data, Python's modules): only running can tell that.
Source: ld.so(8), execve(2).
"""

from __future__ import annotations

import contextlib
import posixpath
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lab_kernel.containers.image.elf import Elf, read_elf
from lab_kernel.containers.image.image import Image
from lab_kernel.containers.image.tree import Node, Tree, resolve
from lab_kernel.errors import BadInput
from lab_kernel.language import N_

# what runtimes use where an image sets no PATH
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_TRIPLETS = {
    "amd64": "x86_64-linux-gnu",
    "arm64": "aarch64-linux-gnu",
    "riscv64": "riscv64-linux-gnu",
}
_PLACES = ("/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib")

MISSING = N_("not in the image")
NOT_EXECUTABLE = N_("not executable")
NO_PROGRAM = N_("neither an ELF file nor a script that begins with #!")
OTHER_MACHINE = N_("built for another architecture")


@dataclass(frozen=True, slots=True)
class Need:
    """``name`` as it was asked for, ``by`` whom (nothing: by the image itself), ``path`` where it
    was found, and ``problem`` if it cannot serve."""

    name: str
    by: str
    path: str = ""
    problem: str = ""


def closure(
    files: Tree,
    program: str,
    env: Mapping[str, str] | None = None,
    workdir: str = "/",
    architecture: str = "amd64",
) -> tuple[Need, ...]:
    """All that is needed to start ``program``, in the order in which it is found out."""
    search = _Search(files, env or {}, workdir)
    todo = deque([search.program(program, "")])
    found: list[Need] = []
    seen: set[str] = set()
    while todo:
        asked = todo.popleft()
        if (asked.path or asked.name) in seen:
            continue
        seen.add(asked.path or asked.name)
        problem = _problem(files.get(asked.path), asked.starts, architecture)
        path = "" if problem == MISSING else asked.path
        found.append(Need(asked.name, asked.by, path, problem))
        if not problem:
            todo += search.named_by(asked.path)
    return tuple(found)


def needs(image: Image, files: Tree) -> tuple[Need, ...]:
    """The closure of what an image starts; nothing if it names no program."""
    config = image.config
    if not config.argv:
        return ()
    return closure(files, config.argv[0], config.env, config.workdir or "/", config.architecture)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A name that ``by`` gave, where it leads, and whether that is to be started or only loaded."""

    name: str
    by: str
    path: str
    starts: bool


def _problem(node: Node | None, starts: bool, architecture: str) -> str:
    if node is None or node.kind != "file":
        return MISSING
    if starts and not node.mode & 0o111:
        return NOT_EXECUTABLE
    if starts and not node.content.startswith((b"\x7fELF", b"#!")):
        return NO_PROGRAM
    elf = read_elf(node.content)
    return OTHER_MACHINE if elf and elf.machine != architecture else ""


@dataclass(frozen=True)
class _Search:
    """Where the names that programs give lead to."""

    files: Tree
    env: Mapping[str, str]
    workdir: str

    def program(self, name: str, by: str) -> _Asked:
        """A path from the working directory, or a name that is looked for in PATH."""
        places = [""] if "/" in name else self.env.get("PATH", PATH).split(":")
        paths = (posixpath.join(self.workdir, place, name) for place in places)
        return _Asked(name, by, self._first(paths), True)

    def library(self, name: str, elf: Elf, by: str) -> _Asked:
        """In the order of ld.so(8), without its cache."""
        origin = f"/{posixpath.dirname(by)}"
        own = [one.replace("${ORIGIN}", origin).replace("$ORIGIN", origin) for one in elf.runpath]
        asked = filter(None, self.env.get("LD_LIBRARY_PATH", "").split(":"))
        triplet = _TRIPLETS.get(elf.machine, "")
        special = [f"/lib/{triplet}", f"/usr/lib/{triplet}"] if triplet else []
        places = [""] if "/" in name else [*own, *asked, *special, *_PLACES]
        return _Asked(name, by, self._first(f"{place}/{name}" for place in places), False)

    def named_by(self, path: str) -> list[_Asked]:
        """What a file names: the interpreter of a script, the loader and libraries of ELF."""
        content = self.files[path].content
        if content.startswith(b"#!"):
            words = content.partition(b"\n")[0][2:].decode("utf-8", "replace").split()
            many = 2 if words and posixpath.basename(words[0]) == "env" else 1
            return [self.program(word, path) for word in words[:many]]
        elf = read_elf(content)
        if elf is None:
            return []
        loader = [self.program(elf.interpreter, path)] if elf.interpreter else []
        return [*loader, *(self.library(name, elf, path) for name in elf.needed)]

    def _first(self, paths: Iterable[str]) -> str:
        """The first of these that leads to something; nothing if none does."""
        for path in paths:
            with contextlib.suppress(BadInput):  # links in a circle
                found = resolve(self.files, path)
                if found in self.files:
                    return found
        return ""
