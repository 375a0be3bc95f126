"""The graded problems of the chapter on placement, in the order of its page.

score      the points of a node
chosen     which node gets the pod
pending    why a node is out
machines   how many nodes so many pods need
skew       how many more pods a spread allows
drawing    nodes and pods that several of them draw
"""
