"""Page replacement: which page leaves when memory is full?

In reading order:

    policy         the contract: hit, load, victim
    order          FIFO, LRU, MRU: one queue, read in three ways
    second_chance  second chance and CLOCK: a queue, and a ring, with one bit per page
    lfu            least frequently used
    chance         random
    opt            Belady's optimum, which knows the future
    simulate       run one of them over a list of references

Modelled: one pool of frames, one page size, demand paging only. Left out: writing dirty pages
back, prefetching, several processes (the pager in ``paging`` has those) and the cost of a fault.
A reference is a page number, a non-negative integer.
"""

from lab_kernel.kernel.replacement.chance import Random
from lab_kernel.kernel.replacement.lfu import Lfu
from lab_kernel.kernel.replacement.opt import Opt
from lab_kernel.kernel.replacement.order import Fifo, Lru, Mru
from lab_kernel.kernel.replacement.policy import Policy
from lab_kernel.kernel.replacement.second_chance import Clock, SecondChance
from lab_kernel.kernel.replacement.simulate import (
    POLICIES,
    Result,
    Step,
    curve,
    new_policy,
    parse_references,
    simulate,
    steps,
)

__all__ = [
    "POLICIES",
    "Clock",
    "Fifo",
    "Lfu",
    "Lru",
    "Mru",
    "Opt",
    "Policy",
    "Random",
    "Result",
    "SecondChance",
    "Step",
    "curve",
    "new_policy",
    "parse_references",
    "simulate",
    "steps",
]
