"""What nice means: a weight, and virtual time that runs slower for the heavy.

Source: sched_prio_to_weight in Linux, kernel/sched/core.c. One step of nice is a factor of about
1.25 in weight, so that two tasks a step apart share the CPU about 55 to 45.
"""

from __future__ import annotations

_FROM_MINUS_20 = (
    *(88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916),
    *(9548, 7620, 6100, 4904, 3906, 3121, 2501, 1991, 1586, 1277),
    *(1024, 820, 655, 526, 423, 335, 272, 215, 172, 137),
    *(110, 87, 70, 56, 45, 36, 29, 23, 18, 15),
)
WEIGHTS = dict(zip(range(-20, 20), _FROM_MINUS_20, strict=True))
NICE_0 = WEIGHTS[0]
TICK = 1 << 20  # virtual time of a tick at nice 0: whole numbers, fine enough for every weight


def virtual(ticks: int, weight: int) -> int:
    """The virtual time that ``ticks`` are for this weight, rounded down."""
    return ticks * TICK * NICE_0 // weight
