"""The types of the site's scripts, by TypeScript: JSDoc says them, nothing is compiled.

    python -m tools.types_js

Every ``*.js`` below tools/site is checked, by tools/tsconfig.json. A file named ``worker.js`` (or
one that begins with a reference to the library ``webworker``), and what it imports or refers to,
is checked in a worker's world, which has no document; all else in a page's. What both import is
checked in both.
``*.mjs`` is the build's own, run by Node at every build.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tools import node

SCRIPTS = node.ROOT / "tools" / "site"
_SETTINGS = node.ROOT / "tools" / "tsconfig.json"
_WORKER = ["es2023", "webworker", "webworker.iterable", "webworker.asynciterable"]
_SAYS_SO = '/// <reference lib="webworker" />'
_IMPORTS = re.compile(
    r"""^(?:(?:import|export)\b[^"'(]*["'](?=\.)|/// <reference path=")([^"']+)["']""", re.MULTILINE
)


def problems(root: Path = SCRIPTS) -> list[str]:
    """What TypeScript finds in the scripts below ``root``, one line each."""
    scripts = {path.resolve() for path in root.rglob("*.js") if "node_modules" not in path.parts}
    workers = _imported({path for path in scripts if _is_worker(path)})
    found = _check("page", scripts - workers, None) + _check("worker", workers, _WORKER)
    return list(dict.fromkeys(found))


def _is_worker(path: Path) -> bool:
    return path.name == "worker.js" or _SAYS_SO in path.read_text(encoding="utf-8")


def _imported(scripts: set[Path]) -> set[Path]:
    """These and all that they import, by a path."""
    reached: set[Path] = set()
    while new := {path for path in scripts - reached if path.is_file()}:
        reached |= new
        for path in new:
            names = _IMPORTS.findall(path.read_text(encoding="utf-8"))
            scripts |= {(path.parent / name).resolve() for name in names}
    return reached


def _check(world: str, scripts: Iterable[Path], lib: list[str] | None) -> list[str]:
    if not (files := sorted(map(str, scripts))):
        return []
    settings = node.ROOT / ".cache" / "types" / f"{world}.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    options = {"lib": lib} if lib else {}
    chosen = {"extends": str(_SETTINGS), "compilerOptions": options, "files": files, "include": []}
    settings.write_text(json.dumps(chosen))
    node.packages(node.ROOT / "tools/site/npm")  # what the scripts import has types of its own
    tsc = node.packages(node.ROOT / "tools/npm") / "typescript" / "bin" / "tsc"
    done = subprocess.run(
        [node.program("node"), str(tsc), "-p", str(settings), "--pretty", "false"],
        cwd=node.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = (done.stdout + done.stderr).splitlines()
    return [line for line in lines if line.strip()] if done.returncode else []


def main() -> int:
    try:
        found = problems()
    except node.Unavailable as error:
        print(f"the scripts' types cannot be checked: {error}", file=sys.stderr)
        return 1
    print("\n".join(found) or "the scripts' types hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
