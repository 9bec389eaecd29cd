"""How likely something hides in a reading in which nothing listed was recognised: small networks, in NumPy."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.catalogue import DATA
from models.errors import UnusableBundle
from models.layers import Layers, Values, framed, installed, layers_from, layers_value, packed, unframed, unpacked
from models.traces import Row, Trace

FORMAT = "garita.clearance/1"

Risk = Callable[[Row], float]
"""From the Trace columns of a reading to the probability that something hides in it."""


@dataclass(frozen=True, eq=False)
class Clearance:
    """Networks whose mean score counts. They saw as many readings in which something hid as others.

    Each has one layer of tanh, whose weights have the signs that RISING and FALLING ask for, and adds what that gives:
    however unlike its lessons a reading is, no more of what speaks for something hidden lets it be cleared.
    """

    mean: Values
    scale: Values
    members: tuple[Layers, ...]

    def risk(self, row: Row) -> float:
        """Probability that something listed, or anything that the library lacks, is in a reading with these traces."""
        standard = (row.astype(np.float32) - self.mean) / self.scale
        score = np.mean([_score(member, standard) for member in self.members], dtype=np.float64)
        return float((1 + np.tanh(score / 2)) / 2)

    def to_bytes(self) -> bytes:
        """Write as SHA-256 of what follows and deterministic CBOR, numbers as float32, little-endian."""
        members = [layers_value(member) for member in self.members]
        value = {"mean": packed(self.mean), "scale": packed(self.scale), "members": members}
        return framed(FORMAT, value)

    @classmethod
    def load(cls, path: Path = DATA / "clearance.cbor") -> "Clearance":
        """Read the networks that come with the software. Raises UnusableBundle."""
        return cls.from_bytes(installed(path))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Clearance":
        """Read what to_bytes wrote. Raises UnusableBundle."""
        value = unframed(FORMAT, "the clearance", data)
        try:
            members = tuple(layers_from(each) for each in value["members"])
            clearance = cls(unpacked(value["mean"]), unpacked(value["scale"]), members)
            clearance.risk(np.zeros(len(Trace)))
        except (KeyError, ValueError, TypeError, IndexError) as error:
            raise UnusableBundle(f"the clearance cannot be read ({error!r}); install the software again") from error
        return clearance


def _score(member: Layers, standard: Values) -> float:
    (weights, biases), (sums, bias) = member
    return float((sums @ np.tanh(weights @ standard + biases) + bias)[0])
