"""The graded problems of the chapter on monolith and services, in the order of its page.

crossings      how many calls of one request cross the network
availability   how many of 10,000 requests fail
blast          how many requests fail after a bad version
count          services, pods and processes
"""
