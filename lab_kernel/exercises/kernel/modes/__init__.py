"""The graded problems of the chapter on the two modes, in the order of its page.

outcome, status       what a mistake ends, and how a shell reports it
returned              what is given back, and what somebody else still holds
pieces, double_fetch  what crosses the border
buffering, messages   what crossings cost
"""
