"""The explorables of the chapter on device drivers, one a room, in the order of its page.

mediator   one program on two disks
journey    one read, from the program to the device and back
waiting    polling against interrupts
moving     PIO against DMA
overrun    a FIFO that nobody empties in time
head       the disk's head under every policy
faulty     what a faulty driver takes down
recorded   what a real Linux counted
"""
