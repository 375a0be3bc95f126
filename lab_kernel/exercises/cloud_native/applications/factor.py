"""Which of the twelve factors does this line fail?"""

from __future__ import annotations

import random
from typing import Any

from lab_kernel.cloud_native.audit import CODE, MANIFEST, audit
from lab_kernel.cloud_native.factors import FACTORS, ROMAN
from lab_kernel.cloud_native.samples import NEW, Application
from lab_kernel.errors import BadInput
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

NAMES = ("orders", "basket", "mailer", "search", "billing")
LINES = (
    # (where, text in the new application that is replaced or "", the line)
    (CODE, "", "import {name}_client"),
    (CODE, "", 'API_TOKEN = "{secret}"'),
    (CODE, "", 'SERVICE_URL = "https://{name}.prod.example/"'),
    (CODE, "", "{name}_seen = []\n\n\ndef remember(x):\n    {name}_seen.append(x)"),
    (CODE, "", 'logging.FileHandler("/var/log/{name}.log")'),
    (CODE, "", 'open("/srv/{name}/upload", "wb")'),
    (CODE, "    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\n", "    pass  # {name}\n"),
    (MANIFEST, '["shop/cart"]', '["shop/{name}", "shop/{name}-prod"]'),
    (MANIFEST, 'kv = "3.2.1"', 'kv = "*"  # {name}'),
    (MANIFEST, "edited_in_place = false", "edited_in_place = true"),
    (MANIFEST, 'dev = "kv 7"', 'dev = "{name} as a file"'),
    (MANIFEST, '"python -m cart.migrate"', '"ssh {name}.prod.example"'),
)


def read_factor(given: Any) -> int:
    """A number from 1 to 12, or the same in Roman letters."""
    text = str(given).strip()
    if text.upper() in ROMAN:
        return ROMAN.index(text.upper()) + 1
    if text.isdecimal() and text.isascii() and len(text) < 4 and 1 <= int(text) <= len(FACTORS):
        return int(text)
    message = _("“{given}” is not a number from 1 to 12, nor a Roman one").format(given=given)
    raise BadInput("answer", message)


def changed(where: str, before: str, line: str) -> Application:
    """The new application, which passes, with one thing that does not."""
    if where == CODE:
        code = NEW.code.replace(before, line) if before else f"{NEW.code}\n{line}\n"
        return Application(code, NEW.manifest)
    return Application(NEW.code, NEW.manifest.replace(before, line))


@exercise("cloud-native/applications/factor", title=N_("Which factor fails?"))
def factor(rng: random.Random) -> Problem:
    """The audit knows: everything else in the application passes."""
    where, before, line = rng.choice(LINES)
    secret = "".join(rng.choice("0123456789abcdef") for _n in range(12))
    line = line.format(name=rng.choice(NAMES), secret=secret)
    (found,) = audit(changed(where, before, line))
    answer = found.factor
    mistakes: list[Mistake] = [
        (4, _("A backing service is attached by what the code connects to; nothing connects here."))
        if answer == 3
        else (3, _("That differs between environments? Here it is something else that is wrong.")),
        (1, _("The codebase is one repository; this is about what is in it or around it.")),
        (5, _("Build, release and run are kept apart here as before.")),
        (8, _("Concurrency is about more processes; none is started here.")),
    ]
    mistakes = [one for one in mistakes if one[0] != answer]
    shown = (
        _("its code does not call:\n{line}").format(line=before.strip())
        if before and where == CODE
        else _("its code has the lines:\n{line}").format(line=line)
        if where == CODE
        else _("its manifest says:\n{line}").format(line=_manifest_line(before, line))
    )
    factors = ", ".join(f"{one.roman} {_(one.title)}" for one in FACTORS)
    right = FACTORS[answer - 1]
    return Problem(
        prompt=_(
            "An application passes the audit, until one thing changes: {shown}\nWhich factor fails?"
            " {factors}"
        ).format(shown=shown, factors=factors),
        expects=_("A number from 1 to 12, or a Roman one such as IV."),
        answer=answer,
        read=read_factor,
        explain=recognise(mistakes, _("Ask what goes wrong when it is moved, copied or stopped.")),
        hints=(
            _("What happens to it with three copies, in another environment, at a stop?"),
            _("The factor asks: {asks}.").format(asks=_(right.asks)),
            _("Its name: {name}.").format(name=_(right.title)),
        ),
        solution=f"{right.roman} {_(right.title)}: {found.says}.",
    )


def _manifest_line(before: str, line: str) -> str:
    """The whole line, as it stands in the manifest afterwards."""
    text = NEW.manifest.replace(before, line)
    return next(one for one in text.splitlines() if line in one)
