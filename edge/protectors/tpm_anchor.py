"""The TPM's counter as the journal's anchor: what it has shown, no older database shows again."""

from functools import cached_property
from hashlib import sha256

from edge.errors import ProtectorUnavailable
from edge.protectors.tpm import OWNER_REFUSES, Refusals, Tpm
from edge.protectors.tpm_attestation import AttestationKey
from sync.errors import RolledBack

_COUNTER = "nt=counter|ownerread|ownerwrite|authread|authwrite|no_da"
_WRITTEN_COUNTER = 0x22060016
"""Those attributes as bits, with TPMA_NV_WRITTEN (TPM 2.0 Part 2, 13.4)."""
_SHA256 = 0x000B
_BYTES = 8


class TpmAnchor:
    """Shows what the TPM's counter `index` shows, whose value no key and no password sets, as the TPM itself signs it.

    Whoever has the owner's authorisation can remove it, but a new counter of the same TPM begins above every one that
    it ever had (TPM 2.0 Part 3, TPM2_NV_Increment), and an index of another type is refused. The anchor's name has that
    of the TPM's attestation key in it, which is asked once: another TPM, asked later, proves nothing.
    """

    def __init__(self, tpm: Tpm, index: int) -> None:
        self._tpm = tpm
        self._index = f"{index:#010x}"
        of = b"".join(
            (index.to_bytes(4), _SHA256.to_bytes(2), _WRITTEN_COUNTER.to_bytes(4), bytes(2), _BYTES.to_bytes(2))
        )
        self._certified_as = _SHA256.to_bytes(2) + sha256(of).digest()

    @property
    def name(self) -> str:
        """`tpm:`, the index, `/` and the fingerprint of the attestation key; raises as `read` does."""
        return f"tpm:{self._index}/{self._key.fingerprint}"

    def define(self) -> None:
        """Make the counter, and the key that certifies it; raises ProtectorUnavailable where there is a counter."""
        AttestationKey.lay(self._tpm)
        taken = f"the TPM's index {self._index} is taken; name a free one with --index"
        refusals: Refusals = {"(0x14C)": (ProtectorUnavailable, taken), **OWNER_REFUSES}
        self._tpm.run("tpm2_nvdefine", self._index, "-C", "o", "-a", _COUNTER, "-s", str(_BYTES), refusals=refusals)
        self._tpm.run("tpm2_nvincrement", self._index)

    def read(self) -> int:
        """Return what it shows; raises ProtectorUnavailable.

        Raises RolledBack where no counter is there any more, or another than this TPM speaks of it.
        """
        gone = f"the TPM has no counter {self._index} any more: who removed it may have put an older journal in place"
        certified = self._key.certified(self._tpm, self._index, _BYTES, {"(0x18B)": (RolledBack, gone)})
        if certified.name != self._certified_as:
            raise RolledBack(gone)
        return int.from_bytes(certified.held)

    def advance(self) -> int:
        """Let it show one more, and return what it shows then; raises as `read` does."""
        self._tpm.run("tpm2_nvincrement", self._index)
        return self.read()

    @cached_property
    def _key(self) -> AttestationKey:
        return AttestationKey.read(self._tpm)
