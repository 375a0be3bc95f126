"""The twelve factors, as published: what lets an application be run anywhere, in any number.

The list is of 2011 and is being revised (github.com/twelve-factor/twelve-factor); in the revision
the twelfth may change. Here it is the published one.
Source: 12factor.net; the Korean titles are those of its Korean translation.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab_kernel.language import N_


@dataclass(frozen=True, slots=True)
class Factor:
    """``title`` and ``asks`` are source strings."""

    number: int
    title: str
    asks: str

    @property
    def roman(self) -> str:
        return ROMAN[self.number - 1]


ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
FACTORS = tuple(
    Factor(number, title, asks)
    for number, (title, asks) in enumerate(
        (
            (N_("Codebase"), N_("one repository, many deployments of it")),
            (N_("Dependencies"), N_("every one declared, none taken from the machine")),
            (N_("Config"), N_("in the environment, not in the code")),
            (N_("Backing services"), N_("attached by an address that can be changed")),
            (N_("Build, release, run"), N_("a release is made once and not edited")),
            (N_("Processes"), N_("stateless: what must last is in a backing service")),
            (N_("Port binding"), N_("it serves on a port by itself")),
            (N_("Concurrency"), N_("more of it by more processes")),
            (N_("Disposability"), N_("quick to start, and it stops when asked")),
            (N_("Dev/prod parity"), N_("the same services in every environment")),
            (N_("Logs"), N_("events written to standard output")),
            (N_("Admin processes"), N_("one-off tasks run in the same release")),
        ),
        1,
    )
)
