"""``python -m lab_kernel`` is the command ``lab-kernel``."""

import sys

from lab_kernel.cli import main

if __name__ == "__main__":
    sys.exit(main())
