"""``lab-kernel cluster apply``: what it prints and writes, and wrong ways to ask."""

from __future__ import annotations

import io
import json
from importlib.resources import files
from pathlib import Path

import pytest

from lab_kernel.cli import main
from lab_kernel.cloud_native.scenarios import SCENARIOS

SHOP = str(files("lab_kernel.cloud_native") / "examples" / "shop.yaml")


def test_the_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["cluster", "apply", SHOP, "--until", "600", "--scenario", "node-failure", "--json"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["applied"][1] == "deployment/web created"
    assert told["converged"] is True
    assert told["until"] == 600
    assert [each["available"] for each in told["deployments"]] == [3, 2]
    assert sum(not node["ready"] for node in told["nodes"]) == 1
    reasons = {event["reason"] for event in told["events"]}
    assert {"Scheduled", "NodeNotReady", "TaintManagerEviction", "SuccessfulCreate"} <= reasons
    times = [event["time"] for event in told["events"]]
    assert times == sorted(times)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_text(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cluster", "apply", SHOP, "--until", "30", "--lang", language]) == 0
    out = capsys.readouterr().out
    assert "deployment/web created" in out
    assert "Startup probe failed: connection refused (x4 until 5.035)" in out
    assert "web         3/3" in out


def test_requests_during_an_update_with_a_node_lost(capsys: pytest.CaptureFixture[str]) -> None:
    """No accepted request is lost, and the report says so."""
    words = ["cluster", "apply", SHOP, "--until", "200", "--scenario", "rollout-node-failure"]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["requests"]
    assert told["accepted"] == told["answered"] > 1000
    assert told["lost"] == 0 < told["retried"]
    assert main([*words, "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "REQUESTS  ACCEPTED  ANSWERED  RETRIED  LOST" in out


def test_the_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    svg, chrome = tmp_path / "a.svg", tmp_path / "a.json"
    words = ["cluster", "apply", SHOP, "--until", "60"]
    assert main([*words, "--timeline", str(svg), "--chrome", str(chrome)]) == 0
    assert "node-1" in svg.read_text(encoding="utf-8")
    written = json.loads(chrome.read_text())["traceEvents"]
    scheduled = [event for event in written if event["name"] == "Scheduled"]
    assert {event["ts"] for event in scheduled} == {20_000}  # microseconds


def test_standard_input_and_several_files(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = "{containers: [{name: a, image: a}]}"
    text = f"{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {spec}}}"
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert main(["cluster", "apply", "-", SHOP, "--until", "10", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["applied"][0] == "pod/a created"
    assert len(told["pods"]) == 6


def test_the_help_names_every_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cluster", "--help", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in SCENARIOS)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["--scenario", "flood"],
            "--scenario: there is no “flood”; choose one of: none, pod-",
        ),
        (["--nodes", "0"], "--nodes: “0” is not a whole number from 1 to 2000"),
        (["--until", "soon"], "--until: “soon” is not a whole number"),
        (["--node-cpu", "many"], "“many” is no quantity"),
        (["--node-cpu", "1025"], "--node-cpu: 1025 is more than 1024"),
        (["none.yaml"], "none.yaml: there is no such file"),
    ],
)
def test_bad_options(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cluster", "apply", SHOP, *words, "--lang", "en"]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_a_bad_manifest_is_one_line_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labls: {}\n")
    assert main(["cluster", "apply", str(file), "--lang", "en"]) == 2
    error = capsys.readouterr().err
    assert f"{file}:5: metadata.labls: there is no such field; did you mean labels?" in error
    assert error.count("\n") == 1
