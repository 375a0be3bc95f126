"""The cluster: the front door.

    cluster = Cluster(nodes=3)
    cluster.apply(text)
    cluster.run(until=60)
    cluster.fail_node("node-2")
    cluster.run(until=600)
    cluster.trace

Times that a person gives are in seconds; ticks are milliseconds.
"""

from lab_kernel.cloud_native.faults import Faults
from lab_kernel.cloud_native.kubectl import Kubectl


class Cluster(Kubectl, Faults):
    """Machines that are kept as it was declared: ``core``, ``kubectl`` and ``faults`` together."""
