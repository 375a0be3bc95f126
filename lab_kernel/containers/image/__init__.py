"""OCI images: everything that a program needs to run, but for the kernel.

layout = read_layout("my-layout")            # or Layout(), in memory
image = load(layout, "v1")
image.config.argv, image.config.env          # what a runtime starts
files = flatten(image)                       # what it sees as its root directory
unpack(image, "rootfs")                      # the same, on a real disk
"""

from __future__ import annotations

from lab_kernel.containers.image.build import build
from lab_kernel.containers.image.changes import apply, diff
from lab_kernel.containers.image.closure import Need, closure, needs
from lab_kernel.containers.image.compare import Shipment, changed, ship
from lab_kernel.containers.image.config import Config
from lab_kernel.containers.image.context import read_folder
from lab_kernel.containers.image.digest import Descriptor, chain_ids, digest
from lab_kernel.containers.image.folder import read_layout, unpack, write_layout, write_tree
from lab_kernel.containers.image.image import Image, assemble, contents, flatten, load
from lab_kernel.containers.image.layout import Layout
from lab_kernel.containers.image.tree import Node, Tree, directory, file, resolve, symlink, tree

__all__ = [
    "Config",
    "Descriptor",
    "Image",
    "Layout",
    "Need",
    "Node",
    "Shipment",
    "Tree",
    "apply",
    "assemble",
    "build",
    "chain_ids",
    "changed",
    "closure",
    "contents",
    "diff",
    "digest",
    "directory",
    "file",
    "flatten",
    "load",
    "needs",
    "read_folder",
    "read_layout",
    "resolve",
    "ship",
    "symlink",
    "tree",
    "unpack",
    "write_layout",
    "write_tree",
]
