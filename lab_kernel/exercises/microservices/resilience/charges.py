"""How often a card is charged, with and without a key."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.resilience.payments import Ledger

# What became of a try: (words, whether it reached the service, the pod charges or looks up)
ENDS = {
    "refused": N_("connection refused"),
    "full": N_("503, the queue was full"),
    "late": N_("timed out; the pod went on and finished"),
    "lost": N_("finished, but the answer was lost"),
}
REACHED = ("late", "lost")
KEYS = {
    "none": N_("The tries carry no key."),
    "own": N_("All carry the same idempotency key. Each pod keeps the keys that it has seen."),
    "shared": N_("All carry the same idempotency key. The keys are in one store for all pods."),
}


def charged(tries: list[tuple[str, int]], keys: str) -> int:
    """How often the ledgers charge for these tries: (end, pod) each."""
    ledgers = {pod: Ledger() for _end, pod in tries}
    first = next(iter(ledgers.values()))
    count = 0
    for end, pod in tries:
        if end not in REACHED and end != "answered":
            continue
        ledger, key = (first if keys == "shared" else ledgers[pod]), None if keys == "none" else "k"
        if ledger.begin("sale", key) is None:
            ledger.end("sale", key)
            count += 1
    return count


@exercise("microservices/resilience/charges", title=N_("How often is the card charged?"))
def charges(rng: random.Random) -> Problem:
    """The last try is answered; of those before it at least one was done unseen."""
    while True:
        ends = [rng.choice(list(ENDS)) for _try in range(rng.randrange(2, 5))]
        tries = [*((end, rng.randrange(1, 3)) for end in ends), ("answered", rng.randrange(1, 3))]
        keys = rng.choice(list(KEYS))
        if any(end in REACHED for end in ends):
            break
    answer = charged(tries, keys)
    reached = [(end, pod) for end, pod in tries if end in (*REACHED, "answered")]
    pods = len({pod for _end, pod in reached})
    listed = "\n".join(
        _("try {n}, pod {pod}: {end}").format(
            n=number, pod=pod, end=_(ENDS[end]) if end in ENDS else _("answered 200")
        )
        for number, (end, pod) in enumerate(tries, 1)
    )
    return Problem(
        prompt=_(
            "A shop wants to charge a card once, and tries until it gets an answer. No two tries"
            " are at work at the same time. {keys}\n{list}\nHow often was the card charged?"
        ).format(keys=_(KEYS[keys]), list=listed),
        expects=_("A number of charges, such as 2."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (len(tries), _("What was refused or answered 503 charged nothing.")),
                (
                    len(reached) if keys != "none" else None,
                    _("A key that the pod knows already is answered without charging."),
                ),
                (
                    pods if keys == "shared" else None,
                    _("Both pods look into the same store."),
                ),
                (
                    1,
                    _("One answer is not one charge: the client sees only what it hears of.")
                    if keys == "none"
                    else _("The key is known only to the pod that saw it."),
                ),
            ],
            _("Say for each try: did it reach a pod, and did that pod know the key?"),
        ),
        hints=(
            _("A try that is refused, or turned away with 503, has done nothing."),
            _("{n} of the tries reached the program and were carried out or looked up.").format(
                n=len(reached)
            ),
            {
                "none": _("Without a key each of them charges."),
                "own": _("Each pod charges at the first of them that it sees: {pods} pods.").format(
                    pods=pods
                ),
                "shared": _("Only the first of them charges."),
            }[keys],
        ),
        solution={
            "none": _("{n} tries were carried out, and each charged: {answer}."),
            "own": _("{n} tries were carried out by {pods} pods, once charged by each: {answer}."),
            "shared": _("{n} tries were carried out, and only the first charged: {answer}."),
        }[keys].format(n=len(reached), pods=pods, answer=answer),
    )
