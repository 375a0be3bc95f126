"""What a recording is, and how every reading says where it comes from.

A recording is a file made once on a real Linux by a program of ``tools/record`` and shipped with
the package, so that a reader without Linux (macOS, Windows, a browser) sees real output too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lab_kernel.language import _


@dataclass(frozen=True)
class Source:
    """Where a reading comes from: ``live``, ``recording``, ``text`` (handed in by the caller) or
    ``simulated``.

    ``str()`` is the sentence to show beside the figures, in the reader's language.
    """

    kind: str
    date: str = ""
    kernel: str = ""

    @property
    def live(self) -> bool:
        return self.kind == "live"

    def __str__(self) -> str:
        if self.kind == "live":
            return _("live, from this machine")
        if self.kind == "simulated":
            return _("simulated")
        if self.kind == "text":
            return _("from the text given")
        return _("recording made {date} on {kernel}").format(date=self.date, kernel=self.kernel)


LIVE = Source("live")
SIMULATED = Source("simulated")
TEXT = Source("text")


@dataclass(frozen=True)
class Recording:
    """A shipped recording.

    ``metadata`` says how it was made (at least ``command``, ``date``, ``kernel``,
    ``architecture``); ``data`` is a list of page numbers for a run of a program
    (``lackey.PageRecording``), a Trace for what strace wrote, and a dict of outputs by name for
    a snapshot of ``/proc`` or of other commands.
    """

    name: str
    metadata: dict[str, Any] = field(repr=False)
    data: Any = field(repr=False)

    @property
    def source(self) -> Source:
        return Source("recording", self.metadata["date"], self.metadata["kernel"])
