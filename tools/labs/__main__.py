"""`python -m tools.labs`: one line a problem, exit code 1 when there is any."""

import sys

from tools.labs import problems

found = problems()
print("\n".join(found) or "The labs are as they should be.")
sys.exit(1 if found else 0)
