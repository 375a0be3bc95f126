"""How many learners, how much memory, how many machines."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel import host
from lab_kernel.cloud_native.classroom import (
    Learner,
    allocatable,
    machine,
    nodes,
    per_node,
    present,
)
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.wording import counted
from lab_kernel.language import N_, _

SIZES = (4, 8, 16, 32, 64)  # GiB
MOST = 400  # learners


@cache
def measured() -> tuple[int, int]:
    """MiB of JupyterLab's server, and of the lab's kernel that grew most, as recorded."""
    data = host.recording("classroom").data
    kernels = [entry["VmHWM"] for name, entry in data.items() if "/" in name]
    return _mib(data["server"]["VmHWM"]), _mib(max(kernels))


def _mib(kilobytes: int) -> int:
    return -(-kilobytes // 1024)


@explorable(
    "cloud-native/classroom/size",
    title=N_("How large is your class?"),
    predict=N_(
        "Forty learners, each with two labs open. Does a machine of 16 GiB do? And how many nodes"
        " of 8 GiB would it take?"
    ),
    controls=(
        Whole(name="learners", label=N_("Learners"), low=1, high=MOST, default=40),
        Whole(name="at_once", label=N_("Present at once, per cent"), low=10, high=100, default=100),
        Whole(name="kernels", label=N_("Labs open, each"), low=1, high=4, default=2),
        Choice(
            name="node",
            label=N_("Memory of a node"),
            default="8",
            options=tuple((str(size), f"{size} GiB") for size in SIZES),
        ),
    ),
)
def size(learners: int, at_once: int, kernels: int, node: str) -> View:
    """The memory of one learner, and what it comes to for a class of every size."""
    one = Learner(*measured(), kernels)
    there, gib = present(learners, at_once), int(node)
    single, many = machine(there, one.request), nodes(there, gib, one.request)
    says = _(
        "{present} at once, {request} MiB for each: one machine of {single} GiB, or {nodes} of"
        " {gib} GiB with {room} on each."
    ).format(
        present=counted(there, N_("{n} learner"), N_("{n} learners")),
        request=one.request,
        single=single,
        nodes=counted(many, N_("{n} node"), N_("{n} nodes")),
        gib=gib,
        room=counted(per_node(gib, one.request), N_("{n} pod"), N_("{n} pods")),
    )
    parts = [
        (_("server"), one.server),
        (_("kernels"), one.kernels * one.kernel),
        (_("to spare"), one.headroom),
    ]
    learner = fig.bars(
        [fig.Bar(_("one learner"), parts)],
        title=_("Memory of one learner, MiB"),
        description=", ".join(f"{name} {mib}" for name, mib in parts)
        + f". {host.recording('classroom').source}.",
    )
    crowd = [*range(1, MOST, 3), MOST]
    lines = [
        (_("one machine"), [(n, machine(n, one.request)) for n in crowd]),
        (
            _("nodes of {gib} GiB").format(gib=gib),
            [(n, gib * nodes(n, gib, one.request)) for n in crowd],
        ),
    ]
    bought = fig.step_chart(
        [fig.Series(name, points) for name, points in lines],
        title=_("Memory to pay for, by how many are present"),
        description=_(
            "A node of {gib} GiB has {free} MiB for pods. For {present}: {single} GiB as one"
            " machine, {total} GiB in nodes."
        ).format(
            gib=gib,
            free=f"{allocatable(gib):,}",
            present=counted(there, N_("{n} learner"), N_("{n} learners")),
            single=single,
            total=gib * many,
        ),
        x_label=_("learners present"),
        y_label="GiB",
    )
    numbers = {"request MiB": one.request, "machine GiB": single, "nodes": many}
    return View((learner, bought), says, numbers)
