"""What a reader types: pods as a list of apps."""

from __future__ import annotations

from dataclasses import dataclass

from lab_kernel.cloud_native.objects import Pod
from lab_kernel.cloud_native.placement import pod
from lab_kernel.errors import BadInput
from lab_kernel.language import _

MOST_PODS = 24
LONGEST_NAME = 8


@dataclass(frozen=True, slots=True)
class Apps:
    """``web 500m 1Gi x4, db 2 4Gi``: names, CPU, memory, and how many of each."""

    text: str
    pods: tuple[Pod, ...]

    def __str__(self) -> str:
        return self.text


def apps(text: str) -> Apps:
    """One app after the other, divided by commas; without ``x`` it is one pod."""
    text = " ".join(text.split())
    made: list[Pod] = []
    for part in text.split(","):
        words = part.split()
        count = words.pop() if words and words[-1].startswith("x") else "x1"
        if len(words) != 3 or not count[1:].isdecimal() or not 1 <= int(count[1:]) <= MOST_PODS:
            message = _(
                "“{text}” is no app; write a name, CPU, memory and a number: web 500m 1Gi x4"
            )
            raise BadInput("pods", message.format(text=part.strip()[:30]))
        name, cpu, memory = words
        if not (name.isascii() and name.isalnum() and len(name) <= LONGEST_NAME):
            message = _("“{name}” is no name of at most {most} letters and digits")
            raise BadInput("pods", message.format(name=name[:20], most=LONGEST_NAME))
        labels = {"app": name}
        made += [pod(f"{name}-{n}", cpu, memory, labels) for n in range(1, int(count[1:]) + 1)]
    if len(made) > MOST_PODS:
        message = _("{size} pods are too many for one picture; {most} is the most")
        raise BadInput("pods", message.format(size=len(made), most=MOST_PODS))
    if len({one.metadata.name for one in made}) < len(made):
        raise BadInput("pods", _("two apps have the same name"))
    return Apps(text, tuple(made))


@dataclass(frozen=True, slots=True)
class Hand:
    """``abca``: the node of each pod, in order; those after the end go where the policy says."""

    text: str

    def __str__(self) -> str:
        return self.text or "-"


def hand(text: str) -> Hand:
    """Letters of nodes, or nothing."""
    word = text.strip().lower()
    if word == "-":
        word = ""
    if not set(word) <= set("abcdef") or len(word) > MOST_PODS:
        message = _("“{text}” is not made of the nodes' letters, such as abca")
        raise BadInput("hand", message.format(text=word[:30]))
    return Hand(word)
