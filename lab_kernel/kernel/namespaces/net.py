"""Network namespaces: interfaces and ports of their own.

A new one has only ``lo``, and that is down. A port that is bound in another one is free here, and
nobody here listens on it. A socket stays in the namespace in which it was made.

Modelled: sockets that bind, listen and connect by port, one protocol; ``lo`` up and down; ports
below 1024. Left out: data, addresses other than this host's, pairs of veth, routes, firewalls.
Source: network_namespaces(7), ip(7), netdevice(7); Linux, net/ipv4/af_inet.c, inet_bind().
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.namespaces.kinds import Namespace
from lab_kernel.kernel.security.capabilities import Capability

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.open_file import OpenFile
    from lab_kernel.kernel.process import Process
    from lab_kernel.kernel.security.credentials import Credentials

AF_INET, SOCK_STREAM = 2, 1
LOOPBACK, ANY = "127.0.0.1", "0.0.0.0"
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
PRIVILEGED = 1024
FIRST_EPHEMERAL, HIGHEST_PORT = 32768, 65535


@dataclass(slots=True, eq=False, kw_only=True)
class NetNamespace(Namespace):
    """``interfaces`` by name, and whether each is up; ``ports`` by number."""

    interfaces: dict[str, bool] = field(default_factory=lambda: {"lo": False})
    ports: dict[int, Socket] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Socket:
    """The driver of a socket's descriptor: its ``namespace`` for good, and a port."""

    namespace: NetNamespace
    port: int = 0
    listening: bool = False

    def bind(self, who: Credentials, address: str, port: int) -> None:
        here = self.namespace
        if self.port or not 0 <= port <= HIGHEST_PORT:
            raise Refused(Errno.EINVAL)
        if address not in (LOOPBACK, ANY):
            raise Refused(Errno.EADDRNOTAVAIL)
        if 0 < port < PRIVILEGED and not who.has(Capability.NET_BIND_SERVICE, here.owner):
            raise Refused(Errno.EACCES)
        if port in here.ports:
            raise Refused(Errno.EADDRINUSE)
        if port == 0:
            free = range(FIRST_EPHEMERAL, HIGHEST_PORT + 1)
            port = next(number for number in free if number not in here.ports)
        here.ports[port] = self
        self.port = port

    def listen(self) -> None:
        if not self.port:
            raise Refused(Errno.EINVAL)
        self.listening = True

    def connect(self, address: str, port: int) -> None:
        """0 is all that comes of it: somebody listens there."""
        here = self.namespace
        if address not in (LOOPBACK, ANY) or not here.interfaces["lo"]:
            raise Refused(Errno.ENETUNREACH)
        there = here.ports.get(port)
        if there is None or not there.listening:
            raise Refused(Errno.ECONNREFUSED)

    def read(self, machine: Machine, process: Process, file: OpenFile, count: int) -> bytes:
        raise Refused(Errno.ENOTCONN)

    def write(self, machine: Machine, process: Process, file: OpenFile, data: bytes) -> int:
        raise Refused(Errno.ENOTCONN)

    def ioctl(
        self, machine: Machine, process: Process, file: OpenFile, request: int, argument: int
    ) -> int:
        """The flags of ``lo``, read or set: CAP_NET_ADMIN over its namespace."""
        here = self.namespace
        if request == SIOCGIFFLAGS:
            return IFF_UP if here.interfaces["lo"] else 0
        if request != SIOCSIFFLAGS:
            raise Refused(Errno.ENOTTY)
        process.credentials.require(Capability.NET_ADMIN, here.owner)
        here.interfaces["lo"] = bool(argument & IFF_UP)
        return 0

    def release(self, machine: Machine, process: Process, file: OpenFile) -> None:
        if self.namespace.ports.get(self.port) is self:
            del self.namespace.ports[self.port]
