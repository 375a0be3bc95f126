"""Our images before programs that others wrote: skopeo and umoci."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from lab_kernel.containers.image import (
    Image,
    Layout,
    assemble,
    build,
    diff,
    file,
    flatten,
    load,
    read_layout,
    symlink,
    tree,
    unpack,
    write_layout,
)
from lab_kernel.containers.image.tar import Entry

needs_skopeo = pytest.mark.skipif(shutil.which("skopeo") is None, reason="skopeo is not installed")
needs_umoci = pytest.mark.skipif(shutil.which("umoci") is None, reason="umoci is not installed")

ONE = file("two names", 0o640)
LOWER = tree(
    {
        "bin/app": file("v1", 0o4755),
        "etc/conf": "c",
        "etc/old/x": "x",
        "gone": "g",
        "was-file": "f",
        "was-dir/inside": "i",
        "opaque/hidden": "h",
        "한글/" + "n" * 150: "long",
    }
) | {"lib": symlink("usr/lib"), "usr": tree({"usr/": ""})["usr"], "usr/lib": tree({"a/": ""})["a"]}
UPPER = {name: node for name, node in LOWER.items() if not name.startswith(("gone", "etc/old"))}
del UPPER["was-dir/inside"], UPPER["opaque/hidden"]
UPPER |= {
    "bin/app": file("v2", 0o755),
    "first": ONE,
    "second": ONE,
    "was-file": tree({"a/": ""})["a"],
    "was-file/now": file("n"),
    "was-dir": symlink("/etc"),
}


def sample(layout: Layout, compression: str) -> Image:
    base = build(tree({"Containerfile": 'FROM scratch\nENV A=1\nUSER 5\nCMD ["/bin/app"]'}), layout)
    third = [
        Entry("lib/through-a-link", file("t")),
        Entry("opaque/.wh..wh..opq", file("")),
        Entry("opaque/new", file("n")),
    ]
    changes = [
        diff({}, LOWER),
        diff(LOWER, UPPER | {"opaque/hidden": LOWER["opaque/hidden"]}),
        third,
    ]
    return assemble(layout, base.config, None, changes, compression)


@pytest.fixture(scope="module", params=["none", "gzip"])
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    layout = Layout()
    layout.tag("v1", sample(layout, request.param).manifest)
    folder = tmp_path_factory.mktemp("real") / "layout"
    write_layout(layout, folder)
    return folder


def run(*words: str | Path) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_skopeo
def test_skopeo_reads_it(stored: Path) -> None:
    image = load(read_layout(stored), "v1")
    told: dict[str, Any] = json.loads(run("skopeo", "inspect", f"oci:{stored}:v1"))
    assert told["Digest"] == image.manifest.digest
    assert told["Layers"] == [layer.digest for layer in image.layers]
    assert (told["Architecture"], told["Os"], told["Env"]) == ("amd64", "linux", ["A=1"])
    config = json.loads(run("skopeo", "inspect", "--config", f"oci:{stored}:v1"))
    assert config["config"] == {"User": "5", "Env": ["A=1"], "Cmd": ["/bin/app"]}
    assert config["rootfs"]["diff_ids"] == list(image.diff_ids)


@needs_skopeo
def test_skopeo_copies_it_and_the_diff_ids_stay(stored: Path, tmp_path: Path) -> None:
    """It may compress the layers: other blobs and another manifest, the same config and files."""
    image = load(read_layout(stored), "v1")
    run("skopeo", "copy", "-q", f"oci:{stored}:v1", f"oci:{tmp_path}/copy:w")
    copied = load(read_layout(tmp_path / "copy"), "w")
    assert copied.config_blob == image.config_blob
    assert (copied.diff_ids, copied.chain_ids) == (image.diff_ids, image.chain_ids)
    assert flatten(copied) == flatten(image)


@needs_skopeo
def test_an_image_of_no_layers(tmp_path: Path) -> None:
    layout = Layout()
    layout.tag("v1", build(tree({"Containerfile": "FROM scratch\nLABEL a=b"}), layout).manifest)
    write_layout(layout, tmp_path / "layout")
    assert json.loads(run("skopeo", "inspect", f"oci:{tmp_path}/layout:v1"))["Layers"] in ([], None)


@needs_umoci
def test_umoci_unpacks_the_same_files(stored: Path, tmp_path: Path) -> None:
    options = [] if os.geteuid() == 0 else ["--rootless"]
    run("umoci", "unpack", *options, "--image", f"{stored}:v1", tmp_path / "bundle")
    unpack(load(read_layout(stored), "v1"), tmp_path / "ours")
    theirs, ours = found(tmp_path / "bundle" / "rootfs"), found(tmp_path / "ours")
    assert sorted(theirs) == sorted(ours)
    assert theirs == ours
    assert ours["first"][3] == ours["second"][3] == 2
    settings = json.loads((tmp_path / "bundle" / "config.json").read_text())
    assert settings["process"]["args"] == ["/bin/app"] and "A=1" in settings["process"]["env"]


def found(folder: Path) -> dict[str, tuple[Any, ...]]:
    """Kind and mode, content or target, time, number of names, owner."""
    told: dict[str, tuple[Any, ...]] = {}
    for above, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            path = Path(above, name)
            about = path.lstat()
            regular = path.is_file() and not path.is_symlink()
            held = path.readlink() if path.is_symlink() else path.read_bytes() if regular else b""
            time = int(about.st_mtime) if regular else 0
            told[str(path.relative_to(folder))] = (
                about.st_mode,
                held,
                time,
                about.st_nlink if regular else 0,
                about.st_uid,
            )
    return told


def test_the_ids_by_another_way(stored: Path) -> None:
    """From the files of the layout alone: sha256 of the tar, and the spec's recursion."""
    blobs = stored / "blobs" / "sha256"
    index = json.loads((stored / "index.json").read_text())
    manifest = json.loads((blobs / index["manifests"][0]["digest"][7:]).read_text())
    chain, chains, diff_ids = "", [], []
    for layer in manifest["layers"]:
        path = blobs / layer["digest"][7:]
        packed = layer["mediaType"].endswith("gzip")
        raw = run_bytes("gzip", "-dc", path) if packed else path.read_bytes()
        diff_ids.append("sha256:" + hashlib.sha256(raw).hexdigest())
        chain = (
            "sha256:" + hashlib.sha256(f"{chain} {diff_ids[-1]}".encode()).hexdigest()
            if chain
            else diff_ids[-1]
        )
        chains.append(chain)
    image = load(read_layout(stored), "v1")
    assert (list(image.diff_ids), list(image.chain_ids)) == (diff_ids, chains)


