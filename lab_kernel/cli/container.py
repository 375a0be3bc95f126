"""``lab-kernel container run``: a container on this machine, if it is a Linux."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import Parser, Refused, common, text, whole
from lab_kernel.errors import BadInput
from lab_kernel.kernel.security import ALL, Capability, Filter
from lab_kernel.kernel.security.profiles import PROFILES
from lab_kernel.language import N_, _
from lab_kernel.registry import unknown

summary = N_(
    "A real container on this Linux: namespaces, limits and dropped rights, without a daemon."
)
example = "container run my-layout:v1 --memory 64M --pids 20 -- sh -c 'echo I am $$'"

OFF = "off"
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_MOST_MEMORY = 1 << 50
_MOST_NAME = 64  # letters of a host's name, which the kernel takes
LOADER = N_("it or the loader that it names is not in there (image inspect tells which)")
NOT_FOUND, NOT_EXECUTABLE = 127, 126  # as shells have them


class _WithCommand(Parser):
    """What follows -- is the container's command line, and none of it ours."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        words = list(args)
        end = words.index("--") if "--" in words else len(words)
        found, rest = super().parse_known_args(words[:end], namespace)
        if rest and not rest[0].startswith("-"):
            raise Refused(_("write the command after --: -- {words}").format(words=" ".join(rest)))
        found.command_line = words[end + 1 :]
        return found, rest


