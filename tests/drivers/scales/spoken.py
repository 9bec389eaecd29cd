"""A scale that says what a test puts into its mouth, in its maker's words: a virtual pan never says them."""

from collections import deque

from drivers.lines import LineFramer
from drivers.scales.parity import with_parity, without_parity

METTLER = {
    b"S": b"S S     100.00 g",
    b"SI": b"S S     100.00 g",
    b"TA": b"TA A       0.00 g",
    b"I2": b'I2 A "MS 220 g"',
    b"I3": b'I3 A "1.0"',
    b"I4": b'I4 A "B111"',
}
A_AND_D = {b"S": b"ST,+00100.00  g", b"Q": b"ST,+00100.00  g", b"C": b"\x06"}
OHAUS = {b"IP": b"    100.00 g", b"SP": b"    100.00 g", b"PSN": b"B111", b"PV": b"Version 1.10"}
_SPEECHES = {"mt-sics": METTLER, "a-and-d": A_AND_D, "ohaus": OHAUS}
_WEIGHING = {b"S", b"SI", b"Q", b"IP", b"SP"}


class SpokenScale:
    """A scale of one family on a pty or a wire. `says` maps each question to its answer; any other gets an error."""

    def __init__(self, family: str) -> None:
        self.unplugged = False
        self.says = dict(_SPEECHES[family])
        self._unknown = b"EC,E01" if family == "a-and-d" else b"ES"
        self._seven_even = family == "a-and-d"
        self._framer = LineFramer(80)
        self._out: deque[bytes] = deque()

    def show(self, line: bytes) -> None:
        """Answer every question for a weight with `line` from now on."""
        self.says |= dict.fromkeys(_WEIGHING & self.says.keys(), line)

    def announce(self, line: bytes) -> None:
        """Say `line` unasked."""
        data = line + b"\r\n"
        self._out.append(with_parity(data) if self._seven_even else data)

    def receive(self, data: bytes, now: float) -> None:  # noqa: ARG002 - it answers at once
        for question in self._framer.feed(without_parity(data) if self._seven_even else data):
            self.announce(self.says.get(question, self._unknown))

    def poll(self, now: float) -> bytes:  # noqa: ARG002 - it answers at once
        return self._out.popleft() if self._out else b""

    def due(self) -> float | None:
        return 0.0 if self._out else None

    def replug(self) -> None:
        self.unplugged = False
