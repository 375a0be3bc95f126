"""Words for steps, walls and states of containers."""

from __future__ import annotations

from lab_kernel.language import N_

STEPS = {
    "host": N_("before anything is done"),
    "user": N_("a user namespace"),
    "pid": N_("a PID namespace, for children"),
    "fork": N_("the child, in its control group"),
    "mount": N_("a mount namespace"),
    "uts": N_("a UTS namespace and a host name"),
    "ipc": N_("an IPC namespace"),
    "network": N_("a network namespace"),
    "cgroup": N_("a cgroup namespace"),
    "root": N_("root, /dev and /proc mounted"),
    "pivot_root": N_("pivot_root, the old root gone"),
    "directory": N_("the working directory"),
    "readonly": N_("a read-only root"),
    "capabilities": N_("capabilities dropped"),
    "no_new_privs": N_("no_new_privs"),
    "seccomp": N_("a seccomp filter"),
}
# for a narrow cell
SHORT = {
    "user": N_("user namespace"),
    "capabilities": N_("capabilities"),
    "seccomp": "seccomp",
    "no_new_privs": N_("no new privileges"),
    "readonly": N_("read-only root"),
    "limits": N_("limit of processes"),
}
