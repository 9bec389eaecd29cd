"""A state's own library of vibrational spectra: one file, and the search in it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

import cbor2
import numpy as np

from models.errors import MalformedSpectrum, UnusableBundle
from models.hit_quality import Likeness, compare
from models.vibrational import AxisUnit, Method, Quantity, VibrationalSpectrum

FORMAT = "garita.vibrational-library/1"
MAX_BYTES = 256 * 2**20
MAX_ENTRIES = 50_000


@dataclass(frozen=True)
class Entry:
    """One reference: what it is, and the file that it came from with its SHA-256 in hexadecimal."""

    name: str
    source: str
    source_digest: str
    spectrum: VibrationalSpectrum = field(repr=False)


@dataclass(frozen=True)
class Hit:
    """One entry offered, and how alike it is."""

    name: str
    source: str
    likeness: Likeness


@dataclass(frozen=True)
class VibrationalLibrary:
    """Entries by name. `digest` is the SHA-256 of the byte form, in hexadecimal."""

    title: str
    entries: tuple[Entry, ...] = field(repr=False)
    digest: str

    @classmethod
    def of(cls, title: str, entries: Iterable[Entry]) -> "VibrationalLibrary":
        """Make a library, with the precision that its byte form keeps."""
        return cls.from_bytes(_to_bytes(title, sorted(entries, key=lambda each: (each.name, each.source))))

    @classmethod
    def from_bytes(cls, data: bytes, source: str = "library") -> "VibrationalLibrary":
        """Read what to_bytes wrote. Raises UnusableBundle."""
        if len(data) > MAX_BYTES:
            raise UnusableBundle(f"{source}: {len(data)} bytes; at most {MAX_BYTES} are read")
        try:
            value = cast("dict[str, Any]", cbor2.loads(data))
            stated = value["format"]
            entries = tuple(_entry_from_value(each) for each in value["entries"])
            title = str(value["title"])
        except (cbor2.CBORDecodeError, KeyError, ValueError, TypeError, MalformedSpectrum) as error:
            raise UnusableBundle(f"{source}: no library of vibrational spectra ({error}); build it again") from error
        if stated != FORMAT:
            raise UnusableBundle(f"{source}: format {stated!r}; this software reads {FORMAT!r}")
        return cls(title, entries, hashlib.sha256(data).hexdigest())

    def to_bytes(self) -> bytes:
        """Write the byte form: deterministic CBOR, the axis as float64 and the values as float32, little-endian."""
        return _to_bytes(self.title, self.entries)

    def search(self, query: VibrationalSpectrum, most: int = 10) -> list[Hit]:
        """Return the entries most like `query`, best first by first-derivative correlation."""
        likenesses = ((entry, compare(query, entry.spectrum)) for entry in self.entries)
        hits = [Hit(entry.name, entry.source, likeness) for entry, likeness in likenesses if likeness]
        hits.sort(key=lambda hit: (-hit.likeness.derivative, -hit.likeness.correlation, hit.name))
        return hits[:most]


def _to_bytes(title: str, entries: Iterable[Entry]) -> bytes:
    values = [_entry_to_value(entry) for entry in entries]
    if not 0 < len(values) <= MAX_ENTRIES:
        raise UnusableBundle(f"{len(values)} spectra for a library; expected 1 to {MAX_ENTRIES}")
    return cbor2.dumps({"format": FORMAT, "title": title, "entries": values}, canonical=True)


def _entry_to_value(entry: Entry) -> list[Any]:
    spectrum = entry.spectrum
    kinds = [spectrum.method.value, spectrum.unit.value, spectrum.quantity.value]
    numbers = [spectrum.axis.astype("<f8").tobytes(), spectrum.values.astype("<f4").tobytes()]
    return [entry.name, entry.source, entry.source_digest, *kinds, *numbers]


def _entry_from_value(value: list[Any]) -> Entry:
    name, source, digest, method, unit, quantity, axis, values = value
    spectrum = VibrationalSpectrum(
        np.frombuffer(axis, dtype="<f8"),
        np.frombuffer(values, dtype="<f4").astype(np.float64),
        Method(method),
        AxisUnit(unit),
        Quantity(quantity),
    )
    return Entry(str(name), str(source), str(digest), spectrum)
