"""Record how much memory one learner takes: JupyterLab's server, and a kernel for each lab.

    python -m tools.record.classroom

writes ``lab_kernel/recordings/classroom.json``. The server is started alone and asked for its
page; then each English lab is run from top to bottom in a kernel of its own, as "Run all cells"
would do. Read are ``Rss`` and ``Pss`` of ``/proc/PID/smaps_rollup``, and ``VmHWM`` of
``/proc/PID/status``, the most that the process ever had: all in kB of 1,024 bytes.
"""

from __future__ import annotations

import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import start_new_kernel

from tools.record.shelf import keep, metadata

LABS = Path(__file__).parents[2] / "labs" / "en"
KERNEL = "python -m ipykernel_launcher"
KEYS = ("Rss", "Pss", "VmHWM")
PATIENCE = 120  # seconds for a server to start, or a cell to run


def record() -> dict[str, Any]:
    """The recording as it is stored; an error where something does not start."""
    entries = [_server(), _kernel("kernel", KERNEL, [])]
    for path in sorted(LABS.rglob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        name = path.relative_to(LABS).with_suffix("").as_posix()
        entries.append(_kernel(name, f"every cell of labs/en/{name}.ipynb", cells))
    about = "the memory of JupyterLab's server and of a kernel for each lab"
    return {"metadata": metadata("classroom", about), "entries": entries}


def _kernel(name: str, command: str, cells: list[str]) -> dict[str, Any]:
    manager, client = start_new_kernel(startup_timeout=PATIENCE)
    try:
        for cell in cells:
            client.execute_interactive(cell, timeout=PATIENCE, output_hook=lambda message: None)
        # Asked of the kernel itself, which knows its number.
        told: list[str] = []
        client.execute_interactive(
            "import os; print(os.getpid())",
            timeout=PATIENCE,
            output_hook=lambda message: told.append(message["content"].get("text", "")),
        )
        return _entry(name, command, int("".join(told)))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _server() -> dict[str, Any]:
    token = secrets.token_hex(16)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--ServerApp.port={port}"]
    with tempfile.TemporaryDirectory() as empty:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options, f"--IdentityProvider.token={token}"],
            cwd=empty,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            for page in ("api/status", "lab", "api/contents", "api/kernelspecs"):
                _fetch(f"http://127.0.0.1:{port}/{page}?token={token}")
            return _entry("server", "jupyter lab --no-browser", server.pid)
        finally:
            server.terminate()
            server.wait()


def _fetch(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
                answer.read()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def _entry(name: str, command: str, pid: int) -> dict[str, Any]:
    process = Path("/proc") / str(pid)
    told = (process / "smaps_rollup").read_text() + (process / "status").read_text()
    kilobytes = dict(re.findall(r"^(\w+):\s*(\d+) kB$", told, re.M))
    found = {key: int(kilobytes[key]) for key in KEYS}
    output = [f"{key + ':':<8}{kb:>8} kB" for key, kb in found.items()]
    return {"name": name, "command": command, "output": output, **found}


if __name__ == "__main__":
    try:
        keep("classroom", record())
    except (OSError, RuntimeError) as failed:
        sys.exit(str(failed))
