"""lab-kernel allocate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

HEAP = ("allocate", "--size", "100", "--base", "1000", "--header", "4", "--align", "4")


def test_the_readme_of_vm_freespace(run: Callable[..., Any]) -> None:
    # Arpaci-Dusseau, homework vm-freespace, README: -S 100 -b 1000 -H 4 -a 4 -l ADDRSORT -p BEST.
    words = ("--strategy", "best", "--order", "address", "--ops", "+3,-0,+5,-1,+8", "--json")
    report = run(*HEAP, *words).json()
    assert list(report) == ["results", "free_list"]
    assert [list(result) for result in report["results"]] == [["op", "address", "searched"]] * 5
    assert [tuple(result.values()) for result in report["results"]] == [
        ("+3", 1000, 1),
        ("-0", 1000, 0),
        ("+5", 1008, 2),
        ("-1", 1008, 0),
        ("+8", 1008, 3),
    ]
    assert report["free_list"] == [[1000, 8], [1020, 80]]


def test_coalescing(run: Callable[..., Any]) -> None:
    report = run(*HEAP, "--coalesce", "--ops", "+3,+5,-0,-1", "--json").json()
    assert report["free_list"] == [[1000, 100]]


def test_a_failed_allocation(run: Callable[..., Any]) -> None:
    report = run(*HEAP, "--ops", "+97", "--json").json()
    assert report["results"] == [{"op": "+97", "address": None, "searched": 1}]
    report = run(*HEAP, "--ops", "+96,+1", "--json").json()
    assert report["results"][1] == {"op": "+1", "address": None, "searched": 0}
    assert report["free_list"] == []


def test_plain_text(run: Callable[..., Any]) -> None:
    assert run(*HEAP, "--ops", "+10,-0,+20,+90").out == (
        "operation  address  searched\n"
        "+10           1000         1\n"
        "-0            1000         0\n"
        "+20           1016         2\n"
        "+90        no room         2\n"
        "\n"
        "free from  size\n"
        "     1000    16\n"
        "     1040    60\n"
    )
    assert run(*HEAP, "--ops", "+96").out.endswith("\n\nNothing is free.\n")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "the following arguments are required: --ops"),
        (["--ops", "10"], "--ops: “10” is neither"),
        (["--ops", "-0"], "--ops: -0 frees"),
        (["--ops", "+10,-0,-0"], "--ops: -0 frees"),
        (["--ops", "+900,-0"], "--ops: -0 frees"),
        (["--ops", "-0,+10"], "--ops: expected one argument"),
        (["--ops=-0,+10"], "--ops: -0 frees"),
        (["--ops", "+1", "--size", "0"], "--size: “0”"),
        (["--ops", "+1", "--align", "0"], "--align: “0”"),
        (["--ops", "+1", "--header", "-4"], "--header: “-4”"),
        (["--ops", "+1", "--base", "x"], "--base: “x”"),
        (["--ops", "+1", "--strategy", "quick"], "--strategy: “quick” is not one of: "),
        (["--ops", "+1", "--order", "size"], "--order: “size” is not one of: "),
    ],
)
def test_refusals(run: Callable[..., Any], words: list[str], says: str) -> None:
    assert run("allocate", *words).refusal().startswith(says)
