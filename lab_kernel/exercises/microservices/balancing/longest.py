"""Who gets the next request, with fresh news and with old."""

from __future__ import annotations

import random
from collections.abc import Sequence

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.balancing.policies import Choices

NAMES = "ABCDEF"


class _Given(random.Random):
    """Chance that draws the pairs of the problem, one after the other."""

    def __init__(self, pairs: Sequence[tuple[int, int]]) -> None:
        super().__init__(0)
        self._pairs = iter(pairs)

    def sample(self, *_from: object, **_more: object) -> list[int]:  # type: ignore[override]
        return list(next(self._pairs))


def sent(lengths: Sequence[int], pairs: Sequence[tuple[int, int]], *, fresh: bool) -> list[int]:
    """The queues after the best of two has placed a request for each pair."""
    after, seen = list(lengths), list(lengths)
    policy, chance = Choices(2), _Given(pairs)
    for _pair in pairs:
        after[policy.pick(after if fresh else seen, chance)] += 1
    return after


@exercise("microservices/balancing/longest", title=N_("How long does the queue get?"))
def longest(rng: random.Random) -> Problem:
    """Drawn until fresh and old news end differently. No two drawn are equal when compared."""
    while True:
        lengths = [rng.randrange(0, 7) for _name in NAMES]
        emptiest = lengths.index(min(lengths))
        others = [n for n in range(len(NAMES)) if n != emptiest]
        pairs = []
        for _request in range(rng.randrange(4, 8)):
            first, second = rng.sample(others, 2)
            pairs.append((emptiest if rng.random() < 0.7 else first, second))
        outcomes = [sent(lengths, pairs, fresh=fresh) for fresh in (True, False)]
        if outcomes[0][emptiest] != outcomes[1][emptiest] and len(set(lengths)) > 3:
            break
    fresh = rng.random() < 0.5
    answer, other = (outcomes[n][emptiest] for n in ((0, 1) if fresh else (1, 0)))
    drawn = sum(emptiest in pair for pair in pairs)
    what = {
        "name": NAMES[emptiest],
        "list": ", ".join(f"{name} {n}" for name, n in zip(NAMES, lengths, strict=True)),
        "pairs": ", ".join(NAMES[a] + NAMES[b] for a, b in pairs),
        "start": lengths[emptiest],
        "answer": answer,
    }
    how = (
        _("It knows every queue at every moment.")
        if fresh
        else _("It looked once, before the first of them, and decides all of them by that.")
    )
    return Problem(
        prompt=_(
            "Requests at six servers: {list}. A balancer draws two servers for each request and"
            " takes the one with fewer, the first drawn if they are equal. It draws, in this order:"
            " {pairs}.\n{how} Nobody leaves meanwhile. How many requests does {name} have then?"
        ).format(how=how, **what),
        expects=_("A number of requests, such as 5."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (other, _("That is with news of another age: what does the balancer know?")),
                (lengths[emptiest] + drawn, _("It is drawn so often, but is it always shorter?")),
                (lengths[emptiest], _("It is the shortest, and some requests draw it.")),
            ],
            _("Go through the pairs one by one, and note what each adds."),
        ),
        hints=(
            _("{name} has {start} at first. Only pairs with {name} in them matter to it.").format(
                **what
            ),
            _("Compare by the queues as they are after each request.")
            if fresh
            else _("Compare by the first list each time: it does not change."),
            _("{name} gets {more} of them.").format(more=answer - lengths[emptiest], **what),
        ),
        solution=_("{start} + {more} = {answer}.").format(more=answer - lengths[emptiest], **what)
        + " "
        + (
            _("With old news it would have {other}.")
            if fresh
            else _("With fresh news it would have {other}.")
        ).format(other=other),
    )
