"""``lab-kernel image``: a learner's folder becomes an image, and wrong ways to ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Run

LINES = 'FROM scratch\nCOPY lib /lib\nCOPY app /app\nCMD ["/app"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    (made / "lib").mkdir(parents=True)
    (made / "Containerfile").write_text(LINES)
    (made / "lib" / "a").write_text("a" * 5000)
    (made / "app").write_text("#!/app\nv1")
    (made / "app").chmod(0o755)
    return made


def test_a_folder_becomes_an_image(folder: Path, tmp_path: Path, run: Run) -> None:
    layout = tmp_path / "layout"
    told = run("image", "build", str(folder), "--tag", "v1", "--out", str(layout), "--json").json()
    assert [blob["kind"] for blob in told["blobs"]] == ["manifest", "config", "layer", "layer"]
    assert told["written"] == sum(blob["size"] for blob in told["blobs"])
    assert (told["tag"], told["tag_was"], told["notes"]) == ("v1", None, [])
    again = run("image", "build", str(folder), "--tag", "v1", "--out", str(layout), "--json").json()
    assert again["manifest"] == told["manifest"] and again["written"] == 0
    (folder / "app").write_text("v2")
    moved = run("image", "build", str(folder), "--tag", "v1", "--out", str(layout), "--json").json()
    assert moved["tag_was"] == told["manifest"]
    inspected = run("image", "inspect", f"{layout}:v1", "--json").json()
    assert inspected["manifest"] == moved["manifest"]
    assert inspected["config"]["config"] == {"Cmd": ["/app"]}
    assert inspected["files"] == 3


def test_several_tags_compared(folder: Path, run: Run) -> None:
    layout = str(folder / "out")  # inside of the folder, and not part of the image
    for version in ("v1", "v2"):
        (folder / "app").write_text(version)
        done = run("image", "build", str(folder), "--tag", version, "--out", layout, "--lang", "en")
        assert done.code == 0 and "New in the layout" in done.out
    tags = run("image", "inspect", layout, "--json").json()["tags"]
    assert [tag["tag"] for tag in tags] == ["v1", "v2"]
    assert "linux/amd64" in run("image", "inspect", layout).out
    told = run("image", "diff", f"{layout}:v1", f"{layout}:v2", "--json").json()
    assert told["files"] == [{"path": "app", "change": "changed"}]
    assert [blob["sent"] for blob in told["blobs"]] == [True, True, False, True]
    assert told["sent"] + told["kept"] == sum(blob["size"] for blob in told["blobs"])
    assert (told["unpacked_again"], told["config"]) == (1, [])
    text = run("image", "diff", f"oci:{layout}:v1", f"{layout}@{tags[1]['digest']}", "--lang", "en")
    assert f"To ship: {told['sent']:,} bytes" in text.out
    assert "보낼 것" in run("image", "diff", f"{layout}:v1", f"{layout}:v2", "--lang", "ko").out


def test_a_tag_is_given_and_moved(folder: Path, tmp_path: Path, run: Run) -> None:
    layout = str(tmp_path / "layout")
    first = run("image", "build", str(folder), "--tag", "v1", "--out", layout, "--json").json()
    (folder / "app").write_text("v2")
    run("image", "build", str(folder), "--tag", "v2", "--out", layout)
    told = run("image", "tag", f"{layout}:v1", "latest", "--json").json()
    assert told == {"tag": "latest", "tag_was": None, "manifest": first["manifest"]}
    assert "was moved" in run("image", "tag", f"{layout}:v2", "latest", "--lang", "en").out
    one, other = (
        run("image", "inspect", f"{layout}:{t}", "--json").json() for t in ("v1", "latest")
    )
    assert one["manifest"] == first["manifest"] != other["manifest"]
    assert "TAG: " in run("image", "tag", f"{layout}:v2", "a b", "--lang", "en").refusal()


def test_a_base_beside_the_folder(folder: Path, run: Run) -> None:
    run("image", "build", str(folder), "--tag", "base", "--out", str(folder / "base"))
    above = folder / "above"
    above.mkdir()
    (above / "Containerfile").write_text("FROM ../base:base\nCOPY x /x\nENV A=1\n")
    (above / "x").write_text("x")
    told = run(
        "image", "build", str(above), "--tag", "t", "--out", str(folder / "o"), "--json"
    ).json()
    assert len(told["blobs"]) == 5
    assert told["config"]["config"] == {"Cmd": ["/app"], "Env": ["A=1"]}
    (above / "Containerfile").write_text("FROM ../nothing:base\n")
    refusal = run("image", "build", str(above), "--tag", "t", "--out", str(folder / "o")).refusal()
    assert refusal.startswith("Containerfile:1: ") and "nothing is no image layout" in refusal


def test_unpacking(folder: Path, tmp_path: Path, run: Run) -> None:
    layout, root = str(tmp_path / "layout"), tmp_path / "root"
    run("image", "build", str(folder), "--tag", "v1", "--out", layout, "--compression", "gzip")
    told = run("image", "unpack", layout, str(root), "--json").json()
    assert (told["files"], told["bytes"]) == (3, 5009)
    assert (root / "app").read_text() == "#!/app\nv1"
    assert "not empty" in run("image", "unpack", layout, str(root), "--lang", "en").refusal()
    refusal = run("image", "unpack", layout, str(root / "app"), "--lang", "en").refusal()
    assert refusal.endswith("root/app is not a directory")
    run("image", "tag", layout, "v2")
    refusal = run("image", "unpack", layout, str(tmp_path / "new"), "--lang", "en").refusal()
    assert "it holds 2 images: say which, LAYOUT:TAG; tags: v1, v2" in refusal


def test_a_platform_that_was_asked_for_is_the_one_there_is(
    folder: Path, tmp_path: Path, run: Run
) -> None:
    layout = str(tmp_path / "layout")
    words = ("image", "build", str(folder), "--out", layout, "--lang", "en")
    run(*words, "--tag", "arm", "--platform", "linux/arm64")
    for what in (["inspect"], ["diff", f"{layout}:arm"], ["unpack"]):
        more = [str(tmp_path / "root")] if what == ["unpack"] else []
        asked = ["image", *what, f"{layout}:arm", *more, "--lang", "en"]
        refusal = run(*asked, "--platform", "linux/amd64").refusal()
        assert refusal.endswith("there is no image for linux/amd64; choose one of: linux/arm64")
        assert run(*asked, "--platform", "linux/arm64").code == 0
    assert "linux/arm64" in run("image", "inspect", f"{layout}:arm").out
    (folder / "Containerfile").write_text("FROM ../layout:arm\n")
    assert run(*words, "--tag", "b").code == 0
    assert "linux/arm64" in run(*words, "--tag", "b", "--platform", "linux/amd64").refusal()


def test_a_file_that_is_no_text_is_named_once(folder: Path, tmp_path: Path, run: Run) -> None:
    (folder / "CF").write_bytes(b"\xff\xfe")
    words = ("image", "build", str(folder), "--file", "CF", "--tag", "a", "--out", "L")
    assert run(*words, "--lang", "en").refusal() == "CF: it is not a text file"


def test_what_could_not_start_is_said(folder: Path, tmp_path: Path, run: Run) -> None:
    layout = str(tmp_path / "layout")
    (folder / "Containerfile").write_text("FROM scratch\nCMD echo hi\n")
    done = run("image", "build", str(folder), "--tag", "a", "--out", layout, "--lang", "en")
    assert "Note: /bin/sh: not in the image" in done.out
    (folder / "Containerfile").write_text("FROM scratch\n")
    told = run(
        "image", "build", str(folder), "--tag", "a", "--out", layout, "--json", "--lang", "en"
    )
    assert "neither ENTRYPOINT nor CMD" in told.json()["notes"][0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["image"], "ACTION: choose one of: build"),
        (["image", "push"], "is not one of"),
        (["image", "build", "F", "--tag", "a b", "--out", "L"], "--tag: “a b” is no tag"),
        (["image", "build", "F", "--out", "L"], "--tag"),
        (["image", "build", "F", "--tag", "a", "--out", "F"], "--out: the layout cannot be"),
        (["image", "build", "none", "--tag", "a", "--out", "L"], "DIR: none is not a directory"),
        (["image", "build", "F", "--tag", "a", "--out", "F/lib"], "LAYOUT: F/lib is neither"),
        (["image", "build", "F", "--tag", "a", "--out", "L", "--file", "x"], "DIR: there is no x"),
        (["image", "build", "F", "--tag", "a", "--out", "L", "--platform", "x"], "--platform"),
        (["image", "inspect", "none"], "LAYOUT: none is no image layout"),
        (["image", "inspect", ""], "LAYOUT"),
        (["image", "diff", "F", "F"], "A: F is no image layout"),
        (["image", "build", "F", "--tag", "a", "--out", "L", "--platform", "linux/foo"], "amd64"),
        (["image", "inspect", "F@sha256:abc"], "LAYOUT: “sha256:abc” is no sha256 digest"),
        (["image", "unpack", "F:x", "D"], "LAYOUT"),
    ],
)
def test_wrong_ways_to_ask(
    words: list[str], said: str, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    folder.rename("F")
    assert said in run(*words, "--lang", "en").refusal()
    assert run(*words, "--lang", "ko").refusal()


def test_a_tampered_layout_is_refused_in_one_line(folder: Path, tmp_path: Path, run: Run) -> None:
    layout = tmp_path / "layout"
    told = run("image", "build", str(folder), "--tag", "a", "--out", str(layout), "--json").json()
    blob = layout / "blobs" / "sha256" / told["blobs"][2]["digest"][7:]
    blob.write_bytes(blob.read_bytes().replace(b"aaaa", b"aaab", 1))
    for words in (["inspect", str(layout)], ["unpack", str(layout), str(tmp_path / "r")]):
        assert "the content has the digest" in run("image", *words, "--lang", "en").refusal()
    assert not (tmp_path / "r").exists()
