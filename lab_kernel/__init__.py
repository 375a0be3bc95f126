"""lab_kernel: one small deterministic machine, from page fault to error budget.

Read it in this order; nothing imports what stands below it in the list.

    language, errors   text in the reader's language; one clear line for bad input
    clock              integer virtual time and a seeded generator
    sweep              one function over a grid of parameters, here or on many machines
    trace              the one event record that simulators write and pictures read
    kernel             memory: frames, page tables, paging, replacement, allocation
    host               the real Linux underneath, or a recording of one
    figures            SVG pictures; they know nothing of topics
    explore            an explorable is declared once and shown on three surfaces
    exercises          seeded problems, graders, hints
    cells              runs the cells of a lab on its page
    live               what a page of the site asks while it is read
    cli                the command `lab-kernel`

Nothing here starts a thread, opens a network connection or lets an answer depend on the wall
clock, so the same wheel gives the same answers under CPython and in a browser. (``sweep`` can be
given an executor that has threads or processes; it looks at the clock only to show how far it is.)
"""

from lab_kernel.language import use_language

__all__ = ["use_language"]
__version__ = "0.1.0"
