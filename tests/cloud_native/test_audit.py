"""The twelve-factor audit. What each factor asks: 12factor.net."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.cloud_native.audit import audit, failed
from lab_kernel.cloud_native.factors import FACTORS
from lab_kernel.cloud_native.samples import FIXES, LEGACY, NEW, Application, fixed
from lab_kernel.errors import BadInput
from lab_kernel.language import language


def test_the_published_twelve() -> None:
    """12factor.net, and the titles of its Korean translation."""
    assert [factor.title for factor in FACTORS] == [
        "Codebase",
        "Dependencies",
        "Config",
        "Backing services",
        "Build, release, run",
        "Processes",
        "Port binding",
        "Concurrency",
        "Disposability",
        "Dev/prod parity",
        "Logs",
        "Admin processes",
    ]
    assert [factor.roman for factor in FACTORS][3::5] == ["IV", "IX"]


def test_the_old_application_line_by_line() -> None:
    found = {(one.factor, one.where, one.line) for one in audit(LEGACY)}
    lines = LEGACY.code.splitlines()
    assert found == {
        (3, "code", 7),
        (3, "code", 8),
        (3, "code", 23),
        (4, "code", 10),
        (5, "manifest", 8),
        (6, "code", 16),
        (9, "code", 1),
        (10, "manifest", 11),
        (11, "code", 12),
        (12, "manifest", 15),
    }
    for line, part in ((7, "KV_URL"), (8, "API_KEY"), (10, "connect"), (16, "setdefault")):
        assert part in lines[line - 1]


def test_the_new_one_passes_and_the_old_one_when_all_is_fixed() -> None:
    """Fact N03: new applications and existing ones."""
    assert audit(NEW) == []
    assert audit(fixed(LEGACY, FIXES)) == []


FIXED_BY = {
    "config": {3, 4},
    "state": {6},
    "logs": {11},
    "stop": {9},
    "release": {5, 10, 12},
}


def test_every_fix_mends_its_factors_and_breaks_none_in_any_company() -> None:
    before = set(failed(LEGACY))
    for size in range(len(FIXES) + 1):
        for names in combinations(FIXES, size):
            mended = set().union(*(FIXED_BY[name] for name in names))
            assert set(failed(fixed(LEGACY, names))) == before - mended, names


def code(*lines: str) -> Application:
    """The new application with these lines more, so that nothing else fails."""
    return Application(NEW.code + "\n" + "\n".join(lines) + "\n", NEW.manifest)


@pytest.mark.parametrize(
    ("line", "factor"),
    [
        ("import requests", 2),
        ("from yaml import load", 2),
        ("import subprocess\nsubprocess.run(['curl', address])", 2),
        ("password = 'hunter2'", 3),
        ("connect_to(host='10.1.2.3')", 3),
        ("DSN = 'postgres://db/shop'", 3),
        ("PORT = 80", 3),
        ("kv.connect('kv://here')", 4),
        ("seen = set()\ndef see(x):\n    seen.add(x)", 6),
        ("hits = dict()\ndef hit(x):\n    hits[x] = 1", 6),
        ("open('/var/data/cart', 'w')", 6),
        ("import os\nos.fork()", 8),
        ("logging.FileHandler(where)", 11),
        ("open('cart.log')", 11),
    ],
)
def test_what_the_tree_gives_away(line: str, factor: int) -> None:
    assert factor in failed(code(*line.split("\n")))


@pytest.mark.parametrize(
    "line",
    [
        "import json.decoder",
        "from . import prices",
        "TOKEN = os.environ['TOKEN']",
        "greeting = 'good morning'",
        "retries = 3",
        "kv.connect(os.environ['KV_URL'])",
        "COLOURS = {'red': 1}\ndef colour(x):\n    return COLOURS[x]",
        "def local():\n    seen = []\n    seen.append(1)",
        "open('template.html')",
        "open('template.html', 'r')",
    ],
)
def test_what_is_no_reason_to_complain(line: str) -> None:
    assert failed(code(*line.split("\n"))) == []


@pytest.mark.parametrize(
    ("before", "after", "factor", "line"),
    [
        ('["shop/cart"]', '["shop/cart", "shop/cart-prod"]', 1, 2),
        ('kv = "3.2.1"', 'kv = "*"', 2, 5),
        ("edited_in_place = false", "edited_in_place = true", 5, 8),
        ('dev = "kv 7"', 'dev = "kv 6"', 10, 11),
        ('"python -m cart.migrate"', '"ssh server"', 12, 15),
    ],
)
def test_what_only_the_manifest_knows(before: str, after: str, factor: int, line: int) -> None:
    changed = Application(NEW.code, NEW.manifest.replace(before, after))
    (found,) = audit(changed)
    assert (found.factor, found.where, found.line) == (factor, "manifest", line)


def test_a_program_that_never_serves() -> None:
    silent = Application(NEW.code.replace("port=", "number="), NEW.manifest)
    assert failed(silent) == [7]


def test_findings_are_said_in_the_reader_s_language() -> None:
    english = str(audit(LEGACY)[0])
    assert english == "III Config: code:7: KV_URL is configuration in the code"
    with language("ko"):
        assert "설정" in str(audit(LEGACY)[0])


def test_what_is_no_python_and_no_toml_is_bad_input() -> None:
    with pytest.raises(BadInput, match="line 2"):
        audit(Application("x = 1\ndef", NEW.manifest))
    with pytest.raises(BadInput, match="manifest"):
        audit(Application(NEW.code, "[codebase"))
    with pytest.raises(BadInput, match="dependencies"):
        audit(Application(NEW.code, "dependencies = 1"))
    with pytest.raises(BadInput, match="config"):
        fixed(LEGACY, ["confg"])


@settings(max_examples=40)
@given(st.text(max_size=40))
def test_no_text_is_a_traceback(text: str) -> None:
    for application in (Application(text, NEW.manifest), Application(NEW.code, text)):
        try:
            audit(application)
        except BadInput as error:
            assert "\n" not in str(error)
