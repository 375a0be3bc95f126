"""Readers of /proc: the recorded text, edge cases, and a machine that has no /proc at all."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lab_kernel import host
from lab_kernel.errors import BadInput
from lab_kernel.host import demand_paging, proc
from lab_kernel.language import language

READERS: list[Callable[[], object]] = [
    proc.meminfo,
    proc.maps,
    proc.smaps_rollup,
    proc.status,
    proc.vmstat,
    proc.buddyinfo,
    proc.overcommit,
]


@pytest.fixture(params=["another system", "an empty /proc", "an unreadable /proc"])
def nowhere(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[None]:
    """A machine whose memory cannot be read."""
    if request.param == "another system":
        monkeypatch.setattr(sys, "platform", "emscripten")
    elif request.param == "an unreadable /proc":
        monkeypatch.setattr(sys, "platform", "linux")

        def refuse(self: Path, **how: str) -> str:
            if self.is_relative_to("/proc"):
                raise PermissionError(13, "Permission denied")
            with self.open(**how) as file:  # type: ignore[call-overload]
                return str(file.read())

        monkeypatch.setattr(Path, "read_text", refuse)
    else:
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.setattr(proc, "PROC", tmp_path)
    yield


@pytest.fixture
def recorded() -> dict[str, dict[str, str]]:
    data: dict[str, dict[str, str]] = host.recording("memory-proc").data
    return data


def test_meminfo_of_the_recording(recorded: dict[str, dict[str, str]]) -> None:
    found = proc.meminfo(recorded["meminfo"]["output"])
    assert 0 < found["MemFree"] <= found["MemAvailable"] <= found["MemTotal"]
    assert found["Active"] == found["Active(anon)"] + found["Active(file)"]
    assert found["HugePages_Total"] == 0 and found["Hugepagesize"] == 2048
    assert found.get("NoSuchFigure") == 0
    # Documentation/mm/overcommit-accounting.rst: the limit is swap plus ratio percent of RAM.
    ratio = int(recorded["sys/vm/overcommit_ratio"]["output"])
    limit = found["SwapTotal"] + found["MemTotal"] * ratio // 100
    assert abs(found["CommitLimit"] - limit) <= 4  # the kernel counts in pages


def test_maps_of_the_recording(recorded: dict[str, dict[str, str]]) -> None:
    found = proc.maps(recorded["self/maps"]["output"])
    assert len(found) > 10
    ends = [0]
    for area in found:
        assert ends[-1] <= area.start < area.end and area.size % 4096 == 0
        ends.append(area.end)
    assert {"/usr/bin/cat", "[heap]", "[stack]"} <= {area.path for area in found}
    assert not any("w" in a.permissions and "x" in a.permissions for a in found)


def test_buddyinfo_of_the_recording(recorded: dict[str, dict[str, str]]) -> None:
    zones = proc.buddyinfo(recorded["buddyinfo"]["output"])
    assert all(len(zone.free) == 11 for zone in zones)  # orders 0 to MAX_PAGE_ORDER, 10
    # meminfo may count more: see the recording's remark on zones that grow.
    free = proc.meminfo(recorded["meminfo"]["output"])["MemFree"] // 4
    managed = map(int, re.findall(r"managed +(\d+)", recorded["zoneinfo"]["output"]))
    assert 0 < sum(zone.pages for zone in zones) <= min(free, sum(managed))


def test_status_of_the_recording(recorded: dict[str, dict[str, str]]) -> None:
    found = proc.status(recorded["self/status"]["output"])
    assert found["VmRSS"] == found["RssAnon"] + found["RssFile"] + found["RssShmem"]
    assert found["VmRSS"] <= found["VmHWM"] < found["VmSize"]
    assert found.text["Name"] == "grep"


def test_maps_by_hand() -> None:
    text = (
        "00400000-00402000 r-xp 00001000 fe:00 12                       /opt/a b (deleted)\n"
        "7f0000000000-7f0000001000 rw-s 00000000 00:00 0 \n\n"
        "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0        [vsyscall]\n"
    )
    first, second, third = proc.maps(text)
    assert first == proc.Mapping(
        0x400000, 0x402000, "r-xp", 0x1000, "fe:00", 12, "/opt/a b (deleted)"
    )
    assert second.path == "" and second.size == 4096
    assert third.path == "[vsyscall]"


def test_figures_by_hand() -> None:
    found = proc.meminfo("MemTotal:  16 kB\nActive(anon):   4 kB\nHugePages_Free:  3\n")
    assert found.values == {"MemTotal": 16, "Active(anon)": 4, "HugePages_Free": 3}
    assert proc.vmstat("pgfault 12\npgmajfault 0\n").values == {"pgfault": 12, "pgmajfault": 0}
    assert str(found.source) == "from the text given"


def test_a_zone_counts_pages() -> None:
    (zone,) = proc.buddyinfo("Node 1, zone    DMA32      3      1      2 \n")
    assert (zone.node, zone.name, zone.free, zone.pages) == (1, "DMA32", (3, 1, 2), 13)


def test_malformed_text_is_bad_input() -> None:
    with pytest.raises(BadInput, match="maps: line 2"):
        proc.maps("00400000-00402000 r-xp 00001000 fe:00 12\nnonsense\n")
    with pytest.raises(BadInput, match="buddyinfo: line 1"):
        proc.buddyinfo("Node 0")
    with pytest.raises(BadInput, match="meminfo"):
        proc.meminfo("")


@pytest.mark.usefixtures("nowhere")
def test_without_proc_everything_is_the_recording_and_says_so() -> None:
    assert not proc.live()
    for reader in READERS:
        source = reader().source  # type: ignore[attr-defined]
        assert not source.live and source.date in str(source) and "Linux" in str(source)
    assert proc.this_machine().source.kind == "recording"


@pytest.mark.skipif(not proc.live(), reason="no live /proc here")
def test_with_proc_everything_is_live() -> None:
    machine = proc.this_machine()
    assert machine.source.live and str(machine.source).startswith("live")
    assert machine.meminfo["MemTotal"] > machine.meminfo["MemFree"] > 0
    assert any(area.path == "[stack]" for area in machine.maps)
    assert machine.overcommit.mode in (0, 1, 2)
    assert machine.status["VmRSS"] > 0


@pytest.mark.skipif(not proc.live(), reason="no live /proc here")
def test_one_missing_file_makes_the_machine_a_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    real = proc._file
    monkeypatch.setattr(proc, "_file", lambda name: None if name == "buddyinfo" else real(name))
    machine = proc.this_machine()
    assert machine.meminfo.source.live and not machine.source.live


def test_the_source_is_told_in_the_readers_language() -> None:
    source = host.recording("memory-proc").source
    with language("en"):
        assert str(source) == f"recording made {source.date} on {source.kernel}"


def check(measured: host.DemandPaging, slack: int) -> None:
    pages = measured.size // measured.page_size
    before, mapped, half, touched, after = measured.steps
    assert mapped.mapped - before.mapped == measured.size
    assert mapped.resident - before.resident < measured.size // 16  # mapping brings no frames
    for name in ("half touched", "all touched"):
        assert pages // 2 <= measured.faults(name) <= pages // 2 + slack
    assert abs(half.resident - mapped.resident - measured.size // 2) < measured.size // 16
    assert abs(touched.resident - half.resident - measured.size // 2) < measured.size // 16
    assert measured.faults("mapped") <= slack
    assert touched.resident - after.resident > measured.size * 7 // 8
    assert [step.label for step in measured.steps][1] == "mapped"


def test_demand_paging_of_the_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    measured = host.demand_paging_demo()
    assert measured.source.kind == "recording" and measured.size == 64 << 20
    check(measured, slack=0)
    with pytest.raises(BadInput, match="half touched"):
        measured.faults("before")


@pytest.mark.skipif(not proc.live(), reason="no live /proc here")
def test_demand_paging_live() -> None:
    measured = host.demand_paging_demo(16)
    assert measured.source.live
    check(measured, slack=200)


@pytest.mark.parametrize("size", [0, 2000])
def test_a_senseless_size_is_bad_input(size: int) -> None:
    with pytest.raises(BadInput, match="1 to 1024"):
        demand_paging.demand_paging_demo(size)
