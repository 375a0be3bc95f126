"""The controllers: each looks after one kind of object, and none knows the others.

    deployment      replica sets, old and new, one step of a rollout at a time
    replica_set     as many pods as wanted
    scheduler       a node for each pod
    node_lifecycle  which nodes are there
    taint_eviction  away from nodes that drive their pods out
    endpoints       the pods behind each service
    garbage         what belongs to nobody any more
    autoscaler      as many replicas as a metric asks for
    node_autoscaler as many nodes as the pods need, where the nodes may come and go

They talk to each other by nothing but the objects in the store.
"""

from lab_kernel.cloud_native.controllers.autoscaler import AutoscalerController
from lab_kernel.cloud_native.controllers.deployment import DeploymentController
from lab_kernel.cloud_native.controllers.endpoints import EndpointsController
from lab_kernel.cloud_native.controllers.garbage import GarbageCollector
from lab_kernel.cloud_native.controllers.node_lifecycle import NodeLifecycleController
from lab_kernel.cloud_native.controllers.replica_set import ReplicaSetController
from lab_kernel.cloud_native.controllers.scheduler import SchedulerController
from lab_kernel.cloud_native.controllers.taint_eviction import TaintEvictionController

__all__ = [
    "AutoscalerController",
    "DeploymentController",
    "EndpointsController",
    "GarbageCollector",
    "NodeLifecycleController",
    "ReplicaSetController",
    "SchedulerController",
    "TaintEvictionController",
]
