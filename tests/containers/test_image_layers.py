"""Layers: tar, whiteouts, digests. Rules: OCI image-spec, layer.md and config.md."""

from __future__ import annotations

import gzip
import hashlib
import io
import random
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.containers.image import (
    Node,
    apply,
    chain_ids,
    diff,
    digest,
    directory,
    file,
    symlink,
    tree,
)
from lab_kernel.containers.image import layer as layers
from lab_kernel.containers.image.tar import Entry, read_tar, write_tar
from lab_kernel.errors import BadInput

from .image_trees import FILES, TREES

MOST = 1 << 20


@given(TREES, TREES)
def test_a_layer_leads_from_one_tree_to_the_next(before: dict, after: dict) -> None:
    changes = diff(before, after)
    read = read_tar(write_tar(changes), "layer", MOST)
    assert apply(before, read) == after
    assert diff(after, after) == []


@given(st.lists(TREES, max_size=4))
def test_all_layers_flattened_are_the_last_tree(trees: list[dict]) -> None:
    files: dict = {}
    for before, after in zip([{}, *trees], trees, strict=False):
        files = apply(files, diff(before, after))
    assert files == (trees[-1] if trees else {})


@given(TREES, st.randoms(use_true_random=False))
def test_the_order_of_the_files_does_not_change_a_byte(files: dict, rng: random.Random) -> None:
    names = list(files)
    rng.shuffle(names)
    shuffled = {name: files[name] for name in names}
    assert write_tar(diff({}, shuffled)) == write_tar(diff({}, files))


@given(st.dictionaries(st.sampled_from("abc"), FILES, min_size=1), st.data())
def test_one_byte_changed_is_another_digest(files: dict, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(files)))
    other = dict(files)
    node = files[name]
    other[name] = Node(node.kind, node.mode, node.content + b"!", mtime=node.mtime)
    assert layers.pack(diff({}, files))[2] != layers.pack(diff({}, other))[2]


def test_a_layer_byte_for_byte() -> None:
    """Computed once with GNU tar 1.34, whose ustar has the same bytes for one small file:
    tar --format=ustar --owner=0 --group=0 --numeric-owner --mtime=@0 --mode=0644 -b1 -cf - hello
    """
    written = write_tar([Entry("hello", file("hi\n"))])
    assert digest(written) == GNU


GNU = "sha256:720442c949253b960f5340ce7531d2512015c00a7df10b1d005a3300b97d9488"


@pytest.mark.skipif(shutil.which("tar") is None, reason="there is no tar program")
def test_the_tar_program_reads_it(tmp_path: Path) -> None:
    files = tree({"bin/sh": "x", "한글": "k", "deep/" + "d" * 90 + "/" + "e" * 90: "long"})
    files["link"] = symlink("bin/" + "s" * 150)
    archive = tmp_path / "a.tar"
    archive.write_bytes(write_tar(diff({}, files)))
    run = subprocess.run(
        ["tar", "-xf", archive, "-C", tmp_path], capture_output=True, check=False, text=True
    )
    assert (run.returncode, run.stderr) == (0, "")
    for name, node in files.items():
        if node.kind == "file":
            assert (tmp_path / name).read_bytes() == node.content
    assert str((tmp_path / "link").readlink()) == files["link"].target


@given(TREES)
@settings(max_examples=30)
def test_tar_as_python_reads_it(files: dict) -> None:
    with tarfile.open(fileobj=io.BytesIO(write_tar(diff({}, files)))) as read:
        found = {member.name: member for member in read}
    assert set(found) == set(files)
    for name, node in files.items():
        if node.kind == "file":
            assert (found[name].size, found[name].mode) == (len(node.content), node.mode)
            assert found[name].mtime == node.mtime


def names(entries: list[Entry]) -> list[str]:
    return [entry.path for entry in entries]


def test_whiteouts_as_in_the_spec() -> None:
    """layer.md's own example: an app's configuration is replaced by a directory."""
    before = tree({"etc/my-app-config": "c", "bin/my-app-binary": "1", "bin/my-app-tools": "t"})
    after = tree(
        {"etc/my-app.d/default.cfg": "d", "bin/my-app-binary": "2", "bin/my-app-tools": "t"}
    )
    assert names(diff(before, after)) == [
        "bin/my-app-binary",
        "etc/.wh.my-app-config",
        "etc/my-app.d",
        "etc/my-app.d/default.cfg",
    ]


