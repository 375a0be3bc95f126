"""Images that bring their own program, and the sockets of its requests, both ways."""

from __future__ import annotations

from typing import Any

import pytest

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.core import Core
from lab_kernel.cloud_native.listener import BACKLOG
from lab_kernel.cloud_native.network import NOBODY, outcome
from lab_kernel.cloud_native.program import Place, Steps, server
from lab_kernel.kernel.answer import Sleep
from lab_kernel.kernel.drivers.driver import Driver, Wait
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.open_file import O_RDWR, OpenFile
from lab_kernel.kernel.process import Process
from lab_kernel.kernel.program import Compute
from lab_kernel.kernel.syscalls import Fork, Ioctl, Nanosleep, Open, Read, Write

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata:
      labels: {{app: {name}}}
      annotations: {{lab-kernel/pull-seconds: "0", lab-kernel/start-seconds: "0"}}
    spec:
      containers: [{{name: {name}, image: "{image}"}}]
---
apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec: {{selector: {{app: {name}}}, ports: [{{port: 80}}]}}
"""


def cluster(program: Any, **images: str) -> Cluster:
    made = Cluster(nodes=1, programs={"shop/ours": program})
    for name, image in images.items():
        made.apply(MANIFEST.format(name=name, image=image))
    return made.run(until=5)


def test_a_program_is_found_by_its_image_whatever_the_tag_and_others_are_as_ever() -> None:
    places: list[Place] = []

    def ours(place: Place) -> Steps:
        places.append(place)
        yield Nanosleep(100_000)
        return 0

    made = cluster(ours, one="shop/ours:1", two="shop/ours", other="shop/other:1")
    assert sorted(place.image for place in places) == ["shop/ours", "shop/ours:1"]
    assert {place.node for place in places} == {"node-1"}
    assert places[0].pod.startswith("one-") and places[0].now() == 5000 >= places[0].age() > 0
    assert made.program("shop/other:1") is server and made.program("ours") is server
    assert made.program("registry.example:5000/shop/ours:1") is server
    heard: list[int] = []
    route = made.route(made.hosts["node-1"], "test")
    for name in ("other", "one", "nobody"):  # nobody reads one's socket
        route.ask(name, heard.append, 500, {})
    made.run(until=7)
    assert [outcome(status) for status in sorted(heard)] == ["no endpoint", "refused", "200"]


def test_it_asks_others_by_system_calls_and_hears_them_as_they_end() -> None:
    heard: list[Any] = []

    def ours(place: Place) -> Steps:
        network = yield Open(place.network, O_RDWR)
        yield Nanosleep(3000)
        for line in (
            b"1 ask other - a=b",
            b"2 ask nobody 50",
            b"3 wake 400",
            b"4 wake x 1",
            b"5",
            b"6 ask other x",
        ):
            heard.append((yield Write(network, line)))
        for _answer in range(3):
            heard.append((yield Read(network, 64)))
        yield Nanosleep(100_000)
        return 0

    cluster(ours, one="shop/ours:1", other="shop/other:1")
    *written, first, second, third = heard
    assert written == [17, 15, 10, *[-Errno.EINVAL] * 3]
    answers = [line.decode().split() for line in (first, second, third)]
    assert [(ticket, status) for ticket, status, _time in answers] == [
        ("2", str(NOBODY)),
        ("1", "200"),
        ("3", "0"),
    ]
    times = [int(time) for *_words, time in answers]
    assert times == sorted(times) and times[2] - times[0] >= 399


def test_several_workers_share_a_socket_and_the_rest_is_turned_away() -> None:
    def ours(place: Place) -> Steps:
        fd = yield Open(place.socket, O_RDWR)
        assert (yield Ioctl(fd, BACKLOG, 1)) == 0
        assert (yield Ioctl(fd, 7, 1)) == (yield Ioctl(fd, BACKLOG, -1)) == -Errno.EINVAL
        yield Fork(worker, fd)
        yield from worker(fd)
        return 0

    def worker(fd: int) -> Steps:
        while True:
            number, *_words = (yield Read(fd, 100)).decode().split()
            yield Compute(20)
            yield Write(fd, f"{number} 200".encode())

    made = cluster(ours, one="shop/ours:1")
    heard: list[tuple[int, int]] = []
    route = made.route(made.hosts["node-1"], "test")
    for _request in range(4):
        route.ask("one", lambda status: heard.append((made.clock.now, status)), 500, {})
    made.run(until=7)
    assert [status for _time, status in heard] == [503, 200, 200, 200]
    (_no, first, second, third) = [time for time, _status in heard]
    assert first == second and third - second >= 20


class Door(Driver):
    """Whoever reads it waits until it is open."""

    is_open = False

    def read(self, machine: Machine, process: Process, file: OpenFile, count: int) -> bytes | Wait:
        if not self.is_open:
            return Sleep("door", "door")
        return b"in"


@pytest.mark.parametrize(
    ("most", "through"), [(None, [0, 1, 2]), (1, [0]), (2, [0, 1]), (5, [0, 1, 2])]
)
def test_those_who_have_slept_longest_are_woken_first(most: int | None, through: list[int]) -> None:
    door, went = Door("door"), list[int]()
    machine = Machine(devices={"/dev/door": door})

    def visitor(number: int) -> Steps:
        fd = yield Open("/dev/door", O_RDWR)
        yield Nanosleep(10 * number + 1)
        yield Read(fd, 2)
        went.append(number)
        return 0

    for number in range(3):
        machine.spawn(visitor, number)
    machine.run(until=100)
    door.is_open = True
    machine.wake("door", most)
    machine.run(until=200)
    assert went == through


def test_the_machines_write_down_nothing_when_they_are_to_be_quiet() -> None:
    for quiet in (False, True):
        made = Cluster(nodes=1, quiet=quiet)
        made.apply(MANIFEST.format(name="one", image="shop/one"))
        made.run(until=5)
        assert isinstance(made, Core)
        assert bool(len(made.hosts["node-1"].traces[0])) != quiet
        assert made.trace.where(name="Started")
