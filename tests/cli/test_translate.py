"""lab-kernel translate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SPEC = "10,10,12 0x1=0x2a:rwu 0x2=0x2b:ru 0x3=swap 0x4=0x2c:rw 0x5=0x2d:rxu"


def test_the_walk_level_by_level(run: Callable[..., Any]) -> None:
    report = run("translate", "--page-table", SPEC, "--va", "0x1d1c", "--json").json()
    assert report["translations"] == [
        {
            "va": 0x1D1C,
            "page": 1,
            "offset": 0xD1C,
            "tlb": "miss",
            "walk": [
                {"level": 2, "table": 0, "index": 0, "entry": {"table": 1}},
                {"level": 1, "table": 1, "index": 1, "entry": {"frame": 0x2A, "flags": "rwu"}},
            ],
            "pa": 0x2AD1C,
            "fault": None,
        }
    ]


def test_addresses_share_one_tlb_in_their_order(run: Callable[..., Any]) -> None:
    words = ("translate", "--page-table", SPEC, "--va", "0x1d1c", "0x2000", "--va", "0x1000")
    report = run(*words, "--json").json()
    assert [one["tlb"] for one in report["translations"]] == ["miss", "miss", "hit"]
    assert report["translations"][2]["walk"] == []
    assert report["tlb"] == {"entries": 4, "hits": 1, "misses": 2}
    for size, last in (("1", "miss"), ("0", "miss"), ("2", "hit")):
        report = run(*words, "--json", "--tlb", size).json()
        assert report["translations"][2]["tlb"] == last


@pytest.mark.parametrize(
    ("va", "options", "kind", "code"),
    [
        ("0x3000", [], "not present", 4),
        ("0x400000", [], "not present", 4),
        ("0x2000", ["--write"], "protection", 7),
        ("0x2000", ["--write", "--kernel"], "protection", 3),
        ("0x4000", [], "user access to kernel", 5),
        ("0x1000", ["--execute"], "protection", 21),
    ],
)
def test_faults(run: Callable[..., Any], va: str, options: list[str], kind: str, code: int) -> None:
    report = run("translate", "--page-table", SPEC, "--va", va, "--json", *options).json()
    (one,) = report["translations"]
    assert one["pa"] is None
    assert (one["fault"]["kind"], one["fault"]["error_code"]) == (kind, code)


def test_kernel_mode_reaches_the_kernel_s_page(run: Callable[..., Any]) -> None:
    words = ("translate", "--page-table", SPEC, "--va", "0x4000", "--kernel", "--write", "--json")
    assert run(*words).json()["translations"][0]["pa"] == 0x2C000


def test_plain_text(run: Callable[..., Any]) -> None:
    words = ("translate", "--page-table", SPEC, "--va", "0x1d1c", "0x1000", "0x3000", "0x400000")
    assert run(*words).out == (
        "0x1d1c: page 0x1, offset 0xd1c\n"
        "  TLB miss\n"
        "  level 2  table 0  index 0x0  -> table 1\n"
        "  level 1  table 1  index 0x1  -> frame 0x2a rwu\n"
        "  physical address 0x2ad1c\n"
        "\n"
        "0x1000: page 0x1, offset 0x0\n"
        "  TLB hit\n"
        "  physical address 0x2a000\n"
        "\n"
        "0x3000: page 0x3, offset 0x0\n"
        "  TLB miss\n"
        "  level 2  table 0  index 0x0  -> table 1\n"
        "  level 1  table 1  index 0x3  -> not in memory: in swap\n"
        "  page fault: the page is not present (error code 4: P=0 W/R=0 U/S=1 I/D=0)\n"
        "\n"
        "0x400000: page 0x400, offset 0x0\n"
        "  TLB miss\n"
        "  level 2  table 0  index 0x1  -> no entry\n"
        "  page fault: the page is not present (error code 4: P=0 W/R=0 U/S=1 I/D=0)\n"
        "\n"
        "TLB: hits 1, misses 3\n"
    )


def test_an_address_in_the_hole(run: Callable[..., Any]) -> None:
    words = ("translate", "--page-table", "9,9,9,9,12 1=1", "--va", "0x800000000000")
    assert "general protection fault" in run(*words).out
    (one,) = run(*words, "--json").json()["translations"]
    assert (one["page"], one["walk"], one["fault"]["error_code"]) == (None, [], None)


def test_a_table_from_a_file(run: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "table.txt"
    path.write_text("10,10,12  # the shape\n0x1=0x2a\n", encoding="utf-8")
    report = run("translate", "--page-table", f"@{path}", "--va", "4096", "--json").json()
    assert report["translations"][0]["pa"] == 0x2A000


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--va", "1"], "the following arguments are required: --page-table"),
        (["--page-table", SPEC], "the following arguments are required: --va"),
        (["--page-table", SPEC, "--va"], "--va: expected at least one argument"),
        (["--page-table", SPEC, "--va", "zz"], "--va: “zz”"),
        (["--page-table", SPEC, "--va", "0x100000000"], "--va: 0x100000000 is outside"),
        (["--page-table", "", "--va", "1"], "--page-table: it must begin with"),
        (["--page-table", "4,4 1=q", "--va", "1"], "--page-table: “1=q” is not page=frame"),
        (["--page-table", "4,4 1=1 1=2", "--va", "1"], "--page-table: 1=2: the page is mapped"),
        (["--page-table", "@/nowhere", "--va", "1"], "--page-table: /nowhere: there is no"),
        (["--page-table", "@", "--va", "1"], "--page-table: the name is empty"),
        (["--page-table", "10,10,12 =1", "--va", "1"], "--page-table: “=1” is not page=frame"),
        (["--page-table", "@/", "--va", "1"], "--page-table: / is a directory"),
        (["--page-table", SPEC, "--va", "1", "--tlb", "-1"], "--tlb: “-1”"),
        (["--page-table", SPEC, "--va", "1", "--write", "--execute"], "--execute: not allowed"),
    ],
)
def test_refusals(run: Callable[..., Any], words: list[str], says: str) -> None:
    assert run("translate", *words).refusal().startswith(says)


def test_a_binary_file_is_no_table(run: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "table"
    for content, says in ((b"\xff\xfe\x00", "is not a text file"), (b"", "it must begin")):
        path.write_bytes(content)
        refusal = run("translate", "--page-table", f"@{path}", "--va", "1").refusal()
        assert refusal.startswith("--page-table: ") and says in refusal
