"""The simulated kernel against a real one, line by line.

Oracle: ``lab_kernel/recordings/namespaces.json``, what Linux 6.18 answered to the scripts of
``tools/record/namespaces.scripts`` and to 52 wishes from each of eight standings
(``tools.record.namespaces.matrix``). Both kernels are asked by the same words.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from lab_kernel import host
from lab_kernel.containers.steps import parse, run, script_of
from lab_kernel.containers.words import WORDS
from lab_kernel.errors import BadInput
from lab_kernel.kernel.namespaces.mount import MountNamespace
from lab_kernel.kernel.namespaces.user import UserNamespace

PLAYED = {
    name: (entry["command"], entry["output"].splitlines())
    for name, entry in host.recording("namespaces").data.items()
    if entry["command"].startswith("steps as ")
}
RANDOM = Path(__file__).with_name("namespaces-random.json.gz")
LINES = [line for _command, output in PLAYED.values() for line in output]


def simulated(name: str) -> list[str]:
    command, output = PLAYED[name]
    return run(script_of(output), uid=0 if command.endswith("root") else 1000)


@pytest.mark.parametrize("name", PLAYED)
def test_the_same_answers_as_linux(name: str) -> None:
    assert simulated(name) == PLAYED[name][1]


def test_the_table_is_large_and_says_no_in_many_ways() -> None:
    answers = [line.split(" = ")[1] for line in LINES if " = " in line]
    assert len(answers) > 700
    refused = {answer for answer in answers if answer.startswith("E") and answer.isupper()}
    assert refused >= {"EPERM", "EINVAL", "ESRCH", "EACCES", "EBUSY", "ENOENT", "ENOMEM", "EROFS"}


def test_questions_that_nobody_chose() -> None:
    """Written by chance, played by the same Linux: ``tools.record.namespaces_random``."""
    played: list[tuple[int, list[str]]] = json.loads(gzip.decompress(RANDOM.read_bytes()))["played"]
    for uid, lines in played:
        assert run(script_of(lines), uid=uid) == lines
    answers = [line for _uid, lines in played for line in lines if " = " in line]
    assert (len(played), len(answers)) == (250, 3282)  # as the page says


def test_every_word_is_played() -> None:
    said = {line.split()[0] for line in LINES}
    assert said == {*WORDS, "child"}


def test_the_scripts_are_those_of_the_recorder() -> None:
    from tools.record.namespaces import scripts

    assert set(scripts()) == set(PLAYED)
    for name, (_uid, script) in scripts().items():
        played = script_of(PLAYED[name][1]).splitlines()
        # what a child was to do that was refused is not played
        assert [line for line in script.splitlines() if line in played] != []
        assert set(played) <= set(script.splitlines())


def test_a_kernel_that_forgets_an_owner_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def everywhere(self: UserNamespace, credentials: object, capability: object) -> bool:
        return capability in credentials.effective  # type: ignore[attr-defined]

    monkeypatch.setattr(UserNamespace, "has", everywhere)
    assert any(simulated(name) != PLAYED[name][1] for name in PLAYED)


def test_a_kernel_that_forgets_a_lock_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    copy = MountNamespace.copy

    def unlocked(self: MountNamespace, number: int, owner: UserNamespace) -> MountNamespace:
        made = copy(self, number, owner)
        for mount in made.tree():
            mount.locked = False
        return made

    monkeypatch.setattr(MountNamespace, "copy", unlocked)
    assert any(simulated(name) != PLAYED[name][1] for name in PLAYED)


def test_the_page_and_lab_may_count_on_these() -> None:
    assert len(PLAYED) == 60
    assert sum(" = " in line for line in LINES) == 769
    wishes = PLAYED["from root"][1].count("child")
    assert (wishes, sum(name.startswith("from ") for name in PLAYED)) == (52, 8)


@pytest.mark.parametrize(
    ("script", "words"),
    [("fly", "fly"), ("pid\n  pid", "pid"), ("child sky\n  pid", "sky"), ("    pid", "pid")],
)
def test_a_script_that_is_none_is_bad_input(script: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        parse(script)
        run(script)


def test_the_recorder_stands_beside_its_scripts() -> None:
    folder = Path(__file__).parents[2] / "tools" / "record"
    assert (folder / "namespaces.scripts").read_text(encoding="utf-8").startswith("Scripts")
