"""The graded problems of the chapter on calls.

latency     how long a request takes through a handful of services
saving      how long it takes when one of them gets quicker
critical    which services are on the critical path
own         how long a service was at work itself, from its spans
share       how many requests are answered when several services are needed
reach       which services answer with errors when one fails
drawing     what they share
"""
