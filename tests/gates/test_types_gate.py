"""The gate on the scripts' types fails when it should."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tools import node, types_js


@pytest.fixture(scope="module", autouse=True)
def _typescript() -> None:
    try:
        node.packages(node.ROOT / "tools/npm")
    except node.Unavailable as error:
        pytest.skip(str(error))


SHARED = "/** @param {number} n */\nexport const twice = (n) => 2 * n;\n"
USED = 'import { twice } from "./shared.js";\n'
GOOD = {
    "a/page.js": f"{USED}document.title = String(twice(1));\n",
    "a/worker.js": f"{USED}self.onmessage = () => self.postMessage(twice(1));\n",
    "a/shared.js": SHARED,
}
# One at a time in a good tree: where, what is written there, and what TypeScript calls it.
MISTAKES = {
    "a call": ("a/page.js", f'{USED}twice("1");\n', "TS2345"),
    "no type": ("b/new.js", "export const f = (x) => x;\n", "TS7006"),
    "unused": ("b/new.js", "const unused = 1;\nexport {};\n", "TS6133"),
    "null": ("b/new.js", "document.querySelector('p').title;\n", "TS2531"),
    "a declared worker": (
        "b/new.js",
        '/// <reference lib="webworker" />\ndocument.title;\n',
        "TS2584",
    ),
    "a worker": ("a/worker.js", "document.title;\n", "TS2584"),
    "what both import": ("a/shared.js", f"{SHARED}document.title;\n", "TS2584"),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is found in a good tree and one with each mistake, side by side: one run for all."""
    root = tmp_path_factory.mktemp("scripts")
    trees = {"good": GOOD}
    for number, (name, text, _code) in enumerate(MISTAKES.values()):
        trees[f"mistake-{number}"] = {**GOOD, name: text}
    for tree, scripts in trees.items():
        for name, text in scripts.items():
            (root / tree / name).parent.mkdir(parents=True, exist_ok=True)
            (root / tree / name).write_text(text)
    return types_js.problems(root)


def test_each_world_has_its_own_globals(found: list[str]) -> None:
    assert [line for line in found if "/good/" in line] == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_noticed(found: list[str], mistake: str) -> None:
    name, _text, code = MISTAKES[mistake]
    (line,) = (line for line in found if f"/mistake-{list(MISTAKES).index(mistake)}/" in line)
    assert f"/{name}(" in line
    assert code in line


def test_the_site_s_scripts_are_all_looked_at(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which they are; that they hold, `make check` says."""
    looked: set[str] = set()

    def check(_world: str, scripts: Iterable[Path], _lib: object) -> list[str]:
        looked.update(map(str, scripts))
        return []

    monkeypatch.setattr(types_js, "_check", check)
    assert types_js.main() == 0
    assert "hold" in capsys.readouterr().out
    assert looked == {str(path) for path in ours()}


def ours() -> list[Path]:
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "tools/site"]
    names = subprocess.run(listed, cwd=node.ROOT, capture_output=True, text=True, check=True).stdout
    return [node.ROOT / name for name in names.split("\0") if name.endswith(".js")]


def test_a_machine_without_node_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing(_where: Path) -> Path:
        raise node.Unavailable("there is no npm here")

    monkeypatch.setattr(node, "packages", nothing)
    assert types_js.main() == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "no npm here" in said
