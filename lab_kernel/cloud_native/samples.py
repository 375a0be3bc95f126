"""Two small applications that really run: a shop's cart, as it has grown and as one begins today.

Each is the text of a Python program and of its manifest. ``FIXES`` are changes to the old one, by
name; with all of them it passes every check of ``audit``, and it is not rewritten for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lab_kernel.language import N_
from lab_kernel.registry import unknown


@dataclass(frozen=True, slots=True)
class Application:
    """``code`` is Python, ``manifest`` TOML."""

    code: str
    manifest: str


LEGACY = Application(
    code='''\
"""The cart of a shop, as it has grown."""

import logging

import kv

KV_URL = "kv://10.0.3.7/carts"
API_KEY = "sk-7f3c9b2e41d8"
carts = {}
prices = kv.connect(KV_URL)

logging.basicConfig(filename="/var/log/cart.log")


def handle(session, item):
    cart = carts.setdefault(session, [])
    cart.append(item)
    logging.info("%s now holds %d", session, len(cart))
    return list(cart)


def main(serve):
    serve(handle, port=8080)
''',
    manifest="""\
[codebase]
repositories = ["shop/cart"]

[dependencies]
kv = "3.2.1"

[release]
edited_in_place = true

[services]
dev = "sqlite 3"
prod = "kv 7"

[admin]
migrate = "by hand, in a shell on the server"
""",
)

NEW = Application(
    code='''\
"""The cart of a shop, as one begins it today."""

import logging
import os
import signal
import sys

import kv

store = kv.connect(os.environ["KV_URL"])
logging.basicConfig(stream=sys.stdout)


def handle(session, item):
    cart = store.append(session, item)
    logging.info("%s now holds %d", session, len(cart))
    return cart


def main(serve):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve(handle, port=int(os.environ["PORT"]))
''',
    manifest="""\
[codebase]
repositories = ["shop/cart"]

[dependencies]
kv = "3.2.1"

[release]
edited_in_place = false

[services]
dev = "kv 7"
prod = "kv 7"

[admin]
migrate = "python -m cart.migrate"
""",
)


@dataclass(frozen=True, slots=True)
class Fix:
    """What it does (a source string), and the pieces of text that change, before and after."""

    label: str
    code: tuple[tuple[str, str], ...] = ()
    manifest: tuple[tuple[str, str], ...] = ()


FIXES: Mapping[str, Fix] = {
    "config": Fix(
        N_("configuration from the environment"),
        code=(
            ("import logging\n", "import logging\nimport os\n"),
            ('KV_URL = "kv://10.0.3.7/carts"\n', 'KV_URL = os.environ["KV_URL"]\n'),
            ('API_KEY = "sk-7f3c9b2e41d8"\n', 'API_KEY = os.environ["API_KEY"]\n'),
            ("port=8080", 'port=int(os.environ["PORT"])'),
        ),
    ),
    "state": Fix(
        N_("carts in the backing service"),
        code=(
            ("carts = {}\nprices = kv", "carts = kv"),
            ("    cart = carts.setdefault(session, [])\n    cart.append(item)\n",
             "    cart = carts.append(session, item)\n"),
            ("return list(cart)", "return cart"),
        ),
    ),
    "logs": Fix(
        N_("logs to standard output"),
        code=(
            ("\n\nimport kv\n", "\nimport sys\n\nimport kv\n"),
            ('filename="/var/log/cart.log"', "stream=sys.stdout"),
        ),
    ),
    "stop": Fix(
        N_("stop when asked to"),
        code=(
            ("\n\nimport kv\n", "\nimport signal\n\nimport kv\n"),
            ("def main(serve):\n",
             "def main(serve):\n    signal.signal(signal.SIGTERM, lambda *_: exit(0))\n"),
        ),
    ),
    "release": Fix(
        N_("one release for every environment"),
        manifest=(
            ("edited_in_place = true", "edited_in_place = false"),
            ('dev = "sqlite 3"', 'dev = "kv 7"'),
            ("by hand, in a shell on the server", "python -m cart.migrate"),
        ),
    ),
}  # fmt: skip


def fixed(application: Application, names: Iterable[str]) -> Application:
    """The application with these fixes; one that finds nothing to change changes nothing."""
    code, manifest = application.code, application.manifest
    for name in names:
        if name not in FIXES:
            raise unknown("fix", name, FIXES)
        for before, after in FIXES[name].code:
            code = code.replace(before, after, 1)
        for before, after in FIXES[name].manifest:
            manifest = manifest.replace(before, after, 1)
    return replace(application, code=code, manifest=manifest)
