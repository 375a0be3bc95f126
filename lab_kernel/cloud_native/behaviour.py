"""How the simulated program in a pod behaves: what no manifest can say.

A real image brings its program along. Here annotations of the pod's template say what it does, so
that the file stays valid for a real cluster, where nobody reads them:

    metadata:
      annotations:
        lab-kernel/start-seconds: "3"        # from its start until it serves (default 1)
        lab-kernel/pull-seconds: "2"         # fetching the image, the first time on a node (2)
        lab-kernel/work-ms: "20"             # CPU for one request (10)
        lab-kernel/idle-ms: "1"              # CPU each second, whether asked or not (0)
        lab-kernel/stop-seconds: "0.5"       # from SIGTERM until it ends (0.1)
        lab-kernel/ignores-sigterm: "true"   # it ends only by SIGKILL (false)
        lab-kernel/crash-after: "30"         # it exits with 1 so many seconds after its start
        lab-kernel/unready-after: "60"       # from then on it answers readiness with a failure
        lab-kernel/hang-after: "60"          # from then on it answers nothing at all
        lab-kernel/memory: 64Mi              # what it uses
        lab-kernel/grow: 1Mi                 # so much more each second: a leak
        lab-kernel/bad-image: "true"         # there is no such image

Durations are kept in ms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab_kernel.cloud_native.quantity import quantity
from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.registry import unknown

PREFIX = "lab-kernel/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """Times in ms, memory in bytes; None: never."""

    start: int = 1000
    pull: int = 2000
    work: int = 10
    idle: int = 0
    stop: int = 100
    ignores_sigterm: bool = False
    crash_after: int | None = None
    unready_after: int | None = None
    hang_after: int | None = None
    memory: int = 0
    grow: int = 0
    bad_image: bool = False


#: annotation: (field, what it is)
ANNOTATIONS: Mapping[str, tuple[str, str]] = {
    "start-seconds": ("start", "seconds"),
    "pull-seconds": ("pull", "seconds"),
    "work-ms": ("work", "ms"),
    "idle-ms": ("idle", "ms"),
    "stop-seconds": ("stop", "seconds"),
    "ignores-sigterm": ("ignores_sigterm", "bool"),
    "crash-after": ("crash_after", "seconds"),
    "unready-after": ("unready_after", "seconds"),
    "hang-after": ("hang_after", "seconds"),
    "memory": ("memory", "bytes"),
    "grow": ("grow", "bytes"),
    "bad-image": ("bad_image", "bool"),
}
_LONGEST = 10**9  # ms


def behaviour(annotations: Mapping[str, str]) -> Behaviour:
    """What the annotations say; others than ours mean nothing. BadInput names a wrong one."""
    given: dict[str, Any] = {}
    for name, word in annotations.items():
        if name.startswith(PREFIX):
            short = name.removeprefix(PREFIX)
            if short not in ANNOTATIONS:
                raise unknown(name, short, ANNOTATIONS)
            field, kind = ANNOTATIONS[short]
            given[field] = _read(name, word, kind)
    return Behaviour(**given)


def _read(name: str, word: str, kind: str) -> int | bool:
    if kind == "bool":
        if word not in ("true", "false"):
            raise BadInput(name, _("“{value}” is neither true nor false").format(value=word))
        return word == "true"
    amount = quantity(word, 1000 if kind == "seconds" else 1)
    if amount is None or not 0 <= amount <= (2**50 if kind == "bytes" else _LONGEST):
        message = (
            _("“{value}” is no amount of memory") if kind == "bytes" else _("“{value}” is no time")
        )
        raise BadInput(name, message.format(value=word))
    return amount
