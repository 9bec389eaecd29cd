"""Bytes in, frames out, no I/O: COBS between zero bytes, CRC-32C at the end.

A frame on the wire is `0x00 COBS(payload + CRC-32C(payload) as uint32 little-endian) 0x00`. COBS (Cheshire and Baker,
"Consistent Overhead Byte Stuffing", 1999) leaves no zero inside, so after any noise the next zero is a fresh start.
"""

from dataclasses import dataclass

DELIMITER = b"\x00"
CHECKSUM_BYTES = 4
_BLOCK = 254
_FULL_BLOCK = 0xFF
_POLYNOMIAL = 0x82F63B78  # CRC-32C (RFC 3720, appendix B.4), reflected


def _table() -> tuple[int, ...]:
    entries: list[int] = []
    for value in range(256):
        entry = value
        for _ in range(8):
            entry = entry >> 1 ^ (_POLYNOMIAL if entry & 1 else 0)
        entries.append(entry)
    return tuple(entries)


_TABLE = _table()


def crc32c(data: bytes) -> int:
    """Return the CRC-32C of `data`; of b"123456789" it is 0xE3069283."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def stuff(data: bytes) -> bytes:
    """Return `data` in COBS: no zero byte inside."""
    out = bytearray()
    for segment in data.split(DELIMITER):
        full = len(segment) // _BLOCK * _BLOCK
        for start in range(0, full, _BLOCK):
            out.append(_FULL_BLOCK)
            out += segment[start : start + _BLOCK]
        out.append(len(segment) - full + 1)
        out += segment[full:]
    return bytes(out)


def unstuff(data: bytes) -> bytes:
    """Return what `stuff` was given. Raises ValueError where a block reaches beyond the end."""
    out = bytearray()
    start = 0
    while start < len(data):
        code = data[start]
        end = start + code
        if code == 0 or end > len(data):
            raise ValueError(f"a COBS block of {code} bytes begins at byte {start} of {len(data)}")
        out += data[start + 1 : end]
        if code != _FULL_BLOCK and end < len(data):
            out.append(0)
        start = end
    return bytes(out)


def encode(payload: bytes) -> bytes:
    """Return the frame of `payload`, with a delimiter before it (ends any noise) and after it."""
    checksum = crc32c(payload).to_bytes(CHECKSUM_BYTES, "little")
    return DELIMITER + stuff(payload + checksum) + DELIMITER


def longest_frame(payload: int) -> int:
    """Return the most bytes that lie between the delimiters of a frame of `payload` bytes."""
    checked = payload + CHECKSUM_BYTES
    return checked + checked // _BLOCK + 1


@dataclass
class FrameCounts:
    """What came over a wire so far: good frames, damaged ones, bytes that became no frame, and returns to good ones."""

    frames: int = 0
    checksum_failures: int = 0
    dropped_bytes: int = 0
    resyncs: int = 0

    def __add__(self, other: "FrameCounts") -> "FrameCounts":
        return FrameCounts(
            self.frames + other.frames,
            self.checksum_failures + other.checksum_failures,
            self.dropped_bytes + other.dropped_bytes,
            self.resyncs + other.resyncs,
        )


class Framer:
    """Collects bytes into the payloads of good frames; holds at most one frame of `max_payload` bytes."""

    def __init__(self, max_payload: int) -> None:
        self.counts = FrameCounts()
        self._limit = longest_frame(max_payload)
        self._buffer = bytearray()
        self._overlong = False
        self._lost = False

    @property
    def unfinished(self) -> int:
        """Bytes that wait for a delimiter."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[bytes]:
        """Return the payloads that `data` completes, in order; what is damaged or too long is counted and dropped."""
        *finished, rest = data.split(DELIMITER)
        payloads: list[bytes] = []
        for piece in finished:
            self._collect(piece)
            payloads += self._finish()
        self._collect(rest)
        return payloads

    def _collect(self, piece: bytes) -> None:
        if not self._overlong and len(self._buffer) + len(piece) <= self._limit:
            self._buffer += piece
            return
        self._overlong = self._lost = True
        self.counts.dropped_bytes += len(self._buffer) + len(piece)
        self._buffer.clear()

    def _finish(self) -> list[bytes]:
        stuffed, self._overlong = bytes(self._buffer), False
        self._buffer.clear()
        if not stuffed:
            return []
        try:
            payload = _checked(unstuff(stuffed))
        except ValueError:
            self.counts.checksum_failures += 1
            self.counts.dropped_bytes += len(stuffed)
            self._lost = True
            return []
        self.counts.frames += 1
        self.counts.resyncs += self._lost
        self._lost = False
        return [payload]


def _checked(data: bytes) -> bytes:
    payload, checksum = data[:-CHECKSUM_BYTES], data[-CHECKSUM_BYTES:]
    if len(checksum) < CHECKSUM_BYTES or int.from_bytes(checksum, "little") != crc32c(payload):
        raise ValueError(f"the CRC-32C does not fit these {len(payload)} bytes")
    return payload
