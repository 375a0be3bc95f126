"""The graded problems of the chapter on splitting, in the order of its page.

leaver     which module can leave without calling back
share      how many requests fail while a bad version gets a part of them
lead       how long a change takes until it is live
teams      between how many people talk is needed
"""
