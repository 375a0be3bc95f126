"""What a driver meets: devices that have nothing but registers and one interrupt line.

device      registers, a line, a plug that can be pulled
bus         how the CPU reaches registers, at a price
ram         the memory that a device reaches by itself (DMA)
disk        a head that moves: what both disks have in common
pio_disk    a disk whose data go word by word through a register, as with ATA
dma_disk    a disk that reads its orders from a ring in memory, as with virtio and NVMe
serial      a serial line with a small FIFO, as a 16550A
"""
