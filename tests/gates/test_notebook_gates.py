"""A broken notebook makes the suite fail, whichever way it is broken.

One small good lab is taken, and broken in one way at a time. The good one passes every check, so
what fails fails for the break alone.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.labs import anatomy, form, language, outputs, problems, twins
from tools.outputs import text, tidy

TITLE = {
    "ko": "# 실습\n\n**목표** 센다. **시간** 5분. **준비** 없음.\n\n"
    "[본문](../../../docs/ko/kernel/counting.md)",
    "en": "# Lab\n\n**Objectives** Count. **Time** 5 minutes. **Prerequisites** none.\n\n"
    "[The page](../../../docs/en/kernel/counting.md)",
}
SAYS = {"ko": "쪽", "en": "pages"}
KINDS = ("first", "second", "third", "fourth")


def good(name: str = "ko") -> Any:
    """A lab with everything that a lab has, and outputs as running it stores them."""
    cells = [
        new_markdown_cell(TITLE[name], id="title"),
        _ran(f'from lab_kernel import use_language\nuse_language("{name}")', id="language"),
        new_markdown_cell(f"## 1. {SAYS[name]}", id="round"),
        _ran("faults = 3 + 4\nfaults", "7", id="sum"),
        _ran("class Problem:\n    def check(self, answer): return answer is not ...", id="problem"),
        _ran("draw = lambda name, seed: Problem()", id="draw"),
    ]
    for kind in KINDS:
        source = f'answer = ...\ndraw("kernel/counting/{kind}", seed=1).check(answer)'
        cells.append(_ran(source, "False", id=kind))
    notebook = new_notebook(cells=cells)
    tidy(notebook)
    return notebook


def _ran(source: str, result: str = "", **about: str) -> Any:
    stored = [new_output("execute_result", {"text/plain": result}, execution_count=1)]
    return new_code_cell(source, outputs=stored if result else [], **about)


def cell(notebook: Any, name: str) -> Any:
    return next(each for each in notebook.cells if each.id == name)


def checks(notebook: Any) -> list[str]:
    """Everything that is checked of one notebook without running it."""
    return form(notebook) or [
        *outputs(notebook),
        *anatomy(notebook, "ko", "kernel/counting"),
        *language(notebook, "ko"),
    ]


def test_the_good_one_passes() -> None:
    assert checks(good()) == []
    assert language(good("en"), "en") == []
    assert twins(good(), good("en")) == []


def test_the_suite_runs_every_lab_and_compares_what_it_prints(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.option.nbval
    assert pytestconfig.option.nbval_current_env
    assert not pytestconfig.option.nbval_lax
    assert pytestconfig.option.nbval_sanitize_with is None  # nothing is wiped away first
    assert "labs" in pytestconfig.getini("testpaths")


# -- what running it shows --------------------------------------------------------------------


# What a cell says and what is stored for it. Each is broken in another way.
BROKEN = {
    "another result": ("6 * 7", "41"),
    "no result stored": ("6 * 7", ""),
    "no result now": ("six = 6", "6"),
    "an exception": ("1 / 0", ""),
    "an exception after an unknown magic": ("%no_such_magic\n1 / 0", ""),
}


def test_nbval_passes_the_good_one_and_fails_each_broken_cell(tmp_path: Path) -> None:
    broken = good()
    broken.cells += [_ran(*cell, id=f"broken-{n}") for n, cell in enumerate(BROKEN.values())]
    tidy(broken)
    for name, notebook in (("good", good()), ("broken", broken)):
        (tmp_path / f"{name}.ipynb").write_text(text(notebook), encoding="utf-8")

    command = "-m pytest -c /dev/null --rootdir . -p no:cacheprovider -p no:xdist -q -rA --tb=no"
    run = subprocess.run(
        [sys.executable, *command.split(), "--nbval", "--nbval-current-env", "."],
        cwd=tmp_path,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")},
        capture_output=True,
        text=True,
        timeout=300,
    )
    found = re.findall(r"^(PASSED|FAILED|ERROR) (\w+)\.ipynb::Cell (\d+)", run.stdout, re.M)
    result = {(name, int(number)): said for said, name, number in found}
    cells = sum(each.cell_type == "code" for each in good().cells)
    assert {said for (name, _), said in result.items() if name == "good"} == {"PASSED"}
    for number in range(cells):
        assert result["broken", number] == result["good", number]
    for number, name in enumerate(BROKEN, cells):
        assert result["broken", number] == "FAILED", name
    assert run.returncode == 1


# -- what is stored ---------------------------------------------------------------------------


def _stores_error(notebook: Any) -> None:
    cell(notebook, "sum").outputs = [
        new_output("error", ename="ValueError", evalue="broken", traceback=[])
    ]


def _stores_stderr(notebook: Any) -> None:
    cell(notebook, "sum").outputs = [new_output("stream", name="stderr", text="warning\n")]


def _prints(shown: str) -> Callable[[Any], None]:
    def break_it(notebook: Any) -> None:
        cell(notebook, "sum").outputs = [new_output("stream", name="stdout", text=f"{shown}\n")]

    return break_it


def _widget(notebook: Any) -> None:
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "4f3a"}}
    cell(notebook, "sum").outputs[0].data.update(view)


def _not_run(notebook: Any) -> None:
    cell(notebook, "sum").execution_count = None


def _out_of_order(notebook: Any) -> None:
    cell(notebook, "sum").execution_count = 9


def _hidden_by_comment(notebook: Any) -> None:
    cell(notebook, "sum").source = "# NBVAL_IGNORE_OUTPUT\nfaults"


def _hidden_by_tag(notebook: Any) -> None:
    cell(notebook, "sum").metadata["tags"] = ["raises-exception"]


def _magic(notebook: Any) -> None:
    cell(notebook, "sum").source = "%no_such_magic\nfaults = 3 / 0"


def _same_id(notebook: Any) -> None:
    cell(notebook, "sum").id = "problem"


def _no_id(notebook: Any) -> None:
    del cell(notebook, "sum")["id"]


def _no_outputs(notebook: Any) -> None:
    del cell(notebook, "sum")["outputs"]


def _other_kernel(notebook: Any) -> None:
    notebook.metadata.kernelspec.name = "conda-env-mine"


def _somebodys_python(notebook: Any) -> None:
    notebook.metadata.language_info.version = "3.11.7"


def _timed(notebook: Any) -> None:
    cell(notebook, "sum").metadata["execution"] = {"iopub.status.busy": "2026-11-22T09:00:00Z"}


def _no_time(notebook: Any) -> None:
    first = cell(notebook, "title")
    first.source = first.source.replace("시간", "")


def _no_way_back(notebook: Any) -> None:
    first = cell(notebook, "title")
    first.source = first.source.replace("counting.md", "other.md")


def _three_kinds(notebook: Any) -> None:
    last = cell(notebook, "fourth")
    last.source = last.source.replace("fourth", "third")


def _solved(notebook: Any) -> None:
    last = cell(notebook, "fourth")
    last.source = last.source.replace("...", "7")


def _long_cell(notebook: Any) -> None:
    cell(notebook, "sum").source = "faults = 7\n" * 9


def _english_text(notebook: Any) -> None:
    cell(notebook, "round").source = "This paragraph has been left in English. " * 3


AS_STORED = {
    "error": _stores_error,
    "stderr": _stores_stderr,
    "path": _prints("loaded /home/me/work/labs/memory.py"),
    "windows path": _prints(r"loaded C:\Users\me\memory.py"),
    "site-packages": _prints("lib/python3.11/site-packages/lab_kernel"),
    "timing": _prints("took 12.3 ms"),
    "clock": _prints("started at 09:41:07"),
    "address": _prints("<function draw at 0x7f3a5c1d2e50>"),
    "traceback": _prints("Traceback (most recent call last):"),
    "widget": _widget,
    "not run": _not_run,
    "out of order": _out_of_order,
    "hidden by a comment": _hidden_by_comment,
    "hidden by a tag": _hidden_by_tag,
    "magic": _magic,
    "same id": _same_id,
    "no id": _no_id,
    "not a notebook": _no_outputs,
    "other kernel": _other_kernel,
    "Python version": _somebodys_python,
    "timed": _timed,
    "no time": _no_time,
    "no way back": _no_way_back,
    "three kinds": _three_kinds,
    "solved": _solved,
    "long cell": _long_cell,
    "English text": _english_text,
}


@pytest.mark.parametrize("name", AS_STORED)
def test_a_lab_stored_broken_is_caught(name: str) -> None:
    notebook = good()
    AS_STORED[name](notebook)
    assert checks(notebook) != []


@pytest.mark.parametrize(
    "shown",
    [
        "/proc/self/maps says 12 ms, 100 ns, page 7/8",
        'open("/etc/hostname") and /var/log/app.log',
        "7ffd1c000000-7ffd1c021000 rw-p at address 0x7ffd1c000000",
        "</p><path d='M0 0'/> text/html read/write 3:2",
    ],
)
def test_what_only_looks_unstable_is_let_through(shown: str) -> None:
    notebook = good()
    _prints(shown)(notebook)
    assert checks(notebook) == []


# -- two languages ----------------------------------------------------------------------------


def _other_code(notebook: Any) -> None:
    cell(notebook, "sum").source = "faults = 3 + 5\nfaults"


def _other_id(notebook: Any) -> None:
    cell(notebook, "sum").id = "total"


def _other_link(notebook: Any) -> None:
    first = cell(notebook, "title")
    first.source = first.source.replace("counting.md", "memory.md")


def _other_heading(notebook: Any) -> None:
    cell(notebook, "round").source = "### 1. pages"


def _one_cell_less(notebook: Any) -> None:
    notebook.cells.pop()


def _same_language(notebook: Any) -> None:
    cell(notebook, "language").source = cell(good("ko"), "language").source


DRIFTED = (_other_code, _other_id, _other_link, _other_heading, _one_cell_less, _same_language)


@pytest.mark.parametrize("drift", DRIFTED)
def test_a_twin_that_has_drifted_is_caught(drift: Callable[[Any], None]) -> None:
    english = good("en")
    drift(english)
    assert twins(good("ko"), english) != []


def test_korean_that_an_english_lab_prints_is_caught() -> None:
    english = good("en")
    _prints("아직 풀지 않았습니다.")(english)
    assert language(english, "en") != []


def test_a_folder_of_labs_is_checked_as_a_whole(tmp_path: Path) -> None:
    for name in ("ko", "en"):
        (tmp_path / name / "kernel").mkdir(parents=True)
        (tmp_path / name / "kernel" / "counting.ipynb").write_text(text(good(name)), "utf-8")
    assert problems(tmp_path) == []
    (tmp_path / "en" / "kernel" / "counting.ipynb").unlink()
    assert problems(tmp_path) == ["kernel/counting: only in ko"]
