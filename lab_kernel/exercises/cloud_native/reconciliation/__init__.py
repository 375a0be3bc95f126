"""The graded problems of the chapter on reconciliation, in the order of its page.

stopped     which part of the control plane is missing
levels      how many pods a controller has that counts notices
restarts    when a program that crashes is started again
failure     when a pod of a dead node is replaced
partition   how many pods run while a node is cut off
"""
