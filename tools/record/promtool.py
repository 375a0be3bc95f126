"""Record what promtool says of the rules that we make, and of rules with a mistake.

    python -m tools.record.promtool

writes rules and tests of the example ``checkout-errors`` with ``lab-kernel slo rules`` and keeps in
``lab_kernel/recordings/promtool.json`` what promtool (Debian's package prometheus) prints of them,
and for every mutant of the rules which tests it finds failing. Takes some minutes: the rules look
back three days, and promtool runs all tests for each mutant.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from lab_kernel.cli import main
from lab_kernel.sre.alerts.demo import ready, trials
from lab_kernel.sre.alerts.mutants import mutants
from lab_kernel.sre.alerts.promtests import text
from tools.record.lackey import ENVIRONMENT
from tools.record.shelf import keep, metadata, shell

SPEC = "checkout-errors"
MUTANT = "short window dropped 1h/5m"
COMMANDS = {
    "version": "promtool --version",
    "check": "promtool check rules rules.yml",
    "test": "promtool test rules tests.yml",
    "mutant": "promtool test rules mutant.yml 2>&1 | grep . | head -n 9",
}


def record() -> dict[str, Any]:
    if shutil.which("promtool", path=ENVIRONMENT["PATH"]) is None:
        sys.exit("promtool is not installed; it is in Debian's package prometheus")
    found, tests = ready(), [trial.scenario for trial in trials()]
    with tempfile.TemporaryDirectory() as scratch:
        where = Path(scratch)
        main(["slo", "rules", SPEC, "--out", f"{where}/rules.yml", "--tests", f"{where}/tests.yml"])
        verdicts = {}
        for mutant in mutants(found.group):
            print(mutant.name)
            (where / "mutant.rules.yml").write_text(mutant.group.text())
            (where / "mutant.yml").write_text(text([(found.group, tests)], "mutant.rules.yml"))
            said = shell("promtool test rules mutant.yml", where)
            verdicts[mutant.name] = _failed(said)
            if mutant.name == MUTANT:
                entries = [
                    {"name": name, "command": command, "output": shell(command, where).splitlines()}
                    for name, command in COMMANDS.items()
                ]
    version = next(line for line in entries[0]["output"] if line.startswith("promtool"))
    return {
        "metadata": metadata(
            "promtool",
            "our rules, and rules with a mistake, before promtool",
            remark=version,
            verdicts=verdicts,
        ),
        "entries": entries,
    }


def _failed(said: str) -> list[str]:
    """The tests that promtool names; of a wrong value it names the expression instead."""
    found = dict.fromkeys(re.findall(r"^ *name: (.*),$", said, re.M))
    return [*found, *(["ratio"] if re.search(r"^ *expr: ", said, re.M) else [])]


if __name__ == "__main__":
    keep("promtool", record())
