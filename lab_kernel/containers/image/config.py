"""The config of an image: what to start, with which environment, and which layers belong to it.

Source: OCI image-spec, ``config.md``. What this package does not use itself (ports, volumes, stop
signal ...) is kept as it was read. The image's ID is the digest of this object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lab_kernel.containers.image.digest import damaged, part, texts
from lab_kernel.language import _

MEDIA_TYPE = "application/vnd.oci.image.config.v1+json"
EPOCH = "1970-01-01T00:00:00Z"  # a time of building would be in the digest
# what an image is for unless it is said: a machine's own would be in the digest
ARCHITECTURE, SYSTEM = "amd64", "linux"
# the names that Go has for them (GOARCH), which the spec asks for: those that Linux runs on
ARCHITECTURES = (
    "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64",
    "ppc64le", "riscv64", "s390x",
)  # fmt: skip


@dataclass(frozen=True)
class Config:
    """``env`` by name in its order; ``history`` has an entry for each step of the build.

    ``argv`` is what a runtime starts. ``rest`` and ``top`` are the properties that are only kept.
    """

    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    user: str = ""
    workdir: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    architecture: str = ARCHITECTURE
    system: str = SYSTEM
    diff_ids: tuple[str, ...] = ()
    history: tuple[Mapping[str, Any], ...] = ()
    created: str = EPOCH
    rest: Mapping[str, Any] = field(default_factory=dict)
    top: Mapping[str, Any] = field(default_factory=dict)

    @property
    def platform(self) -> str:
        return f"{self.system}/{self.architecture}"

    @property
    def argv(self) -> tuple[str, ...]:
        return self.entrypoint + self.cmd

    def to_json(self) -> dict[str, Any]:
        run = dict(self.rest) | {
            "Entrypoint": list(self.entrypoint),
            "Cmd": list(self.cmd),
            "Env": [f"{name}={value}" for name, value in self.env.items()],
            "User": self.user,
            "WorkingDir": self.workdir,
            "Labels": dict(self.labels),
        }
        created = {"created": self.created} if self.created else {}
        return (
            dict(self.top)
            | created
            | {
                "architecture": self.architecture,
                "os": self.system,
                "config": {name: value for name, value in run.items() if value not in ([], {}, "")},
                "rootfs": {"type": "layers", "diff_ids": list(self.diff_ids)},
                "history": [dict(step) for step in self.history],
            }
        )


def read_config(value: Any, where: str = "config") -> Config:
    """The config from its JSON object; BadInput says what is missing."""
    run = part(value, where, "config", dict, {})
    rootfs = part(value, where, "rootfs", dict)
    if part(rootfs, where, "type", str) != "layers":
        raise damaged(where, _("“{name}” is missing or of the wrong kind").format(name="type"))
    history = part(value, where, "history", list, [])
    labels = part(run, where, "Labels", dict, {})
    if not all(isinstance(step, dict) for step in history) or not all(
        isinstance(text, str) for text in labels.values()
    ):
        raise damaged(where, _("“{name}” is missing or of the wrong kind").format(name="history"))
    env = (pair.partition("=") for pair in texts(run, where, "Env"))
    ours = {"Entrypoint", "Cmd", "Env", "User", "WorkingDir", "Labels"}
    written = {"created", "architecture", "os", "config", "rootfs", "history"}
    return Config(
        entrypoint=texts(run, where, "Entrypoint"),
        cmd=texts(run, where, "Cmd"),
        env={name: text for name, _equals, text in env},
        user=part(run, where, "User", str, ""),
        workdir=part(run, where, "WorkingDir", str, ""),
        labels=labels,
        architecture=part(value, where, "architecture", str),
        system=part(value, where, "os", str),
        diff_ids=texts(rootfs, where, "diff_ids"),
        history=tuple(history),
        created=part(value, where, "created", str, ""),
        rest={name: kept for name, kept in run.items() if name not in ours},
        top={name: kept for name, kept in value.items() if name not in written},
    )
