"""The site's scripts, in a directory named after what they and their runtime are made from.

A page names that directory, so a page, its scripts and the Python they start are always of one
release: whoever has an old page open goes on with old scripts, or is told that they are gone.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from tools.site import runtime

_SOURCE = Path(__file__).with_name("browser")


def address() -> str:
    """Where the scripts are, from the root of the site."""
    digest = hashlib.sha256(runtime.fingerprint().encode())
    for path in sorted(_SOURCE.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"assets/live/{digest.hexdigest()[:16]}"


def publish(site: Path) -> None:
    """Put the scripts into the site, and beside them where their runtime is."""
    into = site / address()
    shutil.copytree(_SOURCE, into)
    shutil.copyfile(runtime.MANIFEST, into / "runtime.json")
