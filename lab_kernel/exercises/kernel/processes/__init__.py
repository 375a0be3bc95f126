"""The graded problems of the processes chapter, one a room, in the order of its page.

waiting     how long a job waits under one of the classics
feedback    who is on the CPU under MLFQ
stride      in which order tickets are served
nice        what part of the CPU a nice value is worth
eevdf       whom EEVDF picks
response    the worst response of a periodic task
zombies     who has ended and has not been read
told        what several of them say
"""
