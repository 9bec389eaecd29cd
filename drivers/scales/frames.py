"""What a scale can say in one line, and what each dialect must define."""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.errors import BadFrame
from drivers.scales.weight import Weight

LONGEST_LINE = 160
UNKNOWN_COMMAND = "ES"
"""What MT-SICS and Ohaus answer to a question that they do not have."""


@dataclass(frozen=True)
class Acknowledged:
    """The scale has done, or begun, what it was told."""

    command: str


@dataclass(frozen=True)
class Refusal:
    """The scale does not do what it was told."""

    code: str
    problem: str


@dataclass(frozen=True)
class Told:
    """Words of the scale about itself; `key` is the question, empty where the dialect does not repeat it."""

    key: str
    words: str


Reply = Weight | Acknowledged | Refusal | Told


@dataclass(frozen=True)
class Dialect:
    """One maker's protocol. Commands are whole lines; `about` asks for model, serial number and firmware, where told.

    `now` asks for the weight at once, `at_rest` for a weight that the scale itself holds for stable.
    `seven_even` is true where bytes have 7 bits and even parity. `acknowledges` is false where zero and tare are not
    answered; there a question that is damaged on its way can tare the scale unheard. `fixed_width` is false where the
    weight's field differs between models; there a number must end in the column where this scale's numbers end.
    `tare_memory` asks for the tare that is set; it is there where every weight is called net, tared or not.
    """

    name: str
    maker: str
    speed: int
    seven_even: bool
    now: bytes
    at_rest: bytes
    zero: bytes
    tare: bytes
    tare_memory: bytes | None
    quiet: bytes
    about: tuple[bytes | None, bytes | None, bytes | None]
    acknowledges: bool
    fixed_width: bool
    parse: Callable[[bytes, str], Reply]
    """From a line and its port; raises BadFrame for what the dialect does not have."""


def foreign(port: str, dialect: str, line: bytes) -> BadFrame:
    """Return the error for a line that the dialect does not have."""
    return BadFrame(port, f"{line[:40]!r} is no line of {dialect}; check the scale's output format and line speed")
