"""Let chance write the scripts that a real Linux plays: questions that nobody has chosen.

    sudo python -m tools.record.namespaces_random

writes ``tests/containers/namespaces-random.json.gz``: for each seed who played the script, and its
lines with the answers. What the simulator leaves out is not asked for: working directories other
than the root, mounts on the root itself.
"""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

from lab_kernel.kernel.namespaces.kinds import FLAGS
from tools.record.namespaces import played_in_a_world
from tools.record.shelf import metadata

OUTPUT = Path(__file__).parents[2] / "tests" / "containers" / "namespaces-random.json.gz"
SCRIPTS = 250
DEEPEST = 3
PLACES = ("/box", "/srv", "/box/d", "/srv/d", "/box/d/e", "/none")
FILES = ("/box/app", "/srv/data", "/etc/secret", "/box/new", "/srv/new")
KINDS = tuple(FLAGS)


def script(rng: random.Random, length: int, depth: int = 0) -> list[str]:
    """So many steps; a child has some of its own."""
    return [line for _step in range(length) for line in _step_of(rng, depth)]


def _step_of(rng: random.Random, depth: int) -> list[str]:
    if depth < DEEPEST and rng.random() < 0.16:
        inside = script(rng, rng.randrange(1, 6), depth + 1)
        return [f"child {_kinds(rng)}".strip(), *(f"  {line}" for line in inside)]
    return [rng.choice(_MADE)(rng)]


def _kinds(rng: random.Random) -> str:
    return " ".join(rng.sample(KINDS, rng.randrange(4)))


def _place(rng: random.Random) -> str:
    return rng.choice(PLACES)


def _any(rng: random.Random) -> str:
    return rng.choice((*PLACES, *FILES, "/proc"))


def _map(rng: random.Random) -> str:
    line = f"{rng.choice((0, 5))} {rng.choice((0, 1000))} {rng.choice((1, 1, 5))}"
    return f"write /proc/self/{rng.choice(('uid_map', 'gid_map'))} {line}"


_MADE = (
    lambda rng: f"unshare {_kinds(rng)}".strip(),
    lambda rng: f"mount {rng.choice(('tmpfs', 'tmpfs', 'proc', 'nosuchfs'))} {_any(rng)}",
    lambda rng: f"bind {_any(rng)} {_any(rng)}",
    lambda rng: f"bind {_place(rng)} {_place(rng)}",
    lambda rng: f"rbind {_any(rng)} {_place(rng)}",
    lambda rng: f"readonly {_any(rng)}",
    lambda rng: f"umount {_any(rng)}",
    lambda rng: f"detach {_any(rng)}",
    lambda rng: f"pivot {_any(rng)} {_any(rng)}",
    lambda rng: f"ls {rng.choice((*PLACES, '/'))}",
    lambda rng: f"cat {rng.choice(FILES)}",
    lambda rng: f"touch {_any(rng)}",
    lambda rng: f"mkdir {_any(rng)}",
    lambda rng: f"rmdir {_any(rng)}",
    lambda rng: f"rm {_any(rng)}",
    lambda rng: f"owner {_any(rng)}",
    lambda _rng: "mounts",
    lambda rng: rng.choice(("pid", "ppid", "uid", "gid", "numbers", "node", "up")),
    lambda rng: f"kill {rng.randrange(1, 5)} 0",
    lambda _rng: "node box",
    lambda rng: f"join {rng.choice(('self', 1, 2, 3))} {rng.choice(KINDS)}",
    _map,
    lambda _rng: "write /proc/self/setgroups deny",
    lambda _rng: "cat /proc/self/uid_map",
    lambda rng: f"listen {rng.choice((80, 8080))}",
    lambda rng: rng.choice(("connect 8080", "queue 7", "newqueue 7")),
)


def record() -> None:
    played = []
    for seed in range(SCRIPTS):
        rng = random.Random(seed)
        uid = rng.choice((0, 1000))
        played.append([uid, played_in_a_world("\n".join(script(rng, 10)), uid)])
    about = "random scripts of isolation, and what a real kernel answered"
    recorded = {"metadata": metadata("namespaces_random", about), "played": played}
    text = json.dumps(recorded, ensure_ascii=False, separators=(",", ":"))
    OUTPUT.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    record()
