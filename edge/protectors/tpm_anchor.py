"""The TPM's counter as the journal's anchor: what it has shown, no older database shows again."""

from edge.protectors.tpm import Tpm


class TpmAnchor:
    """Counts from zero: a TPM's counter begins somewhere, so its first value lies beside it, locked for ever.

    `index` names the counter; the next index holds that first value.
    """

    def __init__(self, tpm: Tpm, index: int) -> None:
        self._tpm = tpm
        self._index = index

    def define(self) -> None:
        """Make the counter; raises ProtectorUnavailable where there is one."""
        self._tpm.define_counter(self._index)
        first = self._tpm.counter(self._index)
        self._tpm.define_constant(self._index + 1, first)

    def read(self) -> int:
        """Return how often it advanced; raises ProtectorUnavailable."""
        return self._tpm.counter(self._index) - self._tpm.counter(self._index + 1)

    def advance(self) -> int:
        """Let it show one more, and return that; raises ProtectorUnavailable."""
        self._tpm.increment(self._index)
        return self.read()
