"""In which order the moments of the race at the end of a pod come."""

from __future__ import annotations

import random
import re
from itertools import pairwise
from typing import Any

from lab_kernel.cloud_native.one_pod import Shutdown, shutdown
from lab_kernel.errors import BadInput
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _

MOMENTS = {
    "sigterm": N_("the program gets SIGTERM"),
    "learned": N_("the gateway takes the pod off its list"),
    "ended": N_("the last process of the pod is gone"),
    "out": N_("the store's endpoints no longer have it as ready"),
}


def letters(given: Any) -> str:
    """``CABD``, however it is divided."""
    word = re.sub(r"[\s,>→<-]+", "", str(given)).upper()
    if sorted(word) != ["A", "B", "C", "D"]:
        message = _("“{given}” is not the letters A, B, C and D in some order").format(given=given)
        raise BadInput("answer", message)
    return word


def moments(done: Shutdown) -> dict[str, float]:
    return {name: getattr(done, name) for name in MOMENTS}


@exercise("cloud-native/rollout/order", title=N_("Who is first?"))
def order(rng: random.Random) -> Problem:
    """Drawn until no two moments are close, as the simulated cluster has them."""
    while True:
        pause, delay, stop = rng.randrange(1, 13), rng.randrange(1, 13), rng.randrange(1, 13)
        allowed = rng.choice((15, 30))
        when = moments(shutdown(pre_stop=pause, delay=delay, stop=stop, grace=allowed, rate=0))
        times = sorted(when.values())
        if all(later - earlier > 0.5 for earlier, later in pairwise(times)):
            break
    names = list(MOMENTS)
    rng.shuffle(names)
    called = dict(zip(names, "ABCD", strict=True))
    answer = "".join(called[name] for name in sorted(names, key=lambda name: when[name]))
    lost = when["sigterm"] < when["learned"]
    swapped = (
        answer.replace(called["sigterm"], "?")
        .replace(called["learned"], called["sigterm"])
        .replace("?", called["learned"])
    )
    return Problem(
        prompt=_(
            "A pod is deleted. Its preStop hook sleeps {pause} s, after SIGTERM the program needs"
            " {stop} s, and the grace period is {grace} s. The news takes {delay} s to the"
            " gateway.\n{list}\nIn which order do they come?"
        ).format(
            pause=pause,
            stop=stop,
            grace=allowed,
            delay=delay,
            list="\n".join(f"{called[name]}: {_(MOMENTS[name])}" for name in names),
        ),
        expects=_("Four letters, such as BADC."),
        answer=answer,
        read=letters,
        explain=recognise(
            [
                (
                    swapped,
                    _("Neither waits for the other: compare the hook with the way of the news."),
                ),
            ],
            _("Write the second beside each of the four."),
        ),
        hints=(
            _("The kubelet and the news set out at the same moment, the deletion."),
            _("SIGTERM comes after {pause} s, the news arrives after {delay} s.").format(
                pause=pause, delay=delay
            ),
            _("First comes {first}, last {last}.").format(first=answer[0], last=answer[-1]),
        ),
        solution=", ".join(
            _("{letter} after {second} s").format(letter=called[name], second=f"{when[name]:.1f}")
            for name in sorted(names, key=lambda name: when[name])
        )
        + ". "
        + (
            _("Between SIGTERM and the news requests are lost.")
            if lost
            else _("The news is there before SIGTERM: nothing is lost.")
        ),
    )
