"""Why the operating system refused a file, in the reader's language."""

from __future__ import annotations

import errno

from lab_kernel.language import N_, _

# The system has texts of its own, in the language of its locale and not of the reader.
REASONS = {
    errno.EACCES: N_("permission denied"),
    errno.EPERM: N_("permission denied"),
    errno.ENOENT: N_("there is no such file or directory"),
    errno.ENOTDIR: N_("a part of the path is not a directory"),
    errno.EISDIR: N_("it is a directory"),
    errno.EIO: N_("an input or output error"),
    errno.ENOSPC: N_("no space is left on the device"),
    errno.EROFS: N_("the file system is read-only"),
    errno.ELOOP: N_("too many symbolic links"),
    errno.ENAMETOOLONG: N_("the name is too long"),
}


def reason(error: OSError) -> str:
    """One of the common reasons translated, another as the system words it."""
    known = REASONS.get(error.errno or 0)
    return _(known) if known else error.strerror or type(error).__name__
