"""The graded problems of the chapter on device drivers, one a room.

distance, next_request   disk scheduling: how far the head goes, and where next
cpu_time                 what n blocks cost the CPU, by PIO and by DMA
polling                  looking against being told
overrun                  bytes lost while nobody looks
halves                   which work belongs into the top half
rules                    the policies' rules in words
"""
