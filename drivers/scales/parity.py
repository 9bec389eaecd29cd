"""Seven bits and even parity over a port of eight bits: on the wire they are the same, so no port setting is needed."""

from drivers.transport import Transport

SUBSTITUTE = 0x1A
"""What stands for a byte whose parity is wrong: the control character that ASCII keeps for it."""
_SEVEN = 0x7F


def with_parity(data: bytes) -> bytes:
    """Return `data` of 7-bit bytes with the parity bit of each set so that the number of ones is even."""
    return bytes(byte | (byte.bit_count() % 2) << 7 for byte in data)


def without_parity(data: bytes) -> bytes:
    """Return the 7-bit bytes of `data`, SUBSTITUTE for each whose number of ones is odd."""
    return bytes(SUBSTITUTE if byte.bit_count() % 2 else byte & _SEVEN for byte in data)


class SevenEven:
    """A transport that adds and checks even parity on another one. A damaged byte comes out as SUBSTITUTE."""

    def __init__(self, inner: Transport) -> None:
        self.port = inner.port
        self._inner = inner

    def write(self, data: bytes) -> None:
        self._inner.write(with_parity(data))

    def read(self, timeout: float) -> bytes:
        return without_parity(self._inner.read(timeout))

    def close(self) -> None:
        self._inner.close()
