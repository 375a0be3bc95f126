"""Finding what topics declare.

Explorables and exercises are declared in the room of their topic: ``explore/kernel/memory.py``
declares ``kernel/memory/...``. A Registry imports a room the first time that it is asked for what
is in there, and all of them only when it is asked for everything: a page of one section does not
wait for the others.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Generic, TypeVar

from lab_kernel.errors import BadInput
from lab_kernel.language import _

Declared = TypeVar("Declared")


class Registry(Generic[Declared]):
    """What is declared below one package, by name.

    ``argument`` is what BadInput calls the name when there is nothing by it.
    """

    def __init__(self, package: str, argument: str) -> None:
        self._package = package
        self._argument = argument
        self._declared: dict[str, Declared] = {}
        self._entered: set[str] = set()

    def declare(self, name: str, thing: Declared) -> None:
        """Register under ``section/topic/name``; a name taken is a ValueError."""
        if name in self._declared:
            raise ValueError(f"{name} is declared twice")
        self._declared[name] = thing

    def names(self, room: str = "") -> list[str]:
        """Every name declared, in order of the alphabet; or a section's, or a topic's."""
        self._enter(room)
        return sorted(
            name for name in self._declared if name.startswith(f"{room}/" if room else "")
        )

    def find(self, name: str) -> Declared:
        """The one by this name, or by a unique last part of it (``replacement``)."""
        if name not in self._declared:
            self._enter(name.rpartition("/")[0])
        if name in self._declared:
            return self._declared[name]
        names = self.names()
        ending = [full for full in names if full.endswith(f"/{name}")]
        if len(ending) != 1:
            topic = [full for full in names if f"/{name}/" in f"/{full}"]
            near = _beside(name, names)
            raise unknown(self._argument, name, ending or topic or _alike(name, near) or near)
        return self._declared[ending[0]]

    def _enter(self, room: str) -> None:
        """Import ``section/topic``, ``section`` or everything; where there is no room, nothing."""
        parts = room.replace("-", "_").split("/") if room else []
        if room in self._entered or not all(part.isidentifier() for part in parts):
            return
        name = ".".join([self._package, *parts])
        try:
            package = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if f"{name}.".startswith(f"{error.name}."):
                return
            raise  # the room is there, and what it imports is not
        for found in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{name}."):
            importlib.import_module(found.name)
        self._entered.add(room)


def _beside(name: str, names: list[str]) -> list[str]:
    """Those in the same topic, else in the same section, else all."""
    room = name.rpartition("/")[0]
    while room:
        if found := [full for full in names if full.startswith(f"{room}/")]:
            return found
        room = room.rpartition("/")[0]
    return names


def _alike(name: str, names: list[str]) -> list[str]:
    """Names whose last part is written nearly so."""
    last = {full.rsplit("/", 1)[-1]: full for full in names}
    return sorted(last[each] for each in get_close_matches(name.rsplit("/", 1)[-1], last))


def unknown(argument: str, name: str, allowed: Iterable[str]) -> BadInput:
    """What to raise when there is nothing by this name."""
    message = _("there is no “{name}”; choose one of: {allowed}")
    return BadInput(argument, message.format(name=name, allowed=", ".join(allowed)))