def arguments(parser: Parser, words: Sequence[str]) -> None:
    actions = parser.add_subparsers(
        dest="action", metavar="ACTION", title=_("actions"), parser_class=_WithCommand
    )
    run = actions.add_parser(
        "run",
        help=_(summary),
        description=_(summary),
        usage=_("%(prog)s [options] ROOT [-- COMMAND ...]"),
        epilog=_("example:") + f"\n  lab-kernel {example}",
    )
    run.add_argument(
        "root",
        metavar="ROOT",
        help=_("an image (LAYOUT, LAYOUT:TAG, LAYOUT@DIGEST) or a directory that becomes /"),
    )
    run.add_argument("--memory", metavar="SIZE", type=size, help=_("limit, such as 64M"))
    run.add_argument("--cpus", metavar="N", type=_cpus, help=_("limit, in processors: 0.5"))
    run.add_argument("--pids", metavar="N", type=whole(1, 1 << 22), help=_("limit of processes"))
    run.add_argument(
        "--read-only", action="store_true", help=_("nothing in the root file system is written")
    )
    run.add_argument("--hostname", metavar="NAME", default="container", help=_("what it is called"))
    run.add_argument(
        "--env", metavar="NAME=VALUE", action="append", default=[], help=_("a variable more")
    )
    run.add_argument("--workdir", metavar="DIR", help=_("the directory to start in"))
    run.add_argument("--user", metavar="USER[:GROUP]", help=_("who runs it, inside"))
    run.add_argument("--entrypoint", metavar="PROGRAM", help=_("in place of the image's"))
    run.add_argument(
        "--network",
        choices=("none", "host"),
        default="none",
        help=_("none: only a loopback of its own; host: that of this machine"),
    )
    run.add_argument(
        "--cap-add", metavar="CAP", action="append", default=[], help=_("keep a capability, too")
    )
    run.add_argument(
        "--cap-drop", metavar="CAP", action="append", default=[], help=_("drop one more, or ALL")
    )
    run.add_argument(
        "--seccomp",
        metavar="NAME",
        default="container",
        help=_("a filter of system calls: {names}").format(names=", ".join([*PROFILES, OFF])),
    )
    run.add_argument(
        "--watch",
        action="store_true",
        help=_("tell what the process sees after each step of the start"),
    )
    common(run, language=argparse.SUPPRESS, json=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    if args.action is None:
        raise BadInput("ACTION", _("choose one of: {allowed}").format(allowed="run"))
    from lab_kernel.containers.runtime.linux import available

    available.check()
    given = vars(args) | {"seccomp": _filter(args.seccomp), "capabilities": _capabilities(args)}
    try:
        with _interruptible():
            return _run(given)
    except _Interrupted as interrupted:
        return 128 + interrupted.number


def _run(given: dict[str, Any]) -> int:
    from lab_kernel.containers.runtime.linux import available, source
    from lab_kernel.containers.runtime.linux.run import Failed, run

    with source.opened(given["root"]) as found:
        config = _config(given, found)
        watched = _Watched() if given["watch"] else None
        try:
            with _output_to_stderr() if given["json"] else contextlib.nullcontext():
                ended = run(
                    config, found.root,
                    ours=found.ours, clear=found.clear, told=_tell_limits, observe=watched,
                )  # fmt: skip
        except Failed as failed:
            if failed.step != "exec":
                raise BadInput(_asked_by(failed, given), available.explained(failed)) from None
            missing = failed.number == errno.ENOENT
            why = f"{failed.why}; {_(LOADER)}" if missing else failed.why
            print(f"lab-kernel: {text(config.args[0])}: {why}", file=sys.stderr)
            return NOT_FOUND if missing else NOT_EXECUTABLE
    if ended.code == 128 + signal.SIGSYS and config.seccomp is not None:
        print(_("SIGSYS: the filter of system calls ended the program"), file=sys.stderr)
    if ended.out_of_memory:
        print(_("out of memory: the kernel ended a process in the container"), file=sys.stderr)
    if watched and not given["json"]:
        print(columns(watched.rows(ended.seen), indent=""), file=sys.stderr)
    if given["json"]:
        print_json(
            {
                "code": ended.code,
                "namespaces": sorted(config.namespaces),
                "in_force": ended.in_force,
                "not_in_force": ended.missing,
                "out_of_memory": ended.out_of_memory,
                "steps": ended.seen,
            }
        )
    return ended.code


def _asked_by(failed: Any, given: dict[str, Any]) -> str:
    """The option whose value a step of ours refused, if it was one."""
    option = {"directory": "workdir", "capabilities": "user"}.get(failed.step, "")
    return option if not failed.number and given.get(option) else "container"


class _Watched:
    """Looks around after each step, in the process that did it."""

    def __init__(self) -> None:
        from lab_kernel.containers.runtime.linux import look

        self._look = look
        self._host = look.look()

    def __call__(self, step: str) -> Any:
        return self._look.recorded(self._look.look())

    def rows(self, seen: dict[str, Any]) -> list[tuple[object, ...]]:
        from lab_kernel.containers.runtime.look import Seen
        from lab_kernel.explore.containers.runtime.wording import STEPS

        head = (
            _("step"), "pid", "uid", _("host name"), "/proc", _("mounts"), _("capabilities"),
            _("namespaces of its own"),
        )  # fmt: skip
        steps = {"host": self._host} | {step: Seen(**each) for step, each in seen.items()}
        return [
            head,
            *(
                (
                    _(STEPS[step]), one.pid, one.uid, one.nodename, one.processes, one.mounts,
                    f"{one.capabilities:x}", " ".join(one.own(self._host)) or "-",
                )
                for step, one in steps.items()
            ),
        ]  # fmt: skip


def _config(given: dict[str, Any], found: Any) -> Any:
    from lab_kernel.containers.runtime.config import USUAL, Config, Limits
    from lab_kernel.containers.runtime.linux import available

    entrypoint = (given["entrypoint"],) if given["entrypoint"] else found.entrypoint
    own = () if given["entrypoint"] else found.cmd
    args = (*entrypoint, *(given["command_line"] or own))
    if not args or not args[0]:
        raise BadInput("COMMAND", _("there is no command; write one after --"))
    if any("\0" in word for word in (*args, *given["env"], given["hostname"])):
        raise BadInput("COMMAND", _("it holds a null character"))
    namespaces = set(USUAL)
    if given["network"] == "host":
        namespaces.discard("network")
    if available.rootless():
        namespaces.add("user")
    return Config(
        args=args,
        env=(*(f"{name}={value}" for name, value in found.env.items()), *_env(given["env"])),
        cwd=_directory(given["workdir"] or found.cwd),
        user=given["user"] or found.user,
        hostname=_hostname(given["hostname"]),
        readonly=given["read_only"],
        namespaces=frozenset(namespaces),
        capabilities=given["capabilities"],
        seccomp=given["seccomp"],
        limits=Limits(given["memory"], given["cpus"], given["pids"]),
    )


def _tell_limits(group: Any) -> None:
    for what, why in group.missing.items():
        said = _("--{what} is not in force: {why}")
        print(said.format(what=what, why=why), file=sys.stderr, flush=True)


def size(word: str) -> int:
    """``64M`` in bytes."""
    found = re.fullmatch(r"([0-9]{1,20})([KMGT]?)I?B?", word.upper())
    number = int(found[1]) * _UNITS[found[2]] if found else 0
    if number >= _MOST_MEMORY:
        message = _("“{value}” is more than a machine can have; less than 1024T is possible")
    elif number < 1 << 16:
        message = _("“{value}” is no size such as 64M, from 64K up")
    else:
        return number
    raise argparse.ArgumentTypeError(message.format(value=text(word)))


def _cpus(word: str) -> float:
    if not re.fullmatch(r"[0-9]{0,4}(\.[0-9]{1,3})?", word) or not 0.01 <= float(word or 0) <= 4096:
        raise argparse.ArgumentTypeError(
            _("“{value}” is no number of processors, from 0.01 up").format(value=text(word))
        )
    return float(word)


def _env(pairs: Sequence[str]) -> list[str]:
    for pair in pairs:
        if not pair.partition("=")[0] or "=" not in pair:
            raise BadInput("env", _("“{value}” is not NAME=VALUE").format(value=text(pair)))
    return list(pairs)


def _hostname(name: str) -> str:
    if len(name) > _MOST_NAME:
        message = _("“{value}” is longer than {most} letters")
        raise BadInput("hostname", message.format(value=text(name), most=_MOST_NAME))
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?", name):
        message = _("“{value}” is no name for a host: letters, digits, dots and hyphens")
        raise BadInput("hostname", message.format(value=text(name)))
    return name


def _directory(path: str) -> str:
    if not path.startswith("/") or "\0" in path:
        raise BadInput("workdir", _("“{value}” does not begin with /").format(value=text(path)))
    return path


def _filter(name: str) -> Filter | None:
    if name not in (*PROFILES, OFF):
        raise unknown("seccomp", name, (*PROFILES, OFF))
    return PROFILES.get(name)


def _capabilities(args: argparse.Namespace) -> frozenset[Capability]:
    from lab_kernel.containers.runtime.config import CAPABILITIES

    kept = set(CAPABILITIES)
    for word in args.cap_drop:
        kept -= _named("cap_drop", word)
    for word in args.cap_add:
        kept |= _named("cap_add", word)
    return frozenset(kept)


def _named(argument: str, word: str) -> frozenset[Capability]:
    name = word.upper().removeprefix("CAP_")
    if name == "ALL":
        return ALL
    if name not in Capability.__members__:
        message = _("there is no capability “{name}”; one is called NET_ADMIN, for instance")
        raise BadInput(argument, message.format(name=text(word)))
    return frozenset({Capability[name]})


class _Interrupted(BaseException):
    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Signals that would end us at once let us clear up first."""

    def stop(number: int, frame: object) -> NoReturn:
        raise _Interrupted(number)

    ours = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, stop) for number in ours]
    try:
        yield
    finally:
        for number, handler in zip(ours, before, strict=True):
            signal.signal(number, handler)


@contextlib.contextmanager
def _output_to_stderr() -> Iterator[None]:
    """What the program prints is not ours: standard output is for one JSON object."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
