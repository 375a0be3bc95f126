"""Where the root file system comes from: a directory, or an image that is unpacked for one run."""

from __future__ import annotations

import contextlib
import fcntl
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lab_kernel.containers.image import Image, unpack
from lab_kernel.containers.image.reference import open_image, split_reference
from lab_kernel.errors import BadInput
from lab_kernel.language import _

# the kernel's names where Go has others
_ARCHITECTURES = {
    "x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386", "loongarch64": "loong64",
}  # fmt: skip


_PREFIX = "lab-kernel-root-"  # of the directories that images are unpacked in

_UNPACKED = re.compile(r"root|\.root\.[0-9]+")  # whole, or halfway


@dataclass(frozen=True, slots=True)
class Source:
    """``argv``, ``env``, ``user`` and ``cwd`` are the image's; a directory says nothing of them."""

    root: str
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    user: str = "0"
    cwd: str = "/"
    clear: Callable[[], None] = lambda: None
    ours: bool = False  # made for this run: what is missing may be put there


@contextlib.contextmanager
def opened(name: str) -> Iterator[Source]:
    """An image, by layout and tag or digest, or a directory. What was unpacked is removed."""
    folder, _tag = split_reference(name)
    if not Path(folder, "oci-layout").is_file():
        yield _directory(Path(folder))
        return
    image = _image(name)
    _clear_abandoned()
    temporary = Path(tempfile.mkdtemp(prefix=_PREFIX))
    held = -1
    with contextlib.suppress(OSError):  # a file system without locks
        held = _held(temporary)

    def clear() -> None:
        if temporary.exists():
            _make_removable(temporary)
            shutil.rmtree(temporary, ignore_errors=True)

    try:
        root = temporary / "root"
        unpack(image, root)
        config = image.config
        yield Source(
            str(root), config.entrypoint, config.cmd, dict(config.env),
            config.user or "0", config.workdir or "/", clear, ours=True,
        )  # fmt: skip
    finally:
        clear()
        if held >= 0:
            os.close(held)


def _held(folder: Path) -> int:
    """Hold a directory as long as we or a child of ours that can clear it up live."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        raise
    return fd


def _clear_abandoned() -> None:
    """Remove what others have unpacked and, killed on the spot, could not remove."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            names = [entry.name for entry in folder.iterdir()]
            if folder.lstat().st_uid != os.geteuid() or not all(map(_UNPACKED.fullmatch, names)):
                continue
            if not names:  # its maker is about to hold it
                continue
            fd = _held(folder)
            try:
                _make_removable(folder)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(fd)


def _image(name: str) -> Image:
    """For this machine, or BadInput. The kernel would start another's programs only to fail."""
    try:
        return open_image(name, platform_here())
    except BadInput as error:
        raise BadInput("ROOT", error.message) from None


def platform_here() -> str:
    """This machine's, as images name it: of an image for several, the one that can run here."""
    machine = platform.machine()
    return f"linux/{_ARCHITECTURES.get(machine, machine)}"


def _directory(folder: Path) -> Source:
    if not folder.is_dir():
        message = _("{path} is neither an image layout nor a directory to be the root")
        raise BadInput("ROOT", message.format(path=folder))
    if folder.samefile("/"):
        raise BadInput("ROOT", _("that is this machine's own root; take a directory below it"))
    if not os.access(folder, os.R_OK | os.X_OK):
        raise BadInput("ROOT", _("{path}: no permission to read it").format(path=folder))
    return Source(str(folder))


def _make_removable(path: Path) -> None:
    """A program inside may have taken our own rights to a directory away."""
    path.chmod(0o700)
    for entry in path.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            _make_removable(entry)
