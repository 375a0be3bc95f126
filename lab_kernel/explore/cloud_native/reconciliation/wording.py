"""Pieces of sentences and ready-made clusters that the rooms of this chapter share."""

from __future__ import annotations

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.examples import example
from lab_kernel.language import N_, _

START = 60  # s: by then three replicas are ready


def web(nodes: int = 3, **settings: float) -> Cluster:
    """Three nodes, and the example ``web`` applied to them."""
    cluster = Cluster(nodes, **settings)  # type: ignore[arg-type]
    cluster.apply(example("web"), "web.yaml")
    return cluster


def seconds(milliseconds: float) -> str:
    """``5.2 s``, ``20 ms``"""
    if 0 < milliseconds < 1000:
        return _("{n} ms").format(n=round(milliseconds))
    return _("{n} s").format(n=f"{milliseconds / 1000:,.1f}".removesuffix(".0"))


def pods(number: int) -> str:
    return _(N_("{n} pod") if number == 1 else N_("{n} pods")).format(n=number)
