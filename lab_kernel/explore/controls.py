"""What a reader can turn: four kinds of control.

Each reads a value from anybody (a slider's number, a command line's word, an address bar's text),
checks it, and says in one line what is allowed when it does not fit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.language import _


@dataclass(frozen=True, kw_only=True)
class Control:
    """``label`` is a source string, translated when shown; ``default`` is as a reader writes it."""

    name: str
    label: str
    default: Any

    def read(self, value: Any) -> Any:
        """The checked value, or BadInput."""
        raise NotImplementedError

    def write(self, value: Any) -> Any:
        """The inverse of ``read``: as a reader would write it."""
        return value

    def shown(self, value: Any) -> str:
        """The value as a reader sees it."""
        return str(self.write(value))

    def refuse(self, message: str) -> BadInput:
        return BadInput(self.name, message)


@dataclass(frozen=True, kw_only=True)
class Choice(Control):
    """One of a few; ``options`` are (value, label) pairs."""

    options: tuple[tuple[str, str], ...]

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or value not in dict(self.options):
            allowed = ", ".join(option for option, _label in self.options)
            raise self.refuse(
                _("“{value}” is not one of: {allowed}").format(value=value, allowed=allowed)
            )
        return value

    def shown(self, value: str) -> str:
        return _(dict(self.options)[value])


@dataclass(frozen=True, kw_only=True)
class Whole(Control):
    """A whole number from ``low`` to ``high``."""

    low: int
    high: int

    def read(self, value: Any) -> int:
        try:
            number = int(str(value).strip())
        except ValueError:
            number = self.low - 1
        if not self.low <= number <= self.high:
            raise self.refuse(
                _("“{value}” is not a whole number from {low} to {high}").format(
                    value=value, low=self.low, high=self.high
                )
            )
        return number


@dataclass(frozen=True, kw_only=True)
class Words(Control):
    """A line of text that ``parse`` turns into a value; ``parse`` raises BadInput."""

    parse: Callable[[str], Any]

    def read(self, value: Any) -> Any:
        try:
            return self.parse(self.write(value))
        except BadInput as error:
            raise self.refuse(error.message) from None

    def write(self, value: Any) -> str:
        if isinstance(value, (list, tuple)):
            return ",".join(str(item) for item in value)
        return str(value)


@dataclass(frozen=True, kw_only=True)
class Toggle(Control):
    """On or off."""

    def read(self, value: Any) -> bool:
        word = str(value).strip().lower()
        if word in ("on", "yes", "true", "1"):
            return True
        if word in ("off", "no", "false", "0"):
            return False
        raise self.refuse(_("“{value}” is neither on nor off").format(value=value))

    def write(self, value: bool) -> str:
        return "on" if value else "off"

    def shown(self, value: bool) -> str:
        return _("on") if value else _("off")
