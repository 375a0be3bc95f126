"""What a program needs. Sources: ld.so(8), execve(2); real files against ldd and readelf."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.containers.image import Tree, closure, file, symlink, tree
from lab_kernel.containers.image.closure import MISSING, NO_PROGRAM, NOT_EXECUTABLE, OTHER_MACHINE
from lab_kernel.containers.image.elf import MAGIC, Elf, read_elf, write_elf

LOADER = "/lib64/ld-linux-x86-64.so.2"
NAMES = st.lists(st.text("ab.é", min_size=1, max_size=9), max_size=4)


def program(*needed: str, machine: str = "amd64") -> bytes:
    return write_elf(needed, LOADER, machine)


def sample() -> Tree:
    return tree(
        {
            "bin/app": file(program("libx.so.1", "libc.so.6"), 0o755),
            "lib64/ld-linux-x86-64.so.2": file(write_elf(), 0o755),
            "usr/lib/libx.so.1.2": file(write_elf(["libc.so.6", "liby.so"])),
            "lib/x86_64-linux-gnu/libc.so.6": file(write_elf()),
            "usr/lib64/liby.so": file(write_elf(["libx.so.1"])),  # a circle
        }
    ) | {"usr/lib/libx.so.1": symlink("libx.so.1.2")}


def problems(files: Tree, name: str = "/bin/app", **more: str) -> list[tuple[str, str, str]]:
    return [(one.name, one.by, one.problem) for one in closure(files, name, **more) if one.problem]


def test_a_closure_that_is_complete() -> None:
    found = closure(sample(), "/bin/app")
    assert [need.path for need in found] == [
        "bin/app",
        "lib64/ld-linux-x86-64.so.2",
        "usr/lib/libx.so.1.2",
        "lib/x86_64-linux-gnu/libc.so.6",
        "usr/lib64/liby.so",
    ]
    assert problems(sample()) == []


@pytest.mark.parametrize("gone", sorted(closure(sample(), "/bin/app"), key=lambda need: need.name))
def test_without_any_one_of_them_it_does_not_start(gone: object) -> None:
    files = sample()
    del files[gone.path]  # type: ignore[attr-defined]
    assert [problem for _name, _by, problem in problems(files)] == [MISSING]


def test_a_script_and_its_interpreter() -> None:
    files = sample() | tree(
        {"run": file("#!/usr/bin/env app\n", 0o755), "x": file("#! /bin/no -e\n")}
    )
    files |= tree({"usr/bin/env": file(write_elf(), 0o755)})
    assert problems(files, "/run") == []
    assert problems(files, "/run", env={"PATH": "/nowhere"}) == [("app", "run", MISSING)]  # type: ignore
    assert problems(files, "/x") == [("/x", "", NOT_EXECUTABLE)]
    files["x"] = file(files["x"].content, 0o755)
    assert problems(files, "/x") == [("/bin/no", "x", MISSING)]
    files["loop"] = file("#!/loop\n", 0o755)
    assert problems(files, "/loop") == []
    assert problems(files, "run", workdir="/") == [("run", "", MISSING)]  # not in PATH
    assert problems(files, "./run", workdir="/") == []


def test_another_architecture() -> None:
    files = sample()
    assert problems(files, architecture="arm64") == [("/bin/app", "", OTHER_MACHINE)]
    files["lib/x86_64-linux-gnu/libc.so.6"] = file(write_elf(machine="arm64"))
    assert problems(files) == [("libc.so.6", "bin/app", OTHER_MACHINE)]


def test_text_is_no_program() -> None:
    """execve(2): ENOEXEC."""
    files = tree({"app": file("print(1)\n", 0o755)})
    assert problems(files, "/app") == [("/app", "", NO_PROGRAM)]


def test_all_that_is_missing_is_told() -> None:
    files = sample()
    del files["usr/lib/libx.so.1.2"], files["lib/x86_64-linux-gnu/libc.so.6"]
    assert [name for name, _by, _problem in problems(files)] == ["libx.so.1", "libc.so.6"]


def test_places_to_look() -> None:
    files = tree(
        {"opt/app": file(write_elf(["libz.so"]), 0o755), "opt/l/libz.so": file(write_elf())}
    )
    assert problems(files, "/opt/app") == [("libz.so", "opt/app", MISSING)]
    assert problems(files, "/opt/app", env={"LD_LIBRARY_PATH": ":/opt/l"}) == []  # type: ignore


@given(NAMES, st.sampled_from(["", LOADER]), st.sampled_from(["amd64", "arm64"]))
def test_what_is_written_is_read(needed: list[str], loader: str, machine: str) -> None:
    assert read_elf(write_elf(needed, loader, machine, 7)) == Elf(machine, loader, tuple(needed))


@given(st.binary(max_size=300), st.integers(0, 300), st.integers(0, 255))
def test_damaged_files_are_no_elf_files_or_read(noise: bytes, at: int, byte: int) -> None:
    raw = bytearray(program("liba.so", "libb.so"))
    raw[min(at, len(raw) - 1)] = byte
    read_elf(bytes(raw))
    read_elf(bytes(raw)[:at])
    read_elf(MAGIC + noise)


@pytest.mark.skipif(shutil.which("readelf") is None, reason="readelf is not installed")
def test_readelf_reads_what_we_write(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(program("libc.so.6", "libm.so.6"))
    told = subprocess.run(["readelf", "-dlh", path], capture_output=True, text=True, check=True)
    assert re.findall(r"\(NEEDED\).*\[(.*)\]", told.stdout) == ["libc.so.6", "libm.so.6"]
    assert f"interpreter: {LOADER}]" in told.stdout and "X86-64" in told.stdout
    assert told.stderr == ""


@pytest.mark.skipif(shutil.which("ldd") is None, reason="ldd is not installed")
def test_a_real_program_needs_what_ldd_says() -> None:
    told = subprocess.run(["ldd", "/bin/ls"], capture_output=True, text=True, check=False).stdout
    paths = re.findall(r"(/\S+) \(0x", told)
    elf = read_elf(Path("/bin/ls").read_bytes())
    if not paths or elf is None:
        pytest.skip("/bin/ls is not linked dynamically here, or not for a machine that is read")
    files: Tree = {}
    for path in ["/bin/ls", *paths]:
        files |= tree({path: file(Path(path).read_bytes(), 0o755)})
    found = closure(files, "/bin/ls", architecture=elf.machine)
    assert {f"/{need.path}" for need in found} == {"/bin/ls", *paths}
    for path in paths:
        rest = {name: node for name, node in files.items() if name != path.lstrip("/")}
        missing = [
            need for need in closure(rest, "/bin/ls", architecture=elf.machine) if need.problem
        ]
        assert missing and {need.problem for need in missing} == {MISSING}
        # a loader may be asked for twice: by its path and by its name
        assert {Path(need.name).name for need in missing} == {Path(path).name}
