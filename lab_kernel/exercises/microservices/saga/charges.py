"""How much a customer pays whose messages get lost and repeated."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.saga.idempotency import NONE, TOGETHER, Message, Service
from lab_kernel.microservices.saga.shop import Order
from lab_kernel.microservices.saga.store import Store
from lab_kernel.microservices.saga.wire import ARRIVES, LATE, LOST, TWICE, UNANSWERED, Wire
from lab_kernel.microservices.saga.world import World

EACH_TRY = "each try"
KEYS = {
    NONE: N_("There is no idempotency key."),
    TOGETHER: N_(
        "All tries carry the same idempotency key, which payment keeps in the transaction of the"
        " charge."
    ),
    EACH_TRY: N_(
        "Each try carries an idempotency key of its own, which payment keeps in the transaction of"
        " the charge."
    ),
}
FATES = {
    ARRIVES: N_("arrives and is answered"),
    LOST: N_("is lost on its way"),
    UNANSWERED: N_("arrives, but the answer is lost"),
    TWICE: N_("is delivered twice, and answered"),
    LATE: N_("arrives and is answered, and is delivered once more a minute later"),
}


def paid(keys: str, fates: list[str], price: int) -> int:
    """What is in the till in the end."""
    store = Store("payment", {"money": 10_000, "till": 0})
    world = World()
    wire = Wire(world, fates)
    service = Service(world, "payment", store, NONE if keys == NONE else TOGETHER)
    for number in range(len(fates)):
        key = f"try {number}" if keys == EACH_TRY else "order 1"
        wire.ask(service, Message(key, "charge", Order(1, price=price)))
    wire.arrive()
    return int(store.read("till"))


@exercise("microservices/saga/charges", title=N_("The customer's bill"))
def charges(rng: random.Random) -> Problem:
    """One to three tries without an answer, and one with."""
    keys, price = rng.choice(list(KEYS)), rng.randrange(10, 60)
    fates = [rng.choice((LOST, UNANSWERED)) for _try in range(rng.randrange(1, 4))]
    fates.append(rng.choice((ARRIVES, TWICE, LATE)))
    answer = paid(keys, fates, price)
    reached = sum(fate != LOST for fate in fates)
    copies = reached + (fates[-1] != ARRIVES)
    return Problem(
        prompt=_(
            "A customer is to be charged {price}. Checkout asks payment, and asks again until"
            " there is an answer.\n{tries}\n{keys}\nHow much is the customer charged in all?"
        ).format(
            price=price,
            tries="\n".join(
                _("Try {n} {fate}.").format(n=number, fate=_(FATES[fate]))
                for number, fate in enumerate(fates, 1)
            ),
            keys=_(KEYS[keys]),
        ),
        expects=_("A sum of money, such as 90."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (0, _("At least one try reaches payment.")),
                (
                    price,
                    _("Payment cannot know that the tries belong together unless a key says so."),
                ),
                (
                    price * len(fates),
                    _("A message that is lost on its way charges nobody."),
                ),
                (
                    price * copies,
                    _("A message that comes with a key that is known is not charged again."),
                ),
                (
                    price * reached,
                    _("Look at each delivery: is its key known by then, or has it none?"),
                ),
            ],
            _("Count the deliveries that payment takes for new ones."),
        ),
        hints=(
            _("Only what is delivered can charge. An answer that is lost was a charge, too."),
            _("Delivered in all: {n} messages.").format(n=copies),
            _("The charges are so many times {price}: one, two or more?").format(price=price),
        ),
        solution=_("{n} × {price} = {answer}: so many deliveries were new to payment.").format(
            n=answer // price, price=price, answer=answer
        ),
    )
