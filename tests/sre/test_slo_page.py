"""What the page shows of files and commands is what they say."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lab_kernel.cli import main
from lab_kernel.errors import BadInput
from lab_kernel.language import language
from lab_kernel.sre.sli import recorded
from lab_kernel.sre.slo.examples import example
from lab_kernel.sre.slo.openslo import openslo

DOCS = Path(__file__).parents[2] / "docs"
CHECK = ["slo", "check", "checkout", "--log", "access"]


def page(lang: str) -> str:
    return (DOCS / lang / "sre" / "slo.md").read_text(encoding="utf-8")


def block(lang: str, kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", page(lang), re.S)
    assert found
    return found[1]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_spec_and_its_refusal(lang: str) -> None:
    """It is the spec that the lab and the command read."""
    text = block(lang, "yaml")
    assert text.strip() == example("checkout").strip()
    assert openslo(text, "slo.yaml")[0].objective.target.as_tuple().exponent == -3
    with language(lang), pytest.raises(BadInput) as caught:
        openslo(text.replace("0.999", "99.9"), "slo.yaml")
    assert f"`{caught.value}`" in page(lang)


def test_an_hour_takes_almost_a_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CHECK, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)["slos"][0]
    assert 0.08 < told["spent_of_window"] < 0.1 and told["policy"][0]["rule"] == "release"


def test_the_log_by_its_columns(capsys: pytest.CaptureFixture[str]) -> None:
    """The same count with nothing but split: field 6 is the path, field 8 the status."""
    words = [line.split(" ") for line in recorded.lines()]
    statuses = [int(each[8]) for each in words if each[6].startswith("/checkout")]
    main([*CHECK, "--lang", "en"])
    good = sum(status < 500 for status in statuses)
    assert f"{good:,} good of {len(statuses):,} events" in capsys.readouterr().out
