"""The chain by its digests alone: what is left to check where a signed head proves the end.

Each entry's digest stands in the next, and the last one's in the head. So the bytes of every entry are proven without
looking at one signature, and of each envelope only the start of its header needs to be read. What the fast look does
not accept is read again slowly, to say what is wrong with it.
"""

from hashlib import sha256

from sync.chain import Head, check_next
from sync.contract import canonical
from sync.contract.ids import Seq, StationId
from sync.cose import EDDSA, KEY_ID_LENGTH, PROTECTED
from sync.envelope import COSE_SIGN1, SIGNATURE_LENGTH, Envelope
from sync.errors import BrokenChain, Malformed
from sync.suites import SUITES

SIGNED = COSE_SIGN1 + b"\x84\x4d" + PROTECTED[EDDSA]
PAYLOAD_AT = len(SIGNED) + KEY_ID_LENGTH + 1
AFTER_PAYLOAD = 2 + SIGNATURE_LENGTH
LENGTHS = {0x58: 1, 0x59: 2, 0x5A: 4}
SHORTEST = 300
EMPTY_MAP, ARRAY_OF_3 = 0xA0, 0x83


class Links:
    """Goes through a journal, entry by entry, from the head `after`. Signatures are not looked at.

    Compare where it ends with a head that is proven.
    """

    def __init__(self, station: StationId, after: Head) -> None:
        self._station = station
        self._ends = tuple(_after_prev(station, suite) for suite in SUITES)
        self._seq, self._digest = after.seq, after.digest

    @property
    def head(self) -> Head:
        """Where the entries so far end."""
        return Head(self._seq, self._digest)

    def add(self, data: bytes) -> bytes:
        """Return the digest of the next entry; raises BrokenChain for one that does not come next."""
        if not _comes_next(data, b"\xa7cseq" + _integer(self._seq + 1) + b"dprevX " + self._digest, self._ends):
            _explain(data, self._station, self.head)
        self._seq, self._digest = Seq(self._seq + 1), sha256(data).digest()
        return self._digest


def _comes_next(data: bytes, start: bytes, ends: tuple[bytes, ...]) -> bool:
    """Tell whether the header of an envelope starts with this seq, this prev, and this station's name."""
    if len(data) < SHORTEST or not data.startswith(SIGNED) or data[PAYLOAD_AT - 1] != EMPTY_MAP:
        return False
    size = LENGTHS.get(data[PAYLOAD_AT], 0)
    payload = PAYLOAD_AT + 1 + size
    length = int.from_bytes(data[PAYLOAD_AT + 1 : payload], "big")
    if payload + length + AFTER_PAYLOAD != len(data) or data[payload] != ARRAY_OF_3:
        return False
    header = payload + 2 + LENGTHS.get(data[payload + 1], 0)
    return data.startswith(start, header) and data.startswith(ends, header + len(start))


def _explain(data: bytes, station: StationId, head: Head) -> None:
    try:
        envelope = Envelope.from_bytes(data)
    except Malformed as error:
        raise BrokenChain(f"entry {head.next_seq}: its envelope was changed: {error}") from error
    if envelope.header.station != station:
        raise BrokenChain(f"{envelope}: it stands in the journal of {station}")
    check_next(head, envelope)
    raise BrokenChain(f"{envelope}: it is not written as this program writes")


def _after_prev(station: StationId, suite: str) -> bytes:
    fields = {"suite": suite, "format": "garita.envelope/1", "station": station}
    return b"".join(canonical.encode(name) + canonical.encode(value) for name, value in fields.items())


def _integer(value: int) -> bytes:
    """Return the shortest CBOR of an unsigned integer."""
    if value < 24:  # noqa: PLR2004 - RFC 8949, 3.1
        return bytes((value,))
    for info, size in ((0x18, 1), (0x19, 2), (0x1A, 4)):
        if value < 1 << 8 * size:
            return bytes((info,)) + value.to_bytes(size, "big")
    return b"\x1b" + value.to_bytes(8, "big")
