from __future__ import annotations

import sys

from tools.bench import access_log, against_simpy, clock, placement, replacement, scheduling


def main() -> int:
    """Every part, whatever another one says; 1 when a limit is passed anywhere."""
    parts = (
        replacement.main,
        clock.main,
        scheduling.main,
        against_simpy.main,
        placement.main,
        access_log.main,
    )
    return max([part() for part in parts])


if __name__ == "__main__":
    sys.exit(main())
