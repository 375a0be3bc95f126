"""Probes: the kubelet asks a container, again and again, whether it has started, is ready, lives.

Until the startup probe has succeeded the other two are not asked. A readiness probe that fails
takes the pod out of its services; a startup or liveness probe that fails ends the container. The
question is a request like any other, which waits behind those of the clients.

Source: Kubernetes, "Configure Liveness, Readiness and Startup Probes": initialDelaySeconds 0,
periodSeconds 10, timeoutSeconds 1, successThreshold 1, failureThreshold 3. A status of 200 to 399
is a success. Left out: what an exec probe runs (it succeeds as an httpGet would), and the chance
that spreads the first probes of many pods over a period.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab_kernel.cloud_native.listener import REFUSED, Request
from lab_kernel.cloud_native.objects import Probe

if TYPE_CHECKING:
    from lab_kernel.cloud_native.container import ContainerRun


class Prober:
    """One probe of one start of a container. ``kind`` is the field's name: readinessProbe."""

    def __init__(self, run: ContainerRun, kind: str, probe: Probe) -> None:
        self.run, self.kind, self.probe = run, kind, probe
        self.clock = run.worker.clock
        self._turn: int = run.turn
        self._good = self._bad = 0
        self.clock.after(probe.initial_delay_seconds * 1000, self._ask)

    @property
    def _over(self) -> bool:
        run = self.run
        over = run.turn != self._turn or not run.running or bool(run.killed)
        return over or (self.kind == "startupProbe" and run.status.started)

    def _ask(self) -> None:
        if self._over or self.run.sandbox is None:
            return
        self.clock.after(self.probe.period_seconds * 1000, self._ask)
        if self.kind != "startupProbe" and not self.run.status.started:
            return
        answered: list[int] = []

        def answer(status: int) -> None:
            if not answered:
                answered.append(status)
                self._result(200 <= status < 400, _why(status))

        listener = self.run.sandbox.listener
        if self.probe.tcp_socket is not None:  # the kernel accepts, whatever the program does
            answer(200 if listener.listening else REFUSED)
            return
        listener.send(Request(self.kind, answer))

        def timeout() -> None:
            if not answered:
                answered.append(REFUSED)
                self._result(False, "context deadline exceeded")

        self.clock.after(self.probe.timeout_seconds * 1000, timeout)

    def _result(self, success: bool, why: str) -> None:
        if self._over:
            return
        run, name = self.run, self.kind.removesuffix("Probe")
        if success:
            self._good, self._bad = self._good + 1, 0
            if self._good >= self.probe.success_threshold:
                run.worker.probed(run, self.kind, True)
            return
        self._good, self._bad = 0, self._bad + 1
        run.worker.event("Unhealthy", f"{name.capitalize()} probe failed: {why}", warning=True)
        if self._bad >= self.probe.failure_threshold:
            run.worker.probed(run, self.kind, False)


def _why(status: int) -> str:
    if status > 0:
        return f"HTTP probe failed with statuscode: {status}"
    return "connection refused" if status == REFUSED else "connection reset by peer"