def test_a_directory_that_is_gone_is_one_whiteout() -> None:
    assert names(diff(tree({"a/b/c": "", "a/b/d": "", "z": ""}), tree({"z": ""}))) == [".wh.a"]


@pytest.mark.parametrize("first", [True, False])
def test_an_opaque_whiteout_hides_below_and_not_beside(first: bool) -> None:
    """layer.md, opaque whiteout: the order in the archive does not matter."""
    lower = tree({"bin/my-app-binary": "1", "bin/tools/x": "x", "etc/passwd": "p"})
    entries = [Entry("bin/.wh..wh..opq", file("")), Entry("bin/new", file("n"))]
    found = apply(lower, entries if first else entries[::-1])
    assert sorted(found) == ["bin", "bin/new", "etc", "etc/passwd"]
    same = [Entry("x", file("new")), Entry(".wh.x", file(""))]
    assert apply(tree({"x": "old"}), same)["x"].content == b"new"
    assert sorted(apply(lower, [Entry(".wh..wh..opq", file(""))])) == []


def test_hard_links_stay_one_file() -> None:
    one = file("same")
    files = {"a": one, "b": one, "c": file("same")}
    entries = diff({}, files)
    assert [entry.link for entry in entries] == ["", "a", ""]
    read = apply({}, read_tar(write_tar(entries), "layer", MOST))
    assert read["a"] is read["b"] and read["a"] is not read["c"]


def test_a_link_in_the_way_is_followed_inside() -> None:
    """As umoci and containerd do; an absolute one starts at the image's root."""
    lower = tree({"usr/lib/": ""}) | {"lib": symlink("usr/lib"), "out": symlink("/../../usr")}
    found = apply(lower, [Entry("lib/a", file("a")), Entry("out/b", file("b"))])
    assert {"usr/lib/a", "usr/b"} <= set(found)
    assert found["lib"].kind == "symlink"
    assert "usr/lib/a" not in apply(found, [Entry("lib/.wh.a", file(""))])
    nested = tree({"d/e/": "", "usr/": ""}) | {"d/e/out": symlink("/usr"), "d/e/up": symlink("..")}
    found = apply(nested, [Entry("d/e/out/a", file("a")), Entry("d/e/up/b", file("b"))])
    assert {"usr/a", "d/b"} <= set(found)


def test_a_directory_that_comes_again_keeps_what_is_in_it() -> None:
    found = apply(tree({"d/a": "a"}), [Entry("d", directory(0o700))])
    assert (found["d"].mode, found["d/a"].content) == (0o700, b"a")
    assert sorted(apply(tree({"d/a": "a"}), [Entry("d", file("f"))])) == ["d"]


def test_entries_are_written_in_the_order_of_their_names() -> None:
    entries = diff({}, tree({"a/b": "1", "a.b": "2", "z": "3"}))
    assert write_tar(entries[::-1]) == write_tar(entries)


def test_chain_ids_as_the_spec_computes_them() -> None:
    """config.md: ChainID(L0) = DiffID(L0); then digest(ChainID + " " + DiffID)."""
    ids = [digest(bytes([n])) for n in range(3)]
    second = "sha256:" + hashlib.sha256(f"{ids[0]} {ids[1]}".encode()).hexdigest()
    third = "sha256:" + hashlib.sha256(f"{second} {ids[2]}".encode()).hexdigest()
    assert chain_ids(tuple(ids)) == (ids[0], second, third)
    assert chain_ids(()) == ()
    assert chain_ids((ids[1], ids[0]))[1] != second


def test_the_empty_json_object() -> None:
    """The spec's guidance for empty descriptors, manifest.md."""
    assert (
        digest(b"{}") == "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    )


def test_gzip_has_a_fixed_frame_and_the_same_diff_id() -> None:
    entries = diff({}, tree({"a": "x" * 10_000}))
    plain, packed = layers.pack(entries), layers.pack(entries, "gzip")
    assert plain[2] == plain[1].digest == packed[2] != packed[1].digest
    assert packed[0][:10] == bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255])  # RFC 1952
    assert gzip.decompress(packed[0]) == plain[0]
    assert packed[1].size < plain[1].size


