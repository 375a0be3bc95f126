"""Random trees of files, for the properties of images."""

from __future__ import annotations

from hypothesis import strategies as st

from lab_kernel.containers.image import Node, Tree, directory, symlink
from lab_kernel.containers.image.tree import below, file

# few names, so that two trees often disagree about the kind of one
NAMES = st.sampled_from(["a", "b", "a.b", "한글", "n" * 120, "wh."])
FILES = st.builds(
    file, st.binary(max_size=20), st.sampled_from([0o644, 0o755, 0o4711])
) | st.builds(Node, st.just("file"), st.just(0o600), mtime=st.integers(-9, 1 << 34))
LINKS = st.builds(symlink, st.sampled_from(["a", "/a/b", "../..", "l" * 130]))
NESTED = st.recursive(
    FILES | LINKS, lambda inside: st.dictionaries(NAMES, inside, max_size=3), max_leaves=8
)


def flat(nested: object, at: str = "") -> Tree:
    if isinstance(nested, Node):
        return {at: nested}
    assert isinstance(nested, dict)
    mode = 0o750 if len(nested) % 2 else 0o755  # so that some directories change, too
    made: Tree = {at: directory(mode)} if at else {}
    for name, inside in nested.items():
        made |= flat(inside, below(at, name))
    return made


TREES = st.dictionaries(NAMES, NESTED, max_size=4).map(flat)
