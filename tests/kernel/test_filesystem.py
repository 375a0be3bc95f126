"""The file system in memory: which errno, whose right, what is left when a name goes.

Sources: path_resolution(7), open(2), mkdir(2), rmdir(2), unlink(2), rename(2), chmod(2), chown(2),
inode(7); Linux, fs/namei.c for which of several errors comes first.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.filesystem import FileSystem, Inode
from lab_kernel.kernel.security import ROOT, Credentials, R, W, user

ALICE, BOB = user(1000), user(1001)


@pytest.fixture
def files() -> FileSystem:
    """A usual tree."""
    tree = FileSystem()
    tree.add("/etc/hosts", b"127.0.0.1 localhost\n")
    tree.add("/etc/shadow", b"root:*:\n", 0o640, gid=42)
    tree.add("/tmp", mode=0o1777, kind="directory")
    tree.add("/home/alice", mode=0o700, uid=1000, gid=1000, kind="directory")
    tree.add("/home/alice/notes", b"note", uid=1000, gid=1000)
    return tree


def refused(errno: Errno, call: Callable[[], object]) -> None:
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.errno is errno


def test_paths(files: FileSystem) -> None:
    hosts = files.find("/etc/hosts", ALICE)
    for path, cwd in (
        ("hosts", "/etc"),
        ("./hosts", "/etc"),
        ("../etc//hosts", "/tmp"),
        ("/../../etc/hosts", "/tmp"),
        ("../alice/../../etc/hosts", "/home/alice"),
    ):
        assert files.find(path, ROOT, cwd) is hosts
    assert files.find("/", ALICE) is files.root is files.find("/..", ALICE)


@pytest.mark.parametrize(
    ("path", "errno"),
    [
        ("", Errno.ENOENT),
        ("/nothing", Errno.ENOENT),
        ("/nothing/more", Errno.ENOENT),
        ("/etc/hosts/more", Errno.ENOTDIR),
        ("/etc/hosts/", Errno.ENOTDIR),
        ("/etc/hosts/..", Errno.ENOTDIR),
        ("/" + "x" * 256, Errno.ENAMETOOLONG),
        ("/" + "가" * 86, Errno.ENAMETOOLONG),  # 258 bytes of UTF-8
        ("/" + "etc/../" * 600, Errno.ENAMETOOLONG),
        ("/home/alice/notes", Errno.EACCES),  # the directory may not be searched
        ("/home/alice/nothing", Errno.EACCES),  # nor may one learn what is not there
    ],
)
def test_where_a_path_ends(files: FileSystem, path: str, errno: Errno) -> None:
    refused(errno, lambda: files.find(path, BOB))


def test_search_is_asked_on_the_way_only(files: FileSystem) -> None:
    files.chmod("/home/alice", ALICE, 0o711)
    assert files.find("/home/alice/notes", BOB).permits(BOB, R)
    refused(Errno.EACCES, lambda: files.listdir("/home/alice", BOB))
    assert files.listdir("/home/alice", ALICE) == ["notes"]
    refused(Errno.ENOTDIR, lambda: files.listdir("/etc/hosts", BOB))


def test_making_a_name_writes_the_directory(files: FileSystem) -> None:
    refused(Errno.EACCES, lambda: files.create("/etc/mine", ALICE))
    refused(Errno.EEXIST, lambda: files.create("/etc/hosts", ALICE))  # seen before the right
    refused(Errno.EEXIST, lambda: files.mkdir("/etc/.", ROOT))
    refused(Errno.EISDIR, lambda: files.create("/tmp/new/", ALICE))
    made = files.create("/tmp/mine", ALICE, 0o600)
    assert (made.uid, made.gid, made.links, made.permissions) == (1000, 1000, 1, "-rw-------")
    refused(Errno.EPERM, lambda: files.create("/tmp/disk", ALICE, kind="device"))
    assert files.create("/tmp/disk", ROOT, kind="device", driver="d").driver == "d"


def test_a_set_group_id_directory_gives_its_group(files: FileSystem) -> None:
    files.add("/srv", mode=0o2777, gid=50, kind="directory")
    assert files.create("/srv/a", ALICE).gid == 50
    inner = files.mkdir("/srv/b", ALICE)
    assert (inner.gid, inner.permissions) == (50, "drwxr-sr-x")


def test_sticky_directories_protect_names(files: FileSystem) -> None:
    files.create("/tmp/mine", ALICE, 0o666)
    assert files.find("/tmp/mine", BOB).permits(BOB, W)
    refused(Errno.EPERM, lambda: files.unlink("/tmp/mine", BOB))
    refused(Errno.EPERM, lambda: files.rename("/tmp/mine", "/tmp/his", BOB))
    files.unlink("/tmp/mine", ALICE)
    # without the bit the directory's write right is all that is asked, whoever owns the file
    files.chmod("/tmp", ROOT, 0o777)
    files.add("/tmp/root's", mode=0o600)
    files.unlink("/tmp/root's", BOB)


def test_unlink_and_rmdir(files: FileSystem) -> None:
    refused(Errno.ENOENT, lambda: files.unlink("/etc/nothing", ALICE))
    refused(Errno.EACCES, lambda: files.unlink("/etc/hosts", ALICE))
    refused(Errno.EISDIR, lambda: files.unlink("/etc", ROOT))
    refused(Errno.ENOTDIR, lambda: files.rmdir("/etc/hosts", ROOT))
    refused(Errno.ENOTEMPTY, lambda: files.rmdir("/etc", ROOT))
    refused(Errno.EBUSY, lambda: files.rmdir("/", ROOT))
    refused(Errno.EINVAL, lambda: files.rmdir("/etc/.", ROOT))
    refused(Errno.ENOTEMPTY, lambda: files.rmdir("/etc/..", ROOT))
    files.mkdir("/tmp/a", ALICE)
    files.rmdir("/tmp/a", ALICE)
    refused(Errno.ENOENT, lambda: files.find("/tmp/a", ALICE))


def test_a_file_lives_as_long_as_somebody_holds_it(files: FileSystem) -> None:
    used, inodes = files.used, len(files.inodes)
    held = files.create("/tmp/log", ALICE)
    files.hold(held)
    files.write(held, 0, b"0123456789")
    files.unlink("/tmp/log", ALICE)
    assert held.links == 0
    assert files.write(held, 10, b"more") == 4
    assert files.read(held, 8, 100) == b"89more"
    assert files.used == used + 14
    files.release(held)
    assert (files.used, len(files.inodes)) == (used, inodes)


def test_two_names_for_one_inode(files: FileSystem) -> None:
    files.link("/home/alice/notes", "/tmp/same", ALICE)
    same = files.find("/tmp/same", ALICE)
    assert same.links == 2
    files.unlink("/home/alice/notes", ALICE)
    assert (same.links, bytes(same.data)) == (1, b"note")
    refused(Errno.EPERM, lambda: files.link("/etc", "/tmp/etc", ROOT))
    refused(Errno.EEXIST, lambda: files.link("/tmp/same", "/etc/hosts", ROOT))


def test_symbolic_links(files: FileSystem) -> None:
    files.symlink("../etc/hosts", "/tmp/to", ALICE)
    files.symlink("/etc", "/tmp/dir", ALICE)
    files.symlink("b", "/tmp/a", ALICE)
    files.symlink("a", "/tmp/b", ALICE)
    hosts = files.find("/etc/hosts", BOB)
    assert files.find("/tmp/to", BOB) is files.find("/tmp/dir/hosts", BOB) is hosts
    assert files.find("/tmp/to", BOB, follow=False).permissions == "lrwxrwxrwx"
    assert files.find("/tmp/dir/", BOB, follow=False) is files.find("/etc", BOB)
    refused(Errno.ELOOP, lambda: files.find("/tmp/a", BOB))
    files.unlink("/tmp/to", ALICE)  # the link, not what it stands for
    assert files.find("/etc/hosts", BOB) is hosts


def test_rename(files: FileSystem) -> None:
    files.add("/tmp/a/b/c", b"c", uid=1000)
    files.add("/tmp/empty", kind="directory", mode=0o755)
    files.add("/tmp/file", b"f")
    refused(Errno.EINVAL, lambda: files.rename("/tmp/a", "/tmp/a/b/d", ROOT))
    refused(Errno.ENOTEMPTY, lambda: files.rename("/tmp/a/b", "/tmp/a", ROOT))
    refused(Errno.ENOTEMPTY, lambda: files.rename("/tmp/empty", "/tmp/a", ROOT))
    refused(Errno.EISDIR, lambda: files.rename("/tmp/file", "/tmp/empty", ROOT))
    refused(Errno.ENOTDIR, lambda: files.rename("/tmp/empty", "/tmp/file", ROOT))
    refused(Errno.ENOTDIR, lambda: files.rename("/tmp/file", "/tmp/new/", ROOT))
    refused(Errno.EBUSY, lambda: files.rename("/tmp/.", "/tmp/x", ROOT))
    refused(Errno.ENOENT, lambda: files.rename("/tmp/none", "/tmp/x", ROOT))
    above = files.find("/tmp", ROOT)
    links = above.links
    files.rename("/tmp/a/b", "/tmp/empty", ROOT)  # an empty directory gives way
    assert files.listdir("/tmp/empty", ROOT) == ["c"]
    assert (above.links, files.find("/tmp/a", ROOT).links) == (links, 2)
    files.rename("/tmp/file", "/tmp/empty/c", ROOT)
    assert files.read(files.find("/tmp/empty/c", ROOT), 0, 9) == b"f"


def test_chmod_and_chown(files: FileSystem) -> None:
    notes = "/home/alice/notes"
    refused(Errno.EPERM, lambda: files.chmod("/etc/hosts", ALICE, 0o777))
    refused(Errno.EPERM, lambda: files.chown(notes, ALICE, uid=1001))
    refused(Errno.EPERM, lambda: files.chown(notes, ALICE, gid=50))
    files.chown(notes, user(1000, groups=[50]), gid=50)
    files.chmod(notes, ALICE, 0o6755)  # the group is not one of hers
    assert files.find(notes, ALICE).permissions == "-rwsr-xr-x"
    files.chown(notes, ROOT, uid=0)  # would else be a present to whoever wrote it
    assert files.find(notes, ROOT).permissions == "-rwxr-xr-x"


def test_writing_ends_a_set_user_id_program(files: FileSystem) -> None:
    tool = files.add("/tmp/tool", b"x", 0o4777)
    files.write(tool, 0, b"y", ALICE)
    assert tool.permissions == "-rwxrwxrwx"


def test_no_space() -> None:
    small = FileSystem(most_bytes=10, most_inodes=3)
    one = small.create("/one", ROOT)
    assert small.write(one, 0, b"0123456789ab") == 10  # a short write, then none
    refused(Errno.ENOSPC, lambda: small.write(one, 10, b"x"))
    assert small.write(one, 0, b"0123456789") == 10
    assert small.write(one, 0, b"") == 0
    small.create("/two", ROOT)
    refused(Errno.ENOSPC, lambda: small.create("/three", ROOT))
    small.unlink("/one", ROOT)
    assert small.used == 0
    small.create("/three", ROOT)


NAMES = st.sampled_from(["a", "b", "c", "."])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(lambda names: "/" + "/".join(names))
WHO = st.sampled_from([ROOT, ALICE, BOB])
STEPS = st.one_of(
    st.tuples(st.sampled_from(["create", "mkdir", "unlink", "rmdir"]), WHO, PATHS, PATHS),
    st.tuples(st.sampled_from(["rename", "link", "symlink", "write"]), WHO, PATHS, PATHS),
)


def step(files: FileSystem, what: str, who: Credentials, one: str, two: str) -> None:
    if what in ("rename", "link", "symlink"):
        getattr(files, what)(one, two, who)
    elif what == "write":
        inode = files.find(one, who)
        inode.require(who, W)
        files.write(inode, 3, two.encode(), who)
    else:
        getattr(files, what)(one, who)


@given(st.lists(STEPS, max_size=25))
def test_whatever_is_done_the_books_balance(steps: list[tuple[str, Credentials, str, str]]) -> None:
    files = FileSystem(most_bytes=40, most_inodes=9)
    files.root.mode = 0o1777
    for each in steps:
        try:
            step(files, *each)
        except Refused as error:
            assert isinstance(error.errno, Errno)
    names: dict[int, int] = {}
    seen: list[Inode] = []

    def visit(directory: Inode) -> None:
        seen.append(directory)
        inner = [inode for inode in directory.entries.values() if inode.kind == "directory"]
        assert directory.links == 2 + len(inner)
        for inode in directory.entries.values():
            names[inode.number] = names.get(inode.number, 0) + 1
            if inode.kind == "directory":
                visit(inode)
            elif inode not in seen:
                seen.append(inode)

    visit(files.root)
    assert sorted(files.inodes) == sorted(inode.number for inode in seen)
    assert files.used == sum(inode.size for inode in seen) <= files.most_bytes
    for inode in seen:
        assert inode.holders == 0
        assert inode.kind == "directory" or inode.links == names[inode.number]
