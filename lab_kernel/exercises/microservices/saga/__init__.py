"""The graded problems of the chapter on sagas, in the order of its page.

half      what is left in stock and till when orders are cut off
votes     what a participant of two-phase commit may do when the coordinator is gone
ends      what a saga does when one of its steps is refused
next      what an orchestrator sends when it has read its log
charges   how much a customer pays whose messages get lost and repeated
moves     T1 and C1: a saga's steps by their numbers
"""
