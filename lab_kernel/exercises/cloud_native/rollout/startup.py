"""What a startup probe has to tolerate."""

from __future__ import annotations

import random

from lab_kernel.cloud_native.one_pod import Probe, watched
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _

PATIENT = 100  # a failureThreshold that is never reached here


def failures(start: int, period: int) -> int:
    """How many questions fail until the program has started."""
    probe = Probe(period=period, failures=PATIENT)
    done = watched(start=start, startup=probe, until=start + 2 * period + 10)
    return len(done.seconds("Unhealthy"))


@exercise("cloud-native/rollout/startup", title=N_("Time to start"))
def startup(rng: random.Random) -> Problem:
    """The smallest failureThreshold with which the simulated kubelet waits long enough."""
    period = rng.choice((3, 5, 10, 15))
    start = period * rng.randrange(3, 12) + rng.randrange(1, period)
    answer = failures(start, period) + 1
    last = (answer - 1) * period
    return Problem(
        prompt=_(
            "A program needs {start} s to start. Until then nobody listens. Its startup probe has"
            " periodSeconds: {period}, and the first question is asked as soon as the container"
            " runs.\nWhat is the smallest failureThreshold with which it is not killed?"
        ).format(start=start, period=period),
        expects=_("A whole number, such as 30."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    answer - 1,
                    _(
                        "The documentation's product, failureThreshold × periodSeconds, would do."
                        " But the first question comes at once, so the last one comes a period"
                        " earlier than that."
                    ),
                ),
                (
                    start,
                    _("That many seconds; asked is how many questions may fail."),
                ),
            ],
            _("Write down the seconds in which it is asked: 0, {period}, ...").format(
                period=period
            ),
        ),
        hints=(
            _("It is killed by the question that fails as failureThreshold says."),
            _("Questions come in seconds 0, {period}, {next} and so on.").format(
                period=period, next=2 * period
            ),
            _("The first question that can succeed comes in second {last}.").format(last=last),
        ),
        solution=_(
            "{before} questions fail, in seconds 0 to {failed}; the one in second {last} succeeds."
            " {answer} must not be reached."
        ).format(before=answer - 1, failed=last - period, last=last, answer=answer),
    )
