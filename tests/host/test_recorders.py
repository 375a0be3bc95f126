"""The recorders themselves, on the smallest programs there are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lab_kernel import host
from lab_kernel.host import proc
from lab_kernel.host.lackey import PageRecording, read_pages
from tools.record import portability, replicas
from tools.record.lackey import ENVIRONMENT, Failed, main, record
from tools.record.proc import COMMANDS
from tools.record.proc import record as record_proc
from tools.record.programs import PROGRAMS

valgrind = pytest.mark.skipif(
    not shutil.which("valgrind", path=ENVIRONMENT["PATH"]), reason="valgrind is not installed"
)


@valgrind
def test_a_whole_run(tmp_path: Path) -> None:
    output = tmp_path / "true.pages.gz"
    assert main(["-o", str(output), "--about", "does nothing", "--", "true"]) == 0
    made = PageRecording.from_bytes("true", output.read_bytes())
    told = made.metadata
    assert told["complete"] and told["skipped"] == 0
    assert told["kept"] < told["window_references"] == told["total_references"]
    assert list(dict.fromkeys(made.pages)) == list(range(told["distinct_pages"]))
    assert {"library", "stack"} <= set(made.regions().values())
    assert read_pages(output) == made.pages


@valgrind
def test_a_window_says_what_was_cut() -> None:
    whole, part = record("a", ["true"]), record("b", ["true"], skip=1000, limit=500)
    told = part.metadata
    assert (told["skipped"], told["kept"], told["complete"]) == (1000, 500, False)
    cut = whole.pages[1000:1500]
    dense = {page: number for number, page in enumerate(dict.fromkeys(cut))}
    assert part.pages == [dense[page] for page in cut]
    assert part.letters == whole.letters[1000:1500]


@valgrind
def test_a_program_that_fails_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(Failed, match="status 1"):
        record("false", ["false"])
    capsys.readouterr()  # a slow machine tells of its progress
    assert main(["-o", str(tmp_path / "x"), "--", "no-such-program-here"]) == 1
    assert capsys.readouterr().err == "no-such-program-here is not installed\n"


@pytest.mark.skipif(not proc.live(), reason="no live /proc here")
def test_a_snapshot_has_every_entry() -> None:
    entries = {entry["name"]: entry for entry in record_proc()["entries"]}
    assert set(entries) == {*COMMANDS, "demand paging"}
    assert entries["meminfo"]["output"][0].startswith("MemTotal:")


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_a_program_needs_is_the_same_each_time(name: str, tmp_path: Path) -> None:
    program = PROGRAMS[name]
    if name == "join" and not shutil.which("sqlite3"):
        pytest.skip("sqlite3 is not installed")
    made = []
    for directory in (tmp_path / "a", tmp_path / "b"):
        directory.mkdir()
        program.prepare(directory)
        made.append({path.name: path.read_bytes() for path in directory.iterdir()})
    assert made[0] == made[1]
    assert set(made[0]) <= set(" ".join(program.command).split())


def test_what_ships_is_what_the_recorder_would_record() -> None:
    """The shipped entries are the recorder's commands; all requests and the stop are there."""
    found = host.recording("portability").data
    assert {name: entry["command"] for name, entry in found.items()} == portability.COMMANDS
    for name, where in replicas.WHERE.items():
        entry = host.recording("replicas").data[name]
        assert where in entry["command"]
        assert len(entry["output"].splitlines()) == len(replicas.CUSTOMERS) + 1
