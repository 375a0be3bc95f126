"""A value of a document together with the path to it, and the questions that a reader asks of it.

Every answer that does not fit is a BadInput that names file, line and path:
``slo.yaml:24: spec.objectives[0].target: ...``. null stands for a field that was left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from lab_kernel.cloud_native.documents import Value, meant, refuse, shown
from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.slo.spec import MINUTES, Duration

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
LONGEST = 1050  # letters of a description
MOST_YEARS = 100


@dataclass(frozen=True, slots=True)
class Place:
    """``path`` is empty for a whole document."""

    value: Value
    path: str = ""

    def refuse(self, message: str) -> NoReturn:
        refuse(self.value, self.path, message)

    def fields(self, required: str = "", optional: str = "") -> dict[str, Place]:
        """Those that are there; one that is unknown, or required and missing, is refused."""
        data = self.value.data
        if not isinstance(data, dict):
            self._wanted(_("a mapping"))
        known = [*required.split(), *optional.split()]
        for key in data:
            if key not in known:
                message = _("{path}: there is no such field").format(path=self._to(key))
                raise BadInput(self.value.keys[key], message + meant(key, known))
        given = {
            key: Place(each, self._to(key)) for key, each in data.items() if each.data is not None
        }
        for key in required.split():
            if key not in given:
                refuse(self.value, self._to(key), _("required, and not there"))
        return given

    def items(self) -> list[Place]:
        if not isinstance(self.value.data, list):
            self._wanted(_("a list"))
        return [Place(each, f"{self.path}[{n}]") for n, each in enumerate(self.value.data)]

    def entries(self) -> dict[str, Place]:
        """All fields of a mapping, whatever they are called."""
        if not isinstance(self.value.data, dict):
            self._wanted(_("a mapping"))
        return {key: Place(each, self._to(key)) for key, each in self.value.data.items()}

    def text(self) -> str:
        if not isinstance(self.value.data, str) or not self.value.data:
            self._wanted(_("a text"))
        return str(self.value.data)

    def description(self) -> str:
        if len(text := self.text()) > LONGEST:
            message = _("{count:,} letters; a description has at most {most:,}")
            self.refuse(message.format(count=len(text), most=LONGEST))
        return text

    def name(self) -> str:
        """A label of RFC 1123, as OpenSLO wants names to be."""
        text = self.text()
        if not _LABEL.fullmatch(text):
            message = _(
                "“{value}” is no name of RFC 1123: small letters, digits and - inside,"
                " at most 63 letters"
            )
            self.refuse(message.format(value=shown(self.value)))
        return text

    def choice(self, options: Sequence[str]) -> str:
        if self.value.data not in options:
            message = _("“{value}” is not one of: {allowed}")
            written = shown(self.value)
            said = message.format(value=written, allowed=", ".join(options))
            self.refuse(said + meant(written, list(options)))
        return str(self.value.data)

    def flag(self) -> bool:
        if not isinstance(self.value.data, bool):
            self._wanted(_("true or false"))
        return self.value.data

    def number(self) -> Decimal:
        """The figure as it was written: 0.999, not the nearest binary fraction."""
        data = self.value.data
        if type(data) not in (int, float) or not math.isfinite(data):
            self._wanted(_("a number"))
        return Decimal(repr(data))

    def duration(self, *, minutes: bool = False) -> Duration:
        """Such as 28d; with ``minutes``, a number alone is one of minutes."""
        data = self.value.data
        if minutes and type(data) is int and 0 < data < 1_000_000:
            return Duration(data, "m")
        found = Duration.read(data) if isinstance(data, str) else None
        if found is None:
            message = _("“{value}” is no duration: a number and one of {units}, such as 28d")
            self.refuse(message.format(value=shown(self.value), units=" ".join(MINUTES)))
        if found.minutes > MOST_YEARS * MINUTES["Y"]:
            self.refuse(_("more than {years} years").format(years=MOST_YEARS))
        return found

    def plain(self) -> Any:
        """The value without lines and paths, as Python has it."""
        return _plain(self.value)

    def _to(self, key: str) -> str:
        return f"{self.path}.{key}".lstrip(".")

    def _wanted(self, wanted: str) -> NoReturn:
        message = _("{wanted} is wanted, not {value}")
        self.refuse(message.format(wanted=wanted, value=shown(self.value)))


def _plain(value: Value) -> Any:
    if isinstance(value.data, dict):
        return {key: _plain(each) for key, each in value.data.items()}
    return [_plain(each) for each in value.data] if isinstance(value.data, list) else value.data
