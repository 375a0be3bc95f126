"""Record one program in several root file systems: what a real kernel and a real ld.so say.

    sudo python -m tools.record.portability

writes ``lab_kernel/recordings/portability.json``. It compiles a small program against a library of
its own, puts it into roots with other releases of that library, with none, and without a loader,
and starts it in each with chroot. It needs gcc, readelf and root.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from tools.record.lackey import ENVIRONMENT
from tools.record.shelf import keep, metadata

RECEIPT = r"""
#include <stdio.h>
extern long cents(double);
int main(void) { printf("receipt: %.2f\n", cents(12.15 * 1.10) / 100.0); return 0; }
"""
# 13.365 in binary is a little more, so the product is rounded to tenths of a cent first.
FORMAT = r"""
long cents(double amount) {
    long tenths = (long) (amount * 1000 + 0.5), whole = tenths / 10, rest = tenths %% 10;
    return whole + (rest > 5 || (rest == 5 && (%s)));
}
"""
CALL = r"""
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>
int main(int count, char **given) {
    long result = syscall(atol(given[1]), 0, 0, 0, 0);
    printf("%s: %s\n", given[1], result == -1 ? strerror(errno) : "done");
    return 0;
}
"""
VERSIONS = "FORMAT_2.0 { local: *; };\n"
VERSIONS_NEW = VERSIONS + "FORMAT_2.1 { global: cents; } FORMAT_2.0;\n"
VERSIONS_OLD = "FORMAT_2.0 { global: cents; local: *; };\n"
ROOTS = {"dev": "new", "test": "old", "prod": "oldest", "bare": "", "empty": ""}
PATHS = {**ENVIRONMENT, "PATH": f"{ENVIRONMENT['PATH']}:/usr/sbin"}  # where chroot is
ARM = 183  # EM_AARCH64, the two bytes from 18 on in an ELF header
COMMANDS = {
    "uname": "uname -m",
    "needed": "readelf -d receipt | grep NEEDED",
    "versions": "readelf -W --version-info receipt | grep -o 'Name: FORMAT[^ ]*'",
    "ldd": "ldd receipt",
    "dev": "chroot dev /bin/receipt",
    "test": "chroot test /bin/receipt",
    "prod": "chroot prod /bin/receipt",
    "bare": "chroot bare /bin/receipt",
    "empty": "chroot empty /bin/receipt",
    "static": "chroot empty /bin/receipt-static",
    "architecture": "bash -c ./receipt-arm",
    "call": "./call 400",
}


def run(command: str, where: Path) -> list[str]:
    """What it prints. It may fail: that is what most are there to show."""
    said = subprocess.run(
        ["sh", "-c", command],
        env=PATHS,
        cwd=where,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
    )
    return [re.sub(r"0x[0-9a-f]{8,}", "0x...", line) for line in said.stdout.splitlines()]


def compile_all(where: Path) -> None:
    """The program, three releases of its library, the static one, and the one for ARM."""
    texts = {"receipt.c": RECEIPT, "call.c": CALL, "new.map": VERSIONS_NEW, "old.map": VERSIONS_OLD}
    texts |= {"new.c": FORMAT % "1", "old.c": FORMAT % "whole & 1"}
    for name, text in texts.items():
        (where / name).write_text(text)
    for release, source, versions in (
        ("new", "new.c", "new.map"),
        ("old", "old.c", "new.map"),
        ("oldest", "old.c", "old.map"),
    ):
        (where / release).mkdir()
        shared = f"gcc -shared -fPIC -Wl,-soname,libformat.so.2 -Wl,--version-script={versions}"
        _must(f"{shared} -o {release}/libformat.so.2 {source}", where)
    _must("gcc -o receipt receipt.c new/libformat.so.2", where)
    _must("gcc -static -o receipt-static receipt.c new.c && gcc -o call call.c", where)
    data = bytearray((where / "receipt").read_bytes())
    data[18:20] = ARM.to_bytes(2, "little")
    (where / "receipt-arm").write_bytes(data)
    (where / "receipt-arm").chmod(0o755)


def build_roots(where: Path) -> None:
    """What each root holds: the loader and C's library (but ``empty``), and a release."""
    for root, release in ROOTS.items():
        _must(
            f"mkdir -p {root}/bin {root}/lib && cp receipt receipt-static {root}/bin/",
            where,
        )
        if root != "empty":
            files = "ldd receipt-c | grep -o '/[^ ]*'"
            _must(f"for file in $({files}); do cp -L --parents $file {root}/; done", where)
        if release:
            _must(f"cp {release}/libformat.so.2 {root}/lib/", where)


def _must(command: str, where: Path) -> None:
    subprocess.run(["sh", "-c", command], env=ENVIRONMENT, cwd=where, check=True)


def record() -> dict[str, object]:
    """The snapshot as it is stored."""
    with tempfile.TemporaryDirectory() as made:
        where = Path(made)
        compile_all(where)
        _must("cp call receipt-c", where)  # needs C's library alone: its ldd is the roots' list
        build_roots(where)
        entries = [
            {"name": name, "command": command, "output": run(command, where)}
            for name, command in COMMANDS.items()
        ]
    about = "one program in several root file systems"
    return {"metadata": metadata("portability", about), "entries": entries}


if __name__ == "__main__":
    keep("portability", record())
