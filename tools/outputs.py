"""Run the labs again and store what they print: `make outputs`, `python -m tools.outputs [LAB...]`.

What is stored is the same to the byte whoever runs it: widgets (their ids are random), timings,
the Python version and everything else that belongs to one machine is left out. A lab that raises
is not written; the cell is named and the exit code is 1.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

LABS = Path("labs")
TIMEOUT = 120  # seconds for one cell; a whole lab should need ten
WIDGET = "application/vnd.jupyter.widget-view+json"

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


def notebooks(root: Path = LABS) -> list[Path]:
    """Every lab below ``root``, in order."""
    return sorted(p for p in root.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)


def execute(notebook: Any, where: Path) -> None:
    """Run every cell with this environment's own Python, in the folder ``where``.

    CellExecutionError or CellTimeoutError when a cell fails.
    """
    # Otherwise a kernel that somebody installed for themselves would come before the venv's.
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    os.environ["JUPYTER_PLATFORM_DIRS"] = "1"
    NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=TIMEOUT,
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=40"],
        resources={"metadata": {"path": str(where)}},
    ).execute()


def tidy(notebook: Any) -> None:
    """Leave only what every run has in common."""
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    count = 0
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(
            {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
        )
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        cell.outputs = [output for output in cell.outputs if _keep(output)]
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
            if "metadata" in output:
                output.metadata = nbformat.from_dict({})


def _keep(output: Any) -> bool:
    """Drops a widget's view from an output; false when nothing else was in it."""
    if output.output_type not in ("display_data", "execute_result"):
        return True
    output.data.pop(WIDGET, None)
    return bool(output.data)


def text(notebook: Any) -> str:
    """The file: keys in order, one space a level, a newline at the end."""
    return str(nbformat.v4.writes(notebook)).rstrip("\n") + "\n"


def refresh(path: Path) -> None:
    """Run one lab and write it back."""
    notebook = nbformat.read(path, as_version=4)
    execute(notebook, path.parent)
    tidy(notebook)
    path.write_text(text(notebook), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.outputs", description=__doc__)
    parser.add_argument("labs", nargs="*", type=Path, help="notebooks; all labs when none is named")
    labs: list[Path] = parser.parse_args(arguments).labs or notebooks()
    missing = [str(path) for path in labs if not path.is_file()]
    if missing:
        print(f"no such lab: {', '.join(missing)}", file=sys.stderr)
        return 2
    failed = 0
    for number, path in enumerate(labs, 1):
        start = time.monotonic()
        print(f"[{number}/{len(labs)}] {path} ", end="", flush=True)
        try:
            refresh(path)
        except (CellExecutionError, CellTimeoutError) as error:
            print(f"failed, left as it was\n{error}")
            failed += 1
        else:
            print(f"{time.monotonic() - start:.1f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
