"""``lab-kernel slo rules``: what it writes and says, and wrong ways to ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab_kernel.sre.slo.examples import example

from .conftest import Run


def test_rules_and_tests_are_written(run: Run, tmp_path: Path) -> None:
    out, tests = tmp_path / "rules.yml", tmp_path / "sub" / "tests.yml"
    tests.parent.mkdir()
    done = run("slo", "rules", "checkout-latency", "--out", str(out), "--tests", str(tests))
    assert done.code == 0
    assert "6 recordings, 2 alerts, burn rates above 13.44, 5.6, 2.8" in done.out
    assert f"promtool test rules {tests}" in done.out
    assert done.err.count("\n") == 1
    assert "3d/6h" in done.err and "0.9333" in done.err
    assert out.read_text().startswith("groups:\n") and "rate3d" not in out.read_text()
    assert '- "../rules.yml"' in tests.read_text()


def test_without_out_the_rules_are_printed(run: Run) -> None:
    done = run("slo", "rules", "checkout")
    assert done.code == 0 and not done.err
    assert done.out.startswith("groups:\n") and done.out.count("- alert:") == 2
    assert run("slo", "rules", "checkout").out == done.out


def test_the_json_object(run: Run) -> None:
    [group] = run("slo", "rules", "login-timeslices", "--json").json()["groups"]
    assert group["name"] == "slo-login-login-good-minutes"
    assert [each["factor"] for each in group["alerts"]] == pytest.approx([3.36, 1.4, 0.7, 0.7 / 3])
    assert [each["dropped"] for each in group["alerts"]] == [None, None, "below one", "below one"]


def test_why_pairs_are_not_written(run: Run, tmp_path: Path) -> None:
    spec = tmp_path / "slo.yaml"
    spec.write_text(example("checkout").replace("target: 0.999", "target: 0.5"))
    done = run("slo", "rules", str(spec))
    assert done.code == 0 and done.err.count("\n") == 3
    assert "needs an objective above 93.06%" in done.err
    assert "shorter than a slice" in run("slo", "rules", "report-quarter").err
    assert "소진율" in run("slo", "rules", str(spec), "--lang", "ko").err


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        (("target: 0.999", "target: 0"), (), "slo.yaml:12: no alert makes sense"),
        (("target: 0.999", "target: 1"), (), "target"),
        (('code!~"5.."', 'code!~"("'), (), "regular expression"),
        (("query: http", "query: 1 + http"), (), "not a counter"),
        (("type: Prometheus", "type: Datadog"), (), "Datadog"),
        (("", ""), ("--tests", "t.yml"), "--tests: the tests need"),
        (("", ""), ("--out", "none/rules.yml"), "--out"),
    ],
)
def test_refusals(
    run: Run, tmp_path: Path, change: tuple[str, str], options: tuple[str, ...], said: str
) -> None:
    spec = tmp_path / "slo.yaml"
    spec.write_text(example("checkout").replace(*change))
    assert said in run("slo", "rules", str(spec), *options).refusal()


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    assert "SPEC" in run("slo", "rules", str(tmp_path / "none.yaml")).refusal()


def test_tests_that_cannot_be_made_up(run: Run, tmp_path: Path) -> None:
    """Nothing is written then, not even the rules."""
    spec, out = tmp_path / "slo.yaml", tmp_path / "rules.yml"
    spec.write_text(example("queue-depth").replace("max(orders_waiting)", "a + b"))
    tests = ("--out", str(out), "--tests", str(tmp_path / "tests.yml"))
    assert "no series can be made up" in run("slo", "rules", str(spec), *tests).refusal()
    assert not out.exists()
    assert run("slo", "rules", str(spec), "--out", str(out)).code == 0
