"""The graded problems of the chapter on load balancing, in the order of its page.

longest    who gets the next request, with fresh news and with old
fanout     how many requests meet a slow answer
allowed    how many slow answers may there be
merged     the percentile of two servers together
hedge      the slowest answer, when each late one is asked for again
"""
