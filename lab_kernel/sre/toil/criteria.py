"""What makes work toil.

The SRE book, chapter 5, names six traits of toil and says that work need not have them all: the
more of them it has, the more likely it is toil. It sets no number. ``LEAST`` is ours: four of the
six, for work that is tied to a running service. Two things are never toil, however dull they are:
a project, which leaves something better behind, and overhead, which is not tied to a service.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _

LEAST = 4


class Trait(StrEnum):
    """One of the six; the value is the word that a log has for it."""

    MANUAL = "manual"
    REPETITIVE = "repetitive"
    AUTOMATABLE = "automatable"
    TACTICAL = "tactical"
    NO_VALUE = "no-value"
    LINEAR = "linear"


class Kind(StrEnum):
    """What an hour was for."""

    PRODUCTION = "production"
    PROJECT = "project"
    OVERHEAD = "overhead"


class Class(StrEnum):
    """How an hour is counted. The first two together are operational work."""

    TOIL = "toil"
    OTHER = "other operational work"
    ENGINEERING = "engineering"
    OVERHEAD = "overhead"

    @property
    def operational(self) -> bool:
        return self in (Class.TOIL, Class.OTHER)


TRAITS = {
    Trait.MANUAL: N_("manual: a person does it, or starts the script"),
    Trait.REPETITIVE: N_("repetitive: not the first time, nor the second"),
    Trait.AUTOMATABLE: N_("automatable: a machine could do it as well"),
    Trait.TACTICAL: N_("tactical: it interrupts, and is reacted to"),
    Trait.NO_VALUE: N_("no enduring value: the service is as it was before"),
    Trait.LINEAR: N_("grows linearly with the service"),
}
CLASSES = {
    Class.TOIL: N_("toil"),
    Class.OTHER: N_("other operational work"),
    Class.ENGINEERING: N_("project work"),
    Class.OVERHEAD: N_("overhead"),
}


@dataclass(frozen=True)
class Verdict:
    """The class, and the traits that hold and that do not, in the book's order."""

    found: Class
    holds: tuple[Trait, ...]
    lacks: tuple[Trait, ...]


def judge(kind: Kind, traits: Iterable[Trait], least: int = LEAST) -> Verdict:
    """Which class work of this kind and with these traits is counted as."""
    given = set(traits)
    holds = tuple(trait for trait in Trait if trait in given)
    lacks = tuple(trait for trait in Trait if trait not in given)
    if kind is Kind.PROJECT:
        found = Class.ENGINEERING
    elif kind is Kind.OVERHEAD:
        found = Class.OVERHEAD
    else:
        found = Class.TOIL if len(holds) >= least else Class.OTHER
    return Verdict(found, holds, lacks)


def read_tags(text: str) -> tuple[Kind, tuple[Trait, ...]]:
    """``production manual tactical``: one kind and any traits. BadInput names what is wrong."""
    words = text.lower().replace(";", " ").split()
    kinds = [Kind(word) for word in words if word in list(Kind)]
    unknown = [word for word in words if word not in {*Kind, *Trait}]
    if unknown:
        known = ", ".join([*Kind, *Trait])
        message = _("“{word}” is no tag; there are: {known}")
        raise BadInput("tags", message.format(word=unknown[0], known=known))
    if len(kinds) != 1:
        message = _("there must be exactly one of {kinds}, not {count}")
        raise BadInput("tags", message.format(kinds=", ".join(Kind), count=len(kinds)))
    return kinds[0], tuple(trait for trait in Trait if trait in words)
