"""What the API server adds to a pod before it is stored.

Source: Kubernetes, admission plugin DefaultTolerationSeconds: every pod bears a node that is not
ready or not reachable for 300 s. API reference, ResourceRequirements: a limit without a request is
the request, too.
"""

from __future__ import annotations

from dataclasses import replace

from lab_kernel.cloud_native.objects import Pod, Toleration
from lab_kernel.cloud_native.objects.nodes import NOT_READY, UNREACHABLE
from lab_kernel.cloud_native.objects.placing import Taint

SECONDS = 300


def admit(pod: Pod) -> Pod:
    """The pod with its defaults."""
    tolerations = list(pod.spec.tolerations)
    for name in (NOT_READY, UNREACHABLE):
        taint = Taint(key=name, effect="NoExecute")
        if not any(each.tolerates(taint) for each in pod.spec.tolerations):
            tolerations.append(
                Toleration(
                    key=name, operator="Exists", effect="NoExecute", toleration_seconds=SECONDS
                )
            )
    return replace(pod, spec=replace(pod.spec, tolerations=tuple(tolerations)))
