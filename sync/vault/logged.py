"""What the centre gives, proven to be what its log has: nothing left out, added, changed or in another's place.

The vault builds the log's tree again from the envelopes. One receipt, of the last entry of a page, proves all before
it: the hashes on its path that stand to the left are of the tree that ends there. So whoever runs the centre cannot
show the vault another history than the stations, the witnesses and the auditors.
"""

from contextlib import suppress
from hashlib import sha256
from typing import Protocol

import httpx

from sync.contract.inside import LoggedEnvelope, Page
from sync.errors import BadReceipt, LogDamaged, Malformed
from sync.merkle import leaf_hash, root_of_prefix
from sync.note import LogVerifier
from sync.policy import Policy
from sync.receipts import Proof, verify
from sync.replay import Replay
from sync.vault.entry import Entry
from sync.vault.source import Source


class Trees(Protocol):
    """The proven tree that the vault keeps from one run to the next."""

    def newest(self, most: int) -> Replay:
        """Return the largest one of at most `most` leaves; the empty one where there is none."""
        ...

    def keep(self, before: Replay, tree: Replay) -> None:
        """Keep a tree and the one before it, whose page may not be filed yet, and no others."""
        ...


class LoggedSource(Source):
    """A source that gives nothing before it is proven; `log` is who is believed: the log, or log and witnesses."""

    def __init__(self, http: httpx.Client, log: LogVerifier | Policy, trees: Trees) -> None:
        super().__init__(http)
        self._log, self._trees, self._signed = log, trees, 0

    def signed(self, size: int) -> None:
        """Remember that a receipt proved the log to have this many entries: it will never have fewer."""
        self._signed = max(self._signed, size)

    def page(self, after: int) -> Page:
        """Return the logged envelopes with an index above `after`; raises LogDamaged unless the log has just these."""
        before = self._tree(after + 1)
        page = super().page(after)
        if page.size < self._signed:
            raise LogDamaged(
                f"the centre says that its log has {page.size} entries, and a receipt of it proved {self._signed}:"
                " it holds entries back from the vault"
            )
        if page.envelopes:
            tree = self._grown(before, page.envelopes)
            self._prove(tree, page.envelopes[-1])
            self._trees.keep(before, tree)
        return page

    def _tree(self, size: int) -> Replay:
        """Return the tree of the first `size` entries: one that was kept, or made from what the centre gives."""
        tree = self._trees.newest(size)
        while tree.size < size:
            given = super().page(tree.size - 1).envelopes[: size - tree.size]
            if not given:
                raise LogDamaged(f"the centre gives no entry {tree.size} of its log, and {size} were given before")
            tree = self._grown(tree, given)
        return tree

    def _grown(self, tree: Replay, envelopes: list[LoggedEnvelope]) -> Replay:
        for expected, logged in enumerate(envelopes, start=tree.size):
            if logged.index != expected:
                raise LogDamaged(f"the centre gave entry {logged.index} of the log where {expected} comes next")
            _check_label(logged)
        return tree.grown([_leaf(each) for each in envelopes])

    def _prove(self, tree: Replay, last: LoggedEnvelope) -> None:
        text = self.receipt(last.index)
        try:
            proven = verify(text, sha256(last.envelope).digest(), self._log)
        except BadReceipt as error:
            raise LogDamaged(f"entry {last.index} as the centre gives it is not in its log: {error}") from error
        path = Proof.from_text(text).path
        if proven.index != last.index or root_of_prefix(_leaf(last), last.index, proven.size, path) != tree.root():
            raise LogDamaged(
                f"the {tree.size} entries up to {last.index} are not those that the log has: the centre left one out,"
                " changed one, or gave one in another's place. Nothing of this page was opened; call the auditor"
            )
        self.signed(proven.size)


def _check_label(logged: LoggedEnvelope) -> None:
    """Raise LogDamaged where the centre does not call an envelope what it calls itself: it would be set aside."""
    with suppress(Malformed):  # a station may have sent what is no envelope; the vault names it
        Entry.called(logged).envelope(logged.envelope)


def _leaf(logged: LoggedEnvelope) -> bytes:
    return leaf_hash(sha256(logged.envelope).digest())


class Remembered:
    """Trees in memory, for who reads the log once from its first entry."""

    def __init__(self) -> None:
        self._trees = [Replay()]

    def newest(self, most: int) -> Replay:
        """Return the largest one of at most `most` leaves."""
        return max((tree for tree in self._trees if tree.size <= most), key=lambda tree: tree.size)

    def keep(self, before: Replay, tree: Replay) -> None:
        """Keep both, and the empty one."""
        self._trees = [Replay(), before, tree]
