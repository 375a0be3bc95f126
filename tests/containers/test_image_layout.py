"""Layouts, tags and damaged ones. Rules: OCI image-spec, image-layout.md, manifest.md."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.containers.image import (
    Config,
    Image,
    Layout,
    assemble,
    build,
    diff,
    digest,
    file,
    flatten,
    load,
    read_folder,
    read_layout,
    symlink,
    tree,
    unpack,
    write_layout,
    write_tree,
)
from lab_kernel.containers.image.config import read_config
from lab_kernel.containers.image.digest import canonical
from lab_kernel.containers.image.layout import INDEX, index
from lab_kernel.containers.image.reference import open_image, split_reference
from lab_kernel.containers.image.tar import Entry
from lab_kernel.errors import BadInput

from .image_trees import TREES

FILES = tree({"bin/app": file("v1", 0o755), "etc/conf": "c", "gone": ""})
AFTER = {name: node for name, node in FILES.items() if name != "gone"} | {"new": symlink("bin")}


def sample(layout: Layout, compression: str = "none") -> Image:
    changes = [diff({}, FILES), diff(FILES, AFTER)]
    config = Config(entrypoint=("/bin/app",), labels={"a": "b"})
    return assemble(layout, config, None, changes, compression)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    layout = Layout()
    layout.tag("v1", sample(layout).manifest)
    write_layout(layout, tmp_path / "layout")
    return tmp_path / "layout"


def the_json(folder: Path, name: str) -> Any:
    return json.loads((folder / "blobs/sha256" / name.removeprefix("sha256:")).read_bytes())


def test_the_directory_is_what_the_spec_asks_for(stored: Path) -> None:
    """Required properties and media types, as image-layout.md, manifest.md and config.md list."""
    assert json.loads((stored / "oci-layout").read_text()) == {"imageLayoutVersion": "1.0.0"}
    top = json.loads((stored / "index.json").read_text())
    assert top["schemaVersion"] == 2
    assert top["mediaType"] == "application/vnd.oci.image.index.v1+json"
    (entry,) = top["manifests"]
    assert entry["mediaType"] == "application/vnd.oci.image.manifest.v1+json"
    assert entry["annotations"] == {"org.opencontainers.image.ref.name": "v1"}
    assert entry["platform"] == {"architecture": "amd64", "os": "linux"}
    manifest = the_json(stored, entry["digest"])
    assert manifest["schemaVersion"] == 2 and manifest["mediaType"] == entry["mediaType"]
    assert manifest["config"]["mediaType"] == "application/vnd.oci.image.config.v1+json"
    for one in manifest["layers"]:
        assert one["mediaType"] == "application/vnd.oci.image.layer.v1.tar"
    config = the_json(stored, manifest["config"]["digest"])
    assert {"architecture", "os", "rootfs"} <= set(config)
    assert config["rootfs"]["type"] == "layers"
    blobs = sorted((stored / "blobs" / "sha256").iterdir())
    assert len(blobs) == 4
    for path in blobs:
        assert digest(path.read_bytes()) == f"sha256:{path.name}"
    for one in (entry, manifest["config"], *manifest["layers"]):
        assert re.fullmatch("sha256:[0-9a-f]{64}", one["digest"])
        assert (stored / "blobs/sha256" / one["digest"][7:]).stat().st_size == one["size"]


def test_there_and_back(stored: Path) -> None:
    image = load(read_layout(stored), "v1")
    assert flatten(image) == AFTER
    assert image.config == sample(Layout()).config
    assert write_layout(Layout(entries=[]), stored) == []
    assert read_layout(stored).tags == {}


def test_what_is_not_ours_in_a_config_is_kept() -> None:
    layout = Layout()
    value = {
        "created": "2026-01-01T00:00:00Z",
        "author": "a",
        "architecture": "arm64",
        "variant": "v8",
        "os": "linux",
        "config": {"ExposedPorts": {"80/tcp": {}}, "StopSignal": "SIGINT", "Env": ["A=b=c"]},
        "rootfs": {"type": "layers", "diff_ids": []},
        "history": [],
    }
    config = read_config(value)
    assert config.to_json() == value
    assert dict(config.env) == {"A": "b=c"}
    image = assemble(layout, config, None, [])
    assert load_of(layout, image).config == config


def load_of(layout: Layout, image: Image) -> Image:
    layout.tag("x", image.manifest)
    return load(layout, "x", "linux/arm64")


def test_a_tag_moves_and_a_digest_does_not() -> None:
    layout = Layout()
    first = sample(layout)
    layout.tag("latest", first.manifest)
    layout.tag("v1", first.manifest)
    second = assemble(layout, Config(), None, [diff({}, FILES)])
    layout.tag("latest", second.manifest)
    assert load(layout, "latest").manifest.digest == second.manifest.digest
    assert load(layout, "v1").manifest.digest == first.manifest.digest
    assert flatten(load(layout, first.manifest.digest)) == AFTER
    assert sorted(layout.tags) == ["latest", "v1"]


@pytest.mark.parametrize("name", ["", "a b", ".x", "-x", "a/b", "a:b", "x" * 129, "한글"])
def test_names_that_are_no_tags(name: str) -> None:
    with pytest.raises(BadInput, match="is no tag"):
        Layout().tag(name, sample(Layout()).manifest)


def test_an_index_holds_variants_by_platform() -> None:
    layout = Layout()
    images = {}
    for architecture in ("amd64", "arm64"):
        context = tree({"Containerfile": "FROM scratch\nCOPY app /", "app": architecture})
        images[architecture] = build(context, layout, platform=f"linux/{architecture}")
    nested = layout.add_json(index([image.manifest for image in images.values()]), INDEX)
    layout.tag("all", nested)
    for architecture, image in images.items():
        found = load(layout, "all", f"linux/{architecture}")
        assert found.manifest.digest == image.manifest.digest
        assert flatten(found)["app"].content == architecture.encode()
    with pytest.raises(BadInput, match="linux/amd64, linux/arm64"):
        load(layout, "all", "linux/riscv64")


def replace_blob(folder: Path, name: str, content: bytes) -> None:
    (folder / "blobs" / "sha256" / name.removeprefix("sha256:")).write_bytes(content)


@pytest.mark.parametrize("part", ["manifest", "config", "layer"])
def test_a_blob_that_was_tampered_with_is_refused(part: str, stored: Path) -> None:
    image = load(read_layout(stored), "v1")
    blob = {"manifest": image.manifest, "config": image.config_blob, "layer": image.layers[1]}[part]
    content = bytearray(image.layout.fetch(blob))
    content[10] ^= 1
    replace_blob(stored, blob.digest, bytes(content))
    with pytest.raises(BadInput, match=f"{blob.digest}: the content has the digest"):
        flatten(load(read_layout(stored), "v1"))
    replace_blob(stored, blob.digest, bytes(content) + b"x")
    with pytest.raises(BadInput, match="bytes instead of"):
        flatten(load(read_layout(stored), "v1"))
    (stored / "blobs" / "sha256" / blob.digest[7:]).unlink()
    with pytest.raises(BadInput, match="no such blob"):
        flatten(load(read_layout(stored), "v1"))
    # writing the image once more mends it
    layout = read_layout(stored)
    sample(layout)
    assert write_layout(layout, stored) == [blob.digest]
    assert flatten(load(read_layout(stored), "v1")) == AFTER


def test_a_layer_that_is_not_the_one_of_the_config() -> None:
    layout = Layout()
    image = sample(layout)
    manifest = layout.fetch_json(image.manifest)
    for layers, said in (
        (manifest["layers"][::-1], "has not the DiffID"),
        (manifest["layers"][:1], "another number of layers"),
    ):
        layout.tag("x", layout.add_json(manifest | {"layers": layers}, image.manifest.media_type))
        with pytest.raises(BadInput, match=said):
            flatten(load(layout, "x"))


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"schemaVersion": 1}, "schemaVersion"),
        ({"config": None}, "config"),
        (
            {"config": {"mediaType": "x", "digest": "sha256:" + "0" * 64, "size": 2}},
            "no image config",
        ),
        ({"layers": {}}, "layers"),
        ({"layers": [{"mediaType": "x", "size": 1}]}, "digest"),
        (
            {"layers": [{"mediaType": "x", "digest": "sha256:../../etc/passwd", "size": 1}]},
            "no sha256",
        ),
        ({"layers": [{"mediaType": "x", "digest": "sha256:" + "0" * 64, "size": True}]}, "size"),
        ({"layers": [{"mediaType": "x", "digest": "sha256:" + "0" * 64, "size": -1}]}, "below 0"),
    ],
)
def test_manifests_that_are_malformed(broken: dict[str, Any], said: str) -> None:
    layout = Layout()
    image = sample(layout)
    manifest = layout.fetch_json(image.manifest) | broken
    layout.tag("x", layout.add_json(manifest, image.manifest.media_type))
    with pytest.raises(BadInput, match=said):
        load(layout, "x")


LEAVES = st.sampled_from([None, 0, -1, 1.5, "x", [], {}, ["a"], True, 10**30, {"a": 1}])


@given(st.sampled_from(["index", "manifest", "config"]), st.data(), LEAVES)
def test_any_part_may_be_anything(which: str, data: st.DataObject, leaf: Any) -> None:
    """One value of an image's JSON becomes another, with digests that fit: read, or refused."""
    layout = Layout()
    image = sample(layout)
    config = image.config.to_json()
    manifest = layout.fetch_json(image.manifest)
    if which == "config":
        config = mutated(data, config, leaf)
        manifest["config"] = layout.add_json(config, image.config_blob.media_type).to_json()
    if which == "manifest":
        manifest = mutated(data, manifest, leaf)
    stored = layout.add_json(manifest, image.manifest.media_type)
    if which == "index":
        entries = index([replace(stored, platform={"os": "linux", "architecture": "amd64"})])
        stored = layout.add_json(mutated(data, entries, leaf), INDEX)
    layout.tag("x", stored)
    try:
        found = load(layout, "x")
        flatten(found)
        json.dumps(found.config.to_json(), allow_nan=False)
    except BadInput as error:
        assert error.argument in ("LAYOUT", "platform")


