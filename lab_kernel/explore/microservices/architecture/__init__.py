"""The explorables of the chapter on monolith and services, in the order of its page.

cut      one shop, cut in five ways: what each cut gives and costs
teams    how many changes one team can bring to users alone
"""
