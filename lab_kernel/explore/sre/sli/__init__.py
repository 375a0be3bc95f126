"""The explorables of the chapter on service level indicators, in the order of its page.

places      one ratio, measured at the server, at the load balancer and at the client
condition   what counts as good: the recorded hour, its faults, and the ratio by window
mean        what the mean hides: the same requests by mean and by percentiles
averaging   the mean of percentiles against the percentile of all
buckets     the bounds of a histogram, and how wrong its quantiles can be
hour        the recorded hour, as all of them use it
"""
