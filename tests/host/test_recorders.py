"""The recorders themselves, on the smallest programs there are."""

from __future__ import annotations

import gzip
import random
import shutil
from pathlib import Path

import pytest

from lab_kernel import host
from lab_kernel.host import proc
from lab_kernel.host.lackey import PageRecording, read_pages
from lab_kernel.sre.sli.access_log import AccessLog
from tools.record import access_log, portability, replicas, shop
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


@pytest.mark.skipif(not access_log.nginx(), reason="nginx is not installed")
def test_two_seconds_of_an_access_log(tmp_path: Path) -> None:
    """A real nginx, the shop and its clients; what each logs is read by the parser that ships."""
    told = access_log.record(tmp_path, minutes=1 / 30, rate=60, seed=1)["metadata"]
    logs = {}
    for name, lines in told["lines"].items():
        text = gzip.decompress((tmp_path / f"{name}.log.gz").read_bytes()).decode("ascii")
        log = AccessLog(text.splitlines())
        logs[name] = list(log)
        assert (len(logs[name]), log.malformed) == (lines, 0)
    everything = logs["access"]
    assert 40 < len(everything) < 200
    assert all(told["start"] - 1 <= e.time <= told["end"] + 5 for e in everything)
    assert {e.path for e in everything} >= {"/", "/static/app.js", "/products"}
    assert 200 in {e.status for e in everything}
    assert {each["kind"] for each in told["faults"]} == {each.kind for each in shop.FAULTS}
    assert {e.agent for e in logs["access-server"]} <= {"nginx"}


def test_the_shop_answers_by_its_schedule() -> None:
    """At the middle of each fault's time it does what the fault says, and elsewhere not."""
    rng = random.Random(1)

    def share(part: float, target: str) -> float:
        return sum(shop.decide("GET", target, part, rng)[0] == 500 for _n in range(2000)) / 2000

    def pause(part: float) -> float:
        return sum(shop.decide("GET", "/products", part, rng)[2] for _n in range(500)) / 500

    assert share(20 / 60, "/checkout") == pytest.approx(0.8, abs=0.05)
    assert share(20 / 60, "/") < 0.005 and share(5 / 60, "/checkout") < 0.005
    assert share(50 / 60, "/search?q=tea") == pytest.approx(0.006, abs=0.006)
    assert share(50 / 60, "/healthz") == 0
    assert pause(10 / 60) > 5 * pause(5 / 60)
    assert shop.decide("GET", "/wp-login.php", 0.5, rng)[0] == 404
