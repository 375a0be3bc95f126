"""A bulkhead: at most so many calls to one dependency at a time, and none waits for a place.

Without it a dependency that hangs takes one worker after the other, until nobody is left for
requests that do not need it at all. The name is from ships, whose hull is divided so that one leak
does not sink them (Nygard, "Release It!", 2007). resilience4j's semaphore bulkhead is the same
with 25 places; its thread-pool bulkhead also has a queue, which is left out here.
"""

from __future__ import annotations

from lab_kernel.errors import BadInput
from lab_kernel.language import _


class Bulkhead:
    """BadInput for fewer than one place."""

    def __init__(self, places: int = 25) -> None:
        if places < 1:
            raise BadInput("places", _("{value} is too little").format(value=places))
        self.places, self.inside, self.rejected = places, 0, 0

    def enter(self) -> bool:
        """Take a place, if one is free."""
        if self.inside == self.places:
            self.rejected += 1
            return False
        self.inside += 1
        return True

    def leave(self) -> None:
        """Give it back; whoever entered does so once, however the call ends."""
        assert self.inside > 0
        self.inside -= 1
