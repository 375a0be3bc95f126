"""Devices, and the drivers that stand between them and the processes.

hardware      devices that have nothing but registers (a package)
board         what devices and drivers of one machine share
interrupt     lines, top halves, bottom halves
driver        the contract: what every driver does for the system calls above it
block_driver  a disk as a file, with a small cache; queue sorts its requests by an elevator
pio_driver, dma_driver   the same request in two languages of registers
line_driver   a serial line as a file; pseudo has /dev/null and its like
faulty        drivers with a mistake
setup         plugging it all together

The whole way of one read: program, ``BlockDriver.read``, ``Queue``, a Controller, its registers,
the device, its line, top half, bottom half, ``Board.wake``, and the program again.
"""
