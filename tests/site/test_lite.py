"""JupyterLite's labs are the committed ones, each with the release that it is of."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

from tools.site import lite

LABS = Path(__file__).parents[2] / "labs"


def test_every_lab_is_there_and_says_its_release(site_root: Path) -> None:
    at = site_root / lite.ADDRESS
    page = (at / "notebooks" / "index.html").read_text(encoding="utf-8")
    about = json.loads(re.findall(r'id="lab-about"[^>]*>(.*?)</script>', page)[0])
    assert len(lite.labs()) >= 2
    for lab in lite.labs():
        name = lab.relative_to(LABS).as_posix()
        published = json.loads((at / "files" / name).read_text(encoding="utf-8"))
        assert published["metadata"]["lab_kernel"]["release"] == about["labs"][name]
        committed = json.loads(lab.read_text(encoding="utf-8"))
        assert "lab_kernel" not in committed["metadata"]
        for is_, was in zip(published["cells"], committed["cells"], strict=True):
            if was["cell_type"] == "code":
                assert is_ == was


def test_a_changed_lab_is_another_release() -> None:
    source = lite.labs()[0].read_bytes()
    other = source.replace(b'"cells"', b' "cells"')
    stamps = [lite.stamped(text)["metadata"]["lab_kernel"]["release"] for text in (source, other)]
    assert stamps == [lite.release(source), lite.release(other)]
    assert stamps[0] != stamps[1]


def test_a_lab_leads_to_its_page_below_any_address(site_root: Path) -> None:
    files = site_root / lite.ADDRESS / "files"
    for language in ("ko", "en"):
        lab = (files / language / "kernel" / "memory.ipynb").read_text(encoding="utf-8")
        assert f"docs/{language}/kernel/memory.html" in lab
        assert ".md)" not in lab
        door = files / "docs" / language / "kernel" / "memory.html"
        way = re.findall('href="([^"]+)"', door.read_text(encoding="utf-8"))[0]
        page = (door.parent / way / "index.html").resolve().relative_to(site_root.resolve())
        assert page.as_posix() == f"{'' if language == 'ko' else 'en/'}kernel/memory/index.html"


def test_its_python_is_the_site_s_own_runtime_and_brings_its_licences(site_root: Path) -> None:
    [python] = (site_root / lite.ADDRESS / "python").iterdir()
    made = json.loads((python / "made.json").read_text(encoding="utf-8"))
    assert (python / made["runtime"] / "pyodide.asm.wasm").is_file()
    assert not list((site_root / lite.ADDRESS).rglob("*.wasm"))
    with zipfile.ZipFile(python / "packages.zip") as packages:
        names = packages.namelist()
    assert len(names) == len(set(names))
    assert any("LICENSE" in name for name in names if name.startswith("ipython-"))
    assert "lab_kernel/__init__.py" in names


def test_nothing_is_published_that_no_browser_asks_for(site_root: Path) -> None:
    at = site_root / lite.ADDRESS
    assert not [path for path in at.rglob("*") if path.suffix in (".map", ".eot", ".whl")]
