"""When a program that hangs is killed, or gets no requests any more."""

from __future__ import annotations

import random

from lab_kernel.cloud_native.one_pod import Probe, watched
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _

KINDS = {
    "livenessProbe": N_("ended by the kubelet"),
    "readinessProbe": N_("taken out of its service"),
}


def noticed(kind: str, probe: Probe, hang: int) -> int:
    """The second, from the container's start, in which the probe has its consequence."""
    until = hang + probe.initial + (probe.failures + 2) * probe.period + 20
    if kind == "livenessProbe":
        done = watched(start=1, liveness=probe, hang_after=hang, until=until)
        return round(done.seconds("Killing")[0])
    done = watched(start=1, readiness=probe, hang_after=hang, until=until)
    rows = [e for e in done.trace if e.track.startswith("node-1/web") and e.kind == "ready"]
    last = rows[-1]
    return round((last.time + last.duration - done.began) / 1000)


@exercise("cloud-native/rollout/hung", title=N_("How long until somebody notices?"))
def hung(rng: random.Random) -> Problem:
    """Asked of the simulated kubelet; the program hangs between two questions."""
    kind = rng.choice(list(KINDS))
    probe = Probe(
        period=rng.choice((5, 10, 20)),
        failures=rng.randrange(1, 6),
        timeout=rng.randrange(1, 4),
        initial=rng.choice((5, 10, 15)),
    )
    turn = rng.randrange(1, 5)
    hang = probe.initial + turn * probe.period + rng.randrange(1, probe.period)
    answer = noticed(kind, probe, hang)
    first = probe.initial + (turn + 1) * probe.period
    return Problem(
        prompt=_(
            "A container has the {kind}\ninitialDelaySeconds: {initial}\nperiodSeconds:"
            " {period}\ntimeoutSeconds: {timeout}\nfailureThreshold: {failures}\nIn second {hang}"
            " after its start the program hangs: it takes connections and answers nothing. In which"
            " second is it {what}?"
        ).format(
            kind=kind,
            initial=probe.initial,
            period=probe.period,
            timeout=probe.timeout,
            failures=probe.failures,
            hang=hang,
            what=_(KINDS[kind]),
        ),
        expects=_("A second after the container's start, such as 61."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    answer - probe.timeout,
                    _("A question that nobody answers has failed only when its time is up."),
                ),
                (
                    hang + probe.failures * probe.period,
                    _("The questions keep their own rhythm, whenever the program hangs."),
                ),
                (
                    hang + probe.failures * probe.period + probe.timeout,
                    _("The questions keep their own rhythm, whenever the program hangs."),
                ),
                (
                    answer + probe.period,
                    _("The first question after it hangs fails already."),
                ),
                (
                    answer - probe.period,
                    _("One question fewer has failed by then."),
                ),
            ],
            _("Count the questions from the first that fails."),
        ),
        hints=(
            _("Questions come in seconds {initial}, {next} and so on.").format(
                initial=probe.initial, next=probe.initial + probe.period
            ),
            _("The first one that fails is asked in second {first}.").format(first=first),
            _("Asked in second {last}, the last one has failed {timeout} s later.").format(
                last=first + (probe.failures - 1) * probe.period, timeout=probe.timeout
            ),
        ),
        solution=_("It takes {first} + {more} × {period} + {timeout} = {answer}.").format(
            first=first,
            more=probe.failures - 1,
            period=probe.period,
            timeout=probe.timeout,
            answer=answer,
        ),
    )
