"""When the last process of a deleted pod is gone."""

from __future__ import annotations

import random

from lab_kernel.cloud_native.one_pod import shutdown
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _


@exercise("cloud-native/rollout/grace", title=N_("The grace period"))
def grace(rng: random.Random) -> Problem:
    """preStop counts; the kubelet itself is asked."""
    allowed = rng.randrange(10, 41)
    pause = rng.choice((0, rng.randrange(2, allowed - 4)))
    stop = rng.randrange(2, 30)
    answer = round(shutdown(pre_stop=pause, stop=stop, grace=allowed, rate=0).ended)
    killed = pause + stop > allowed
    return Problem(
        prompt=_(
            "A pod with terminationGracePeriodSeconds: {grace} is deleted. {hook} After SIGTERM"
            " its program needs {stop} s to finish. After how many seconds is its last process"
            " gone?"
        ).format(
            grace=allowed,
            hook=_("Its preStop hook sleeps {pause} s.").format(pause=pause)
            if pause
            else _("It has no preStop hook."),
            stop=stop,
        ),
        expects=_("Whole seconds from the deletion, such as 30."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    pause + stop,
                    _("By then the grace period is over, and SIGKILL has come."),
                ),
                (
                    pause + allowed,
                    _("The grace period begins with the deletion, not after the hook."),
                ),
                (allowed, _("It need not use up its grace period.")),
                (stop, _("First comes the hook, and only then SIGTERM.")),
            ],
            _("Which comes first: is the program ready with its work, or is the period over?"),
        ),
        hints=(
            _("SIGTERM comes when the hook has ended."),
            _("SIGTERM comes after {pause} s, SIGKILL after {grace} s.").format(
                pause=pause, grace=allowed
            ),
            _("Left to itself the program would be ready after {seconds} s.").format(
                seconds=pause + stop
            ),
        ),
        solution=(
            _("{pause} + {stop} s are more than {grace} s: SIGKILL after {answer} s.")
            if killed
            else _("{pause} + {stop} = {answer} s, within the {grace} s.")
        ).format(pause=pause, stop=stop, grace=allowed, answer=answer),
    )
