"""Audit the centre's rows inside the state's walls: each sealed envelope is the one that the log has at its place.

Still nothing is opened: what is looked at is the envelope's hash and its outer header.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from hashlib import sha256

from sync.contract.ids import KeyId, StationId
from sync.contract.inside import LoggedEnvelope, Page
from sync.envelope import Envelope
from sync.errors import Malformed
from sync.merkle import leaf_hash
from sync.tiles import WIDTH, Tile
from sync.witness.audit import Finding
from sync.witness.published import Published, read_tile


def audit_rows(
    log: Published, page_after: Callable[[int], Page], size: int, recipients: frozenset[KeyId]
) -> Iterator[Finding]:
    """Yield `row` for each of `size` rows that is not what the log has, `recipients` for one sealed to unknown keys.

    The log takes each station's entries in their order: `row` too where one is passed over, or comes behind later ones.
    `page_after` gives rows with a higher index. With no `recipients` those are not looked at.
    """
    expected, leaves, order = 0, _Leaves(log, size), _Order()
    while expected < size and (page := page_after(expected - 1).envelopes):
        for logged in page:
            if logged.index >= size:
                return
            if logged.index < expected:
                yield Finding("row", f"the centre gave row {logged.index} where row {expected} comes next")
                return
            if logged.index > expected:
                yield Finding("row", f"rows {expected} to {logged.index - 1} of the log are missing at the centre")
            expected = logged.index + 1
            yield from order.check(logged)
            yield from _row(logged, leaves(logged.index), recipients)
    if expected < size:
        yield Finding("row", f"rows {expected} to {size - 1} of the log are missing at the centre")


def _row(logged: LoggedEnvelope, leaf: bytes | None, recipients: frozenset[KeyId]) -> Iterator[Finding]:
    name = f"entry {logged.index} ({logged.station}/{logged.seq})"
    if leaf_hash(sha256(logged.envelope).digest()) != leaf:
        yield Finding("row", f"{name} is not the envelope that the log has there: changed, or in another's place")
        return
    try:
        header = Envelope.from_bytes(logged.envelope).header
    except Malformed as error:
        yield Finding("row", f"{name}: {error}")
        return
    if (header.station, header.seq) != (logged.station, logged.seq):
        yield Finding("row", f"{name} is {header.station}/{header.seq} by its own header")
    strangers = [kid.hex() for kid in header.recipients if kid not in recipients]
    if recipients and strangers:
        yield Finding("recipients", f"{name} is sealed to unknown keys: {', '.join(strangers)}")


class _Order:
    """Each station's entries in the log: 1, 2, 3 and so on."""

    def __init__(self) -> None:
        self._next = defaultdict[StationId, int](lambda: 1)

    def check(self, logged: LoggedEnvelope) -> Iterator[Finding]:
        """Yield what is out of order there."""
        station, seq, due = logged.station, logged.seq, self._next[logged.station]
        self._next[station] = max(seq + 1, due)
        if seq < due:
            yield Finding("row", f"entry {seq} of {station} stands at {logged.index} of the log, behind later ones")
        if seq > due:
            missing = f"entry {due}" if seq == due + 1 else f"entries {due} to {seq - 1}"
            yield Finding("row", f"{missing} of {station} is missing where {seq} stands, at {logged.index} of the log")


class _Leaves:
    def __init__(self, log: Published, size: int) -> None:
        self._log, self._size = log, size
        self._number, self._hashes = -1, list[bytes]()

    def __call__(self, index: int) -> bytes | None:
        number, offset = divmod(index, WIDTH)
        if number != self._number:
            width = min(WIDTH, self._size - number * WIDTH)
            self._number, self._hashes = number, read_tile(self._log, Tile(0, number, width)) or []
        return self._hashes[offset] if offset < len(self._hashes) else None
