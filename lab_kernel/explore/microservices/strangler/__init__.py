"""The explorables of the chapter on splitting, in the order of its page.

steps     from one unit to several, a step at a time
moving    a module on its way out: some requests go to the new unit
"""
