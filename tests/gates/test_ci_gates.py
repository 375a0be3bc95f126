"""CI does what it promises: no test skipped for want of a browser, no action that can move."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
_PINNED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def problems(text: str) -> list[str]:
    """What a workflow trusts that it should not."""
    found = [
        f"not pinned by commit with its version beside it: {line.strip()}"
        for line in text.splitlines()
        if "uses:" in line and not _PINNED.search(line)
    ]
    workflow: dict[Any, Any] = yaml.safe_load(text)
    if workflow.get("permissions") != {"contents": "read"}:
        found.append("may do more than read, where every job would inherit it")
    for name, job in workflow["jobs"].items():
        if "timeout-minutes" not in job:
            found.append(f"{name} may run for hours")
        for step in job["steps"]:
            checkout = "actions/checkout" in step.get("uses", "")
            if checkout and step.get("with", {}).get("persist-credentials") is not False:
                found.append(f"{name} leaves its token in the checkout")
            if "${{ github.event" in step.get("run", "") or "head_ref" in step.get("run", ""):
                found.append(f"{name} runs what a stranger may write")
    return found


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_trusts_nothing_that_can_move(path: Path) -> None:
    assert problems(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"@[0-9a-f]{40} # v7\.0\.1", "@v7"),
        (r" # v7\.0\.1", ""),
        (r"contents: read", "contents: write"),
        (r"persist-credentials: false", "persist-credentials: true"),
        (r"timeout-minutes: \d+", "name: x"),
        (r"run: \.ci/run", "run: echo ${{ github.event.pull_request.title }}"),
    ],
)
def test_a_workflow_that_trusts_too_much_is_caught(old: str, new: str) -> None:
    text = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    broken, changed = re.subn(old, new, text, count=1)
    assert changed
    assert problems(broken) != []


def test_only_the_deployment_may_write_and_only_from_main() -> None:
    writers = {
        (path.stem, name)
        for path in WORKFLOWS
        for name, job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].items()
        if "write" in job.get("permissions", {}).values()
    }
    assert writers == {("pages", "deploy")}
    pages = yaml.safe_load((ROOT / ".github" / "workflows" / "pages.yml").read_text("utf-8"))
    # YAML 1.1 reads the key "on" as true
    assert pages[True]["workflow_run"] == {
        "workflows": ["Test"],
        "branches": ["main"],
        "types": ["completed"],
    }
    assert "workflow_run.conclusion == 'success'" in pages["jobs"]["build"]["if"]
    assert "github.ref == 'refs/heads/main'" in pages["jobs"]["build"]["if"]
    assert pages["jobs"]["deploy"]["needs"] == "build"


def test_ci_runs_what_a_person_runs_on_every_python_that_is_promised() -> None:
    run = ROOT / ".ci" / "run"
    assert os.access(run, os.X_OK)
    assert "make test" in run.read_text(encoding="utf-8")
    test = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8"))
    matrix = test["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]


@pytest.mark.skipif(not os.environ.get("CI"), reason="on a desk the browser tests may skip")
def test_on_ci_there_is_a_browser() -> None:
    """Without one the browser tests skip themselves, which on CI would be a hole."""
    browsers = ("chromium", "chromium-browser", "google-chrome")
    assert os.environ.get("CHROMIUM") or any(map(shutil.which, browsers))


def test_binder_installs_the_same_lock() -> None:
    binder = ROOT / "binder"
    lines = (binder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    required = [line for line in lines if line and not line.startswith("#")]
    assert required == ["-r ../requirements.txt"]
    assert os.access(binder / "postBuild", os.X_OK)
    assert "--no-deps" in (binder / "postBuild").read_text(encoding="utf-8")
