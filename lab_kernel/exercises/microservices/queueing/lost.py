"""How many find no room when nobody may wait?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.queueing.formulas import erlang_b

OF = 1000


@exercise("microservices/queueing/lost", title=N_("How many find no room?"))
def lost(rng: random.Random) -> Problem:
    """Erlang B by its recursion."""
    while True:
        servers, work = rng.randrange(1, 5), rng.choice((10, 20, 25, 50, 100))
        rate = rng.randrange(2, 80)
        offered = rate * work / 1000
        exact = OF * erlang_b(servers, offered)
        if 0.3 <= offered <= 4 and abs(exact - round(exact)) < 0.35:
            break
    answer = round(exact)
    steps = [1.0]
    for n in range(1, servers + 1):
        steps.append(offered * steps[-1] / (n + offered * steps[-1]))
    mistakes: list[Mistake] = [
        (round(OF * offered / servers), _("That is how busy they would be if nobody were lost.")),
        (round(OF * (1 - steps[-1])), _("That is how many are served.")),
        (round(OF * steps[-2]), _("One step further: there is one more server.")),
        (
            round(OF * max(0.0, 1 - servers / offered)),
            _("Some are lost even when there are enough servers: they come by chance."),
        ),
    ]
    return Problem(
        prompt=_(
            "A service of {servers} workers has no queue: who finds all of them busy is turned"
            " away. {rate} requests a second come at random moments, and each takes {work} ms. How"
            " many of 1,000 are turned away? Erlang: B(0) = 1, B(n) = a·B(n−1) / (n + a·B(n−1)),"
            " with a = {offered}. Round to a whole number."
        ).format(servers=servers, rate=rate, work=work, offered=f"{offered:g}"),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Step by step from B(0) = 1.")),
        hints=(
            _("Begin with B(1) = a / (1 + a)."),
            _("B(1) = {first}. Go on to B({servers}).").format(
                first=f"{steps[1]:.4f}", servers=servers
            ),
            _("B({servers}) = {last}. How many of 1,000 is that?").format(
                servers=servers, last=f"{steps[-1]:.4f}"
            ),
        ),
        solution=_("B({servers}) = {last}, so about {answer} of 1,000.").format(
            servers=servers, last=f"{steps[-1]:.4f}", answer=answer
        ),
    )  # fmt: skip
