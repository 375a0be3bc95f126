"""What the kernel checks before it serves a process: credentials, permission bits, seccomp."""

from __future__ import annotations

from lab_kernel.kernel.security.capabilities import ALL, NONE, Capability
from lab_kernel.kernel.security.credentials import (
    ROOT,
    SET_GROUP_ID,
    SET_USER_ID,
    STICKY,
    Credentials,
    user,
)
from lab_kernel.kernel.security.permission import R, Ruling, W, X, judge, permits
from lab_kernel.kernel.security.seccomp import (
    Action,
    Compare,
    Filter,
    Rule,
    Verdict,
    decide,
    install,
)

__all__ = [
    "ALL",
    "NONE",
    "ROOT",
    "SET_GROUP_ID",
    "SET_USER_ID",
    "STICKY",
    "Action",
    "Capability",
    "Compare",
    "Credentials",
    "Filter",
    "R",
    "Rule",
    "Ruling",
    "Verdict",
    "W",
    "X",
    "decide",
    "install",
    "judge",
    "permits",
    "user",
]
