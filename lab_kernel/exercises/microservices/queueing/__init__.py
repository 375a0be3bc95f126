"""The graded problems of the chapter on queues, in the order of its page.

wait         how long a request waits for one server
little       how many are there, how many come, how long they stay
variation    the same load with uneven work
servers      how many servers are enough
lost         how many find no room
"""
