"""Record what programs that others wrote say of an image that we built.

    python -m tools.record.images

builds a small image in three layers with ``lab_kernel.containers.image`` and writes
``lab_kernel/recordings/images.json``: what skopeo, umoci, tar and sha256sum say of it, command by
command. All of it happens in a directory of its own, so that no path of a machine is in it.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from lab_kernel.containers.image import (
    Image,
    Layout,
    assemble,
    build,
    diff,
    file,
    flatten,
    tree,
    write_layout,
)
from tools.record.lackey import ENVIRONMENT
from tools.record.shelf import keep, metadata, shell

CONTAINERFILE = """FROM scratch
COPY lib /lib
COPY --chmod=755 app cache.tar /srv/
ENV LANG=C.UTF-8
USER 1000:1000
ENTRYPOINT ["/srv/app"]
"""
CACHE = 60_000  # bytes of a file that the last layer deletes


def image(layout: Layout) -> Image:
    """Two layers by the Containerfile, and a third that deletes the cache and changes the app."""
    files = tree(
        {
            "Containerfile": CONTAINERFILE,
            "lib/libc.so": bytes(20_000),
            "app": "print('v1')\n",
            "cache.tar": bytes(CACHE),
        }
    )
    base = build(files, Layout())
    before = flatten(base)
    after = dict(before)
    del after["srv/cache.tar"]
    after["srv/app"] = file("print('v2')\n", 0o755)
    return assemble(layout, base.config, base, [diff(before, after)])


def commands(made: Image) -> dict[str, str]:
    first, last = (f"layout/blobs/sha256/{made.layers[n].digest[7:]}" for n in (0, -1))
    bad = f"bad/blobs/sha256/{made.layers[0].digest[7:]}"
    rootless = "" if os.geteuid() == 0 else "--rootless "
    return {
        "layout": "cat layout/oci-layout",
        "inspect": "skopeo inspect oci:layout:v1",
        "blobs": "wc -c layout/blobs/sha256/*",
        "whiteouts": f"tar -tvf {last}",
        "digest": f"sha256sum < {first}",
        "empty": "printf '{}' | sha256sum",
        "copy": "skopeo copy --quiet oci:layout:v1 oci:copy:v1 && skopeo inspect oci:copy:v1",
        "diffids": "skopeo inspect --config oci:layout:v1 | grep -A 4 diff_ids",
        "recompressed": "skopeo inspect --config oci:copy:v1 | grep -A 4 diff_ids",
        "unpack": f"umoci unpack {rootless}--image layout:v1 bundle"
        " && find bundle/rootfs -type f -printf '%s %P\\n' | sort -k 2",
        "tampered": "cp -r layout bad"
        f" && printf X | dd of={bad} bs=1 seek=600 conv=notrunc status=none"
        " && skopeo copy --quiet oci:bad:v1 oci:there:v1 2>&1 | cut -d ' ' -f 2-",
    }


def record() -> dict[str, Any]:
    for program in ("skopeo", "umoci"):
        if shutil.which(program, path=ENVIRONMENT["PATH"]) is None:
            sys.exit(f"{program} is not installed")
    layout = Layout()
    made = image(layout)
    layout.tag("v1", made.manifest)
    versions = [shell(f"{name} --version", "/").splitlines()[0] for name in ("skopeo", "umoci")]
    entries = []
    with tempfile.TemporaryDirectory() as scratch:
        write_layout(layout, Path(scratch, "layout"))
        for name, command in commands(made).items():
            output = shell(command, scratch).splitlines()
            entries.append({"name": name, "command": command, "output": output})
    return {
        "metadata": metadata(
            "images",
            "an image of ours before programs that others wrote",
            remark=", ".join(versions),
        ),
        "entries": entries,
    }


if __name__ == "__main__":
    keep("images", record())
