"""What perf saw of a real CPU, and the same processes simulated, in the same picture."""

from __future__ import annotations

from collections import Counter

from lab_kernel import figures as fig
from lab_kernel import host
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.kernel.processes import rows
from lab_kernel.explore.wording import percent
from lab_kernel.kernel.scheduler import Job, schedule
from lab_kernel.language import N_, _
from lab_kernel.trace import Trace

WHO = {
    "linux": N_("Linux, recorded"),
    "eevdf": N_("EEVDF, simulated"),
    "cfs": N_("CFS, simulated"),
    "rr": N_("Round robin, simulated"),
}
NAMES = ("nice 0", "nice 1", "nice 5", "sleeper")
MILLISECOND = 1000  # the recording counts microseconds
SPAN = 300  # ms
SHOWN = 100  # of them in one picture
TIMER = 4  # ms: this kernel looks at its timer 250 times a second

# A tick is a millisecond; the sleeper is away 10 to 15 of them and then runs for one.
JOBS = [
    *(Job(f"nice {nice}", 0, SPAN, nice=nice) for nice in (0, 1, 5)),
    Job("sleeper", 0, 30, io=(1, 12)),
]


def seen(who: str) -> tuple[Trace, int]:
    """The rows, and how many ticks of theirs a millisecond has."""
    if who == "linux":
        text: str = host.recording("sched").data["run"]["output"]
        trace = rows.of_recording(host.read_perf(text.splitlines()), NAMES)
        return trace, MILLISECOND
    done = schedule(JOBS, who, quantum=TIMER)
    return rows.cut(rows.of_schedule(done), 0, SPAN), 1


@explorable(
    "kernel/processes/recorded",
    title=N_("A real CPU, switch by switch"),
    predict=N_("Four processes on one CPU for 0.3 s: how long does each run before the next one?"),
    controls=(
        Choice(name="who", label=N_("Scheduler"), default="linux", options=tuple(WHO.items())),
        Whole(name="start", label=N_("From, in milliseconds"), low=0, high=SPAN - SHOWN, default=0),
    ),
)
def recorded(who: str, start: int) -> View:
    """Rows for three processes that compute and one that mostly sleeps."""
    trace, unit = seen(who)
    runs = trace.where(kind=_(rows.RUNNING))
    ran: Counter[str] = Counter()
    for event in runs:
        ran[event.track] += event.duration
    lengths = sorted(event.duration / unit for event in runs if event.track != "sleeper")
    shares = ", ".join(f"{name} {percent(round(ran[name] / ran.total(), 3))}" for name in NAMES)
    source = ""
    if who == "linux":
        source = " " + _("{source}.").format(source=_capital(str(host.recording("sched").source)))
    says = _(
        "{who}: {stays} stays on the CPU; the median one of the busy three lasts {median} ms."
        " Shares: {shares}."
    ).format(
        who=_(WHO[who]),
        stays=len(runs),
        median=round(lengths[len(lengths) // 2]),
        shares=shares,
    )
    picture = fig.timeline(
        rows.cut(trace, start * unit, (start + SHOWN) * unit),
        title=_("{who}: four processes on one CPU").format(who=_(WHO[who])),
        description=_("Shares of the CPU: {shares}.").format(shares=shares),
        x_label=_("milliseconds"),
        kinds=rows.states(),
        unit=unit,
    )
    return View((picture,), says + source)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
