"""The site's scripts, in a directory named after what they and their runtime are made from.

A page names that directory, so a page, its scripts and the Python they start are always of one
release: whoever has an old page open goes on with old scripts, or is told that they are gone.

The editor of the labs' cells is CodeMirror, whose packages are modules that import each other by
name. A browser wants addresses: each package that is needed becomes one file beside the scripts,
its licence beside it, and the names in all of them become the addresses of these files.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

from tools import node
from tools.site import runtime

LOCKED = Path(__file__).with_name("npm")
_SOURCE = Path(__file__).with_name("browser")
_EDITOR = "editor"
_IMPORT = re.compile(
    r"""^((?:import|export)\s+(?:[\w$*{},\s]+\sfrom\s*)?["'])([^"'\n]+)(["'])""", re.MULTILINE
)


def address() -> str:
    """Where the scripts are, from the root of the site."""
    digest = hashlib.sha256(runtime.fingerprint().encode())  # which counts the packages' lock
    for path in (Path(__file__), *sorted(_SOURCE.iterdir())):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"assets/live/{digest.hexdigest()[:16]}"


def publish(site: Path) -> None:
    """Put the scripts into the site, and beside them the editor and where their runtime is."""
    into = site / address()
    shutil.copytree(_SOURCE, into)
    shutil.copyfile(runtime.MANIFEST, into / "runtime.json")
    modules = node.packages(LOCKED)
    wanted: list[str] = []
    for script in sorted(into.glob("*.js")):
        wanted += _point(script, script.read_text(encoding="utf-8"), f"./{_EDITOR}/")
    (into / _EDITOR).mkdir()
    for name in wanted:  # grows on the way by what the packages want in their turn
        package = modules / name
        about = json.loads((package / "package.json").read_text(encoding="utf-8"))
        entry = about["exports"]
        entry = entry if isinstance(entry, str) else entry["import"]
        script = into / _EDITOR / _file(name)
        more = _point(script, (package / entry).read_text(encoding="utf-8"), "./")
        wanted += [other for other in more if other not in wanted]
        shutil.copyfile(package / "LICENSE", script.with_suffix(".LICENSE.txt"))


def _point(script: Path, text: str, where: str) -> list[str]:
    """Write the script with addresses for the packages that it names, which are returned."""
    named: list[str] = []

    def to_address(found: re.Match[str]) -> str:
        before, name, after = found.groups()
        if name.startswith("."):
            return found[0]
        named.append(name)
        return f"{before}{where}{_file(name)}{after}"

    script.write_text(_IMPORT.sub(to_address, text), encoding="utf-8")
    return list(dict.fromkeys(named))


def _file(package: str) -> str:
    return package.removeprefix("@").replace("/", "-") + ".js"
