"""The graded problems of the chapter on rolling updates, in the order of its page.

bounds     the most and the fewest pods that an update allows
startup    what a startup probe has to tolerate
hung       when a program that hangs is killed, or gets no requests any more
grace      when the last process of a deleted pod is gone
order      in which order the moments of the race come
"""
