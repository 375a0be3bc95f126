from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import outputs

WIDGET = "application/vnd.jupyter.widget-view+json"


def lab(*sources: str) -> Any:
    """A notebook with a text cell and these code cells, as an editor on some machine left it."""
    cells = [new_markdown_cell("# Lab", id="title")]
    for number, source in enumerate(sources):
        cell = new_code_cell(source, id=f"cell-{number}", execution_count=40 + number)
        cell.metadata["execution"] = {"iopub.status.busy": "2026-11-22T09:00:00Z"}
        cells.append(cell)
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "mine", "display_name": "Mine", "language": "python"}
    notebook.metadata["language_info"] = {"name": "python", "version": "3.9.1"}
    notebook.metadata["widgets"] = {"state": {}}
    return notebook


def test_running_a_lab_twice_writes_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "lab.ipynb"
    source = (
        "import ipywidgets\n"
        "print('first')\nprint('second')\n"
        "display(ipywidgets.IntSlider())\n"
        "ipywidgets.HTML('<b>x</b>')"
    )
    nbformat.write(lab(source, "6 * 7"), path)

    assert outputs.main([str(path)]) == 0
    once = path.read_bytes()
    assert outputs.main([str(path)]) == 0
    assert path.read_bytes() == once

    stored = nbformat.read(path, as_version=4)
    shown, answer = (cell for cell in stored.cells if cell.cell_type == "code")
    assert shown.outputs[0] == {
        "output_type": "stream",
        "name": "stdout",
        "text": "first\nsecond\n",
    }
    assert all(WIDGET not in output.get("data", {}) for output in shown.outputs)
    assert answer.outputs[0].data == {"text/plain": "42"}
    assert [cell.get("execution_count") for cell in (shown, answer)] == [1, 2]
    assert [cell.id for cell in stored.cells] == ["title", "cell-0", "cell-1"]
    assert b"2026" not in once
    assert b"3.9.1" not in once
    assert b"model_id" not in once
    assert once.endswith(b"}\n")


def test_tidying_keeps_tags_and_drops_an_output_that_was_only_a_widget() -> None:
    notebook = lab("slider")
    cell = notebook.cells[1]
    cell.metadata["tags"] = ["wide"]
    cell.outputs = [
        new_output("display_data", {WIDGET: {"model_id": "4f"}}),
        new_output("display_data", {WIDGET: {"model_id": "5a"}, "text/plain": "x"}),
    ]
    outputs.tidy(notebook)
    assert cell.metadata == {"tags": ["wide"]}
    assert [output.data for output in cell.outputs] == [{"text/plain": "x"}]
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


def test_a_lab_that_raises_is_left_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lab.ipynb"
    nbformat.write(lab("1 / 0"), path)
    before = path.read_bytes()
    assert outputs.main([str(path)]) == 1
    assert path.read_bytes() == before
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_a_name_that_is_no_lab_gets_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert outputs.main(["labs/ko/nowhere.ipynb"]) == 2
    assert capsys.readouterr().err == "no such lab: labs/ko/nowhere.ipynb\n"