def mutated(data: st.DataObject, value: Any, leaf: Any) -> Any:
    """The value with one of its parts replaced, drawn level by level."""
    inside = list(value) if isinstance(value, dict) else list(range(len(value)))
    where = data.draw(st.sampled_from(inside))
    part = value[where]
    deeper = isinstance(part, (dict, list)) and part and data.draw(st.booleans())
    changed = mutated(data, part, leaf) if deeper else leaf
    copied = value.copy()
    copied[where] = changed
    return copied


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b"[]", "not a JSON object"),
        (b"[" * 100_000, "not JSON"),
        (b"{}", "schemaVersion"),
        (canonical({"schemaVersion": 2, "manifests": [3]}), "mediaType"),
    ],
)
def test_an_index_that_is_malformed(content: bytes, said: str, stored: Path) -> None:
    (stored / "index.json").write_bytes(content)
    with pytest.raises(BadInput, match=said):
        read_layout(stored)


def test_what_is_no_layout(tmp_path: Path, stored: Path) -> None:
    with pytest.raises(BadInput, match="is no image layout"):
        read_layout(tmp_path)
    with pytest.raises(BadInput, match="neither empty nor an image layout"):
        write_layout(Layout(), tmp_path)
    (stored / "oci-layout").write_text('{"imageLayoutVersion": "2.0.0"}')
    with pytest.raises(BadInput, match="version 2"):
        read_layout(stored)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", ("a", "")),
        ("a:v1", ("a", "v1")),
        ("oci:a/b:v1", ("a/b", "v1")),
        ("c:/x", ("c:/x", "")),
        ("a@sha256:" + "0" * 64, ("a", "sha256:" + "0" * 64)),
    ],
)
def test_references(text: str, expected: tuple[str, str]) -> None:
    assert split_reference(text) == expected


