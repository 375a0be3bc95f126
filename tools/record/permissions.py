"""Ask a real kernel about every file mode, and write down what it says.

    sudo python -m tools.record.permissions

makes a file and a directory, gives them each of the 512 modes in turn, and asks faccessat(2) with
AT_EACCESS for each of the seven wishes (read, write, execute and their sums): as the owner, as a
member of the group and as somebody else, each with no capability, with CAP_DAC_READ_SEARCH and
with CAP_DAC_OVERRIDE. Root is needed to become all of these.

``lab_kernel/recordings/permissions.answers.gz`` then holds comments that say how it was made, and a
line for each of the 18 cases: its name, and two hexadecimal digits for each mode, whose bits 1 to 7
are the answers to the wishes 1 to 7.
"""

from __future__ import annotations

import ctypes
import gzip
import os
import platform
import struct
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from lab_kernel.kernel.security import Capability
from tools.record.lackey import kernel

OUTPUT = Path(__file__).parents[2] / "lab_kernel" / "recordings" / "permissions.answers.gz"
OWNER, GROUP, OTHER = 1001, 2002, 3003
WHO = {"owner": (OWNER, OTHER), "group": (OTHER, GROUP), "others": (OTHER, OTHER)}
HELD = {
    "none": frozenset[Capability](),
    "CAP_DAC_READ_SEARCH": frozenset({Capability.DAC_READ_SEARCH}),
    "CAP_DAC_OVERRIDE": frozenset({Capability.DAC_OVERRIDE}),
}
_KEEP_CAPABILITIES = 8  # PR_SET_KEEPCAPS
_CAPSET, _VERSION_3 = 126, 0x20080522


def become(uid: int, gid: int, held: frozenset[Capability]) -> None:
    """Another user, with exactly these capabilities. There is no way back: done in a child."""
    libc = ctypes.CDLL(None, use_errno=True)
    os.setgroups([])
    libc.prctl(_KEEP_CAPABILITIES, 1, 0, 0, 0)
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    bits = sum(1 << capability for capability in held)  # all below 32
    data = struct.pack("6I", bits, bits, 0, 0, 0, 0)
    if libc.syscall(_CAPSET, struct.pack("Ii", _VERSION_3, 0), data) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def ask(paths: list[Path]) -> str:
    """Two digits for each file: bit w set where the wish w is granted."""
    return "".join(
        f"{sum(os.access(path, wish, effective_ids=True) << wish for wish in range(1, 8)):02x}"
        for path in paths
    )


def answers(directory: Path) -> Iterator[str]:
    directory.chmod(0o755)
    for kind in ("file", "directory"):
        paths = [directory / f"{kind}-{mode:03o}" for mode in range(0o1000)]
        for mode, path in enumerate(paths):
            path.mkdir() if kind == "directory" else path.touch()
            os.chown(path, OWNER, GROUP)
            path.chmod(mode)
        for held, capabilities in HELD.items():
            for who, (uid, gid) in WHO.items():
                reader, writer = os.pipe()
                if os.fork() == 0:
                    become(uid, gid, capabilities)
                    os.write(writer, ask(paths).encode())
                    os._exit(0)
                os.close(writer)
                with os.fdopen(reader) as said:
                    text = said.read()
                os.wait()
                if len(text) != 2 * len(paths):
                    raise SystemExit("this needs root")
                yield f"{kind} {held} {who} {text}"


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        lines = list(answers(Path(scratch)))
    made = (
        "python -m tools.record.permissions",
        f"{kernel()} {platform.machine()}",
        datetime.now(UTC).date().isoformat(),
    )
    text = "".join(f"# {line}\n" for line in made) + "\n".join(lines) + "\n"
    OUTPUT.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(OUTPUT, len(text), "bytes,", OUTPUT.stat().st_size, "compressed")


if __name__ == "__main__":
    main()
