"""``lab-kernel slo``: budgets, a spec against a log, and wrong ways to ask."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lab_kernel.cli import files
from lab_kernel.sre.slo.examples import example, names

from .conftest import Run

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)


def line(second: float, status: int = 200, path: str = "/checkout", seconds: float = 0.1) -> str:
    moment = (BEGIN + timedelta(seconds=second)).strftime("%d/%b/%Y:%H:%M:%S +0000")
    return f'10.0.0.1 - - [{moment}] "GET {path} HTTP/1.1" {status} 512 "-" "a" {seconds:.3f}\n'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A spec, and an hour of it: one request a second, of which 5 of 3,600 fail."""
    (tmp_path / "slo.yaml").write_text(example("checkout"), encoding="utf-8")
    requests = [line(second, 500 if 600 <= second < 605 else 200) for second in range(3600)]
    (tmp_path / "access.log").write_text("".join([*requests, line(3599, 500, "/healthz")]))
    return tmp_path


def check(run: Run, shop: Path, *options: str) -> tuple[int, str]:
    done = run("slo", "check", str(shop / "slo.yaml"), "--log", str(shop / "access.log"), *options)
    return done.code, done.out + done.err


def test_a_missed_objective(run: Run, shop: Path) -> None:
    """5 of 3,600 are a burn rate of 1.39; an hour of 30 days is 1/720 of the window."""
    code, out = check(run, shop, "--lang", "en")
    assert code == 1
    assert "MISSED        3,595 good of 3,600 events" in out
    assert "3.6 events allowed, 5 spent, -1.4 left" in out
    assert "burn rate     1.39" in out
    assert "1 h of 30 d, 0.14%: the verdict is about this part only" in out
    assert "0.1929% of its budget is spent by this part" in out
    assert "99.81% of the window's budget is left, if nothing fails in the rest of it" in out


def test_a_met_one_and_in_korean(run: Run, shop: Path) -> None:
    text = (shop / "slo.yaml").read_text(encoding="utf-8").replace("0.999", "0.99")
    (shop / "slo.yaml").write_text(text, encoding="utf-8")
    code, out = check(run, shop, "--lang", "ko")
    assert code == 0 and "오류 예산" in out and "지킴" in out


def test_the_json_object(run: Run, shop: Path) -> None:
    code, out = check(run, shop, "--json")
    told = json.loads(out)
    assert code == 1 and (told["lines"], told["malformed"]) == (3601, 0)
    one = told["slos"][0]
    assert one["events"] == {"good": 3595, "total": 3600} and not one["met"]
    assert one["burn_rate"] == pytest.approx(5 / 3.6)
    assert one["covered"]["share"] == pytest.approx(1 / 720)
    assert one["window"]["end"] == "2026-11-01T01:00:00+00:00"
    assert one["policy"][0]["rule"] == "release"


def test_a_log_that_fills_its_window(run: Run, shop: Path) -> None:
    """Over one hour, 5 of 3.6 allowed: a freeze, and a postmortem of the one that took it all."""
    text = (shop / "slo.yaml").read_text(encoding="utf-8").replace("30d", "1h")
    (shop / "slo.yaml").write_text(text, encoding="utf-8")
    code, out = check(run, shop, "--lang", "en")
    assert code == 1 and "whole window" not in out
    assert "Freeze" in out and "Postmortem of 2026-11-01 00:10–2026-11-01 00:11" in out
    assert "138.89%" in out


def test_what_leaves_a_rolling_window_is_forgotten(run: Run, shop: Path) -> None:
    text = (shop / "slo.yaml").read_text(encoding="utf-8").replace("30d", "30m")
    (shop / "slo.yaml").write_text(text, encoding="utf-8")
    code, out = check(run, shop, "--lang", "en")
    assert code == 0 and "MET           1,800 good of 1,800 events" in out


def test_other_conditions(run: Run, shop: Path) -> None:
    code, out = check(run, shop, "--valid", "status>0", "--good", "path!='/healthz'", "--json")
    assert code == 0 and json.loads(out)["slos"][0]["events"] == {"good": 3600, "total": 3601}


def test_slices(run: Run, shop: Path) -> None:
    """Of 60 minutes one has 55 good of 60, below 98%; 0.5% of 60 are 0.3."""
    (shop / "slo.yaml").write_text(example("login-timeslices"), encoding="utf-8")
    code, out = check(run, shop, "--json")
    one = json.loads(out)["slos"][0]
    assert (code, one["spent"], one["allowed"]) == (1, 1.0, pytest.approx(0.3))
    assert one["policy"][0]["rule"] == "release"


def test_a_calendar_month_in_seoul(run: Run, shop: Path) -> None:
    (shop / "slo.yaml").write_text(example("search-month"), encoding="utf-8")
    code, out = check(run, shop, "--json", "--valid", "status>0")
    window = json.loads(out)["slos"][0]["window"]
    assert code == 1
    assert window == {"begin": "2026-10-31T15:00:00+00:00", "end": "2026-11-30T15:00:00+00:00"}


