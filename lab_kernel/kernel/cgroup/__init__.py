"""Control groups, version 2: how much of the machine a group of processes may have.

In reading order:

    tree       the groups, and which process is in which
    cpu        cpu.weight, cpu.max and cpu.stat
    sharing    the scheduler with groups: siblings share, and each group has the machine's policy
    memory     memory.max, memory.high, memory.low and what is counted
    pids       pids.max
    files      the same as text, as the kernel shows it in /sys/fs/cgroup

    web = machine.cgroups.make("web", cpu_max="20000 100000", memory_max="64K")
    machine.spawn(server, cgroup=web)
    machine.run()
    print(web.read("cpu.stat"))

Here a tick has a length, 1 ms, because these files speak of microseconds; a page has 4096 bytes.
Source: Linux, Documentation/admin-guide/cgroup-v2.rst; kernel/cgroup/, kernel/sched/fair.c and
mm/memcontrol.c of the 6.x series, read and not copied.
Left out: threads, io, cpuset and the other controllers, delegation, pressure (PSI), cpu.idle,
cpu.max.burst, and memory of the kernel and of files: only a program's own pages are charged.
"""

from lab_kernel.kernel.cgroup.cpu import TICK_USEC, Cpu
from lab_kernel.kernel.cgroup.memory import Memory
from lab_kernel.kernel.cgroup.pids import Pids
from lab_kernel.kernel.cgroup.tree import Group

__all__ = ["TICK_USEC", "Cpu", "Group", "Memory", "Pids"]
