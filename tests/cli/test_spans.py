"""``lab-kernel spans``: what it prints and writes, and wrong ways to ask."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab_kernel.cli import main
from lab_kernel.microservices.shop import shop
from lab_kernel.microservices.system import System

EXAMPLE = Path(__file__).parents[1] / "microservices" / "otlp-example.json"


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(["spans", *words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_the_simulated_shop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    svg, otlp = tmp_path / "a.svg", tmp_path / "a.json"
    found = told(capsys, "shop", "--waterfall", str(svg), "--otlp", str(otlp))
    assert (found["traces"], found["spans"], found["failed"]) == (3, 14, False)
    path = found["critical_path"]
    assert isinstance(path, list) and path[0]["begin"] == 0
    assert path[-1]["end"] == found["duration"]
    assert "payments" in svg.read_text(encoding="utf-8")
    again = told(capsys, str(otlp))
    assert again == found  # what was written says the same


def test_another_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    system = System(shop())
    ids = [system.ask("shop").trace, system.ask("cart").trace]
    lines = system.run(system.now + 1).trace.to_json_lines()
    path = tmp_path / "events.jsonl"
    path.write_text(lines, encoding="utf-8")
    first, second = (told(capsys, str(path), "--trace", each) for each in ids)
    assert told(capsys, str(path)) == first != second
    assert (first["spans"], second["spans"]) == (14, 4)


@pytest.mark.parametrize(("language", "words"), [("ko", "임계 경로"), ("en", "CRITICAL PATH")])
def test_the_text(language: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["spans", "shop", "--lang", language]) == 0
    out = capsys.readouterr().out
    assert words in out and "    fraud" in out and "===" in out


def test_the_specifications_example(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, str(EXAMPLE))
    assert (found["duration"], found["spans"]) == (1000, 1)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("", "there is no span"), ("{", "not JSON"), ("{}", "no span"), ("[]", "not an event"),
        ("hello", "line 1"), ('[0, 1, "span/a", "server", "a", {}]', "no span"),
        ('[0, 1, "span/a", "run", "a", {"trace": "1", "span": "2", "parent": ""}]', "no span"),
        ('[0, 1, "cpu", "run", "a", {}]', "there is no span"),
        ('{"resourceSpans": [{"scopeSpans": [{"spans": [{}]}]}]}', "no time"),
        ("[1,2]", "a.json: neither OTLP in JSON nor a trace of spans"),
        ('{"resourceSpans": []}', "a.json: there is no span"),
        ("\0" * 1000, "FILE"), ("{" * 100_000, "FILE|nested"),
    ],
)  # fmt: skip
def test_bad_input(
    content: str, named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    assert main(["spans", str(path), "--lang", "en"]) == 2
    error = capsys.readouterr().err
    assert any(word in error for word in named.split("|")), error
    assert len(error.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["none.json"], "FILE: none.json"),
        (["shop", "--trace", "5"], "--trace"),
        (["shop", "--waterfall", "/none/a.svg"], "--waterfall"),
        (["shop", "--waterfall", "a.png"], "--waterfall: a.png: pictures are SVG"),
        (["shop", "--otlp", "."], "--otlp"),
        ([], "FILE"),
    ],
)
def test_wrong_words(words: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["spans", *words, "--lang", "en"]) == 2
    error = capsys.readouterr().err
    assert named in error and len(error.strip().splitlines()) == 1