def test_a_gzipped_log_with_other_lines_in_it(run: Run, shop: Path) -> None:
    log = shop / "access.log"
    log.write_bytes(gzip.compress(b"hello\n\xff\n" + log.read_bytes()))
    code, out = check(run, shop, "--lang", "en")
    assert code == 1 and "2 of 3603 lines were not understood; the first is line 1" in out
    log.write_bytes(log.read_bytes()[:-9])
    code, out = check(run, shop, "--lang", "en")
    assert code == 2 and "gzip" in out


@pytest.mark.parametrize("name", [name for name in names() if name != "queue-depth"])
def test_the_examples_and_the_recording_by_name(name: str, run: Run) -> None:
    done = run("slo", "check", name, "--log", "access-server", "--json")
    assert done.code in (0, 1) and json.loads(done.out)["slos"][0]["events"]["total"] > 0


def test_how_far_it_is(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SLOW", -1)
    with (shop / "access.log").open("a") as log:
        log.writelines(line(second) for second in range(600))
    assert "4,096 lines read" in check(run, shop, "--lang", "en")[1]


def test_standard_input(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (shop / "access.log").read_text() + "x" * 200_000 + "\n"
    spec = str(shop / "slo.yaml")
    for stdin in (io.StringIO(text), io.TextIOWrapper(io.BytesIO(text.encode()))):
        monkeypatch.setattr("sys.stdin", stdin)
        told = json.loads(run("slo", "check", spec, "--log", "-", "--json").out)
        assert (told["lines"], told["malformed"]) == (3602, 1)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["budget", "100"], "PERCENT: 100% leaves no error budget"),
        (["budget", "101"], "PERCENT: “101” is not below 100"),
        (["budget", "three nines"], "PERCENT: “three nines” is no share"),
        (["budget", "99.9", "--period", "30"], "--period: “30” is no duration"),
        (
            ["budget", "99.9", "--period", "1000000Y"],
            "--period: “1000000Y” is too long: the",
        ),
        (["budget", "99.99999999"], "PERCENT: “99.99999999” has more than 7 decimals"),
        (["check", "checkot", "--log", "access"], "no such file; did you mean checkout?"),
        (["check", "checkout", "--log", "acces"], "no such file; did you mean access?"),
        (["budget", "99.9", "--requests", "-1"], "--requests: “-1” is not a whole number"),
        (["budget"], "required: PERCENT"),
        (["frob"], "ACTION: “frob” is not one of: budget, check, rules"),
        ([], "ACTION: choose one of: budget, check"),
        (["check", "none.yaml", "--log", "access"], "SPEC: none.yaml: there is no such file"),
        (["check", "checkout", "--log", "none.log"], "--log: none.log: there is no such file"),
        (["check", "checkout"], "required: --log"),
        (["check", "queue-depth", "--log", "access"], "no annotation lab-kernel/good"),
        (["check", "checkout", "--log", "access", "--good", "status<"], "--good: column 8"),
        (["check", "checkout", "--log", __file__], "--log: no line could be read: line 1, column"),
        (["check", "checkout", "--log", "access", "--valid", "status<0"], "--log: not one event"),
    ],
)
def test_bad_input(options: list[str], named: str, run: Run) -> None:
    assert named in run("slo", *options, "--lang", "en").refusal()


def test_a_broken_spec_and_a_broken_annotation(run: Run, shop: Path) -> None:
    good = (shop / "slo.yaml").read_text(encoding="utf-8")
    for before, after, said in (
        ("0.999", "1.0", "slo.yaml:36: spec.objectives[0].target: 1.0 would leave no error budget"),
        ("status<500", "state<500", "lab-kernel/good: column 1: there is no “state”"),
    ):
        (shop / "slo.yaml").write_text(good.replace(before, after), encoding="utf-8")
        code, out = check(run, shop, "--lang", "en")
        assert code == 2 and said in out and out.count("\n") == 1


def test_a_table_of_budgets(run: Run) -> None:
    done = run("slo", "budget", "99.9", "99.99%", "--requests", "1000000")
    assert done.code == 0 and "43 min 12 s" in done.out and "1,000" in done.out
    told = run("slo", "budget", "99.9", "--period", "30d", "--period", "1Q", "--json").json()
    assert told == {"budgets": [{"target": 0.999, "minutes": {"30d": 43.2, "1Q": 129.6}}]}
    assert "under 0.01 s" in run("slo", "budget", "99.9999999", "--lang", "en").out
    assert "0%" in run("slo", "budget", "0", "--period", "30d", "--lang", "en").out
    counted = run("slo", "budget", "95", "--requests", "10", "--json").json()
    assert counted["budgets"][0]["failures"] == 0.5
