"""Shares of one CPU by nice value: the weights, two schedulers simulated, and a real one."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.wording import percent
from lab_kernel.host import nice as measured
from lab_kernel.kernel.scheduler import WEIGHTS, Job, schedule
from lab_kernel.language import N_, _

SETS = {"0,1,5": "0, 1, 5", "0,5,10,19": "0, 5, 10, 19"}
QUANTUM = 1


def parts(nices: tuple[int, ...]) -> tuple[float, ...]:
    """What the weights promise each."""
    total = sum(WEIGHTS[nice] for nice in nices)
    return tuple(WEIGHTS[nice] / total for nice in nices)


@cache
def simulated(policy: str, nices: tuple[int, ...], ticks: int) -> tuple[float, ...]:
    """The shares of jobs that have not ended, over the first ``ticks``."""
    jobs = [Job(f"nice {nice}", 0, ticks, nice=nice) for nice in nices]
    ran = dict.fromkeys((job.name for job in jobs), 0)
    for segment in schedule(jobs, policy, quantum=QUANTUM).segments:
        ran[segment.job] += max(0, min(segment.end, ticks) - segment.start)
    return tuple(ran[job.name] / ticks for job in jobs)


@explorable(
    "kernel/processes/nice",
    title=N_("What nice is worth"),
    predict=N_("How much of the CPU does nice 5 get beside nice 0 and nice 1?"),
    controls=(
        Choice(name="nices", label=N_("Nice values"), default="0,1,5", options=tuple(SETS.items())),
        Whole(name="ticks", label=N_("Simulated ticks"), low=10, high=2000, default=400),
    ),
)
def nice(nices: str, ticks: int) -> View:
    """The recording is six seconds long whatever the simulations are."""
    values = tuple(map(int, nices.split(",")))
    real = measured.recorded_shares(values)
    found = {
        _("the weights"): parts(values),
        _("EEVDF, simulated"): simulated("eevdf", values, ticks),
        _("CFS, simulated"): simulated("cfs", values, ticks),
        _("Linux, recorded"): real.shares,
    }
    names = [_("nice {value}").format(value=value) for value in values]
    picture = fig.bars(
        [fig.Bar(label, list(zip(names, shares, strict=True))) for label, shares in found.items()],
        title=_("Shares of one CPU"),
        description=" ".join(
            f"{label}: {', '.join(_said(names, shares))}." for label, shares in found.items()
        ),
        total=lambda part: f"{part:.0%}",
    )
    promised = parts(values)
    furthest = max(abs(a - b) for a, b in zip(promised, real.shares, strict=True))
    off = {
        policy: max(
            abs(a - b) for a, b in zip(promised, simulated(policy, values, ticks), strict=True)
        )
        for policy in ("eevdf", "cfs")
    }
    says = _(
        "The weights promise {promised}. Furthest from that: EEVDF {eevdf}, CFS {cfs} after {ticks}"
        " ticks; the real kernel {real} after six seconds ({source})."
    ).format(
        promised=", ".join(_said(names, promised)),
        eevdf=_points(off["eevdf"]),
        cfs=_points(off["cfs"]),
        ticks=f"{ticks:,}",
        real=_points(furthest),
        source=real.source,
    )
    return View((picture,), says)


def _said(names: list[str], shares: tuple[float, ...]) -> list[str]:
    return [f"{name} {percent(share)}" for name, share in zip(names, shares, strict=True)]


def _points(part: float) -> str:
    return _("{points} percentage points").format(points=f"{100 * part:.2f}")
