"""Building from a folder. Rules: the Dockerfile reference, and OCI image-spec config.md."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.containers.image import (
    Image,
    Layout,
    Need,
    Node,
    build,
    contents,
    file,
    flatten,
    needs,
    ship,
    symlink,
    tree,
)
from lab_kernel.containers.image.closure import MISSING
from lab_kernel.containers.image.elf import write_elf
from lab_kernel.containers.image.ignore import Ignored
from lab_kernel.containers.image.words import split
from lab_kernel.errors import BadInput


def made(lines: str, files: dict | None = None, base: Image | None = None, **options: str) -> Image:
    context = tree({"Containerfile": lines, **(files or {})})
    return build(context, Layout(), (lambda name: base) if base else None, **options)  # type: ignore


FOLDER = {"app.py": file("print()", 0o755), "lib/a.py": "a", "lib/b/c.txt": "c", "x y": "space"}


def test_the_config() -> None:
    image = made(
        """# a comment
        from scratch
        ENV HOME=/srv PATH="/bin:$PATH" \\
        # between two lines

            QUOTED='$HOME' ESCAPED=a\\ b
        ENV NEXT=${HOME}/x NONE=${NOTHING:-other} SOME=${HOME:+yes} PRICE=\\$5 B="a\\"b\\c"
        WORKDIR /srv
        WORKDIR data
        USER 1000:1000
        LABEL a.b="c d" e=
        ENTRYPOINT ["/bin/app", "한글"]
        CMD --serve   now
        """
    )
    config = image.config
    assert dict(config.env) == {
        "HOME": "/srv",
        "PATH": "/bin:",
        "QUOTED": "$HOME",
        "ESCAPED": "a b",
        "NEXT": "/srv/x",
        "NONE": "other",
        "SOME": "yes",
        "PRICE": "$5",
        "B": 'a"b\\c',
    }
    assert (config.workdir, config.user) == ("/srv/data", "1000:1000")
    assert dict(config.labels) == {"a.b": "c d", "e": ""}
    assert config.entrypoint == ("/bin/app", "한글")
    assert config.cmd == ("/bin/sh", "-c", "--serve   now")
    assert sorted(flatten(image)) == ["srv", "srv/data"]
    told = image.config.to_json()
    assert [step.get("empty_layer", False) for step in told["history"]] == [
        *[True, True, False, False],
        *[True] * 4,
    ]
    assert len(told["rootfs"]["diff_ids"]) == len(image.layers) == 2


def test_the_shell_form_needs_a_shell() -> None:
    image = made("FROM scratch\nCMD echo hi")
    assert needs(image, flatten(image)) == (Need("/bin/sh", "", "", MISSING),)
    image = made("FROM scratch\nCOPY --chmod=755 sh /bin/sh\nCMD echo hi", {"sh": write_elf()})
    assert needs(image, flatten(image)) == (Need("/bin/sh", "", "bin/sh"),)
    assert needs(made("FROM scratch"), {}) == ()


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        ("COPY app.py /", ["app.py"]),
        ("COPY app.py /bin/", ["bin", "bin/app.py"]),
        ("COPY app.py /bin/run", ["bin", "bin/run"]),
        ("COPY app.py lib/a.py /x/", ["x", "x/a.py", "x/app.py"]),
        ("COPY lib /x", ["x", "x/a.py", "x/b", "x/b/c.txt"]),
        ("COPY lib/ x/", ["x", "x/a.py", "x/b", "x/b/c.txt"]),
        ("COPY lib/*.py *.py /x/", ["x", "x/a.py", "x/app.py"]),
        ("COPY lib/? /x/", ["x", "x/c.txt"]),
        ('COPY ["x y", "/"]', ["x y"]),
        ("COPY 'x y' /z", ["z"]),
        ("COPY x\\ y /z", ["z"]),
        ("WORKDIR /w\nCOPY app.py .", ["w", "w/app.py"]),
        ("ENV TO=/t\nCOPY app.py $TO/", ["t", "t/app.py"]),
        ("COPY ./lib/../app.py /", ["app.py"]),
        (
            "COPY lib /lib\nCOPY app.py /lib",
            ["lib", "lib/a.py", "lib/app.py", "lib/b", "lib/b/c.txt"],
        ),
    ],
)
def test_where_copies_go(copy: str, expected: list[str]) -> None:
    assert sorted(flatten(made(f"FROM scratch\n{copy}", FOLDER))) == expected


def test_the_whole_folder_and_what_is_left_out() -> None:
    ignore = "# secrets\n.env\n**/*.pyc\nlib/b\n!lib/b/keep\n"
    files = {**FOLDER, ".containerignore": ignore, ".env": "s", "x.pyc": "", "lib/y.pyc": ""}
    files["lib/b/keep"] = "k"
    found = flatten(made("FROM scratch\nCOPY . /all", files))
    assert sorted(found)[1:] == [
        "all/.containerignore",
        "all/Containerfile",
        "all/app.py",
        "all/lib",
        "all/lib/a.py",
        "all/lib/b",
        "all/lib/b/keep",
        "all/x y",
    ]


@pytest.mark.parametrize(
    ("rule", "path", "hidden"),
    [
        ("a", "a/b/c", True),
        ("/a/", "a", True),
        ("*.txt", "a/b.txt", False),
        ("**/b.txt", "b.txt", True),
        ("a/**/z", "a/b/c/z", True),
        ("[ab]", "b", True),
        ("[^ab]", "b", False),
        ("*", ".git", True),
        ("*\n!a", "a/b", False),
        ("!a\n*", "a", True),
    ],
)
def test_patterns(rule: str, path: str, hidden: bool) -> None:
    assert (path in Ignored(rule)) is hidden


def test_owner_time_and_umask_of_the_builder_are_not_in_the_image() -> None:
    lines = "FROM scratch\nCOPY . /\nCOPY --chown=7:8 --chmod=0700 app.py /mine"
    ours = {**FOLDER, "Containerfile": lines}
    theirs = {
        name: Node("file", node.mode & 0o700, node.content, uid=7, gid=7, mtime=99)
        for name, node in tree(ours).items()
        if node.kind == "file"
    }
    one, two = made(lines, FOLDER), build(tree(theirs), Layout())
    assert one.manifest == two.manifest
    files = flatten(one)
    assert (files["app.py"].mode, files["lib/a.py"].mode) == (0o755, 0o644)
    mine = files["mine"]
    assert (mine.mode, mine.uid, mine.gid, mine.mtime) == (0o700, 7, 8, 0)


@given(st.randoms(use_true_random=False))
def test_the_order_in_which_files_are_given_does_not_matter(rng: random.Random) -> None:
    lines = "FROM scratch\nCOPY . /"
    items = list({**FOLDER, "Containerfile": lines}.items())
    rng.shuffle(items)
    assert build(tree(dict(items)), Layout()).manifest == made(lines, FOLDER).manifest


def test_a_digest_that_never_changes() -> None:
    """Our own golden figure: the same on every machine, Python and zlib, or a reader is misled."""
    image = made('FROM scratch\nCOPY . /\nCMD ["/app.py"]', FOLDER)
    assert image.manifest.digest == GOLDEN
    assert made('FROM scratch\nCOPY . /\nCMD ["/app.py"]', FOLDER, compression="gzip").diff_ids == (
        image.diff_ids
    )


GOLDEN = "sha256:a1c11e9750960ab36efe5c30d71dfd28868240d45452768f715e0dc953a6db5a"


def test_a_base() -> None:
    lines = 'FROM scratch\nENV A=1\nCOPY lib /lib\nENTRYPOINT ["/e"]\nCMD ["c"]'
    base = made(lines, FOLDER)
    above = made("FROM base\nENV B=$A$A\nCOPY app.py /lib/a.py", FOLDER, base)
    assert above.layers[:1] == base.layers and above.chain_ids[0] == base.chain_ids[0]
    assert dict(above.config.env) == {"A": "1", "B": "11"}
    assert above.config.argv == ("/e", "c")
    assert len(above.config.history) == len(base.config.history) + 2
    assert flatten(above)["lib/a.py"].content == b"print()"
    assert [entry.path for entry in contents(above)[1]] == ["lib/a.py"]
    # an entry point of its own: the base's CMD was for another one
    assert made('FROM base\nENTRYPOINT ["/f"]', {}, base).config.argv == ("/f",)
    assert made('FROM base\nCMD ["d"]\nENTRYPOINT ["/f"]', {}, base).config.argv == ("/f", "d")


def test_what_shipping_a_change_costs() -> None:
    """The layers are 10 and 1 kB of content; a digest that is known is not sent again."""
    lines = "FROM scratch\nCOPY big /big\nCOPY small /small"
    files = {"big": "b" * 10_000, "small": "s" * 1000}
    old = made(lines, files)
    last = made(lines, files | {"small": "S" * 1000})
    first = made(lines, files | {"big": "B" * 10_000})
    assert old.layers[0].size > 10_000 > 2000 < old.layers[1].size < 3000
    for image, changed, again in ((last, 1, 1), (first, 0, 2)):
        shipment = ship(image, [old])
        assert {one.digest for one in shipment.sent} == {
            image.manifest.digest,
            image.config_blob.digest,
            image.layers[changed].digest,
        }
        assert shipment.unpacked_again == again
        assert shipment.size + shipment.saved == sum(one.size for one in image.blobs)
    assert ship(old, [old]).sent == () and ship(old, []).kept == ()


def test_a_later_copy_of_the_same_bytes_costs_nothing() -> None:
    image = made("FROM scratch\nCOPY app.py /\nCOPY app.py /", FOLDER)
    assert len(image.layers) == 1


def test_links_of_the_folder() -> None:
    files = {**FOLDER, "current": symlink("lib"), "out": symlink("../../etc/passwd")}
    found = flatten(made("FROM scratch\nCOPY current /x\nCOPY . /all", files))
    assert found["x/a.py"].content == b"a"
    assert found["all/current"] == symlink("lib")
    assert found["all/out"].target == "../../etc/passwd"  # a link, not what it leads to


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        ("", 0, "no instruction"),
        ("COPY a b", 1, "the first instruction is FROM"),
        ("FROM scratch\nFROM scratch", 2, "only one FROM"),
        ("FROM scratch AS x", 1, "takes one name"),
        ("FROM debian", 1, "only FROM scratch"),
        ("FROM scratch\n\n# x\nRUN ls", 4, "COPY them; allowed: FROM, COPY"),
        ("FROM scratch\nEXPOSE 80", 2, "EXPOSE is not understood here; allowed: FROM, COPY"),
        ("FROM scratch\nADD a b", 2, "use COPY"),
        ("FROM scratch\nARG a", 2, "use ENV"),
        ("FROM scratch\nENV", 2, "needs an argument"),
        ("FROM scratch\nENV A 1", 2, "NAME=VALUE"),
        ("FROM scratch\nENV A='1", 2, "not closed"),
        ("FROM scratch\nENV A=${B?x}", 2, "no variable"),
        ("FROM scratch\nLABEL =1", 2, "NAME=VALUE"),
        ("FROM scratch\nUSER a b", 2, "one word"),
        ("FROM scratch\nCMD ['a']", 2, "begins as a list"),
        ('FROM scratch\nCMD ["a", 1]', 2, "begins as a list"),
        ("FROM scratch\nCMD []", 2, "begins as a list"),
        ("FROM scratch\nCOPY app.py", 2, "source and a destination"),
        ("FROM scratch\nCOPY nope /", 2, "no such file"),
        ("FROM scratch\nCOPY *.zip /", 2, "no such file"),
        ("FROM scratch\nCOPY ../app.py /", 2, "outside"),
        ("FROM scratch\nCOPY lib/../../x /", 2, "outside"),
        ("FROM scratch\nCOPY app.py lib /x", 2, "must end with a slash"),
        ("FROM scratch\nCOPY lib/* /x", 2, "must end with a slash"),
        ("FROM scratch\nCOPY --from=x a /", 2, "allowed: --chmod"),
        ("FROM scratch\nCOPY --chmod=u+x a /", 2, "allowed: --chmod"),
        ("FROM scratch\nCOPY <<EOF /a\nEOF", 3, "EOF is not understood"),
        ("FROM scratch\nCOPY app.py /a\nCOPY lib /a", 3, "another kind"),
        ("FROM scratch\nCOPY app.py /a\nCOPY lib /a/b", 3, "not a directory"),
        ("FROM scratch\nCOPY app.py /a\nWORKDIR /a", 3, "not a directory"),
        ("# escape=`\nFROM scratch", 1, "another escape"),
        ("FROM scratch\nCOPY .wh.x /", 2, "reserved"),
    ],
)
def test_what_is_refused_and_where(lines: str, line: int, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        made(lines, {**FOLDER, ".wh.x": ""})
    assert said in caught.value.message
    assert caught.value.argument == (f"Containerfile:{line}" if line else "Containerfile")


def test_a_line_that_only_continues_is_nothing() -> None:
    assert made("FROM scratch\n\\\n").layers == made("FROM scratch\n\\").layers == ()
    assert made("FROM scratch\n\\\n\n# x\n  \\\nUSER 5").config.user == "5"


def test_another_name_and_none_at_all() -> None:
    assert build(tree({"Dockerfile": "FROM scratch"}), Layout()).layers == ()
    assert build(tree({"a/b": "FROM scratch"}), Layout(), file="a/b").layers == ()
    with pytest.raises(BadInput, match="no Containerfile"):
        build(tree({"x": ""}), Layout())
    with pytest.raises(BadInput, match="not a text file"):
        build(tree({"Containerfile": b"\xff"}), Layout())
    with pytest.raises(BadInput, match="choose one of"):
        made("FROM scratch\nCOPY . /", FOLDER, compression="zstd")


def test_a_platform() -> None:
    image = made("FROM scratch\nCOPY . /", FOLDER, platform="linux/arm64")
    assert image.config.to_json()["architecture"] == "arm64"
    assert image.manifest.platform == {"os": "linux", "architecture": "arm64"}
    assert image.layers == made("FROM scratch\nCOPY . /", FOLDER).layers


PIECES = [
    "FROM scratch",
    "COPY",
    "ENV",
    "CMD",
    ".",
    "/x",
    "a=$A",
    '"',
    "'",
    "\\",
    "\n",
    "#",
    '["a"]',
]


@given(st.lists(st.sampled_from(PIECES), max_size=9), st.sampled_from(["*", "[a", "!**", "[]]"]))
def test_any_containerfile_is_built_or_refused(pieces: list[str], ignore: str) -> None:
    try:
        made("FROM scratch\n" + " ".join(pieces), {**FOLDER, ".containerignore": ignore})
    except BadInput as error:
        assert error.argument.startswith("Containerfile")


@given(st.text(alphabet="ab $'\"\\{}:-\n", max_size=12))
def test_any_line_is_split_or_refused(text: str) -> None:
    try:
        split(text, {"a": "1"}, "here")
    except BadInput as error:
        assert error.argument == "here"
