"""Whether this machine can run a container at all, and how: as root, or as an ordinary user.

Source: user_namespaces(7); Linux, Documentation/admin-guide/sysctl/user.rst.
"""

from __future__ import annotations

import sys
from pathlib import Path

from lab_kernel.containers.runtime.linux import privileges
from lab_kernel.containers.runtime.linux.report import Failed
from lab_kernel.errors import BadInput
from lab_kernel.kernel.security import Capability
from lab_kernel.language import _

_MOST = Path("/proc/sys/user/max_user_namespaces")


def check() -> None:
    """BadInput says why not. A kernel may still refuse a step later on (``Failed``)."""
    if sys.platform == "emscripten":
        raise BadInput("container", _("a browser has no Linux kernel to run a container with"))
    if sys.platform != "linux":
        message = _("a container is a process of a Linux kernel, and this is {system}")
        raise BadInput("container", message.format(system=sys.platform))
    if not Path("/proc/self/ns/pid").exists():
        raise BadInput("container", _("there is no /proc, or this kernel has no namespaces"))
    if rootless() and _none_allowed():
        message = _("ordinary users may make no user namespace here: {file} is 0")
        raise BadInput("container", message.format(file=_MOST))


def rootless() -> bool:
    """Whether a user namespace is needed to have the rights for the others."""
    return not privileges.mask_of("CapEff") >> Capability.SYS_ADMIN & 1


def _none_allowed() -> bool:
    try:
        return int(_MOST.read_text(encoding="utf-8")) == 0
    except (OSError, ValueError):
        return False


def explained(failed: Failed) -> str:
    """A step that was refused, in a line."""
    if not failed.number:  # our own words, not the kernel's
        return failed.why
    said = _("the step “{step}” was refused: {why}")
    if failed.step == "user":
        said = _("this kernel lets an ordinary user make no user namespace ({why}); root may")
    return said.format(step=failed.step, why=failed.why)
