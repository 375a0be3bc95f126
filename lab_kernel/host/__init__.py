"""A real Linux beside the simulated one: live readers, and recordings where there is none."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from lab_kernel.errors import BadInput
from lab_kernel.host.demand_paging import DemandPaging, demand_paging_demo
from lab_kernel.host.lackey import PageRecording, read_pages, read_trace
from lab_kernel.host.mode_switch import Crossing, crossing
from lab_kernel.host.proc import live, snapshot, this_machine
from lab_kernel.host.recorded import Recording, Source

__all__ = [
    "Crossing",
    "DemandPaging",
    "PageRecording",
    "Recording",
    "Source",
    "crossing",
    "demand_paging_demo",
    "live",
    "read_pages",
    "read_trace",
    "recording",
    "recordings",
    "this_machine",
]

_PAGES = ".pages.gz"
_SNAPSHOT = ".json"


def _shelf() -> Traversable:
    """Looked up when it is read: inside a wheel it is an open file, which no snapshot keeps."""
    return files("lab_kernel") / "recordings"


def recordings() -> list[str]:
    """The names of the shipped recordings, sorted."""
    shelf = (entry.name for entry in _shelf().iterdir())
    return sorted(name.partition(".")[0] for name in shelf if name.endswith((_PAGES, _SNAPSHOT)))


@cache
def recording(name: str) -> Recording:
    """The shipped recording of that name: a PageRecording, or a snapshot of ``/proc``.

    Its ``data`` is shared between callers and not to be changed. Another name is BadInput.
    """
    if name not in recordings():
        raise BadInput("recording", f"{name!r} ({', '.join(recordings())})")
    packed = _shelf() / (name + _PAGES)
    if packed.is_file():
        return PageRecording.from_bytes(name, packed.read_bytes())
    return snapshot(name)
