"""The graded problems of the chapter on service level indicators, in the order of its page.

ratio        good and valid, counted in lines of a log
windows      good minutes instead of good requests, one of them empty
average      the error rate of two hours, from that of each
percentile   the nearest rank, in a handful of times
bucket       what histogram_quantile makes of cumulative counts
little       how many requests are being served at once
pair         reading an answer such as 5/7
"""
