"""A real Linux beside the simulated one: live readers, and recordings where there is none."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from lab_kernel.errors import BadInput
from lab_kernel.host import straced
from lab_kernel.host.cgroups import Limits, own_limits
from lab_kernel.host.demand_paging import DemandPaging, demand_paging_demo
from lab_kernel.host.lackey import PageRecording, read_pages, read_trace
from lab_kernel.host.loopback import SlowDependency, recorded_slow_dependency, slow_dependency
from lab_kernel.host.mode_switch import Crossing, crossing
from lab_kernel.host.nice import NiceShares, nice_shares, recorded_shares
from lab_kernel.host.perf import read_perf
from lab_kernel.host.proc import live, snapshot, this_machine
from lab_kernel.host.recorded import Recording, Source
from lab_kernel.host.strace import counts, read_strace

__all__ = [
    "Crossing",
    "DemandPaging",
    "Limits",
    "NiceShares",
    "PageRecording",
    "Recording",
    "SlowDependency",
    "Source",
    "counts",
    "crossing",
    "demand_paging_demo",
    "live",
    "nice_shares",
    "own_limits",
    "read_pages",
    "read_perf",
    "read_strace",
    "read_trace",
    "recorded_shares",
    "recorded_slow_dependency",
    "recording",
    "recordings",
    "slow_dependency",
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
    kinds = (_PAGES, _SNAPSHOT, straced.SUFFIX)
    return sorted(name.partition(".")[0] for name in shelf if name.endswith(kinds))


@cache
def recording(name: str) -> Recording:
    """The shipped recording of that name: a PageRecording, outputs of commands, or a strace.

    Its ``data`` is shared between callers and not to be changed. Another name is BadInput.
    """
    if name not in recordings():
        raise BadInput("recording", f"{name!r} ({', '.join(recordings())})")
    packed = _shelf() / (name + _PAGES)
    if packed.is_file():
        return PageRecording.from_bytes(name, packed.read_bytes())
    if name in straced.names():
        return straced.load(name)
    return snapshot(name)
