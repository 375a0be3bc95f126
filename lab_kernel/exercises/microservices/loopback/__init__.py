"""The graded problems of the chapter on real services, in the order of its page.

capacity    how many requests a second a pool of workers can answer
backlog     how many wait after a while of too little capacity
drain       how long they take to go
workers     how many workers a caller needs for its timeout
"""
