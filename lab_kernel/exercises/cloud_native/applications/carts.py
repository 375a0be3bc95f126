"""How much is in the cart?"""

from __future__ import annotations

import random

from lab_kernel.cloud_native.replicas import PROD_URL, Store, load
from lab_kernel.cloud_native.samples import LEGACY, NEW
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

CUSTOMERS = ("alice", "bob")


def carts(requests: list[str], replicas: int, dies_before: int, stateless: bool) -> list[int]:
    """What each answer counts; replicas take turns, and the first dies before that request."""
    services = {PROD_URL: Store()}
    application = NEW if stateless else LEGACY
    running = [load(application, {"KV_URL": PROD_URL, "PORT": "1"}, services)
               for _n in range(replicas)]  # fmt: skip
    counted = []
    for n, customer in enumerate(requests):
        if n == dies_before:
            running[0] = load(application, {"KV_URL": PROD_URL, "PORT": "1"}, services)
        counted.append(len(running[n % replicas](customer, f"item {n}")))
    return counted


@exercise("cloud-native/applications/carts", title=N_("How much is in the cart?"))
def cart(rng: random.Random) -> Problem:
    """The two applications, run."""
    stateless = rng.random() < 0.4
    replicas = rng.choice((2, 3))
    while True:
        requests = [rng.choice(CUSTOMERS) for _n in range(rng.randrange(7, 11))]
        # the last request falls to the replica that died
        requests = requests[: (len(requests) - 1) // replicas * replicas + 1]
        dies = rng.randrange(2, len(requests) - 1)
        found = carts(requests, replicas, dies, stateless)[-1]
        immortal = carts(requests, replicas, -1, False)[-1]
        local = carts(requests, replicas, dies, False)[-1]
        shared = requests.count(requests[-1])
        if len({shared, immortal, local}) == 3:
            break
    customer = requests[-1]
    mistakes: list[Mistake] = [
        (immortal, _("The first replica has died in between, and what it remembered with it.")),
        (shared, _("Each replica remembers only what it was told itself.")),
        (local, _("The carts are in the backing service: no replica takes any along.")),
        (len(requests), _("That counts all customers together.")),
    ]
    listed = ", ".join(
        f"{n + 1} {name} → {_('replica {n}').format(n=n % replicas + 1)}"
        for n, name in enumerate(requests)
    )
    return Problem(
        prompt=_(
            "Each request puts one thing into the customer's cart:\n{requests}\nBefore request"
            " {dies} replica 1 dies and is replaced. The application keeps its carts {where}. How"
            " many things are in the cart that {customer} is shown by the last request?"
        ).format(
            requests=listed,
            dies=dies + 1,
            where=_("in a backing service") if stateless else _("in a dictionary of its own"),
            customer=customer,
        ),
        expects=_("A whole number."),
        answer=found,
        read=whole,
        explain=recognise(mistakes, _("Count what the last replica can know.")),
        hints=(
            _("Where is the cart: in one replica or outside of all?"),
            _("Which replica answers the last request, and since when has it been running?"),
            _("Count the requests of {customer} that count there.").format(customer=customer),
        ),
        solution=_("{n} things are in it.").format(n=found),
    )
