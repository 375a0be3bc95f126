"""The release behind a symptom: every link of the chain is needed to find it."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.practice.triage import SERVICES, by_pod, error_ratios, investigate
from lab_kernel.sre.practice.triage import since as first_lost
from lab_kernel.trace import Event, Trace

LETTERS = "bcdfghjklmnpqrstvwxz2456789"  # of a name that a cluster makes up


@exercise("sre/practice/triage", title=N_("Which release?"))
def triage(rng: random.Random) -> Problem:
    """A made trace, asked by the queries of the drill. The guilty service has three releases: one
    long before, one just before the errors and one after them; another has one in between, and
    more lost requests in number, but in pods that were there before."""
    guilty, other, calm = rng.sample(SERVICES, 3)
    changed = rng.randrange(40, 70)
    began = changed + rng.randrange(5, 12)
    older, later = changed - rng.randrange(8, 25), began + rng.randrange(3, 15)
    closer = rng.randrange(changed + 1, began)
    releases = {
        second: (name, f"{name}-{_made_up(rng)}")
        for second, name in (
            (older, guilty),
            (changed, guilty),
            (closer, other),
            (later, guilty),
            (rng.randrange(5, 12), calm),
        )
    }
    lost, noise = rng.randrange(8, 20), rng.randrange(20, 30)
    rows = [_release(second, *names) for second, names in releases.items()]
    rows += _requests(rng, guilty, releases[changed][1], rng.randrange(20, 40), lost, began)
    rows += _requests(rng, other, f"{other}-{_made_up(rng)}", rng.randrange(400, 700), noise, 3)
    rows += _requests(rng, calm, f"{calm}-{_made_up(rng)}", rng.randrange(100, 300), 0, 3)
    trace = Trace(sorted(rows, key=lambda event: event.time))
    found = investigate(trace)
    answer = round(found.changed)
    return Problem(
        prompt=_(
            "Users see errors. What the cluster has recorded:\n{lost}\n{releases}\nIn which second"
            " did the release begin that made the service with the highest error ratio fail?"
        ).format(
            lost="\n".join(_lost(trace, name) for name in SERVICES),
            releases="\n".join(
                _("second {second}: {name} begins replica set {set}").format(
                    second=second, name=releases[second][0], set=releases[second][1]
                )
                for second in sorted(releases)
            ),
        ),
        expects=_("A whole number of seconds, such as 52."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (closer, _("That release is nearest in time, but of another service.")),
                (older, _("The pods that lose requests are not of its replica set.")),
                (later, _("The errors were there before it.")),
                (round(found.since), _("That is the first lost request, not the release.")),
            ],
            _("Which service, since when, which replica set, and then which release?"),
        ),
        hints=(
            _("Divide: lost requests of all requests, service by service. Numbers alone mislead."),
            _("It is {name}, at {ratio}%, since second {since}.").format(
                name=found.service,
                ratio=f"{100 * error_ratios(trace)[found.service]:.0f}",
                since=round(found.since),
            ),
            _("Its bad pods are of replica set {set}.").format(set=found.replica_set),
        ),
        solution=_(
            "{name} loses requests in pods of {set}, which began in second {answer}."
        ).format(name=found.service, set=found.replica_set, answer=answer),
    )


def _made_up(rng: random.Random) -> str:
    return "".join(rng.choices(LETTERS, k=5))


def _release(second: int, service: str, replica_set: str) -> Event:
    message = f"Scaled up replica set {replica_set} from 0 to 1"
    track = f"deployment/{service}"
    return Event(1000 * second, 0, track, "Normal", "ScalingReplicaSet", {"message": message})


def _requests(
    rng: random.Random, service: str, replica_set: str, count: int, lost: int, began: int
) -> list[Event]:
    """``lost`` of ``count``, the first of them in that second, from two pods."""
    pods = [f"{replica_set}-{_made_up(rng)}" for _pod in range(2)]
    rows = []
    for number in range(count):
        kind, outcome = ("lost", "timeout") if number < lost else ("answered", "200")
        second = began + number % 20 if number < lost else number % 100
        tries = {"tries": [[rng.choice(pods), outcome]]}
        rows.append(Event(1000 * second, 9, f"gateway/{service}", kind, f"request {number}", tries))
    return rows


def _lost(trace: Trace, service: str) -> str:
    """One service's line: how many of how many, since when, in which pods."""
    counts = trace.where(track=f"gateway/{service}").counts()
    if not counts["lost"]:
        return _("{name}: 0 of {all} requests lost").format(name=service, all=counts["answered"])
    pods = ", ".join(f"{pod}: {n}" for pod, n in sorted(by_pod(trace, service).items()))
    return _("{name}: {lost} of {all} requests lost, the first in second {since} ({pods})").format(
        name=service,
        lost=counts["lost"],
        all=counts.total(),
        since=round(first_lost(trace, service)),
        pods=pods,
    )
