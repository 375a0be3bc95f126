"""Who ``--user`` means: the rules of Docker's manual (``USER``) and passwd(5), group(5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab_kernel.containers.runtime.linux.accounts import Account, find

PASSWD = "root:x:0:0:root:/root:/bin/sh\nweb:x:33:44::/srv:\ndamaged\n::::::\n"
GROUP = "root:x:0:\nweb:x:44:\nlogs:x:50:web,root\nadm:x:51:joe\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text(PASSWD)
    (tmp_path / "etc/group").write_text(GROUP)
    return tmp_path


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("web", Account(33, 44, (50,), "/srv")),
        ("33", Account(33, 44, (50,), "/srv")),
        ("web:adm", Account(33, 51, (), "/srv")),
        ("web:7", Account(33, 7, (), "/srv")),
        ("0", Account(0, 0, (50,), "/root")),
        ("1234", Account(1234, 0, (), "/")),
        ("1234:logs", Account(1234, 50, (), "/")),
    ],
)
def test_users(root: Path, user: str, expected: Account) -> None:
    assert find(user, root) == expected


@pytest.mark.parametrize("user", ["joe", "web:wheel", ""])
def test_who_is_not_there(root: Path, user: str) -> None:
    with pytest.raises(OSError, match="in the image"):
        find(user, root)


def test_an_image_without_the_files_knows_numbers_only(tmp_path: Path) -> None:
    assert find("5:6", tmp_path) == Account(5, 6, (), "/")
    with pytest.raises(OSError, match="root"):
        find("root", tmp_path)
