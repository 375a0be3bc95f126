"""What a container's requests and limits become."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.containers.cgroups import cpu_shares, cpu_weight, group_files
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.language import N_, _


@explorable(
    "containers/cgroups/kubernetes",
    title=N_("Requests and limits, as the kernel sees them"),
    predict=N_(
        "A container requests 250m of CPU and is limited to 500m and 128 MiB. Which numbers stand"
        " in cpu.weight, cpu.max and memory.max?"
    ),
    controls=(
        Whole(name="request", label=N_("CPU request (m)"), low=0, high=16000, default=250),
        Whole(name="limit", label=N_("CPU limit (m), 0 for none"), low=0, high=16000, default=500),
        Whole(
            name="memory", label=N_("Memory limit (MiB), 0 for none"), low=0, high=8192, default=128
        ),
    ),
)
def view(request: int, limit: int, memory: int) -> View:
    """Three files, and where each number comes from."""
    files = group_files(request=request, limit=limit, memory=memory << 20)
    shares = cpu_shares(request or limit)
    straight = cpu_weight(shares, straight=True)
    where = {
        "cpu.weight": _("CPU request: {shares} shares (before runc 1.3.2: {straight})").format(
            shares=shares, straight=straight
        ),
        "cpu.max": _("CPU limit: quota and period in microseconds"),
        "memory.max": _("memory limit in bytes"),
    }
    rows = [
        fig.Row(name, [fig.Cell(value, heavy=True), fig.Cell(where[name])])
        for name, value in files.items()
    ]
    says = _("cpu.weight {weight}, cpu.max {quota}, memory.max {memory}.").format(
        weight=files["cpu.weight"], quota=files["cpu.max"], memory=files["memory.max"]
    )
    table = fig.table(
        (_("value"), _("from")), rows, title=_("Files of the control group"), description=says
    )
    return View((table,), says)
