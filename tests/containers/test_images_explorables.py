"""The explorables of the chapter on images: what they draw is what the image code does.

Rules: OCI image-spec, layer.md (whiteouts), config.md (ChainID), descriptor.md (digests).
"""

from __future__ import annotations

import re

import pytest

from lab_kernel import host
from lab_kernel.containers.image import chain_ids
from lab_kernel.explore.containers.images import naming, shipping, stack, starting
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "containers/images/"
    declared = ("naming", "shipping", "stack", "starting")
    refused = (
        ("stack", "height", 4),
        ("stack", "deleted", "maybe"),
        ("shipping", "changed", "kernel"),
        ("naming", "step", 0),
        ("starting", "machine", "pdp11"),
    )


view = TestEveryOne.view


def numbers(text: str) -> list[int]:
    return [int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*\d|\d", text)]


def test_deleting_later_makes_nothing_smaller() -> None:
    """layer.md: a whiteout hides; what is below stays."""
    kept = {how: sum(map(stack.stored, stack.layers(how))) for how in ("never", "later", "same")}
    assert kept["later"] == kept["never"] == kept["same"] + stack.SIZES[stack.CACHE]
    assert [e.path for e in stack.layers("later")[2]] == ["srv/.wh.cache", "srv/app", "srv/log"]
    low, high = numbers(view("stack", height=2).says), numbers(view("stack", height=3).says)
    assert high[2] > low[2] and high[3] < low[3]  # stored more, seen less


def test_the_price_of_a_letter() -> None:
    """By the digests alone: what is not among the old ones is sent."""
    old = shipping.made()
    for changed, lowest in (("base", 0), ("packages", 1), ("app", 2)):
        for stamped in (False, True):
            new = shipping.made(changed, stamped=stamped)
            other = [a != b for a, b in zip(old.diff_ids, new.diff_ids, strict=True)]
            assert other == [n == lowest or (stamped and n > lowest) for n in range(3)]
            chains = [a != b for a, b in zip(old.chain_ids, new.chain_ids, strict=True)]
            assert chains == [n >= lowest for n in range(3)]
            says = numbers(view("shipping", changed=changed, stamped=stamped).says)
            sizes = [one.size for one, sent in zip(new.layers, other, strict=True) if sent]
            assert says[0] == sum(sizes) + new.config_blob.size + new.manifest.size
            assert says[-1] == 3 - lowest
    together = numbers(view("shipping", changed="app", together="on").says)
    assert together[0] == together[1]  # nothing is spared


def test_chain_ids_in_the_picture_are_those_of_the_spec() -> None:
    new = shipping.made("packages")
    for chain in chain_ids(new.diff_ids):
        assert shipping.short(chain) in view("shipping", changed="packages").figures[0].svg


def test_a_pinned_server_stays() -> None:
    tags = [latest["latest"] for latest, _servers in naming.after(6, "latest")]
    assert tags[0] == tags[1] == tags[4] == tags[5] != tags[2] == tags[3]
    runs = [servers for _tags, servers in naming.after(6, "latest")]
    assert [one.get("tag") for one in runs] == [None, "v1", "v1", "v2", "v2", "v1"]
    assert {one.get("digest") for one in runs[1:]} == {"v1"}
    assert naming.after(4, "v1")[-1][1] == {"tag": "v1", "digest": "v1"}


def test_one_file_less() -> None:
    files = starting.files()
    assert set(starting.GONE) - {"nothing"} <= set(files)
    assert "starts: 5 of" in view("starting").says
    for gone in starting.GONE:
        fails = "does not start" in view("starting", gone=gone).says
        assert fails is (gone not in ("nothing", "bin/python"))
        says = view("starting", program="static", gone=gone).says
        assert "starts: 1 of" in says
    assert "bin/python, not in" in view("starting", program="script", gone="bin/python").says
    assert "another architecture" in view("starting", machine="arm64").says


def test_the_recording_is_of_our_own_image() -> None:
    """What skopeo, umoci and sha256sum said, against what the code says today."""
    pytest.importorskip("fcntl", reason="the recorders need a Unix")
    from lab_kernel.containers.image import Layout, digest, flatten
    from tools.record.images import image

    made = image(Layout())
    data = host.recording("images").data
    said = {name: entry["output"] for name, entry in data.items()}
    assert f'"Digest": "{made.manifest.digest}"' in said["inspect"]
    for layer, diff_id in zip(made.layers, made.diff_ids, strict=True):
        assert layer.digest in said["inspect"] and diff_id in said["diffids"]
        assert f"{layer.size} layout/blobs/sha256/{layer.digest[7:]}" in said["blobs"]
        assert layer.digest not in said["copy"] and diff_id in said["recompressed"]
    assert said["empty"].split()[0] == digest(b"{}").removeprefix("sha256:")
    assert ".wh.cache.tar" in said["whiteouts"]
    files = {p: len(n.content) for p, n in flatten(made).items() if n.kind == "file"}
    unpacked = (line.split() for line in said["unpack"].splitlines())
    assert files == {path: int(size) for size, path in unpacked}
    assert "Digest did not match" in said["tampered"]