def run_bytes(*words: str | Path) -> bytes:
    with Path(words[-1]).open("rb") as file:
        return subprocess.run(words[:-1], stdin=file, capture_output=True, check=True).stdout


@needs_umoci
def test_a_layer_that_umoci_made_is_read(tmp_path: Path) -> None:
    """A whole image of umoci's own: a file added, one deleted, one changed."""
    layout = tmp_path / "layout"
    run("umoci", "init", "--layout", layout)
    run("umoci", "new", "--image", f"{layout}:a")
    options = [] if os.geteuid() == 0 else ["--rootless"]
    for step in (1, 2):
        bundle = tmp_path / f"bundle{step}"
        run("umoci", "unpack", *options, "--image", f"{layout}:a", bundle)
        root = bundle / "rootfs"
        (root / "d").mkdir(exist_ok=True)
        (root / "d" / f"new{step}").write_text(str(step))
        (root / "same").write_text(f"{step}")
        (root / "d" / "new1").unlink() if step == 2 else None
        run("umoci", "repack", "--image", f"{layout}:a", bundle)
    files = flatten(load(read_layout(layout), "a"))
    assert sorted(files) == ["d", "d/new2", "same"]
    assert files["same"].content == b"2"


def test_tarfile_lists_the_whiteouts(stored: Path) -> None:
    image = load(read_layout(stored), "v1")
    blob = stored / "blobs" / "sha256" / image.layers[1].digest[7:]
    with tarfile.open(blob) as tar:
        names = tar.getnames()
    assert ".wh.gone" in names and "etc/.wh.old" in names
