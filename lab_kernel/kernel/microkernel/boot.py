"""A machine with the thermometer, of either kind."""

from __future__ import annotations

from typing import Any, TypeVar, overload

from lab_kernel.errors import BadInput
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.microkernel.monolithic import InKernel
from lab_kernel.kernel.microkernel.port import Port
from lab_kernel.kernel.microkernel.server import supervisor
from lab_kernel.kernel.microkernel.thermometer import Sensor
from lab_kernel.kernel.security import ROOT
from lab_kernel.language import _

MONOLITHIC, MICROKERNEL = "monolithic", "microkernel"
DEVICE, REQUESTS = "/dev/thermometer", "/dev/thermometer.requests"

M = TypeVar("M", bound=Machine)


@overload
def boot(kind: str, **settings: Any) -> Machine: ...
@overload
def boot(kind: str, machine: type[M], **settings: Any) -> M: ...
def boot(kind: str, machine: type[Machine] = Machine, **settings: Any) -> Machine:
    """``settings`` are Machine's. In the microkernel a supervisor and a server run already."""
    sensor = Sensor()
    if kind == MONOLITHIC:
        return machine(devices={DEVICE: InKernel(sensor)}, **settings)
    if kind != MICROKERNEL:
        raise BadInput(
            "kind",
            _("“{value}” is not one of: {allowed}").format(
                value=kind, allowed=f"{MONOLITHIC}, {MICROKERNEL}"
            ),
        )
    port = Port(sensor)
    booted = machine(devices={DEVICE: port.client, REQUESTS: port.server}, **settings)
    booted.files.chmod(REQUESTS, ROOT, 0o600)
    booted.spawn(supervisor, REQUESTS, uid=0)
    return booted
