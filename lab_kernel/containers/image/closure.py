"""Everything that a program needs to start: is it in the image?

The **dependency closure**: from the program, its interpreter and its libraries, then what those
need, until nothing new is named. What is looked at: ``PATH`` for a name without a slash, the mode,
``#!`` lines (with ``/usr/bin/env NAME``), and of ELF files the loader, the libraries and the
architecture. Left out: the loader's cache file, symbols and their versions, and what a program
opens only when it runs (plugins, data, Python's modules): only running can tell that.
Source: ld.so(8), execve(2).
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from lab_kernel.containers.image.elf import Elf, read_elf
from lab_kernel.containers.image.image import Image
from lab_kernel.containers.image.tree import Tree, resolve
from lab_kernel.errors import BadInput
from lab_kernel.language import N_

# what runtimes use where an image sets no PATH
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_TRIPLETS = {
    "amd64": "x86_64-linux-gnu",
    "arm64": "aarch64-linux-gnu",
    "riscv64": "riscv64-linux-gnu",
}
_MOST_SCRIPTS = 4  # execve(2): a script may be started by a script, so often

MISSING = N_("not in the image")
NOT_EXECUTABLE = N_("not executable")
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
    env = env or {}
    found: dict[str, Need] = {}
    todo = [(program, "", "program", _program(files, program, env, workdir))]
    scripts = 0
    while todo:
        name, by, kind, path = todo.pop(0)
        node = files.get(path)
        if path in {need.path for need in found.values()} or (not path and name in found):
            continue
        if node is None or node.kind != "file":
            found[name] = Need(name, by, "", MISSING)
            continue
        if kind == "program" and not node.mode & 0o111:
            found[name] = Need(name, by, path, NOT_EXECUTABLE)
            continue
        if kind == "program" and node.content.startswith(b"#!"):
            found[name] = Need(name, by, path)
            scripts += 1
            if scripts <= _MOST_SCRIPTS:
                words = node.content.partition(b"\n")[0][2:].decode("utf-8", "replace").split()
                started = (
                    words[:2]
                    if posixpath.basename(words[0] if words else "") == "env"
                    else (words[:1])
                )
                todo += [
                    (word, path, "program", _program(files, word, env, workdir)) for word in started
                ]
            continue
        elf = read_elf(node.content)
        other = elf is not None and elf.machine != architecture
        found[name] = Need(name, by, path, OTHER_MACHINE if other else "")
        if elf is None or other:
            continue
        if elf.interpreter:
            todo.append((elf.interpreter, path, "program", _at(files, elf.interpreter)))
        for library in elf.needed:
            todo.append((library, path, "library", _library(files, library, elf, path, env)))
    return tuple(found.values())


def needs(image: Image, files: Tree) -> tuple[Need, ...]:
    """The closure of what an image starts; nothing if it names no program."""
    config = image.config
    if not config.argv:
        return ()
    return closure(files, config.argv[0], config.env, config.workdir or "/", config.architecture)


def _at(files: Tree, path: str) -> str:
    """Where a path leads, or nothing."""
    try:
        found = resolve(files, path)
    except BadInput:  # links in a circle
        return ""
    return found if found in files else ""


def _program(files: Tree, name: str, env: Mapping[str, str], workdir: str) -> str:
    if "/" in name:
        return _at(files, posixpath.join(workdir, name))
    places = env.get("PATH", PATH).split(":")
    return _first(files, name, [posixpath.join(workdir, place) for place in places])


def _library(files: Tree, name: str, elf: Elf, path: str, env: Mapping[str, str]) -> str:
    """In the order of ld.so(8), without its cache."""
    if "/" in name:
        return _at(files, name)
    origin = "/" + posixpath.dirname(path)
    own = [place.replace("${ORIGIN}", origin).replace("$ORIGIN", origin) for place in elf.runpath]
    triplet = _TRIPLETS.get(elf.machine, "")
    usual = [f"/{top}/{triplet}" for top in ("lib", "usr/lib")] if triplet else []
    usual += ["/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"]
    return _first(
        files, name, [*own, *filter(None, env.get("LD_LIBRARY_PATH", "").split(":")), *usual]
    )


def _first(files: Tree, name: str, places: list[str]) -> str:
    return next(filter(None, (_at(files, f"{place}/{name}") for place in places)), "")
