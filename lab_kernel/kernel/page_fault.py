"""What a page table entry allows, and the fault that says no.

Modelled, as on x86-64: present, writable, user and no-execute; the page fault's error code.
Left out: SMEP and SMAP (the kernel may read and run a user's page here), protection keys, writes
by a kernel that has switched write protection off (CR0.WP; Linux leaves it on).
Sources: Intel SDM, volume 3A, chapter "Paging", "Determination of Access Rights" and "Page-Fault
Exceptions".
"""

from __future__ import annotations

from dataclasses import dataclass

from lab_kernel.language import N_, _

# Bits of the error code that a page fault pushes.
P, W, U, I = 1, 2, 4, 16  # noqa: E741  (the manual's letters)

NOT_PRESENT = "not present"
PROTECTION = "protection"
KERNEL = "user access to kernel"
NOT_CANONICAL = "not canonical"

_WHY = {
    NOT_PRESENT: N_("the page is not present"),
    PROTECTION: N_("the page does not allow this access"),
    KERNEL: N_("the page belongs to the kernel"),
}


@dataclass(slots=True)
class Entry:
    """A level 1 entry: where the page is and what may be done with it.

    ``frame`` is None while the page is not in memory; ``slot`` then says where in swap it is, if
    it is there. A present page can always be read.
    """

    frame: int | None
    writable: bool = True
    user: bool = True
    executable: bool = False
    accessed: bool = False
    dirty: bool = False
    slot: int | None = None

    @property
    def present(self) -> bool:
        return self.frame is not None

    @property
    def flags(self) -> str:
        """``rwxu``, less what is not allowed."""
        allowed = (True, self.writable, self.executable, self.user)
        return "".join(letter for letter, given in zip("rwxu", allowed, strict=True) if given)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an address has no translation: ``kind`` is one of the four above.

    ``error_code`` is what the processor hands the kernel with a page fault: P (1) a present page
    refused, W (2) a write, U (4) from user mode, I (16) an instruction fetch. None for an address
    that is not canonical: that is a general protection fault and never reaches the tables.
    """

    address: int
    kind: str
    error_code: int | None

    def __str__(self) -> str:
        if self.error_code is None:
            return _("general protection fault: the address is not canonical")
        code = self.error_code
        bits = " ".join(
            f"{name}={int(bool(code & bit))}"
            for name, bit in (("P", P), ("W/R", W), ("U/S", U), ("I/D", I))
        )
        return _("page fault: {why} (error code {code}: {bits})").format(
            why=_(_WHY[self.kind]), code=code, bits=bits
        )


def refuse(entry: Entry, address: int, write: bool, user: bool, execute: bool) -> Fault | None:
    """The fault that this access to an entry raises, if it does. Reading needs no right."""
    code = W * write | U * user | I * execute
    if not entry.present:
        return Fault(address, NOT_PRESENT, code)
    if user and not entry.user:
        return Fault(address, KERNEL, code | P)
    if (write and not entry.writable) or (execute and not entry.executable):
        return Fault(address, PROTECTION, code | P)
    return None
