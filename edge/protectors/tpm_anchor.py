"""The TPM's counter as the journal's anchor: what it has shown, no older database shows again."""

import re

from edge.errors import ProtectorUnavailable
from edge.protectors.tpm import OWNER_REFUSES, Refusals, Tpm
from sync.errors import RolledBack

_COUNTER = "nt=counter|ownerread|ownerwrite|authread|authwrite|no_da"
_NT_COUNTER = 1
"""TPM_NT_COUNTER, bits 7 to 4 of an index's attributes (TPM 2.0 Part 2, 13.2)."""


class TpmAnchor:
    """Shows what the TPM's counter `index` shows, whose value no key and no password sets.

    Whoever has the owner's authorisation can remove it, but a new counter of the same TPM begins above every one that
    it ever had (TPM 2.0 Part 3, TPM2_NV_Increment), and an index of another type is refused.
    """

    def __init__(self, tpm: Tpm, index: int) -> None:
        self.name = f"tpm:{index:#010x}"
        self._tpm = tpm
        self._index = f"{index:#010x}"

    def define(self) -> None:
        """Make the counter; raises ProtectorUnavailable where there is one."""
        taken = f"the TPM's index {self._index} is taken; name a free one with --index"
        refusals: Refusals = {"(0x14C)": (ProtectorUnavailable, taken), **OWNER_REFUSES}
        self._tpm.run("tpm2_nvdefine", self._index, "-C", "o", "-a", _COUNTER, "-s", "8", refusals=refusals)
        self._tpm.run("tpm2_nvincrement", self._index)

    def read(self) -> int:
        """Return what it shows; raises RolledBack where no counter is there any more, ProtectorUnavailable."""
        gone = f"the TPM has no counter {self._index} any more: who removed it may have put an older journal in place"
        told = self._tpm.run("tpm2_nvreadpublic", self._index, refusals={"(0x18B)": (RolledBack, gone)}).decode()
        attributes = re.search(r"attributes:\s+friendly:.*\s+value: (0x\w+)", told)
        if not attributes or int(attributes[1], 16) >> 4 & 0xF != _NT_COUNTER:
            raise RolledBack(gone)
        return int.from_bytes(self._tpm.run("tpm2_nvread", self._index, "-s", "8"))

    def advance(self) -> int:
        """Let it show one more, and return that; raises as `read` does."""
        self._tpm.run("tpm2_nvincrement", self._index)
        return self.read()
