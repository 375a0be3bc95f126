"""The graded problems of the chapter on resilience, in the order of its page.

layers      how often the lowest service is called
pause       the longest that a client may wait before its n-th retry
charges     how often a card is charged, with and without a key
stuck       up to which load a service comes back by itself
tokens      how many retries a throttle lets through
breaker     what a breaker does with the next call
"""
