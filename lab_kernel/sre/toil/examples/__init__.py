"""A made team's time log, and titles that were classed by hand. No real team's, no real person's.

``team.csv`` comes from ``lab_kernel.sre.toil.made``; the tests hold it to that.
"""

from importlib.resources import files

from lab_kernel.registry import unknown


def names() -> list[str]:
    """The logs there are."""
    return ["team"]


def example(name: str) -> str:
    """The text of an example, ``team`` or ``labelled``; BadInput names those there are."""
    if name not in ("labelled", "team"):
        raise unknown("example", name, ["labelled", "team"])
    return (files(__name__) / f"{name}.csv").read_text(encoding="utf-8")
