"""Autoscaling: as many pods as the load asks for, as many nodes as the pods ask for.

In reading order:

    rule         what one metric asks for, with its tolerance
    pace         stabilization windows and policies
    horizontal   the horizontal pod autoscaler: every 15 s
    nodes        the cluster autoscaler: nodes for Pending pods, and none for nobody
    shapes       load over time
    loop         all of it together, with the delays between
"""

from lab_kernel.cloud_native.autoscale.horizontal import Decision, HorizontalAutoscaler
from lab_kernel.cloud_native.autoscale.loop import Loop, Moment, Run
from lab_kernel.cloud_native.autoscale.nodes import ClusterAutoscaler, NodeGroup, Plan
from lab_kernel.cloud_native.autoscale.pace import Memory, Pace
from lab_kernel.cloud_native.autoscale.rule import (
    Advice,
    Reading,
    State,
    Tolerance,
    advise,
    desired,
)
from lab_kernel.cloud_native.autoscale.written import by_cpu

__all__ = [
    "Advice",
    "ClusterAutoscaler",
    "Decision",
    "HorizontalAutoscaler",
    "Loop",
    "Memory",
    "Moment",
    "NodeGroup",
    "Pace",
    "Plan",
    "Reading",
    "Run",
    "State",
    "Tolerance",
    "advise",
    "by_cpu",
    "desired",
]
