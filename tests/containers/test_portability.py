"""What a start asks for, in which order, and what an image brings along.

The order and the messages: what a real kernel and a real ld.so said, recorded in portability.json;
versions of system calls: syscalls(2); the glibc of the releases: packages.debian.org, packages.
ubuntu.com (2.31 in Debian 11, 2.36 in Debian 12, 2.39 in Ubuntu 24.04).
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel import host as real
from lab_kernel.containers.binary import Binary, Library, Need, glibc, read_binary, read_library
from lab_kernel.containers.portability import (
    DEV,
    HOSTS,
    INTRODUCED,
    LAYER,
    LAYOUT,
    PATH,
    PROD,
    RECEIPT,
    SERVICE,
    SETTINGS,
    VOLUME,
    Host,
    Shape,
    Shared,
    everywhere,
    layout_of,
    pick,
)
from lab_kernel.containers.starting import STAGES, Start
from lab_kernel.errors import BadInput
from lab_kernel.kernel.security import ROOT

RECORDED = real.recording("portability").data


def outcome(start: Start) -> tuple[str, str] | None:
    return start.missing and (start.missing.stage, start.missing.what)


def test_installed_it_fails_on_one_host_and_rounds_otherwise_on_another() -> None:
    """Fact C03. GLIBC_2.34 is in 2.36 and 2.39, not in 2.31."""
    starts = everywhere()
    assert outcome(starts["dev"]) is None and outcome(starts["test"]) is None
    assert outcome(starts["prod"]) == ("version", "libc.so.6 GLIBC_2.34")
    assert starts["dev"].printed == "receipt 1: 13.37"
    assert starts["test"].printed == "receipt 1: 13.36"  # 12.15 x 1.1 = 13.365, half to even


def test_from_an_image_it_does_the_same_on_all() -> None:
    starts = everywhere(image=LAYOUT)
    assert {start.printed for start in starts.values()} == {"receipt 1: 13.37"}
    assert all(start.code == 0 for start in starts.values())


@pytest.mark.parametrize(
    ("shape", "stage", "what", "code"),
    [
        (replace(PROD, architecture="arm64"), "architecture", "arm64", 125),
        (replace(PROD, kernel=(5, 5)), "call", "openat2", 1),
        (replace(PROD, settings={"TAX": "10"}), "setting", "DB_PASSWORD", 1),
        (replace(PROD, services=()), "service", "db", 1),
    ],
)
def test_the_honest_failures(shape: Shape, stage: str, what: str, code: int) -> None:
    start = Host(shape).run(PATH, LAYOUT)
    assert outcome(start) == (stage, what) and start.code == code


def test_a_setting_that_is_no_number_is_the_program_s_own_refusal() -> None:
    start = Host(DEV).run(PATH, LAYOUT, settings={**SETTINGS, "TAX": "ten"})
    assert outcome(start) == ("setting", "TAX") and start.code == 1


def test_openat2_came_with_5_6() -> None:
    """syscalls(2) and openat2(2)."""
    assert outcome(Host(replace(PROD, kernel=(5, 5))).run(PATH, LAYOUT)) == ("call", "openat2")
    assert outcome(Host(replace(PROD, kernel=(5, 6))).run(PATH, LAYOUT)) is None


def test_installed_on_another_architecture_it_is_no_program() -> None:
    host = Host(replace(DEV, architecture="arm64"))
    host.install(PATH, RECEIPT)
    start = host.run(PATH)
    assert start.printed.endswith("Exec format error") and start.code == 126


def test_an_index_picks_by_architecture() -> None:
    arm = replace(RECEIPT, architecture="arm64")
    both = layout_of(PATH, [(RECEIPT, DEV.libraries), (arm, DEV.libraries)])
    picked = pick(both, "arm64")
    assert picked and picked.config.architecture == "arm64" and pick(both, "riscv64") is None
    starts = everywhere((DEV, replace(PROD, architecture="arm64")), image=both)
    assert {start.printed for start in starts.values()} == {"receipt 1: 13.37"}


def test_without_its_interpreter_the_program_itself_is_said_to_be_missing() -> None:
    host = Host(DEV)
    root = host.create(pick(LAYOUT, "amd64"))
    host.machine.files.unlink(f"{root}/lib64/ld-linux-x86-64.so.2", ROOT)
    start = host.run(PATH, LAYOUT, root=root)
    assert outcome(start) == ("loader", "/lib64/ld-linux-x86-64.so.2")
    assert start.printed == f"{PATH}: No such file or directory" and start.code == 127


def test_every_file_is_looked_for_before_any_version() -> None:
    needs = (Need("libc.so.6", "GLIBC_2.99"), Need("libnone.so.1", "NONE_1"))
    image = layout_of(PATH, [(replace(RECEIPT, needs=needs), DEV.libraries)])
    start = Host(DEV).run(PATH, image)
    assert outcome(start) == ("library", "libnone.so.1") and start.code == 127


def test_static_linking_needs_no_library_and_still_a_kernel_and_settings() -> None:
    static = replace(RECEIPT, needs=())
    starts = everywhere(binary=static)
    assert {start.printed for start in starts.values()} == {"receipt 1: 13.37"}
    old = everywhere((replace(DEV, kernel=(5, 4)),), binary=static)["dev"]
    assert outcome(old) == ("call", "openat2")


def test_where_data_stays() -> None:
    """A layer goes with its container, a volume stays on its host, a service is for all."""
    shared = {"db": Shared()}
    dev, prod = Host(DEV, shared), Host(PROD, shared)
    counted = {
        store: [
            int(host.run(PATH, LAYOUT, store=store).printed.split()[1].rstrip(":"))
            for host in (dev, dev, prod)
        ]
        for store in (LAYER, VOLUME, SERVICE)
    }
    assert counted == {LAYER: [1, 1, 1], VOLUME: [1, 2, 1], SERVICE: [1, 2, 3]}


def test_a_container_that_is_started_again_has_its_layer() -> None:
    host = Host(DEV)
    root = host.create(pick(LAYOUT, "amd64"))
    printed = [host.run(PATH, LAYOUT, root=root).printed for _n in range(2)]
    assert printed == ["receipt 1: 13.37", "receipt 2: 13.37"]


def test_the_host_s_own_files_are_not_the_container_s() -> None:
    """The host has no library at all, and the container does not ask it for one."""
    assert outcome(Host(replace(PROD, libraries=())).run(PATH, LAYOUT)) is None


def test_a_store_that_the_host_does_not_reach_is_bad_input() -> None:
    with pytest.raises(BadInput, match="prod"):
        Host(replace(PROD, services=())).run(PATH, LAYOUT, store=SERVICE)


releases = st.integers(17, 40).map(lambda minor: glibc(f"2.{minor}"))
kernels = st.tuples(st.integers(3, 6), st.integers(0, 19))


@given(
    host=releases,
    kernel=kernels,
    needed=st.integers(17, 40),
    calls=st.lists(st.sampled_from(sorted(INTRODUCED)), max_size=3, unique=True),
    given_settings=st.sets(st.sampled_from(["TAX", "DB_PASSWORD"])),
)
def test_an_image_takes_the_libraries_out_of_the_question(
    host: Library,
    kernel: tuple[int, int],
    needed: int,
    calls: list[str],
    given_settings: set[str],
) -> None:
    """Installed or not, the same stages decide, except that the image brings the libraries."""
    binary = Binary(
        "amd64", (Need("libc.so.6", f"GLIBC_2.{needed}"),), tuple(calls), ("TAX", "DB_PASSWORD")
    )
    settings = {name: SETTINGS[name] for name in given_settings}
    shape = Shape("here", kernel, "amd64", (host,), settings)
    machine = Host(shape)
    machine.install(PATH, binary)
    installed = machine.run(PATH)
    image = machine.run(PATH, layout_of(PATH, [(binary, (glibc(f"2.{needed}"),))]))
    fits = f"GLIBC_2.{needed}" in host.provides
    assert (outcome(installed) == ("version", f"libc.so.6 GLIBC_2.{needed}")) == (not fits)
    if fits:
        assert outcome(installed) == outcome(image)
    expected = given_settings == {"TAX", "DB_PASSWORD"} and all(
        INTRODUCED[call] <= kernel for call in calls
    )
    assert (image.missing is None) == expected
    stages = [STAGES.index(step.stage) for step in image.steps]
    assert stages == sorted(stages)


def test_files_are_read_as_written() -> None:
    assert read_binary(RECEIPT.data()) == RECEIPT
    assert all(read_library(one.data()) == one for host in HOSTS for one in host.libraries)


def test_the_words_are_those_of_a_real_loader() -> None:
    """The recording: the same program in roots with other libraries, on a real Linux."""
    said = {name: entry["output"].splitlines()[-1] for name, entry in RECORDED.items()}
    assert said["dev"] == said["static"] == "receipt: 13.37" and said["test"] == "receipt: 13.36"
    start = Host(replace(DEV, libraries=DEV.libraries[:1]))
    start.install(PATH, RECEIPT)
    assert start.run(PATH).printed == said["bare"]
    old = replace(DEV, libraries=(DEV.libraries[0], Library("libformat.so.2", ("FORMAT_2.0",))))
    start = Host(old)
    start.install(PATH, RECEIPT)
    assert start.run(PATH).printed == said["prod"]
    for name, stage in (("empty", "No such file or directory"), ("architecture", "Exec format")):
        assert stage in said[name]
    assert said["call"].endswith("Function not implemented") and said["uname"] == "x86_64"
