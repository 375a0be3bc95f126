"""The same modules, wired in two ways: together in one process, or apart with messages.

    shop = Together()
    shop.ask("orders", "place", who="ann", item="tea", count=3)

``Together`` calls functions, and has one transaction: what a refused request has changed is as it
was before. ``Apart`` puts each question and each answer into a message, JSON as on a wire, and
each module keeps its own data. A message may get lost: ``Lost`` for the asker, who does not know
whether his question arrived. No transaction spans the modules, so half of an order can stay done.

Left out: time. What a message takes, the simulated cluster says (``cut``).
"""

from __future__ import annotations

import copy
import json
import random
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.architecture.shop import MODULES, Module, Refused


class Lost(Exception):
    """No answer came."""


class Together:
    """One process: an ask is a function call."""

    def __init__(self) -> None:
        self.modules: dict[str, Module] = {kind.name: kind(self._call) for kind in MODULES}
        self.calls = 0

    def ask(self, module: str, operation: str, **data: Any) -> Any:
        """A request from outside, all or nothing."""
        before = copy.deepcopy({name: each.data for name, each in self.modules.items()})
        try:
            return self._call(module, operation, **data)
        except Refused:
            for name, was in before.items():
                self.modules[name].data = was
            raise

    def _call(self, module: str, operation: str, **data: Any) -> Any:
        self.calls += 1
        return getattr(self.modules[module], operation)(**data)


class Apart:
    """A process each: an ask is two messages, of which each is lost with the chance ``loses``."""

    def __init__(self, loses: float = 0.0, seed: int = 0) -> None:
        if not 0 <= loses <= 1:
            message = _("{value} is not between {low} and {high}")
            raise BadInput("loses", message.format(value=loses, low=0, high=1))
        self.modules: dict[str, Module] = {kind.name: kind(self.ask) for kind in MODULES}
        self.messages, self.bytes = 0, 0
        self._loses, self._chance = loses, random.Random(f"wire {seed}")

    def ask(self, module: str, operation: str, **data: Any) -> Any:
        question = self._sent({"operation": operation, "data": data})
        try:
            result = getattr(self.modules[module], question["operation"])(**question["data"])
            answer = self._sent({"result": result})
        except Refused as refused:
            answer = self._sent({"refused": str(refused)})
        if "refused" in answer:
            raise Refused(answer["refused"])
        return answer["result"]

    def _sent(self, content: dict[str, Any]) -> dict[str, Any]:
        """It goes over the wire: nothing but text arrives on the other side."""
        text = json.dumps(content)
        self.messages += 1
        self.bytes += len(text)
        if self._chance.random() < self._loses:
            raise Lost
        arrived: dict[str, Any] = json.loads(text)
        return arrived
