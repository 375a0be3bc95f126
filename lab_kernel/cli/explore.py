"""``lab-kernel explore``: draw an explorable's picture into a file."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lab_kernel.cli.files import check_picture, write_text
from lab_kernel.cli.output import print_json
from lab_kernel.cli.parsing import Parser
from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _

if TYPE_CHECKING:
    from lab_kernel.explore import Control

summary = N_("Explorables: set the controls, get the picture as an SVG file.")
example = "explore kernel/memory/replacement --out picture.svg"


def arguments(parser: Parser, words: Sequence[str]) -> None:
    """An explorable named among the words brings its controls along as options."""
    parser.add_argument("name", nargs="?", metavar="NAME", help=_("which explorable"))
    parser.add_argument("--out", metavar="FILE.svg", help=_("where the picture goes"))
    if not words:
        return
    from lab_kernel import explore  # only here: the other commands need no pictures

    if not {"-h", "--help"}.isdisjoint(words):
        names = "\n  ".join([_("explorables:"), *explore.names()])
        parser.epilog = f"{parser.epilog}\n\n{names}"
    try:
        chosen = explore.load(_name_among(words))
    except BadInput:  # none, or none there is: run() says so
        return
    group = parser.add_argument_group(_("controls of {name}").format(name=chosen.name))
    for control in chosen.controls:
        default = _("default: {value}").format(value=control.default)
        group.add_argument(
            _option(control),
            dest=control.name,
            default=argparse.SUPPRESS,
            metavar=_allowed(control),
            help=f"{_(control.label)} ({default})".replace("%", "%%"),
        )


def _name_among(words: Sequence[str]) -> str:
    """The first word after the command that is no option and no option's value; else empty.

    Which explorable it is decides what options there are, so here the options of all are known.
    """
    from lab_kernel import explore

    controls = (control for name in explore.names() for control in explore.load(name).controls)
    parser = Parser(add_help=False)
    parser.add_argument("NAME", nargs="?", default="")
    for option in sorted({"--out", "--lang", *map(_option, controls)}):
        parser.add_argument(option, nargs="?", dest="value")
    after = words[words.index("explore") + 1 :]
    return str(parser.parse_known_args(after)[0].NAME)


def _option(control: Control) -> str:
    return "--" + control.name.replace("_", "-")


def _allowed(control: Control) -> str:
    from lab_kernel.explore import Choice, Toggle, Whole

    if isinstance(control, Choice):
        return "{" + ",".join(value for value, _label in control.options) + "}"
    if isinstance(control, Whole):
        return f"{control.low}-{control.high}"
    return "{on,off}" if isinstance(control, Toggle) else "VALUE"


def run(args: argparse.Namespace) -> int:
    from lab_kernel import explore

    if args.name is None:
        allowed = ", ".join(explore.names())
        raise BadInput("NAME", _("choose one of: {allowed}").format(allowed=allowed))
    chosen = explore.load(args.name)
    names = {control.name for control in chosen.controls}
    values = {name: value for name, value in vars(args).items() if name in names}
    chosen.at(**values)  # a bad control is told before a missing file
    if not args.out:
        raise BadInput("out", _("say which file the picture goes into"))
    check_picture("out", args.out)
    view = chosen.view(**values)
    first = Path(args.out)
    more = range(2, len(view.figures) + 1)
    files = [first, *(first.parent / f"{first.stem}-{number}{first.suffix}" for number in more)]
    for path, figure in zip(files, view.figures, strict=True):
        write_text("out", path, figure.svg)
    if args.json:
        print_json(
            {
                "explorable": chosen.name,
                "values": {c.name: c.default for c in chosen.at(**values).controls},
                "says": view.says,
                "files": [str(path) for path in files],
            }
        )
    else:
        print(view.says, *files, sep="\n")
    return 0
