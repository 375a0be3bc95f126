"""One driver in two kernels: inside a monolithic one, and as a process of a microkernel.

thermometer   a device with one register, its driver, and the driver's mistake
monolithic    the driver called by the kernel, in kernel mode
port          the way round it: requests of clients become messages for a server, and back
server        the driver as a program in user mode, and the program that starts it again
boot          a machine of either kind, and programs that do not know which

What is modelled is L4's and MINIX 3's shape, reached as FUSE and CUSE reach it on Linux: the
server reads requests from a device node and writes answers to it. The real microkernels have
system calls for that (QNX: MsgReceive, MsgReply; seL4: Recv, ReplyRecv), which Linux has not.
Left out: the driver of the console and the file system, which stay in this kernel; the cost of
copying a message; a server that answers never, or wrongly.
"""

from lab_kernel.kernel.microkernel.boot import DEVICE, MICROKERNEL, MONOLITHIC, boot
from lab_kernel.kernel.microkernel.port import Port
from lab_kernel.kernel.microkernel.server import server, supervisor
from lab_kernel.kernel.microkernel.thermometer import AVERAGE, Sensor, Thermometer

__all__ = [
    "AVERAGE",
    "DEVICE",
    "MICROKERNEL",
    "MONOLITHIC",
    "Port",
    "Sensor",
    "Thermometer",
    "boot",
    "server",
    "supervisor",
]