def test_a_reference_that_leads_nowhere(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_image(f"{stored}:v1").diff_ids == open_image(str(stored)).diff_ids
    with pytest.raises(BadInput, match="v1"):
        open_image(f"{stored}:v2")
    with pytest.raises(BadInput, match="no entry of the index"):
        open_image(f"{stored}@sha256:{'0' * 64}")
    with pytest.raises(BadInput, match="empty"):
        open_image("")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def on_disk(folder: Path) -> dict[str, tuple[Any, ...]]:
    """What is really there: kind, mode, content or target, names of the same file."""
    found: dict[str, tuple[Any, ...]] = {}
    for above, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            path = Path(above, name)
            about = path.lstat()
            kind = "l" if path.is_symlink() else "d" if path.is_dir() else "f"
            held = str(path.readlink()) if kind == "l" else path.read_bytes() if kind == "f" else ""
            links = about.st_nlink if kind == "f" else 0
            mode = 0 if kind == "l" else about.st_mode & 0o7777
            found[str(path.relative_to(folder))] = (kind, mode, held, links, int(about.st_mtime))
    return found


@given(TREES)
@settings(max_examples=25)
def test_trees_on_disk(tmp_path_factory: pytest.TempPathFactory, files: dict) -> None:
    folder = tmp_path_factory.mktemp("tree") / "root"
    write_tree(files, folder)
    found = on_disk(folder)
    assert set(found) == set(files)
    for name, node in files.items():
        assert found[name][1] == (0 if node.kind == "symlink" else node.mode)
        assert found[name][2] == (node.target or node.content if node.kind != "directory" else "")
        assert found[name][4] == node.mtime


def test_hard_links_are_hard_links_on_disk(tmp_path: Path) -> None:
    one = file("same", 0o600)
    layout = Layout()
    image = assemble(layout, Config(), None, [diff({}, {"a": one, "b": one, "c": file("same")})])
    unpack(image, tmp_path / "r")
    assert [on_disk(tmp_path / "r")[name][3] for name in "abc"] == [2, 2, 1]


def test_unpacking_never_touches_what_is_there(tmp_path: Path) -> None:
    layout = Layout()
    image = sample(layout)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to("empty")
    (tmp_path / "file").touch()
    unpack(image, tmp_path / "empty")
    assert (tmp_path / "empty" / "bin" / "app").stat().st_mode & 0o777 == 0o755
    for name in ("full", "link", "file", "empty"):
        why = "is not a directory" if name == "file" else "not empty"
        with pytest.raises(BadInput, match=why):
            unpack(image, tmp_path / name)
    with pytest.raises(BadInput, match="DIR"):
        unpack(image, tmp_path / "none" / "r")
    assert names(tmp_path / "full") == ["mine"]
    assert names(tmp_path) == ["empty", "file", "full", "link"]


def test_a_link_out_of_the_image_is_not_followed(tmp_path: Path) -> None:
    """The second layer writes through a link of the first, as an attacker's would."""
    (tmp_path / "outside").mkdir()
    first = {"way": symlink(str(tmp_path / "outside")), "up": symlink("../../outside")}
    second = [Entry("way/evil", file("x")), Entry("up/evil", file("x"))]
    image = assemble(Layout(), Config(), None, [diff({}, first), second])
    unpack(image, tmp_path / "r")
    assert names(tmp_path / "outside") == []
    inside = tmp_path / "r" / str(tmp_path / "outside").lstrip("/")
    assert (inside / "evil").read_text() == "x"
    assert (tmp_path / "r" / "outside" / "evil").read_text() == "x"


def test_nothing_is_left_of_an_unpacking_that_failed(tmp_path: Path) -> None:
    image = assemble(Layout(), Config(), None, [diff({}, tree({"a": "x", "b" * 300: "y"}))])
    with pytest.raises(BadInput, match="name is too long"):
        unpack(image, tmp_path / "r")
    with pytest.raises(BadInput, match="more than is allowed"):
        unpack(image, tmp_path / "r", most=1000)
    assert names(tmp_path) == []


def test_a_folder_as_a_context(tmp_path: Path) -> None:
    files = tree({"a": file("x", 0o755), "d/b": "y", "d/c": symlink("../a")})
    write_tree(files, tmp_path / "r")
    assert read_folder(tmp_path / "r") == files
    (tmp_path / "r" / "out").mkdir()
    (tmp_path / "r" / "out" / "z").touch()
    assert read_folder(tmp_path / "r", without=tmp_path / "r" / "out") == files
    (tmp_path / "r" / ".containerignore").write_text("out\nContainerfile\n")
    (tmp_path / "r" / "Containerfile").write_text("FROM scratch\nCOPY . /\n")
    os.mkfifo(tmp_path / "r" / "out" / "pipe")
    found = read_folder(tmp_path / "r")
    assert set(found) == set(files) | {".containerignore", "Containerfile"}
    assert "Containerfile" not in flatten(build(found, Layout()))
    with pytest.raises(BadInput, match="larger than"):
        read_folder(tmp_path / "r", most=1)
    (tmp_path / "r" / ".containerignore").unlink()
    with pytest.raises(BadInput, match="out/pipe is neither"):
        read_folder(tmp_path / "r")
    with pytest.raises(BadInput, match="not a directory"):
        read_folder(tmp_path / "none")
