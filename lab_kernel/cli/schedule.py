"""``lab-kernel schedule``: which job runs when, and how long the others wait."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import Parser, text, whole
from lab_kernel.errors import BadInput
from lab_kernel.kernel.scheduler import POLICIES, Job, Schedule, parse_jobs, releases, schedule
from lab_kernel.language import N_, _

summary = N_("Scheduling: run jobs under a policy and say who waited how long.")
example = 'schedule --policy rr --jobs "A:0:10,B:5:3:nice=5" --quantum 2'

MOST = 1_000_000
MOST_TICKS = 100_000  # of CPU in all: a few seconds when each is a decision
_MLFQ = ("queues", "allotment", "boost", "io_bump", "stay")


def arguments(parser: Parser, words: Sequence[str]) -> None:
    parser.add_argument(
        "--policy", choices=list(POLICIES), default="rr", help=_("who runs next (default: rr)")
    )
    parser.add_argument(
        "--jobs",
        required=True,
        metavar="NAME:ARRIVAL:BURST,...",
        help=_(
            "the jobs; each may go on with :nice=N, priority=N, tickets=N, period=N, deadline=N,"
            " io=AFTER/LENGTH, slice=N, cpu=N"
        ),
    )
    parser.add_argument(
        "--quantum",
        default="2",
        metavar="N",
        help=_("ticks before the next decision (default: 2); with mlfq also one a level: 2,4,8"),
    )
    parser.add_argument(
        "--cpus", type=whole(1, 64), default=1, metavar="N", help=_("how many CPUs (default: 1)")
    )
    parser.add_argument(
        "--per-cpu",
        action="store_true",
        help=_("a queue for each CPU, with work stealing, instead of one for all"),
    )
    parser.add_argument(
        "--switch-cost",
        type=whole(0, MOST),
        default=0,
        metavar="N",
        help=_("ticks that a switch to another job takes (default: 0)"),
    )
    parser.add_argument(
        "--seed",
        type=whole(0, 1 << 32),
        default=0,
        metavar="N",
        help=_("of the lottery (default: 0)"),
    )
    parser.add_argument(
        "--aging",
        type=whole(0, MOST),
        metavar="N",
        help=_("with priority: this many ticks of waiting are worth one priority"),
    )
    mlfq = parser.add_argument_group(_("with mlfq"))
    mlfq.add_argument(
        "--queues", type=whole(1, 64), metavar="N", help=_("how many levels (default: 3)")
    )
    mlfq.add_argument(
        "--allotment",
        metavar="N",
        help=_("quanta before a job goes one level down (default: 1); also one a level"),
    )
    mlfq.add_argument(
        "--boost",
        type=whole(0, MOST),
        metavar="N",
        help=_("every N ticks all jobs go to the top (default: 0, never)"),
    )
    mlfq.add_argument(
        "--io-bump",
        action="store_true",
        default=None,
        help=_("a job that comes back from I/O goes to the head of its level"),
    )
    mlfq.add_argument(
        "--stay",
        action="store_true",
        default=None,
        help=_("a job that comes back from I/O gets its quantum and allotment anew"),
    )


def run(args: argparse.Namespace) -> int:
    jobs = parse_jobs(args.jobs)
    total = sum(job.burst for job in releases(jobs))
    if total > MOST_TICKS:
        raise BadInput(
            "jobs",
            _("{total} ticks of CPU in all; at most {most} are possible").format(
                total=total, most=MOST_TICKS
            ),
        )
    _timely(args.policy, jobs)
    done = schedule(
        jobs,
        args.policy,
        cpus=args.cpus,
        per_cpu=args.per_cpu,
        switch_cost=args.switch_cost,
        seed=args.seed,
        **_settings(args),
    )
    if args.json:
        print_json(report(done))
    else:
        _print(done)
    return 0


def report(done: Schedule) -> dict[str, object]:
    """The run as a JSON object."""
    jobs = []
    for job in done.jobs:
        row: dict[str, object] = {
            "name": job.name,
            "arrival": job.arrival,
            "burst": job.burst,
            "first_run": job.first_run,
            "finish": job.finish,
            "response": job.response,
            "turnaround": job.turnaround,
            "waiting": job.waiting,
        }
        if job.due is not None:
            row |= {"due": job.due, "missed": job.finish > job.due}
        jobs.append(row)
    return {
        "policy": done.policy,
        "jobs": jobs,
        "mean": done.mean._asdict(),
        "makespan": done.makespan,
        "context_switches": done.context_switches,
        "segments": [segment._asdict() for segment in done.segments],
    }


def _settings(args: argparse.Namespace) -> dict[str, object]:
    """What this policy takes of the options; an option of another one is refused."""
    if args.policy == "mlfq":
        return _mlfq(args)
    for option in _MLFQ:
        if getattr(args, option) is not None:
            raise BadInput(option, _("goes with --policy {policy}").format(policy="mlfq"))
    if "," in args.quantum:
        raise BadInput(
            "quantum",
            _("a list, one for each level, goes with --policy {policy}").format(policy="mlfq"),
        )
    quantum = _one("quantum", args.quantum)  # read for all, so that a script may give it to all
    if args.policy == "priority":
        return {"aging": args.aging or 0}
    if args.aging is not None:
        raise BadInput("aging", _("goes with --policy {policy}").format(policy="priority"))
    return {"quantum": quantum} if args.policy in _WITH_QUANTUM else {}


def _timely(policy: str, jobs: Sequence[Job]) -> None:
    """A policy for deadlines has nothing to go by where no job has one; some may have none."""
    if policy == "rm" and all(job.period is None for job in jobs):
        raise BadInput(
            "jobs", _("--policy rm goes by the period: give at least one job a :period=N")
        )
    if policy == "edf" and all(job.period is None and job.deadline is None for job in jobs):
        raise BadInput(
            "jobs",
            _("--policy edf goes by deadlines: give at least one job a :deadline=N or a :period=N"),
        )


_WITH_QUANTUM = ("rr", "lottery", "stride", "cfs", "eevdf")


def _mlfq(args: argparse.Namespace) -> dict[str, object]:
    quantum = _list("quantum", args.quantum)
    allotment = _list("allotment", args.allotment or "1")
    queues = args.queues or max(len(quantum), len(allotment), 1)
    if not args.queues and queues == 1:
        queues = 3
    for option, values in (("quantum", quantum), ("allotment", allotment)):
        if len(values) not in (1, queues):
            raise BadInput(
                option,
                _("{count} values for {queues} levels; give one, or one for each").format(
                    count=len(values), queues=queues
                ),
            )
    return {
        "quantum": quantum * queues if len(quantum) == 1 else quantum,
        "allotment": allotment * queues if len(allotment) == 1 else allotment,
        "boost": args.boost or 0,
        "bump": bool(args.io_bump),
        "stay": bool(args.stay),
    }


def _list(option: str, words: str) -> list[int]:
    return [_one(option, word) for word in words.split(",")]


def _one(option: str, word: str) -> int:
    try:
        return whole(1, MOST)(word.strip())
    except argparse.ArgumentTypeError as error:
        raise BadInput(option, str(error)) from None


def _print(done: Schedule) -> None:
    head = [_("job"), _("arrival"), _("burst"), _("first run"), _("finish")]
    head += [_("response"), _("turnaround"), _("waiting")]
    rows: list[list[object]] = [
        [
            *(text(job.name), job.arrival, job.burst, job.first_run, job.finish),
            *(job.response, job.turnaround, job.waiting),
        ]
        for job in done.jobs
    ]
    if any(job.due is not None for job in done.jobs):
        head += [_("due"), _("missed")]
        for row, job in zip(rows, done.jobs, strict=True):
            late = job.due is not None and job.finish > job.due
            row += ["-" if job.due is None else str(job.due), "*" if late else ""]
    print(columns([head, *rows], indent=""))
    mean = done.mean
    print(
        "\n"
        + _("mean: response {response}, turnaround {turnaround}, waiting {waiting}").format(
            response=f"{mean.response:.2f}",
            turnaround=f"{mean.turnaround:.2f}",
            waiting=f"{mean.waiting:.2f}",
        )
    )
    print(
        _("makespan {makespan}, context switches {switches}").format(
            makespan=done.makespan, switches=done.context_switches
        )
    )
    print()
    print(
        columns(
            [
                (f"CPU {segment.cpu}", text(segment.job), f"{segment.start}-{segment.end}")
                for segment in done.segments
            ],
            indent="",
        )
    )
