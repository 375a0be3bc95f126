"""What do n blocks cost the CPU?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

WORDS = 256  # of 16 bits in a block of 512 bytes


@exercise("kernel/drivers/cpu-time", title=N_("What does it cost the CPU?"))
def cpu_time(rng: random.Random) -> Problem:
    """By PIO, or by DMA with one interrupt for all blocks."""
    pio = rng.random() < 0.6
    blocks, access = rng.choice((2, 3, 4, 5, 8)), rng.choice((2, 3, 4))
    orders = rng.choice((3, 4, 5)) if pio else rng.choice((2, 3))
    halves = rng.choice((10, 20, 30))
    each = (orders + WORDS) * access + halves
    answer = blocks * each if pio else blocks * orders * access + halves
    if pio:
        prompt = _(
            "A PIO disk moves a block of 512 bytes through a data register of 16 bits. An access to"
            " a register takes {access} ticks of CPU. Each block needs {orders} more accesses to"
            " give the order, and one interrupt whose two halves take {halves} ticks besides the"
            " registers. How many ticks of CPU do {blocks} blocks take?"
        )
        mistakes: list[Mistake] = [
            (each, _("That is one block. There are {blocks}.").format(blocks=blocks)),
            (
                blocks * ((orders + 512) * access + halves),
                _("512 bytes are 256 words of 16 bits, and each access moves a word."),
            ),
            (
                blocks * (orders * access + halves),
                _("Here no device moves the data: each word is an access of the CPU."),
            ),
            (blocks * (orders + WORDS) * access, _("The interrupts are missing.")),
            (
                blocks * WORDS * access,
                _("That is the data alone. Orders and interrupts come on top."),
            ),
            (
                blocks * (orders + WORDS) * access + halves,
                _("Each block has an interrupt of its own."),
            ),
            (
                blocks * (orders + WORDS + halves),
                _("An access takes {access} ticks, not one.").format(access=access),
            ),
        ]
    else:
        prompt = _(
            "A DMA disk gets {blocks} orders for a block each: every order needs {orders}"
            " accesses to registers, {access} ticks of CPU each. When all are done it interrupts"
            " once, and the two halves take {halves} ticks. How many ticks of CPU do the {blocks}"
            " blocks take?"
        )
        mistakes = [
            (
                blocks * (orders + WORDS) * access + halves,
                _("The disk moves the data itself. No word passes through the CPU."),
            ),
            (
                blocks * (orders * access + halves),
                _("One interrupt tells of all of them."),
            ),
            (blocks * orders * access, _("The interrupt is missing.")),
            (
                orders * access + halves,
                _("That is one order. There are {blocks}.").format(blocks=blocks),
            ),
        ]
    shown = {"access": access, "orders": orders, "halves": halves, "blocks": blocks}
    return Problem(
        prompt=prompt.format(**shown),
        expects=_("A whole number of ticks."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Add up orders, data and interrupts, each apart.")),
        hints=(
            _("Who moves the data, the CPU or the disk?"),
            _("A block has {words} words of 16 bits.").format(words=WORDS)
            if pio
            else _("How often does the disk interrupt?"),
            _("The registers alone take {ticks} ticks.").format(
                ticks=blocks * (orders + (WORDS if pio else 0)) * access
            ),
        ),
        solution=(
            _("A block: ({orders} + 256) × {access} + {halves} = {each}. Times {blocks}: {answer}.")
            if pio
            else _(
                "Orders and one interrupt: {blocks} × {orders} × {access} + {halves} = {answer}."
            )
        ).format(**shown, each=each, answer=answer),
    )
