"""The list that the offline worker goes by, and how JupyterLite's worker is put behind ours."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tools.site import offline

ITS_SCRIPT = "new URL(null!=(t=e.workerUrl)?t:r.URLExt.join(r.PageConfig.getBaseUrl(),w),x)"


def test_every_file_that_is_asked_for_is_listed_as_it_is(site_root: Path) -> None:
    listed = offline.files(site_root)
    for name, (digest, size, _sets) in listed.items():
        content = (site_root / name).read_bytes()
        assert (digest, size) == (hashlib.sha256(content).hexdigest()[:32], len(content))
    pages = {path.relative_to(site_root).as_posix() for path in site_root.rglob("*.html")}
    assert {name for name in pages if not name.endswith("404.html")} <= set(listed)
    assert not [name for name in listed if name.endswith((".map", "sitemap.xml", "404.html"))]


def test_each_reader_is_fetched_what_is_small_and_theirs(site_root: Path) -> None:
    listed = offline.files(site_root)
    sets = {name: each[2].split() for name, each in listed.items()}
    assert sets["kernel/memory/index.html"] == ["ko"]
    assert sets["en/kernel/memory/index.html"] == ["en"]
    assert sets["en/search/search_index.json"] == ["en"]
    assert sets["offline.html"] == sets["en/offline.html"] == ["shell"]
    assert sets["labs/kernel/memory/memory.ipynb"] == []
    for name in (name for name in sets if name.startswith("assets/runtime/")):
        own = name.rpartition("/")[2] if name.endswith(".snapshot") else "runtime"
        assert sets[name] == [own]
    assert all(sets[name] == ["shell"] for name in sets if name.startswith("assets/live/"))


def test_the_published_worker_names_the_published_list(site_root: Path) -> None:
    worker = (site_root / offline.WORKER).read_text(encoding="utf-8")
    (listed,) = (site_root / "assets" / "offline").glob("*.json")
    assert f'"list": "assets/offline/{listed.name}"' in worker
    assert hashlib.sha256(listed.read_bytes()).hexdigest()[:32] == listed.stem
    assert json.loads(listed.read_text(encoding="utf-8"))


@pytest.fixture
def with_jupyterlite(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text('<html lang="ko"><head></head></html>')
    lite = tmp_path / "lite"
    (lite / "build").mkdir(parents=True)
    (lite / "lab").mkdir()
    (lite / "lab" / "index.html").write_text("<html><head></head></html>")
    (lite / "service-worker.js").write_text("const its = 'own';")
    (lite / "build" / "981.1e14a7f.js").write_text(ITS_SCRIPT)
    return tmp_path


def test_jupyterlite_uses_the_one_worker(with_jupyterlite: Path) -> None:
    offline.publish(with_jupyterlite)
    script = (with_jupyterlite / "lite" / "build" / "981.1e14a7f.js").read_text()
    assert 'getBaseUrl(),"../service-worker.js")' in script
    assert "const its = 'own';" in (with_jupyterlite / offline.WORKER).read_text()
    page = (with_jupyterlite / "lite" / "lab" / "index.html").read_text()
    assert f'src="../../{offline.page_address()}"' in page


@pytest.mark.parametrize("scripts", [[], [ITS_SCRIPT, ITS_SCRIPT]])
def test_a_jupyterlite_that_is_not_known_stops_the_build(
    with_jupyterlite: Path, scripts: list[str]
) -> None:
    build = with_jupyterlite / "lite" / "build"
    (build / "981.1e14a7f.js").unlink()
    for number, script in enumerate(scripts):
        (build / f"{number}.js").write_text(script)
    with pytest.raises(offline.UnknownJupyterLite):
        offline.publish(with_jupyterlite)
