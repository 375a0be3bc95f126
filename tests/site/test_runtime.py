"""The memory snapshots that pages start Python from: one for each section that has a topic."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lab_kernel import exercises, explore
from tools.site import check, rooms, runtime, scripts

LARGEST = 12_000_000  # bytes: docs/decisions/0002 says what then


@pytest.fixture
def made(site_root: Path) -> dict[str, Any]:
    manifest = site_root / scripts.address() / "runtime.json"
    read: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    return read


def test_the_sections_are_those_that_declare_something() -> None:
    declared = {name.partition("/")[0] for kind in (explore, exercises) for name in kind.names()}
    assert runtime.sections() == sorted(declared)


def test_a_section_without_a_topic_has_no_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in ("explore/sre/__init__.py", "explore/a_b/topic/__init__.py", "exercises/c/d.py"):
        (tmp_path / "lab_kernel" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "lab_kernel" / path).touch()
    (tmp_path / "lab_kernel" / "explore" / "form.py").touch()
    (tmp_path / "lab_kernel" / "explore" / "sre" / "__pycache__").mkdir()
    monkeypatch.setattr(runtime, "ROOT", tmp_path)
    assert runtime.sections() == ["a-b", "c"]
    assert [runtime.snapshot_for(name) for name in ("a-b", "sre", "")] == ["a-b", "base", "base"]


@pytest.mark.parametrize(
    ("page", "section"),
    [
        ("kernel/memory.md", "kernel"),
        ("labs/kernel/memory.ipynb", "kernel"),
        ("cloud-native/index.md", "cloud-native"),
        ("index.md", ""),
    ],
)
def test_a_page_and_its_lab_are_of_one_section(page: str, section: str) -> None:
    assert rooms.section(page) == section


def test_each_snapshot_is_as_the_manifest_says(site_root: Path, made: dict[str, Any]) -> None:
    assert list(made["snapshots"]) == [runtime.BASE, *runtime.sections()]
    files = site_root / "assets" / "runtime" / made["at"]
    assert {path.stem for path in files.glob("*.snapshot")} == set(made["snapshots"])
    for name, about in made["snapshots"].items():
        packed = (files / about["snapshot"]).read_bytes()
        assert (len(packed), hashlib.sha256(packed).hexdigest()) == (
            about["bytes"],
            about["sha256"],
        )
        assert about["bytes"] < LARGEST, name
        assert made["snapshots"][runtime.BASE]["bytes"] <= about["bytes"]


def test_a_snapshot_has_its_own_section_and_no_other(site_root: Path, made: dict[str, Any]) -> None:
    about = made["snapshots"]["kernel"]
    files = site_root / "assets" / "runtime" / made["at"]
    memory = gzip.decompress((files / about["snapshot"]).read_bytes())
    assert len(memory) == about["memory"]
    assert b"lab_kernel.explore.kernel.memory.tlb" in memory
    assert b"lab_kernel.explore.containers" not in memory


def test_every_page_that_runs_python_names_a_snapshot(
    site: check.Site, made: dict[str, Any]
) -> None:
    named = {
        page.address: re.findall(r'/live\.js" data-python="([^"]*)"', page.html)
        for page in site.pages
        if "/live.js" in page.html
    }
    assert len(named) > 20
    for address, found in named.items():
        parts = [part for part in address.split("/") if part not in ("", "en", "labs")]
        assert found == [runtime.snapshot_for(parts[0])], address
        assert found[0] in made["snapshots"]


def test_the_wheel_brings_what_python_reads(site_root: Path, made: dict[str, Any]) -> None:
    files = site_root / "assets" / "runtime" / made["at"]
    (ours,) = (name for name in made["wheels"] if name.startswith("lab_kernel-"))
    with zipfile.ZipFile(files / ours) as wheel:
        names = wheel.namelist()
    assert "lab_kernel/locale/ko/LC_MESSAGES/lab_kernel.mo" in names
    assert any("LICENSE" in name for name in names)
    assert not [name for name in names if name.endswith((".po", "/RECORD", ".pyc"))]
