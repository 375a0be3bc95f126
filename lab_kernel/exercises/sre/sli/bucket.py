"""What histogram_quantile makes of cumulative counts."""

from __future__ import annotations

import random
from itertools import pairwise

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.sli.histogram import Buckets

BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0)
QUANTILES = (50, 80, 90, 95)


@exercise("sre/sli/bucket", title=N_("A quantile from buckets"))
def bucket(rng: random.Random) -> Problem:
    """Not in the last bucket, and a whole number of milliseconds."""
    while True:
        q = rng.choice(QUANTILES)
        counts = [10 * rng.randrange(1, 30) for _bound in BOUNDS] + [rng.choice((0, 10))]
        found = Buckets(BOUNDS)
        found.counts = counts
        exact, around = found.quantile(q / 100), found.around(q / 100)
        assert exact is not None and around is not None
        low, high = (round(1000 * edge) if edge < 9 else 0 for edge in around)
        answer = round(1000 * exact)
        if high and abs(1000 * exact - answer) < 1e-6 and low < answer < high:
            break
    upto = found.cumulative()
    place = BOUNDS.index(high / 1000)
    below, inside = upto[place] - counts[place], counts[place]
    wanted = q * found.count / 100
    mistakes: list[Mistake] = [
        (high, _("That is the upper bound: the worst it can be. histogram_quantile interpolates.")),
        (low, _("That is the lower bound: it is more than that.")),
        ((low + high) // 2, _("The middle, whatever the rank. It goes as far as the rank goes.")),
        (
            round(low + (high - low) * (1 - (wanted - below) / inside)),
            _("Measured from the upper bound. Begin at the lower one."),
        ),
    ]
    listed = "\n".join(
        f'le="{bound:g}": {count}' for bound, count in zip(BOUNDS, upto, strict=False)
    )
    assert all(a <= b for a, b in pairwise(upto))
    return Problem(
        prompt=_(
            'Counts of a histogram, in seconds:\n{listed}\nle="+Inf": {all}\nWhat does'
            " histogram_quantile({q}, …) answer, in ms?"
        ).format(listed=listed, all=upto[-1], q=f"{q / 100:g}"),
        listing=f'{listed}\nle="+Inf": {upto[-1]}',
        expects=_("A whole number of milliseconds."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Find the bucket with the rank, then go into it evenly.")),
        hints=(
            _("The counts are cumulative: each has those before it, too."),
            _("{q}% of {all} are {wanted}: the first bucket to reach it ends at {high} ms.").format(
                q=q, all=found.count, wanted=f"{wanted:g}", high=high
            ),
            _("{below} are below {low} ms, {inside} are in the bucket.").format(
                below=below, low=low, inside=inside
            ),
        ),
        solution=_(
            "{low} + ({high} − {low}) × ({wanted} − {below}) / {inside} = {answer} ms. The true one"
            " is somewhere from {low} to {high} ms."
        ).format(
            low=low, high=high, wanted=f"{wanted:g}", below=below, inside=inside, answer=answer
        ),
    )
