"""One container as its kubelet sees it: waiting, running or terminated, again and again.

After a container has ended it is started again at once the first time, then after 10 s, 20 s, 40 s
and so on, at most after 300 s; having run for 10 minutes makes that forgotten. Source: Kubernetes,
"Pod Lifecycle", container restarts; kubelet's ``backOffPeriod`` and ``MaxContainerBackOff``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lab_kernel.cloud_native.host import Sandbox
from lab_kernel.cloud_native.objects import Container, ContainerStatus
from lab_kernel.kernel.signals import Signum

if TYPE_CHECKING:
    from lab_kernel.cloud_native.pod_worker import PodWorker

FIRST_BACKOFF, LONGEST_BACKOFF, FORGOTTEN = 10_000, 300_000, 600_000
LEAST_GRACE = 2000  # from SIGTERM to SIGKILL, however long the preStop hook took


@dataclass
class Backoff:
    """Pauses that double: 10 s, 20 s, 40 s ... 300 s."""

    pause: int = 0

    def next(self) -> int:
        self.pause = min(self.pause * 2, LONGEST_BACKOFF) if self.pause else FIRST_BACKOFF
        return self.pause


class ContainerRun:
    """``turn`` counts its starts: what was planned for an earlier one is void.

    An image that is on the node is not fetched again, whatever the policy: left out is that Always
    asks the registry first.
    """

    def __init__(self, worker: PodWorker, spec: Container) -> None:
        self.worker, self.spec = worker, spec
        self.status = ContainerStatus(name=spec.name, since=worker.clock.now)
        self.sandbox: Sandbox | None = None
        self.turn: int = 0
        self.killed = ""  # why the kubelet is ending it
        self._crashes, self._pulls = Backoff(), Backoff()
        self._crashed = False

    @property
    def running(self) -> bool:
        return self.status.state == "running"

    def begin(self) -> None:
        """Pull the image if it is not there, then start."""
        self.turn += 1
        worker, image = self.worker, self.spec.image
        if image in worker.host.images:
            self._start()
            return
        if self.spec.image_pull_policy == "Never":
            self._wait("ErrImageNeverPull")
            return
        worker.event("Pulling", f'Pulling image "{image}"')
        turn = self.turn
        worker.clock.after(worker.does.pull, lambda: self._pulled(turn))

    def _pulled(self, turn: int) -> None:
        if turn != self.turn or self.worker.stopping:
            return
        image = self.spec.image
        if self.worker.does.bad_image:
            self._wait("ErrImagePull")
            message = f'Failed to pull image "{image}": not found'
            self.worker.event("Failed", message, warning=True)
            pause = self._pulls.next()
            self.worker.clock.after(1000, lambda: self._backing_off(turn))
            self.worker.clock.after(pause, lambda: self._again(turn))
            return
        self.worker.event("Pulled", f'Successfully pulled image "{image}"')
        self.worker.host.images.add(image)
        self._start()

    def _backing_off(self, turn: int) -> None:
        if turn == self.turn and self.status.reason == "ErrImagePull":
            self._wait("ImagePullBackOff")
            message = f'Back-off pulling image "{self.spec.image}"'
            self.worker.event("BackOff", message, warning=True)

    def _start(self) -> None:
        worker = self.worker
        missing = worker.missing_settings(self.spec)
        if missing:
            self._wait("CreateContainerConfigError")
            worker.event("Failed", f'Error: configmap "{missing}" not found', warning=True)
            turn = self.turn
            worker.clock.after(FIRST_BACKOFF, lambda: self._again(turn))
            return
        turn, self.killed = self.turn, ""
        name = f"{worker.pod.metadata.name}.{self.spec.name}.{self.turn}"
        cluster = worker.kubelet.cluster
        self.sandbox = Sandbox(
            worker.host,
            name,
            worker.does,
            self.spec.resources,
            lambda code, signal: self._ended(turn, code, signal),
            pod=worker.pod.metadata.name,
            image=self.spec.image,
            runs=cluster.program(self.spec.image),
            route=cluster.route(worker.host, name),
        )
        self.status = replace(
            self.status, state="running", reason="", since=worker.clock.now,
            started=self.spec.startup_probe is None, ready=False,
        )  # fmt: skip
        worker.event("Started", f"Started container {self.spec.name}")
        worker.started(self)

    def stop(self, why: str, message: str, grace: int) -> None:
        """The preStop hook, SIGTERM, and SIGKILL when the grace period is over."""
        if not self.running or self.killed:
            return
        self.killed, turn, clock = why, self.turn, self.worker.clock
        self.worker.event("Killing", message)
        hook = self.spec.lifecycle and self.spec.lifecycle.pre_stop
        pause = hook.sleep.seconds * 1000 if hook and hook.sleep else 0
        clock.after(min(pause, grace), lambda: self._signal(turn, Signum.SIGTERM))
        kill = max(grace, min(pause, grace) + LEAST_GRACE)
        clock.after(kill, lambda: self._signal(turn, Signum.SIGKILL))

    def _signal(self, turn: int, number: Signum) -> None:
        if turn == self.turn and self.running and self.sandbox:
            self.sandbox.signal(number)

    def _ended(self, turn: int, code: int, signal: int) -> None:
        if turn != self.turn:
            return
        ran = self.worker.clock.now - self.status.since
        code = 128 + signal if signal else code  # as a shell counts it
        reason = "Completed" if code == 0 else "Error"
        if self.sandbox and signal and self.sandbox.out_of_memory():
            reason = "OOMKilled"
        self.status = replace(
            self.status, state="terminated", reason=reason, since=self.worker.clock.now,
            started=False, ready=False, exit_code=code, last_reason=self.killed or reason,
        )  # fmt: skip
        if ran >= FORGOTTEN:
            self._crashes, self._crashed = Backoff(), False
        if not self.worker.stopping and self.worker.restarts(code):
            pause, self._crashed = (self._crashes.next() if self._crashed else 0), True
            if pause:
                self._wait("CrashLoopBackOff")
                name = self.spec.name
                message = f"Back-off restarting failed container {name}"
                self.worker.event("BackOff", message, warning=True)
            self.status = replace(self.status, restarts=self.status.restarts + 1)
            self.worker.clock.after(pause, lambda: self._again(turn))
        self.worker.ended(self)

    def _again(self, turn: int) -> None:
        if turn == self.turn and not self.running and not self.worker.stopping:
            self.begin()

    def _wait(self, reason: str) -> None:
        self.status = replace(
            self.status, state="waiting", reason=reason, since=self.worker.clock.now
        )
        self.worker.changed()
