"""Python for the reader's browser: Pyodide, our wheels and a memory snapshot to start from.

    python -m tools.site.runtime [--force]

What the site serves is made in .cache/runtime and only anew when Pyodide or lab_kernel changed: a
directory named after the hash of what it was made from, so that a page never mixes two releases,
and beside it ``manifest.json``, which the page's scripts carry with them (``scripts.py``).
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.metadata
import json
import shutil
import sys
import zipfile
from pathlib import Path

from tools import node

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = ROOT / ".cache" / "runtime"
MANIFEST = RUNTIME / "manifest.json"
SNAPSHOT = "python.snapshot"  # gzip inside; named so that no server unpacks it on the way
WARM_UP = "from lab_kernel import live; live.warm_up()"
_LOCK = Path(__file__).with_name("npm")
# what the browser needs of Pyodide, in the order in which it asks
SERVED = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
# what lab_kernel imports
_NEEDED = ("ruamel.yaml", "svg.py")
_OWN = ("lab_kernel", "pyproject.toml", "tools/site/runtime.py", "tools/site/snapshot.mjs")


def fingerprint() -> str:
    """The hash of all that the runtime is made from."""
    digest = hashlib.sha256()
    for name in _NEEDED:
        digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    files = [_LOCK / "package-lock.json"]
    for name in _OWN:
        found = ROOT / name
        files += sorted(found.rglob("*")) if found.is_dir() else [found]
    for path in files:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def build(*, force: bool = False) -> Path:
    """Bring .cache/runtime up to date and return it; node.Unavailable says what is in the way."""
    made_from = fingerprint()
    if not force and MANIFEST.exists() and json.loads(MANIFEST.read_text())["at"] == made_from:
        return RUNTIME
    pyodide = node.packages(_LOCK) / "pyodide"
    fresh = RUNTIME.with_name("runtime.fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    files = fresh / made_from
    files.mkdir(parents=True)
    for name in SERVED:
        shutil.copyfile(pyodide / name, files / name)
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    (files / "pyodide-lock.json").write_text(json.dumps({**lock, "packages": {}}))
    wheels = [*(_installed(name, files) for name in _NEEDED), _lab_kernel(files)]
    print("taking the memory snapshot of Python ...", flush=True)
    manifest = {
        "at": made_from,
        "wheels": [wheel.name for wheel in wheels],
        **snapshot(files, WARM_UP, wheels, files),
    }
    (fresh / MANIFEST.name).write_text(json.dumps(manifest))
    shutil.rmtree(RUNTIME, ignore_errors=True)
    fresh.rename(RUNTIME)
    return RUNTIME


def snapshot(runtime: Path, code: str, wheels: list[Path], into: Path) -> dict[str, object]:
    """Write Python's memory after ``code`` into a directory; what a page must know of it."""
    whole = into / "whole"
    script = Path(__file__).with_name("snapshot.mjs")
    command = [node.program("node"), str(script), str(runtime), str(whole), code, *map(str, wheels)]
    # memory holds the environment: nobody's goes into what is published
    node.run(command, into, {})
    memory = whole.read_bytes()
    whole.unlink()
    packed = gzip.compress(memory, 9, mtime=0)
    (into / SNAPSHOT).write_bytes(packed)
    return {
        "snapshot": SNAPSHOT,
        "bytes": len(packed),
        "sha256": hashlib.sha256(packed).hexdigest(),
        "memory": len(memory),
    }


def _lab_kernel(into: Path) -> Path:
    make = "import sys; from flit_core.buildapi import build_wheel; build_wheel(sys.argv[1])"
    node.run([sys.executable, "-c", make, str(into)], ROOT)
    wheel = next(into.glob("lab_kernel-*.whl"))
    wheel.chmod(0o644)  # flit makes it the owner's alone, and this one is published
    return wheel


def _installed(name: str, into: Path) -> Path:
    """A package's wheel again, from the files that were installed by hash: pure Python."""
    installed = importlib.metadata.distribution(name)
    path = into / f"{name.replace('.', '_')}-{installed.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for file in sorted(installed.files or [], key=str):
            if file.suffix in (".py", ".typed") or file.name in ("METADATA", "WHEEL", "LICENSE"):
                about = zipfile.ZipInfo(file.as_posix())  # its date is fixed
                wheel.writestr(about, file.read_binary(), zipfile.ZIP_DEFLATED)
    return path


if __name__ == "__main__":
    sys.exit(node.made(build))
