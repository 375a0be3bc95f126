"""The problems of the chapter on images: right, wrong with the reason, worked out again."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from lab_kernel.exercises import Problem, draw
from lab_kernel.exercises.containers.images.digests import every_name
from lab_kernel.exercises.containers.images.missing import LIBRARIES
from lab_kernel.exercises.containers.images.view import FILES
from lab_kernel.exercises.containers.images.words import written
from tests.graded import Graded

NAMES = [
    "containers/images/digests",
    "containers/images/missing",
    "containers/images/shipped",
    "containers/images/size",
    "containers/images/version",
    "containers/images/view",
]
WORDS = {"version": ("v1", "v2", "v3"), "missing": (*LIBRARIES, "ld.so", "none")}


def drawn(name: str) -> Iterator[Problem]:
    for seed in range(100):
        yield draw(f"containers/images/{name}", seed)


def asked_of(problem: Problem) -> Sequence[str]:
    """What the answer is some of."""
    if problem.name.endswith("view"):
        return FILES
    return every_name(max(int(n) for n in re.findall(r"D(\d)", problem.prompt)))


def wrong_ones(problem: Problem) -> list[object]:
    kind = problem.name.rsplit("/", 1)[-1]
    if kind in WORDS:
        return [word for word in WORDS[kind] if word != problem.answer]
    if kind in ("view", "digests"):
        every = asked_of(problem)
        some = itertools.combinations(every, 2)
        found = ["none", written(every, every), *(" ".join(pair) for pair in some)]
        return [words for words in found if words != problem.answer]
    return [problem.answer + off for off in (-5, -1, 1, 512)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.split("/")[-1]: draw(name, 1).answer for name in NAMES} == {
        "digests": "D4 C4 C5 config manifest",
        "missing": "libm.so",
        "shipped": 7734,
        "size": 73920,
        "version": "v1",
        "view": "etc/keys srv/app srv/log",
    }


def test_the_view_worked_out_with_sets() -> None:
    """layer.md, without our code: hide what is below, then add."""
    hints = set()
    for problem in drawn("view"):
        files: set[str] = set()
        stored: set[str] = set()
        for line in problem.prompt.splitlines()[1:-1]:
            held = line.partition(": ")[2].split(", ")
            for path in held:
                if path == "srv/.wh..wh..opq":
                    files = {one for one in files if not one.startswith("srv/")}
                elif ".wh." in path:
                    files.discard(path.replace(".wh.", ""))
            real = {path for path in held if ".wh." not in path}
            files |= real
            stored |= real
        assert problem.answer == written(files, FILES)
        assert "whiteouts hide" in problem.check(" ".join(stored)).message
        assert problem.check(", ".join(f"/{path}" for path in files)).status == "right"
        hints.add(problem.hint(3)[-60:])
    assert len(hints) == 2  # the opaque whiteout is in layer 2 or 3


def test_sizes_added_up() -> None:
    for problem in drawn("size"):
        found = [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*\d", problem.prompt)]
        library, app, cache, grown = found
        assert problem.answer == library + app + cache + grown
        assert "what is seen" in problem.check(library + grown).message
        assert "Layer 2 keeps" in problem.check(library + app + grown).message


def test_shipping_added_up() -> None:
    told = set()
    for problem in drawn("shipped"):
        lines = problem.prompt.splitlines()[1:-1]
        *layers, config, manifest = (
            int(re.findall(r"[\d,]+", x)[-1].replace(",", "")) for x in lines
        )
        changed = int(re.search(r"file of layer (\d)", problem.prompt)[1])  # type: ignore[index]
        above = (
            layers[changed - 1 :]
            if "writes the time" in problem.prompt
            else layers[changed - 1 : changed]
        )
        assert problem.answer == sum(above) + config + manifest
        for wrong in (sum(layers), sum(above), layers[changed - 1] + config + manifest):
            if wrong != problem.answer:
                told.add(problem.check(wrong).message)
        told.add(problem.check(sum(layers[changed - 1 :]) + config + manifest).message)
    assert any("another time in them" in message for message in told)
    assert any("same bytes as before" in message for message in told)


def test_every_kind_of_change_of_digests_occurs() -> None:
    seen = set()
    for problem in drawn("digests"):
        every = asked_of(problem)
        top = (len(every) - 2) // 2
        if changed := re.search(r"file in layer (\d)", problem.prompt):
            layer = int(changed[1])
            above = [f"C{n}" for n in range(layer, top + 1)]
            assert problem.answer == " ".join([f"D{layer}", *above, "config", "manifest"])
            seen.add((top, layer))
        else:
            assert problem.answer in ("config manifest", "manifest", "none")
            seen.add((0, problem.answer))
        if problem.answer.startswith("D1"):
            message = problem.check(" ".join(every)).message
            assert "one layer's own content" in message
    assert {top for top, _what in seen} == {0, 3, 4, 5, 6}
    assert {what for top, what in seen if not top} == {"config manifest", "manifest", "none"}


def test_tags_followed_by_hand() -> None:
    for problem in drawn("version"):
        tags: dict[str, str] = {}
        for tag, version in re.findall(r"(\w+) now points to (v\d)", problem.prompt):
            tags[tag] = version
        if digest := re.search(r"digest of (v\d)", problem.prompt):
            assert problem.answer == digest[1]
        else:
            asked = re.search(r"starts the tag (\w+)", problem.prompt)
            assert asked is not None
            assert problem.answer == tags[asked[1]]


def test_what_is_missing_followed_by_hand() -> None:
    answers = set()
    for problem in drawn("missing"):
        named: dict[str, list[str]] = {}
        for name, rest in re.findall(r"^(?:bin|lib)/(\S+): (.*)$", problem.prompt, re.M):
            needs = rest.partition("needs ")[2]
            named[name] = [] if needs == "nothing" else needs.split(", ")
        todo, asked = ["ld.so", *named["app"]], set()
        while todo:
            name = todo.pop()
            if name not in asked:
                asked.add(name)
                todo += named.get(name, [])
        gone = asked - set(named)
        assert problem.answer == (gone.pop() if gone else "none")
        answers.add(problem.answer)
    assert answers == {*LIBRARIES, "ld.so", "none"}
