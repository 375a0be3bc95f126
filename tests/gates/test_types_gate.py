"""The gate on the scripts' types fails when it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import node, types_js


@pytest.fixture(scope="module", autouse=True)
def _typescript() -> None:
    try:
        node.packages(node.ROOT / "tools/npm")
    except node.Unavailable as error:
        pytest.skip(str(error))


def found(root: Path, scripts: dict[str, str]) -> list[str]:
    for name, text in scripts.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    return types_js.problems(root)


SHARED = "/** @param {number} n */\nexport const twice = (n) => 2 * n;\n"
USED = 'import { twice } from "./shared.js";\n'


def test_the_site_s_scripts_are_all_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    assert types_js.main() == 0
    assert "hold" in capsys.readouterr().out


def test_each_world_has_its_own_globals(tmp_path: Path) -> None:
    assert not found(
        tmp_path,
        {
            "a/page.js": f"{USED}document.title = String(twice(1));\n",
            "a/worker.js": f"{USED}self.onmessage = () => self.postMessage(twice(1));\n",
            "a/shared.js": SHARED,
        },
    )


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a/page.js", f'{USED}twice("1");\n', "TS2345"),
        ("b/new.js", "export const f = (x) => x;\n", "TS7006"),
        ("b/new.js", "const unused = 1;\nexport {};\n", "TS6133"),
        ("b/new.js", "document.querySelector('p').title;\n", "TS2531"),
        ("b/new.js", '/// <reference lib="webworker" />\ndocument.title;\n', "TS2584"),
        ("a/worker.js", "document.title;\n", "TS2584"),
        ("a/shared.js", f"{SHARED}document.title;\n", "TS2584"),
    ],
)
def test_a_mistake_is_noticed(tmp_path: Path, name: str, text: str, code: str) -> None:
    good = {"a/shared.js": SHARED, "a/worker.js": f"{USED}postMessage(twice(1));\n"}
    lines = found(tmp_path, {**good, name: text})
    assert len(lines) == 1
    assert Path(name).name in lines[0]
    assert code in lines[0]


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
