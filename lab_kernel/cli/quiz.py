"""``lab-kernel quiz``: a problem by its number; hints, grading, the solution."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from lab_kernel.cli.output import print_json
from lab_kernel.cli.parsing import Parser, whole
from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _

summary = N_("Quiz: draw a problem by its seed and have an answer graded (wrong: exit code 1).")
example = "quiz kernel/memory/faults --seed 7 --answer 9"


def arguments(parser: Parser, words: Sequence[str]) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help=_("which exercise"))
    parser.add_argument(
        "--seed",
        type=whole(0, (1 << 63) - 1),
        default=0,
        metavar="N",
        help=_("number of the problem (default: 0)"),
    )
    parser.add_argument(
        "--answer", nargs="+", metavar="ANSWER", help=_("your answer, to be graded")
    )
    parser.add_argument("--hint", type=whole(1, 3), metavar="1-3", help=_("show a hint"))
    parser.add_argument("--solution", action="store_true", help=_("show the whole solution"))
    if not {"-h", "--help"}.isdisjoint(words):
        from lab_kernel import exercises  # only here: the other commands need no problems

        names = "\n  ".join([_("exercises:"), *exercises.names()])
        parser.epilog = f"{parser.epilog}\n\n{names}"


def run(args: argparse.Namespace) -> int:
    from lab_kernel import exercises

    if args.name is None:
        allowed = ", ".join(exercises.names())
        raise BadInput("NAME", _("choose one of: {allowed}").format(allowed=allowed))
    problem = exercises.draw(args.name, args.seed)
    answer = " ".join(args.answer or [])
    verdict = problem.check(... if answer in ("", "...") else answer)
    report = {
        "exercise": problem.name,
        "seed": problem.seed,
        "title": problem.title,
        "prompt": problem.prompt,
        "status": verdict.status,
        "message": verdict.message,
    }
    if args.hint:
        report["hint"] = problem.hint(args.hint)
    if args.solution:
        report["solution"] = problem.solution
    if args.json:
        print_json(report)
    else:
        shown = [f"{problem.title}  [{problem.name} --seed {problem.seed}]", problem.prompt]
        if args.hint:
            shown.append(_("Hint {number}").format(number=args.hint) + f": {report['hint']}")
        shown.append(repr(verdict))
        if args.solution and not verdict:  # a right answer's verdict has it already
            shown.append(_("Solution") + f": {problem.solution}")
        print("\n\n".join(shown))
    return 1 if verdict.status == "wrong" else 0
