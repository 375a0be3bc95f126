"""From a folder and a Containerfile to an image.

Each COPY becomes one layer: the changes that it makes to what is there. A WORKDIR that is missing
becomes a layer with a directory. ENV, USER, ENTRYPOINT, CMD and LABEL change only the config. No
time, no user and no path of the machine that builds is in the result, so the same folder has the
same digest everywhere.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from lab_kernel.containers.image.changes import diff
from lab_kernel.containers.image.config import EPOCH, Config
from lab_kernel.containers.image.containerfile import FILES, Instruction, command, json_list, parse
from lab_kernel.containers.image.copying import copy
from lab_kernel.containers.image.ignore import NAMES, without_ignored
from lab_kernel.containers.image.image import PLATFORM, Image, assemble, flatten
from lab_kernel.containers.image.layout import Layout
from lab_kernel.containers.image.tar import Entry
from lab_kernel.containers.image.tree import Tree, directory, is_directory, parents, resolve
from lab_kernel.containers.image.words import split
from lab_kernel.errors import BadInput
from lab_kernel.language import _

Base = Callable[[str], Image]
_ARM = {"arm64": "v8"}  # the variant that the platform's name implies


@dataclass
class _Build:
    """What the instructions so far have made."""

    context: Tree
    base: Image | None
    config: Config
    files: Tree
    layers: list[list[Entry]] = field(default_factory=list)
    cmd_here: bool = False

    def layer(self, after: Tree) -> bool:
        changes = diff(self.files, after)
        self.files = after
        if changes:
            self.layers.append(changes)
        return bool(changes)


def build(
    context: Tree,
    layout: Layout,
    base: Base | None = None,
    *,
    file: str = "",
    compression: str = "none",
    platform: str = PLATFORM,
) -> Image:
    """Build the image that the folder's Containerfile describes, and put it into the layout.

    ``context`` is the folder. ``base`` gives the image that FROM names, unless it is ``scratch``.
    ``file`` is the Containerfile's path, else one of its usual names. BadInput names file and line.
    """
    name = file or next((one for one in FILES if one in context), FILES[0])
    node = context.get(name)
    if node is None or node.kind != "file":
        raise BadInput("DIR", _("there is no {name} in the folder").format(name=name))
    try:
        instructions = parse(node.content.decode(), name)
    except UnicodeDecodeError:
        raise BadInput(name, _("it is not a text file")) from None
    for ignore in NAMES:
        if ignore in context:
            text = context[ignore].content.decode("utf-8", "replace")
            context = without_ignored(context, text)
            break
    made = _start(instructions[0], context, base, platform)
    for one in instructions[1:]:
        layered = _STEPS[one.name](made, one)
        made.config = replace(made.config, history=(*made.config.history, _step(one, layered)))
    return assemble(layout, made.config, made.base, made.layers, compression)


def _start(one: Instruction, context: Tree, base: Base | None, platform: str) -> _Build:
    words = split(one.text, {}, one.where)
    if len(words) != 1:
        raise one.refuse(_("FROM takes one name: scratch, or a layout and a tag (LAYOUT:TAG)"))
    if words[0] == "scratch":
        system, _slash, architecture = platform.partition("/")
        config = Config(architecture=architecture, system=system)
        if architecture in _ARM:
            config = replace(config, top={"variant": _ARM[architecture]})
        return _Build(context, None, config, {})
    if base is None:
        raise one.refuse(_("only FROM scratch can be built here"))
    try:
        found = base(words[0])
        return _Build(context, found, found.config, flatten(found))
    except BadInput as error:
        raise one.refuse(error.message) from None


def _step(one: Instruction, layered: bool) -> dict[str, Any]:
    step: dict[str, Any] = {"created": EPOCH, "created_by": f"{one.name} {one.text}"}
    return step if layered else step | {"empty_layer": True}


def _copy(made: _Build, one: Instruction) -> bool:
    env, where = made.config.env, one.where
    words = json_list(one) or split(one.text, env, where)
    try:
        return made.layer(copy(one, words, made.context, made.files, made.config.workdir))
    except BadInput as error:
        raise error if error.argument == where else one.refuse(error.message) from None


def _workdir(made: _Build, one: Instruction) -> bool:
    words = split(one.text, made.config.env, one.where)
    if len(words) != 1:
        raise one.refuse(_("{name} takes one word").format(name=one.name))
    workdir = posixpath.normpath(posixpath.join(made.config.workdir or "/", words[0]))
    made.config = replace(made.config, workdir=workdir)
    after = dict(made.files)
    path = resolve(after, workdir)
    for above in (*parents(path), path):
        if not is_directory(after, above):
            if above in after:
                raise one.refuse(_("{path} is not a directory").format(path=f"/{above}"))
            after[above] = directory()
    return made.layer(after)


def _pairs(made: _Build, one: Instruction) -> dict[str, str]:
    """``NAME=VALUE`` words."""
    pairs = {}
    for word in split(one.text, made.config.env, one.where):
        name, equals, value = word.partition("=")
        if not equals or not name:
            message = _("{name} takes NAME=VALUE, and “{word}” is not that")
            raise one.refuse(message.format(name=one.name, word=word[:40]))
        pairs[name] = value
    return pairs


def _env(made: _Build, one: Instruction) -> bool:
    made.config = replace(made.config, env=dict(made.config.env) | _pairs(made, one))
    return False


def _label(made: _Build, one: Instruction) -> bool:
    made.config = replace(made.config, labels=dict(made.config.labels) | _pairs(made, one))
    return False


def _user(made: _Build, one: Instruction) -> bool:
    words = split(one.text, made.config.env, one.where)
    if len(words) != 1:
        raise one.refuse(_("{name} takes one word").format(name=one.name))
    made.config = replace(made.config, user=words[0])
    return False


def _entrypoint(made: _Build, one: Instruction) -> bool:
    """A CMD that the base left is for the base's entry point: it goes."""
    cmd = made.config.cmd if made.cmd_here else ()
    made.config = replace(made.config, entrypoint=command(one), cmd=cmd)
    return False


def _cmd(made: _Build, one: Instruction) -> bool:
    made.config = replace(made.config, cmd=command(one))
    made.cmd_here = True
    return False


_STEPS: dict[str, Callable[[_Build, Instruction], bool]] = {
    "COPY": _copy,
    "WORKDIR": _workdir,
    "ENV": _env,
    "LABEL": _label,
    "USER": _user,
    "ENTRYPOINT": _entrypoint,
    "CMD": _cmd,
}
