"""The same groups, simulated and on a real Linux."""

from __future__ import annotations

from functools import cache
from statistics import median
from typing import Any

from lab_kernel import figures as fig
from lab_kernel.containers.cgroups import Wanted, burst, promised, shares
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.explore.wording import percent
from lab_kernel.host import recording
from lab_kernel.language import N_, _

RECORDING = "cgroups"
SETS = {
    "two": N_("weights 100 and 300"),
    "three": N_("weights 100, 200 and 700"),
    "one sleeps": N_("the same, and c has nothing to run"),
    "groups, not processes": N_("equal weights, one process against three"),
    "nested": N_("a tree: a/x, a/y and b"),
}


def entry(name: str) -> Any:
    return recording(RECORDING).data[name]


def recorded_groups(name: str) -> tuple[dict[str, Wanted], dict[str, float]]:
    """The groups of a set, and what part of the CPU each had on the real Linux."""
    found = entry(f"shares: {name}")["groups"]
    total = sum(each["cpu_ns"] for each in found)
    tree = {each["path"]: Wanted(each["weight"], each["processes"]) for each in found}
    return tree, {each["path"]: each["cpu_ns"] / total for each in found if _leaf(each, tree)}


def _leaf(each: dict[str, Any], tree: dict[str, Wanted]) -> bool:
    return not any(path.startswith(f"{each['path']}/") for path in tree)


@cache
def compared(name: str) -> dict[str, dict[str, float]]:
    """Shares by the rule, simulated and recorded, of the groups that hold processes."""
    tree, real = recorded_groups(name)
    got = shares(tree)
    total = sum(got[path] for path in real)
    rule = promised(tree)
    return {
        "rule": {path: float(rule[path]) for path in real},
        "simulated": {path: got[path] / total for path in real},
        "recorded": real,
    }


@explorable(
    "containers/cgroups/recorded",
    title=N_("Simulated, and recorded"),
    predict=N_(
        "a has one busy process, b has three, and both groups have the same weight. What part of"
        " the CPU does each group get on a real Linux?"
    ),
    controls=(
        Choice(
            name="groups",
            label=N_("Groups"),
            default="groups, not processes",
            options=tuple(SETS.items()),
        ),
    ),
)
def view(groups: str) -> View:
    """Shares above; below, a request of 150 ms under 20 ms in 100."""
    found = compared(groups)
    labels = {
        "rule": _("the rule"),
        "simulated": _("simulated"),
        "recorded": _("Linux, recorded"),
    }
    furthest = max(
        abs(found["recorded"][path] - found["simulated"][path]) for path in found["recorded"]
    )
    bars = fig.bars(
        [fig.Bar(labels[one], list(parts.items())) for one, parts in found.items()],
        title=_("Shares of one CPU, in percent"),
        description=" ".join(
            f"{labels[one]}: {', '.join(f'{p} {percent(v)}' for p, v in parts.items())}."
            for one, parts in found.items()
        ),
        total=lambda part: f"{100 * part:.0f}",
        kinds=list(found["rule"]),
    )
    seconds = entry("request")["seconds"]
    real = {limit: round(1000 * median(times)) for limit, times in seconds.items()}
    limited = next(limit for limit in real if limit != "max")
    ours = {"max": burst(150, None).took, limited: burst(150, 20).took}
    request = fig.bars(
        [
            fig.Bar(f"cpu.max {limit}: {label}", [(_("ms"), of[limit])])
            for limit in real
            for label, of in ((labels["simulated"], ours), (labels["recorded"], real))
        ],
        title=_("A request of 150 ms of CPU, in ms"),
        description=", ".join(f"cpu.max {limit}: {real[limit]} ms" for limit in real) + ".",
    )
    says = _(
        "Shares differ by {points} percentage points at most. A request of 150 ms takes {real} ms"
        " under 20 ms in 100 on the real Linux, {ours} ms simulated ({source})."
    ).format(
        points=f"{100 * furthest:.2f}", real=real[limited], ours=ours[limited],
        source=recording(RECORDING).source,
    )  # fmt: skip
    return View((bars, request), says)
