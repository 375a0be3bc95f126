"""Play scripts of isolation on a real Linux, and write down every answer.

    sudo python -m tools.record.namespaces

The scripts are those of ``namespaces.scripts``, in the words of ``lab_kernel.containers.steps``,
and those of ``matrix``: the same wishes from somebody who may more and more. Each is played by a
process of a small world of its own: new pid, mount, uts, ipc and net namespaces (owned by the first
user namespace, as a host's are), a tmpfs with the files of ``steps.FILES`` as root, its own /proc,
a number 1 above it. So the process is number 2 and sees what the simulated machine shows.

``lab_kernel/recordings/namespaces.json`` then holds an entry for each script: who played it, and
its lines with the answers; and before them some commands that a reader would run.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from lab_kernel.containers.steps import FILES, Step, parse
from lab_kernel.containers.words import flags
from lab_kernel.kernel.namespaces.kinds import FLAGS
from tools.record.lackey import ENVIRONMENT
from tools.record.shelf import keep, metadata

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE, PIVOT_ROOT, MSGGET, UNSHARE, SETNS, MOUNT, UMOUNT2, SETHOSTNAME = (
    56, 155, 68, 272, 308, 165, 166, 170,
)  # fmt: skip
MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE, MNT_DETACH = 1, 32, 4096, 16384, 1 << 18, 2
NOBODY = "setpriv --reuid=nobody --regid=nogroup --clear-groups"
#: Commands that a reader can type. A name and its way in /proc that say "host" are avoided: a
#: recording tells nothing of the machine that made it.
COMMANDS: dict[str, str] = {
    "kinds": "ls -1 /proc/self/ns",
    "numbers": "readlink /proc/self/ns/uts; unshare --uts readlink /proc/self/ns/uts",
    "processes": "unshare --pid --fork --mount-proc ps -e -o pid,ppid,comm",
    "network": "unshare --net ip -brief link",
    "root-inside": f"{NOBODY} unshare --user --map-root-user sh -c 'id -u; cat /proc/self/uid_map'",
    "mount-inside": (
        f"{NOBODY} unshare --user --map-root-user --mount sh -c"
        " 'mount -t tmpfs none /srv && grep -c /srv /proc/self/mounts'; grep -c /srv /proc/mounts"
    ),
    "kernel": (
        "uname -r | cut -d- -f1; unshare --user --pid --fork --mount --uts --net --ipc --cgroup"
        " uname -r | cut -d- -f1"
    ),
}

#: How far somebody has come, and then what is tried from there, each by a child of its own.
STANDINGS: dict[str, tuple[int, str]] = {
    "root": (0, ""),
    "user": (1000, ""),
    "in a user namespace": (1000, "unshare user"),
    "mapped": (1000, "unshare user\nwrite /proc/self/uid_map 0 1000 1"),
    "with mounts": (1000, "unshare user mnt"),
    "with all": (1000, "unshare user mnt uts ipc net cgroup"),
    "root in a user namespace": (0, "unshare user mnt uts"),
    "two deep": (1000, "unshare user\nwrite /proc/self/uid_map 0 1000 1\nunshare user uts"),
}
KINDS = tuple(FLAGS)
WISHES = (
    *(f"unshare {kind}" for kind in KINDS),
    *(f"join {number} {kind}" for number in (1, 2) for kind in KINDS),
    "node box", "setuid 0", "setuid 1", "setuid 1000", "kill 1 0", "kill 2 0", "listen 80", "up",
    "write /proc/2/uid_map 0 0 1", "write /proc/2/uid_map 0 1000 1", "write /proc/2/uid_map 0 0 9",
    "write /proc/2/setgroups deny", "cat /proc/2/uid_map", "cat /etc/secret", "owner /box",
    "touch /box/new", "rm /box/app", "mount tmpfs /none", "mount nosuchfs /srv", "bind /none /srv",
    "bind / /srv", "umount /srv", "rbind / /srv", "detach /srv", "mount tmpfs /srv", "umount /srv",
    "readonly /", "umount /proc", "mount proc /proc", "pivot /none /none", "pivot /box /box",
)  # fmt: skip
WORLD = ("pid", "mnt", "uts", "ipc", "net")


def call(number: int, *arguments: int | str | None) -> int:
    """A system call as it is; OSError says why not."""
    packed = [
        one.encode() if isinstance(one, str) else None if one is None else ctypes.c_long(one)
        for one in arguments
    ]
    answer = int(LIBC.syscall(ctypes.c_long(number), *packed))
    if answer < 0:
        raise OSError(ctypes.get_errno(), "")
    return answer


def child(kinds: tuple[str, ...], body: Callable[[], list[str]]) -> list[str]:
    """What a child in new namespaces of these kinds says, line by line."""
    reader, writer = os.pipe()
    number = call(CLONE, flags(kinds) | signal.SIGCHLD, 0, 0, 0, 0)
    if number == 0:
        os.close(reader)
        try:
            said = json.dumps(body()).encode()
        except BaseException as error:
            said = json.dumps([f"!{error!r}"]).encode()
        os.write(writer, said)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as stream:
        said_text = stream.read()
    os.waitpid(number, 0)
    return list(json.loads(said_text)) if said_text else []


def play(steps: tuple[Step, ...], depth: int = 0) -> list[str]:
    """The lines with what this kernel answers."""
    lines: list[str] = []
    for step in steps:
        margin = "  " * depth
        word, *given = step.words
        try:
            if word == "child":
                below = child(tuple(given), partial(play, step.inside, depth + 1))
                lines += [f"{margin}{step}", *below]
                continue
            answer = WORDS[word](*given)
        except OSError as error:
            lines.append(f"{margin}{step} = {errno.errorcode[error.errno or 0]}")
            continue
        if isinstance(answer, list):
            answer = " ".join(answer) or "nothing"
        lines.append(f"{margin}{step} = {' '.join(str(0 if answer is None else answer).split())}")
    return lines


def names(path: str) -> list[str]:
    return [one.name for one in Path(path).iterdir()]


def node(name: str = "") -> Any:
    if name:
        return call(SETHOSTNAME, name, len(name))
    return os.uname().nodename


def write(path: str, *words: str) -> int:
    fd = os.open(path, os.O_WRONLY)
    try:
        return os.write(fd, " ".join(words).replace("|", "\n").encode())
    finally:
        os.close(fd)


def touch(path: str) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT))


def join(number: str, kind: str, wanted: str = "") -> int:
    fd = os.open(f"/proc/{number}/ns/{kind}", os.O_RDONLY)
    try:
        return call(SETNS, fd, FLAGS[wanted] if wanted else 0)
    finally:
        os.close(fd)


_listening: list[socket.socket] = []


def bind(address: str, port: str) -> int:
    one = socket.socket()
    one.bind((address, int(port)))
    one.listen()
    _listening.append(one)
    return 0


def connect(port: str) -> None:
    with socket.socket() as one:
        one.connect(("127.0.0.1", int(port)))


def up() -> None:
    with socket.socket() as one:
        fcntl.ioctl(one, 0x8914, struct.pack("16sH14x", b"lo", 1))


def mount(source: str, target: str, kind: str | None, options: int = 0) -> int:
    return call(MOUNT, source, target, kind, options, None)


def mounts() -> list[str]:
    return [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]


WORDS: dict[str, Callable[..., Any]] = {
    "pid": os.getpid,
    "ppid": os.getppid,
    "uid": os.getuid,
    "gid": os.getgid,
    "setuid": lambda uid: os.setuid(int(uid)),
    "node": node,
    "numbers": lambda: sorted((n for n in names("/proc") if n.isdecimal()), key=int),
    "kill": lambda number, which: os.kill(int(number), int(which)),
    "unshare": lambda *kinds: call(UNSHARE, flags(kinds)),
    "join": join,
    "ls": lambda path: sorted(names(path)),
    "cat": lambda path: Path(path).read_text(),
    "write": write,
    "touch": touch,
    "owner": lambda path: Path(path).stat().st_uid,
    "mkdir": lambda path: Path(path).mkdir(),
    "rmdir": lambda path: Path(path).rmdir(),
    "rm": lambda path: Path(path).unlink(),
    "cd": os.chdir,
    "cwd": os.getcwd,
    "mount": lambda kind, path: mount("none", path, kind),
    "bind": lambda old, new: mount(old, new, None, MS_BIND),
    "rbind": lambda old, new: mount(old, new, None, MS_BIND | MS_REC),
    "readonly": lambda path: mount("none", path, None, MS_BIND | MS_REMOUNT | MS_RDONLY),
    "umount": lambda path: call(UMOUNT2, path, 0),
    "detach": lambda path: call(UMOUNT2, path, MNT_DETACH),
    "pivot": lambda new, old: call(PIVOT_ROOT, new, old),
    "mounts": mounts,
    "listen": lambda port: bind("0.0.0.0", port),
    "local": lambda port: bind("127.0.0.1", port),
    "connect": connect,
    "up": up,
    "queue": lambda key: call(MSGGET, int(key), 0),
    "newqueue": lambda key: call(MSGGET, int(key), 0o1000 | 0o666),
}


def world(scratch: str, script: str, uid: int) -> list[str]:
    """In new namespaces: build the tree, make it the root, and let number 2 play the script."""
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    mount("none", scratch, "tmpfs")
    root = Path(scratch)
    root.chmod(0o755)
    for name in ("box", "srv", "etc", "proc", "dev", "bin", "old", "home", "root", "tmp"):
        (root / name).mkdir(mode=0o755)
    for name, text in {**FILES, "/etc/nodename": "lab\n"}.items():
        (root / name[1:]).write_text(text)
        (root / name[1:]).chmod(0o600 if name.endswith("secret") else 0o644)
    (root / "proc").chmod(0o555)
    mount("none", str(root / "proc"), "proc")
    call(PIVOT_ROOT, scratch, str(root / "old"))
    os.chdir("/")
    call(UMOUNT2, "/old", MNT_DETACH)
    Path("/old").rmdir()
    node("lab")
    up()

    def played() -> list[str]:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        LIBC.prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE: /proc/self is the user's again
        return play(parse(script))

    os.umask(0o022)
    return child((), played)


def scripts() -> dict[str, tuple[int, str]]:
    """Who plays what, by name."""
    found: dict[str, tuple[int, str]] = {}
    _head, *parts = (
        Path(__file__).with_suffix(".scripts").read_text(encoding="utf-8").split("\n== ")
    )
    for part in parts:
        head, _line, script = part.partition("\n")
        who, _colon, name = head.partition(": ")
        found[f"{who}: {name}"] = (0 if who == "root" else int(who), script.strip("\n"))
    return found | matrix()


def matrix() -> dict[str, tuple[int, str]]:
    """Every wish from every standing."""
    tried = "\n".join(f"child\n  {wish}" for wish in WISHES)
    return {
        f"from {name}": (uid, f"{first}\n{tried}".strip("\n"))
        for name, (uid, first) in STANDINGS.items()
    }


def played_in_a_world(script: str, uid: int) -> list[str]:
    with tempfile.TemporaryDirectory() as scratch:
        return child(WORLD, lambda: world(scratch, script, uid))


def record() -> dict[str, Any]:
    entries = []
    for name, command in COMMANDS.items():
        said = subprocess.run(
            ["sh", "-c", command], env=ENVIRONMENT, cwd="/", stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, check=False, text=True,
        )  # fmt: skip
        entries.append({"name": name, "command": command, "output": said.stdout.splitlines()})
    for name, (uid, script) in scripts().items():
        who = "root" if uid == 0 else f"user {uid}"
        lines = played_in_a_world(script, uid)
        entries.append({"name": name, "command": f"steps as {who}", "output": lines})
    about = "namespaces, one step at a time"
    return {"metadata": metadata("namespaces", about), "entries": entries}


if __name__ == "__main__":
    keep("namespaces", record())
