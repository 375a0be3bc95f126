"""How far may it shrink?"""

from __future__ import annotations

import random

from lab_kernel.cloud_native.autoscale import Memory
from lab_kernel.cloud_native.objects.scaling import Behavior, ScalingRules
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


@exercise("cloud-native/autoscaling/window", title=N_("How far may it shrink?"))
def window(rng: random.Random) -> Problem:
    """The highest recommendation within the window decides, and what is older is forgotten."""
    while True:
        length = rng.choice((300, 300, 120, 180))
        start = rng.randrange(10, 21)
        times = sorted(rng.sample(range(15, 600, 15), 5))
        asked = [rng.randrange(2, start) for _time in times]
        memory, current = Memory(), start
        rules = Behavior(scale_down=ScalingRules(stabilization_window_seconds=length))
        told = []
        for time, wanted in zip([0, *times], [start, *asked], strict=True):
            before = current
            current = memory.follow(time * 1000, current, wanted, 1, 100, rules).replicas
            told.append((time, wanted, current))
        if current != asked[-1] and current < before and max(asked) != current:
            break
    now = times[-1]
    recent = [(time, wanted) for time, wanted, _n in told if time > now - length]
    mistakes: list[Mistake] = [
        (asked[-1], _("That is the newest recommendation. The highest within the window counts.")),
        (min(asked), _("The highest within the window counts, not the lowest.")),
        (max(asked), _("That one is older than the window, and forgotten.")),
        (before, _("What held it there is older than the window by now.")),
        (
            start,
            _("The window has passed since the recommendation of {start}.").format(start=start),
        ),
    ]
    listed = "; ".join(
        _("second {time}: {wanted}").format(time=time, wanted=wanted) for time, wanted, _n in told
    )
    kept = ", ".join(
        _("{wanted} (second {time})").format(time=time, wanted=wanted) for time, wanted in recent
    )
    return Problem(
        prompt=_(
            "There are {start} replicas. Recommendations by the rule: {listed}. The window for the"
            " way down is {length} s, nothing else holds it. How many replicas are there after the"
            " decision of second {now}?"
        ).format(start=start, listed=listed, length=length, now=now),
        expects=_("A whole number."),
        answer=current,
        read=whole,
        explain=recognise(mistakes, _("The highest recommendation of the last {length} s.").format(
            length=length)),
        hints=(
            _("Which recommendations are younger than {length} s in second {now}?").format(
                length=length, now=now),
            _("Those after second {second}. The highest of them counts.").format(
                second=now - length),
            _("They are {kept}.").format(kept=kept),
        ),
        solution=_("Within the window: {kept}. The highest is {answer}.").format(
            kept=kept, answer=current),
    )  # fmt: skip
