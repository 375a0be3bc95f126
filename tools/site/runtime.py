"""Python for the reader's browser: Pyodide, our wheels and memory snapshots to start from.

    python -m tools.site.runtime [--force]

What the site serves is made in .cache/runtime and only anew when Pyodide or lab_kernel changed: a
directory named after the hash of what it was made from, so that a page never mixes two releases,
and beside it ``manifest.json``, which the page's scripts carry with them (``scripts.py``).

There is one snapshot for each section of the site that has a topic, with what its pages and labs
ask for, and a ``base`` for all other pages. Each page names its own (``snapshot_for``). What is of
another section is imported when it is asked for: later, and just as right.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.metadata
import json
import os
import shutil
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools import node

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = ROOT / ".cache" / "runtime"
MANIFEST = RUNTIME / "manifest.json"
BASE = "base"  # the snapshot of a page whose section has none
_WARM_UP = "from lab_kernel import live; live.warm_up({})"
WARM_UP = _WARM_UP.format("")
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
    codes = {BASE: WARM_UP, **{name: _WARM_UP.format(repr(name)) for name in sections()}}
    print(f"taking the memory snapshots of Python: {', '.join(codes)} ...", flush=True)
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:  # of Nodes, which compute
        taken = {
            name: pool.submit(snapshot, files, code, wheels, files / f"{name}.snapshot")
            for name, code in codes.items()
        }
    manifest = {
        "at": made_from,
        "wheels": [wheel.name for wheel in wheels],
        "snapshots": {name: each.result() for name, each in taken.items()},
    }
    (fresh / MANIFEST.name).write_text(json.dumps(manifest))
    shutil.rmtree(RUNTIME, ignore_errors=True)
    fresh.rename(RUNTIME)
    return RUNTIME


def sections() -> list[str]:
    """The sections that have a topic to show, by what lies in their rooms."""
    rooms = ((ROOT / "lab_kernel" / kind).glob("[!_]*/[!_]*") for kind in ("explore", "exercises"))
    return sorted({topic.parent.name.replace("_", "-") for found in rooms for topic in found})


def snapshot_for(section: str) -> str:
    """The name of the snapshot that a page of this section starts from."""
    return section if section in sections() else BASE


def snapshot(runtime: Path, code: str, wheels: list[Path], path: Path) -> dict[str, object]:
    """Write Python's memory after ``code`` to a file; what a page must know of it.

    It is gzip inside, under an ending that no server unpacks on the way.
    """
    whole = path.with_suffix(".whole")
    script = Path(__file__).with_name("snapshot.mjs")
    command = [node.program("node"), str(script), str(runtime), str(whole), code, *map(str, wheels)]
    # memory holds the environment: nobody's goes into what is published
    node.run(command, path.parent, {})
    memory = whole.read_bytes()
    whole.unlink()
    packed = gzip.compress(memory, 8, mtime=0)  # 9 takes more than twice as long for 0.3 %
    path.write_bytes(packed)
    return {
        "snapshot": path.name,
        "bytes": len(packed),
        "sha256": hashlib.sha256(packed).hexdigest(),
        "memory": len(memory),
    }


def _lab_kernel(into: Path) -> Path:
    """Our own wheel, less what no Python reads: the catalogue's source and the list of files."""
    make = "import sys; from flit_core.buildapi import build_wheel; build_wheel(sys.argv[1])"
    with tempfile.TemporaryDirectory() as place:
        node.run([sys.executable, "-c", make, place], ROOT)
        whole = next(Path(place).glob("lab_kernel-*.whl"))
        path = into / whole.name
        with zipfile.ZipFile(whole) as made, zipfile.ZipFile(path, "w") as wheel:
            for file in made.infolist():
                if not file.filename.endswith((".po", ".dist-info/RECORD")):
                    wheel.writestr(file, made.read(file), zipfile.ZIP_DEFLATED, 9)
    return path


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
