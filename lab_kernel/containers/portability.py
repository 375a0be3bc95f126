"""One image on many hosts: what moves, and what each host must have.

    host = Host(PROD)
    host.install(PATH, NATIVE)            # into the host's own files
    host.run(PATH)
    host.run(PATH, image=LAYOUT)          # a new container from the image, with files of its own

A host is a machine of the simulated kernel. A container is an ordinary process of it whose paths
begin at a directory of its own, into which the layers of an OCI image were unpacked: it brings its
libraries and not its kernel. What a host's kernel does not know yet is refused by its number with
ENOSYS.

Left out: namespaces and limits (the chapters on them have them), emulation of another
architecture, the network (a backing service is a file below /net that every host which reaches
it has in common).
Source: OCI image-spec, image-index.md (the platform picks); the versions: syscalls(2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from lab_kernel.containers.binary import INTERPRETER, LIBRARIES, Binary, Library, Need, glibc
from lab_kernel.containers.image import (
    Config,
    Image,
    Layout,
    Node,
    assemble,
    diff,
    file,
    flatten,
    load,
    tree,
)
from lab_kernel.containers.image.layout import INDEX, index
from lab_kernel.containers.starting import ARCHITECTURE, Start, started
from lab_kernel.errors import BadInput
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.process import Process
from lab_kernel.kernel.security import Action, Filter, Rule
from lab_kernel.language import _

Version = tuple[int, int]
# The kernel that brought the call: syscalls(2).
INTRODUCED: Mapping[str, Version] = {
    "getrandom": (3, 17),
    "statx": (4, 11),
    "io_uring_setup": (5, 1),
    "clone3": (5, 3),
    "openat2": (5, 6),
    "close_range": (5, 9),
    "memfd_secret": (5, 14),
    "futex_waitv": (5, 16),
}
LAYER, VOLUME, SERVICE = "layer", "volume", "service"
STORES = (LAYER, VOLUME, SERVICE)
STORE = "/var/lib/receipts"
VOLUMES = "/volumes"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a host is before anything is installed: ``kernel`` is (6, 1) for Linux 6.1.

    ``settings`` are the environment's part of the configuration, ``services`` what it reaches.
    """

    name: str
    kernel: Version
    architecture: str
    libraries: tuple[Library, ...]
    settings: Mapping[str, str] = field(default_factory=dict)
    services: tuple[str, ...] = ()


NAME = "receipt"


def layout_of(path: str, builds: Iterable[tuple[Binary, Iterable[Library]]]) -> Layout:
    """An image of the program for each architecture, behind one index with the tag ``receipt``.

    Two layers each: the loader and the libraries, and above them the program.
    """
    layout, manifests = Layout(), []
    for binary, libraries in builds:
        base = {f"{LIBRARIES}/{one.soname}": executable(one.data()) for one in libraries}
        base[INTERPRETER[binary.architecture]] = executable(b"ld.so")
        below = tree(base)
        whole = tree(base | {path: executable(binary.data())})
        config = Config(entrypoint=(path,), architecture=binary.architecture)
        image = assemble(layout, config, None, (diff({}, below), diff(below, whole)))
        manifests.append(image.manifest)
    layout.tag(NAME, layout.add_json(index(manifests), INDEX))
    return layout


def executable(content: bytes) -> Node:
    return file(content, mode=0o755)


def pick(layout: Layout, architecture: str) -> Image | None:
    """The image for this architecture. None: the index holds no manifest for the platform."""
    try:
        return load(layout, NAME, f"linux/{architecture}")
    except BadInput as wrong:
        if wrong.argument != "platform":
            raise
        return None


class Shared:
    """A backing service's store: one object, however many hosts have it below /net."""

    name = "store"

    def __init__(self) -> None:
        self.data = b""

    def read(self, machine: Machine, process: Process, file: Any, count: int) -> bytes:
        said, file.offset = self.data[file.offset :], len(self.data)
        return said

    def write(self, machine: Machine, process: Process, file: Any, data: bytes) -> int:
        self.data = data
        return len(data)


