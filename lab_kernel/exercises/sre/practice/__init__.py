"""The graded problems of the chapter on SRE in practice, in the order of its page.

canary    failed canaries that an error budget can take
gate      the fewest bad requests that stop a canary
spare     replicas with one to spare
triage    the release behind a symptom
trials    tests that are still missing
"""
