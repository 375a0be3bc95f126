"""Starting a container step by step: what its process sees, simulated and on a real Linux."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from lab_kernel import figures as fig
from lab_kernel.containers.runtime.config import USUAL, Config, Limits
from lab_kernel.containers.runtime.look import Seen
from lab_kernel.containers.runtime.runtime import Bundle, Runtime
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.explore.containers.runtime import wording
from lab_kernel.host import containers as recording
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.security import ROOT, Capability
from lab_kernel.kernel.syscalls import Nanosleep
from lab_kernel.language import N_, _

ORDINARY = 1000
FIELDS = {
    "pid": N_("own number (getpid)"),
    "uid": N_("user"),
    "nodename": N_("host name"),
    "processes": N_("processes in /proc"),
    "files": N_("names in /"),
    "mounts": N_("mounts"),
    "cgroup": N_("control group"),
    "own": N_("namespaces of its own"),
    "capabilities": N_("capabilities"),
    "walls": N_("further walls"),
}


def _sleeper() -> Any:
    while True:
        yield Nanosleep(1000)


@cache
def simulated(who: str) -> dict[str, Seen]:
    """A start on a machine with a few other processes; what was seen, by step."""
    uid = ORDINARY if who == "user" else 0
    root = "/home/user/box" if uid else "/srv/box"
    machine = Machine(files={f"{root}/bin/app": _sleeper, "/etc/passwd": "root:x:0:0\n"})
    for path in (root, f"{root}/bin"):
        machine.files.chown(path, ROOT, uid, uid)
    for name in ("sshd", "cron", "database"):
        machine.spawn(_sleeper, name=name, uid=0)
    machine.run(5)
    config = Config(
        args=("/bin/app",),
        readonly=True,
        namespaces=USUAL | ({"user"} if uid else set()),
        limits=Limits(pids=20),
    )
    return Runtime(machine, uid, watch=True).create("box", Bundle(root, config)).start.seen


@cache
def recorded(who: str) -> dict[str, Seen]:
    return {
        step: replace(Seen(**seen), files=tuple(seen["files"]))
        for step, seen in recording.seen(who).items()
    }


def told(seen: Seen, host: Seen) -> dict[str, str]:
    """Each field as a cell says it."""
    walls = [
        name
        for name, up in (
            ("no_new_privs", seen.no_new_privs),
            ("seccomp", seen.seccomp),
            (_("read-only"), seen.readonly),
        )
        if up
    ]
    return {
        "pid": str(seen.pid),
        "uid": str(seen.uid),
        "nodename": seen.nodename,
        "processes": str(seen.processes),
        "files": " ".join(seen.files) if len(seen.files) < 6 else str(len(seen.files)),
        "mounts": str(seen.mounts),
        "cgroup": seen.cgroup,
        "own": " ".join(seen.own(host)) or _("none"),
        "capabilities": f"{seen.capabilities.bit_count()} ({seen.capabilities:x})",
        "walls": ", ".join(walls) or _("none"),
    }


@explorable(
    "containers/runtime/steps",
    title=N_("A container, step by step"),
    predict=N_(
        "The process has a PID namespace of its own and is number 1 in it. How many processes does"
        " it see in /proc?"
    ),
    controls=(
        Choice(
            name="step",
            label=N_("After the step"),
            default="fork",
            options=tuple(wording.STEPS.items()),
        ),
        Choice(
            name="who",
            label=N_("Started by"),
            default="root",
            options=(("root", N_("root")), ("user", N_("an ordinary user"))),
        ),
    ),
)
def steps(step: str, who: str) -> View:
    """What changes with this step is framed."""
    sides = {_("simulated"): simulated(who), _("real Linux"): recorded(who)}
    missing = step not in simulated(who)
    here = "host" if missing else step
    order = list(simulated(who))
    before = order[max(0, order.index(here) - 1)]
    columns = []
    for seen in sides.values():
        now, earlier = (told(seen[one], seen["host"]) for one in (here, before))
        columns.append({name: (now[name], now[name] != earlier[name]) for name in FIELDS})
    changed, same = _("changed by this step"), _("as before")
    rows = [
        fig.Row(
            _(FIELDS[name]),
            [
                fig.Cell(column[name][0], changed if column[name][1] else same, column[name][1])
                for column in columns
            ],
        )
        for name in FIELDS
    ]
    new = [_(FIELDS[name]) for name in FIELDS if columns[0][name][1]]
    if missing:
        says = _("Root needs no user namespace: nothing is done, and it sees what the host does.")
    elif not new:
        says = _("{step}: nothing of what we ask about looks different.").format(
            step=_(wording.STEPS[here])
        )
    else:
        says = _("{step}. Changed: {what}.").format(
            step=_(wording.STEPS[here]), what=", ".join(new)
        )
    picture = fig.table(
        list(sides),
        rows,
        title=_("What the process sees"),
        description=" ".join(
            f"{row.head}: {' / '.join(cell.words for cell in row.cells)}." for row in rows
        ),
        states=(changed, same),
        quiet=same,
    )
    lacking = _lacking(simulated(who)[here], recorded(who)[here])
    if lacking:
        says += " " + _("The recorded machine lacks {names}.").format(names=", ".join(lacking))
    return View((picture,), f"{says} ({recording.source()}).")


def _lacking(ours: Seen, real: Seen) -> list[str]:
    """The capabilities that the recorded process has not, because its machine had them not."""
    return [
        f"CAP_{one.name}"
        for one in Capability
        if (ours.capabilities & ~real.capabilities) >> one.value & 1
    ]