class Host:
    """A booted machine. ``shared`` are backing services by name; those it lacks are made."""

    def __init__(self, shape: Shape, shared: Mapping[str, Shared] | None = None) -> None:
        self.shape = shape
        shared = shared or {}
        services = {name: shared.get(name) or Shared() for name in shape.services}
        self.machine = Machine(devices={f"/net/{name}": one for name, one in services.items()})
        self._add("", {INTERPRETER[shape.architecture]: b"ld.so"})
        self._add("", {f"{LIBRARIES}/{one.soname}": one.data() for one in shape.libraries})
        for directory in ("/var/lib", VOLUMES, "/containers"):
            self.machine.files.add(directory, mode=0o755, kind="directory")
        self._numbers = count(1)
        self._kernel = kernel_of(shape.kernel)

    def install(self, path: str, binary: Binary) -> None:
        """Copy a program to the host's own files, and nothing else."""
        self._add("", {path: binary.data()})

    def create(self, image: Image) -> str:
        """A new container's root directory, with the image's layers unpacked in it."""
        root = f"/containers/{next(self._numbers)}"
        files = {f"/{path}": node.content for path, node in flatten(image).items() if node.content}
        self._add(root, files)
        self.machine.files.add(f"{root}/var/lib", mode=0o755, kind="directory")
        return root

    def run(
        self,
        path: str,
        image: Layout | None = None,
        *,
        settings: Mapping[str, str] | None = None,
        store: str = LAYER,
        root: str | None = None,
    ) -> Start:
        """Start it: from an image in a new container (or again in ``root``), else installed.

        ``settings`` replace the host's. ``store`` says where the program keeps its data.
        """
        start, architecture = Start(), self.shape.architecture
        if image is not None and root is None:
            picked = pick(image, architecture)
            if picked is None:
                start.ask(ARCHITECTURE, architecture, found=False)
                start.printed = f"no matching manifest for linux/{architecture}"
                start.code = 125  # the runtime's own failure: no process was made
                return start
            root = self.create(picked)
        program = started(
            start,
            path,
            root=root or "",
            architecture=architecture,
            environment=self.shape.settings if settings is None else settings,
            store=self._store(store, root or ""),
        )
        process = self.machine.spawn(lambda: program, name=path.rpartition("/")[2], uid=0)
        process.filters = (self._kernel,)
        self.machine.run()
        return start

    def _store(self, store: str, root: str) -> str:
        if store == SERVICE and not self.shape.services:
            raise BadInput("store", _("{host} has no backing service").format(host=self.shape.name))
        places = {LAYER: root + STORE, VOLUME: f"{VOLUMES}/receipts"}
        return places.get(store) or f"/net/{self.shape.services[0]}"

    def _add(self, root: str, files: Mapping[str, bytes]) -> None:
        for path, data in files.items():
            self.machine.files.add(root + path, data, mode=0o755)


def kernel_of(version: Version) -> Filter:
    """The calls that this kernel has no entry for fail with ENOSYS.

    Those that it has are answered with 0 here: what they would do is not of interest.
    """
    return Filter(
        tuple(
            Rule(call, Action.ERRNO, 0 if since <= version else Errno.ENOSYS)
            for call, since in INTRODUCED.items()
        )
    )


PATH = "/bin/receipt"
FORMAT_OLD = Library("libformat.so.2", ("FORMAT_2.0", "FORMAT_2.1"), "half even")
FORMAT_NEW = Library("libformat.so.2", ("FORMAT_2.0", "FORMAT_2.1", "FORMAT_2.2"), "half up")
RECEIPT = Binary(
    "amd64",
    needs=(Need("libformat.so.2", "FORMAT_2.1"), Need("libc.so.6", "GLIBC_2.34")),
    calls=("openat2",),
    settings=("TAX", "DB_PASSWORD"),
    services=("db",),
)
SETTINGS = {"TAX": "10", "DB_PASSWORD": "of this environment"}
# Releases as in Ubuntu 24.04, Debian 12 and Debian 11, whose glibc are 2.39, 2.36 and 2.31.
DEV = Shape("dev", (6, 8), "amd64", (glibc("2.39"), FORMAT_NEW), SETTINGS, ("db",))
TEST = Shape("test", (6, 1), "amd64", (glibc("2.36"), FORMAT_OLD), SETTINGS, ("db",))
PROD = Shape("prod", (5, 10), "amd64", (glibc("2.31"), FORMAT_OLD), SETTINGS, ("db",))
HOSTS = (DEV, TEST, PROD)
LAYOUT = layout_of(PATH, [(RECEIPT, DEV.libraries)])


def everywhere(
    hosts: Iterable[Shape] = HOSTS, image: Layout | None = None, binary: Binary = RECEIPT
) -> dict[str, Start]:
    """The same program on each host: installed, or from the image."""
    starts = {}
    for shape in hosts:
        host = Host(shape)
        if image is None:
            host.install(PATH, binary)
        starts[shape.name] = host.run(PATH, image)
    return starts
