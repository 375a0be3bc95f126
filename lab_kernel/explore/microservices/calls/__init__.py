"""The explorables of the chapter on calls, in the order of its page.

mishap          a service is updated, slow or down, and what becomes of the others
waterfall       one request, call by call, and its critical path
availability    how often a request is answered that needs several services
"""
