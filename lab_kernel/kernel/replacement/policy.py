"""The contract of a replacement policy: three hooks, and nothing of the machine.

Whoever keeps the frames (``simulate`` here, the pager in ``paging``) tells the policy what
happens, and asks it one question::

    hit(page)     the page is in memory and was used
    load(page)    the page was just brought in
    victim()      which page must leave? The policy names it and forgets it.

``remove`` serves pages that leave for a reason of their own, such as the end of their process.
A policy never counts frames: it is asked for a victim exactly when one is needed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar


class Policy(ABC):
    """One replacement policy, with the pages it knows about. Use a fresh one for every run.

    Pages are non-negative integers. ``hit`` and ``remove`` of an unknown page are a KeyError, as
    is ``victim`` when there is no page; loading a page twice is the caller's mistake.
    """

    name: ClassVar[str]

    #: The page was used. An attribute, so that a policy may bind a built-in straight to it.
    hit: Callable[[int], object]

    @abstractmethod
    def load(self, page: int) -> None:
        """The page was just brought into memory."""

    @abstractmethod
    def victim(self) -> int:
        """The page to throw out; from here on the policy knows it no more."""

    @abstractmethod
    def remove(self, page: int) -> None:
        """The page left memory without being chosen."""