def test_gzip_in_several_members() -> None:
    whole = write_tar(diff({}, tree({"a": bytes(200_000)})))
    blob = b"".join(gzip.compress(whole[at : at + 9000]) for at in range(0, len(whole), 9000))
    assert layers.unpack_blob(blob, layers.GZIP, "layer") == whole


def gzipped(size: int) -> bytes:
    return gzip.compress(bytes(size), mtime=0)


@pytest.mark.parametrize(
    ("blob", "kind", "most", "said"),
    [
        (gzipped(5000), layers.GZIP, 4999, "more than is allowed"),
        (bytes(5000), layers.TAR, 4999, "more than is allowed"),
        (gzipped(5000)[:-9], layers.GZIP, MOST, "damaged gzip"),
        (gzipped(500) + b"rest", layers.GZIP, MOST, "damaged gzip"),
        (b"", layers.GZIP, MOST, "damaged gzip"),
        (b"x", "application/vnd.oci.image.layer.v1.tar+zstd", MOST, "not supported"),
    ],
    ids=("much", "much-plain", "cut", "longer", "empty", "kind"),
)
def test_blobs_that_are_refused(blob: bytes, kind: str, most: int, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        layers.unpack_blob(blob, kind, "layer", most)


def archive(**changes: object) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        member = tarfile.TarInfo("a")
        for name, value in changes.items():
            setattr(member, name, value)
        tar.addfile(member, io.BytesIO(bytes(member.size)))
    return raw.getvalue()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (archive(name="../a"), "leads out"),
        (archive(name="a/../../b"), "leads out"),
        (archive(type=tarfile.LNKTYPE, linkname="../../etc/passwd"), "leads out"),
        (archive(type=tarfile.CHRTYPE), "neither file"),
        (archive(type=tarfile.FIFOTYPE), "neither file"),
        (archive(size=2000), "more than is allowed"),
        (archive(pax_headers={"mtime": "nan"}), "not a tar|no file has"),
        (archive(pax_headers={"mtime": "1e300"}), "no file has"),
        (archive(pax_headers={"uid": "99999999999"}), "no file has"),
        (b"hello" * 300, "not a tar"),
        (write_tar([Entry("a", file("a"))])[:-1024] + b"rubbish" * 200, "not a tar"),
        (write_tar([Entry("a", file("a" * 900))])[:1000], "not a tar"),
    ],
)
def test_archives_that_are_refused(raw: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_tar(raw, "layer", 1000)


@given(st.binary(max_size=30), st.integers(0, 600), st.integers(0, 255))
@settings(max_examples=200)
def test_a_damaged_archive_is_refused_or_read(noise: bytes, at: int, byte: int) -> None:
    raw = bytearray(write_tar([Entry("a", file(noise)), Entry("b" * 120, symlink("c"))]))
    raw[at] = byte
    try:
        read_tar(bytes(raw), "layer", MOST)
    except BadInput as error:
        assert error.argument == "LAYOUT"


def test_absolute_names_are_of_the_image() -> None:
    assert [one.path for one in read_tar(archive(name="/./x//y"), "layer", MOST)] == ["x/y"]
    assert read_tar(archive(name="./", type=tarfile.DIRTYPE), "layer", MOST) == []
    assert read_tar(write_tar([]), "layer", MOST) == []


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([Entry("a/b", file(""))], "not a directory"),
        ([Entry("l", file(""), "none")], "no file here"),
        ([Entry("l", file(""), "d")], "no file here"),
        ([Entry(".wh.", file(""))], "no whiteout"),
        ([Entry("d/.wh...", file(""))], "no whiteout"),
        ([Entry(".wh..wh.plnk", file(""))], "no whiteout"),
        ([Entry("loop/x", file(""))], "too many symbolic links"),
    ],
)
def test_layers_that_do_not_fit(entries: list[Entry], said: str) -> None:
    lower = tree({"a": "file", "d/": ""}) | {"loop": symlink("loop")}
    with pytest.raises(BadInput, match=said):
        apply(lower, entries)


def test_a_name_like_a_whiteout_fits_in_no_layer() -> None:
    with pytest.raises(BadInput, match="reserved"):
        diff({}, tree({"d/.wh.x": ""}))
