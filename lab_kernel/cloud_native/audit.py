"""The twelve-factor audit: which factor an application fails, and on which line.

    for finding in audit(LEGACY):
        print(finding)

The program's text is read as a syntax tree (``code_audit``), its manifest as TOML. The manifest
answers what no line of code shows: repositories, releases, services of the environments, admin
tasks, and versions of the dependencies.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lab_kernel.cloud_native.code_audit import CHECKS
from lab_kernel.cloud_native.factors import FACTORS
from lab_kernel.cloud_native.samples import Application
from lab_kernel.errors import BadInput
from lab_kernel.language import _

CODE, MANIFEST = "code", "manifest"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Factor ``factor`` (1 to 12) fails on ``line`` of the ``where`` (code or manifest)."""

    factor: int
    where: str
    line: int
    says: str

    def __str__(self) -> str:
        factor = FACTORS[self.factor - 1]
        title = f"{factor.roman} {_(factor.title)}"
        return f"{title}: {self.where}:{self.line}: {self.says}"


def audit(application: Application) -> list[Finding]:
    """Every finding, in order of the factors; BadInput for text that is no Python or no TOML."""
    try:
        tree = ast.parse(application.code)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise BadInput(CODE, _("line {line} is not Python").format(line=line)) from None
    try:
        manifest = tomllib.loads(application.manifest)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(MANIFEST, _("not TOML: {error}").format(error=error)) from None
    declared = _table(manifest, "dependencies")
    found = {
        Finding(factor, CODE, line, says)
        for factor, check in CHECKS.items()
        for line, says in check(tree, declared)
    }
    for factor, key, says in _manifest(manifest):
        found.add(Finding(factor, MANIFEST, _line_of(application.manifest, key), says))
    return sorted(found)


def failed(application: Application) -> list[int]:
    """The numbers of the factors that fail."""
    return sorted({finding.factor for finding in audit(application)})


def _manifest(manifest: Mapping[str, Any]) -> Iterator[tuple[int, str, str]]:
    """(factor, key, sentence) for what the manifest itself gives away."""
    repositories = _table(manifest, "codebase").get("repositories", [])
    if len(repositories) != 1:
        yield (
            1,
            "repositories",
            _("{n} repositories are deployed, not one").format(n=len(repositories)),
        )
    for name, version in _table(manifest, "dependencies").items():
        if not any(letter.isdigit() for letter in str(version)):
            yield 2, name, _("{name} has no version").format(name=name)
    if _table(manifest, "release").get("edited_in_place", False):
        yield 5, "edited_in_place", _("a release is edited on the server")
    services = _table(manifest, "services")
    if len(set(services.values())) > 1:
        yield 10, next(iter(services)), _("the environments have different services")
    for name, command in _table(manifest, "admin").items():
        if not str(command).startswith("python -m "):
            yield 12, name, _("{name} does not run in the release").format(name=name)


def _table(manifest: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = manifest.get(name, {})
    if not isinstance(table, Mapping):
        raise BadInput(MANIFEST, _("[{name}] is not a table").format(name=name))
    return table


def _line_of(text: str, key: str) -> int:
    """Where the key is set; 1 if it is not there."""
    lines = enumerate(text.splitlines(), 1)
    return next((n for n, line in lines if line.split("=")[0].strip() == key), 1)
