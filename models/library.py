"""The reference library: each compound's measured spectra, a consensus of them per energy band, and their sources."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from enum import IntEnum
from functools import cached_property
from typing import Any, cast

import cbor2
import numpy as np
from numpy.typing import NDArray

from models.errors import UnusableBundle
from models.preprocessing import BINS, Bins

FORMAT = "garita.library/2"
LICENCE = "CC BY-SA 4.0"
MOST_ION_MZ = 2**31
_SPECTRA_PARTS = 5


class Band(IntEnum):
    """How hard the ions were hit, as energy normalised to m/z 500; ALL holds every record, told or not."""

    LOW = 0
    MID = 1
    HIGH = 2
    ALL = 3


BAND_EDGES = (25.0, 50.0)
"""Normalised collision energies between low and mid, mid and high."""


@dataclass(frozen=True)
class Source:
    """One measured record that went into a consensus."""

    accession: str
    contributor: str
    licence: str


@dataclass(frozen=True)
class LibraryEntry:
    """One compound (first block of the InChIKey).

    `ion_mz` is the nominal mass of its charged whole ([M+H]+, or [M]+ for a cation). `isomers` are the names of the
    entries that unit-resolution CID cannot tell from this one.
    """

    name: str
    inchikey: str
    formula: str
    family: str
    ion_mz: int
    sources: tuple[Source, ...] = field(repr=False)
    isomers: tuple[str, ...] = ()

    @property
    def skeleton(self) -> str:
        """First block of the InChIKey."""
        return self.inchikey[:14]


@dataclass(frozen=True, eq=False)
class Packed:
    """One band's spectra as peaks: how many each entry has, their bins, and their heights.

    A height is the square root of intensity relative to the base peak, in 255 steps.
    """

    counts: NDArray[np.uint16]
    bins: NDArray[np.uint16]
    levels: NDArray[np.uint8]

    @classmethod
    def of(cls, band: Bins) -> "Packed":
        """Pack spectra [BINS, entries]."""
        spectra = band.T
        base = spectra.max(axis=1, keepdims=True, initial=0)
        levels = np.rint(np.sqrt(spectra / np.where(base > 0, base, 1)) * 255).astype(np.uint8)
        at, bins = np.nonzero(levels)
        counts = np.bincount(at, minlength=len(spectra))
        return cls(counts.astype("<u2"), bins.astype("<u2"), levels[at, bins])

    @classmethod
    def of_arrays(cls, parts: Sequence[bytes], spectra: int) -> "Packed":
        """Read what arrays() wrote of so many spectra. Raises ValueError."""
        counts, bins = (np.frombuffer(data, dtype="<u2") for data in parts[:2])
        levels = np.frombuffer(parts[2], dtype=np.uint8)
        if len(parts) != len(fields(cls)) or len(counts) != spectra or not counts.sum() == len(bins) == len(levels):
            raise ValueError(f"{len(counts)} spectra where {spectra} are told")
        if bins.size and int(bins.max()) >= BINS:
            raise ValueError(f"a peak at bin {int(bins.max())}; the last is {BINS - 1}")
        return cls(counts, bins, levels)

    def arrays(self) -> list[bytes]:
        """Write counts, bins and heights, little-endian."""
        return [array.tobytes() for array in (self.counts, self.bins, self.levels)]

    def take(self, chosen: NDArray[np.int64]) -> "Packed":
        """Return the chosen spectra, in that order."""
        counts = self.counts.astype(np.int64)
        at = ranges(np.cumsum(counts) - counts, counts, chosen)
        return Packed(self.counts[chosen], self.bins[at], self.levels[at])

    def unpacked(self) -> Bins:
        """Return unit bins [BINS, entries], each spectrum's sum 1, or 0 where nothing was measured."""
        entries = len(self.counts)
        band = np.zeros((BINS, entries), dtype=np.float32)
        band[self.bins, np.repeat(np.arange(entries), self.counts)] = np.square(self.levels.astype(np.float32))
        total = band.sum(axis=0)
        band /= np.where(total > 0, total, np.float32(1))
        return band


@dataclass(frozen=True, eq=False)
class Spectra:
    """Measured spectra one by one, those of an entry together and entries in their order.

    `packed` has one column a spectrum, `owner` its entry, `energy` its collision energy in eV, NaN where not told.
    """

    packed: Packed
    owner: NDArray[np.int32]
    energy: NDArray[np.float32]

    @classmethod
    def of_bands(cls, bands: Sequence[Packed]) -> "Spectra":
        """Take the consensus spectra for measured ones, where nothing else is known of an entry."""
        entries = len(bands[0].counts)
        owner = np.tile(np.arange(entries), len(bands))
        counts = np.concatenate([band.counts for band in bands]).astype(np.int64)
        measured = counts > 0
        order = np.argsort(np.where(measured, owner, entries), kind="stable")[: measured.sum()]
        at = ranges(np.cumsum(counts) - counts, counts, order)
        packed = Packed(
            counts[order].astype("<u2"),
            np.concatenate([band.bins for band in bands])[at],
            np.concatenate([band.levels for band in bands])[at],
        )
        return cls(packed, owner[order].astype("<i4"), np.full(len(order), np.nan, dtype="<f4"))

    def of_entries(self, entries: Sequence[int]) -> "Spectra":
        """Take the spectra of some entries, in their order, which count from 0 then."""
        kept = np.asarray(entries, dtype=np.int64)
        firsts = np.searchsorted(self.owner, kept)
        many = np.searchsorted(self.owner, kept, side="right") - firsts
        return self._chosen(ranges(firsts, many, np.arange(len(kept))), np.repeat(np.arange(len(kept)), many))

    def owned_by(self, owner: NDArray[np.int64]) -> "Spectra":
        """Give each spectrum to another entry; those of one entry come together in the order that they had."""
        order = np.argsort(owner, kind="stable")
        return self._chosen(order, owner[order])

    def _chosen(self, chosen: NDArray[np.int64], owner: NDArray[np.int64]) -> "Spectra":
        return Spectra(self.packed.take(chosen), owner.astype("<i4"), self.energy[chosen])

    def followed_by(self, other: "Spectra", entries: int) -> "Spectra":
        """Put the spectra of more entries behind those of the `entries` that are here."""
        packed = Packed(
            np.concatenate([self.packed.counts, other.packed.counts]),
            np.concatenate([self.packed.bins, other.packed.bins]),
            np.concatenate([self.packed.levels, other.packed.levels]),
        )
        owner = np.concatenate([self.owner, other.owner + entries]).astype("<i4")
        return Spectra(packed, owner, np.concatenate([self.energy, other.energy]))


def ranges(starts: NDArray[np.int64], counts: NDArray[np.int64], chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the indices of the chosen stretches of an array, one after the other."""
    lengths = counts[chosen]
    ends = np.cumsum(lengths)
    return np.repeat(starts[chosen] - ends + lengths, lengths) + np.arange(ends[-1] if ends.size else 0)


@dataclass(frozen=True, eq=False)
class Library:
    """Entries, their consensus spectra by band, and their spectra one by one.

    `digest` is the SHA-256 of the byte form, in hexadecimal.
    """

    entries: tuple[LibraryEntry, ...]
    packed: tuple[Packed, ...] = field(repr=False)
    spectra: Spectra = field(repr=False)
    digest: str

    @classmethod
    def of(cls, entries: tuple[LibraryEntry, ...], bands: Bins, spectra: Spectra | None = None) -> "Library":
        """Make a library of measured spectra, with the precision that its byte form keeps.

        `bands` [4, BINS, entries]; where `spectra` are not given the bands stand for them.
        """
        packed = tuple(Packed.of(band) for band in bands)
        return cls.from_bytes(_to_bytes(entries, packed, spectra or Spectra.of_bands(packed)))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Library":
        """Read what to_bytes wrote. Raises UnusableBundle."""
        try:
            value = cast("dict[str, Any]", cbor2.loads(data))
            if value["format"] != FORMAT:
                raise UnusableBundle(f"the library is {value['format']!r}; this software reads {FORMAT!r}")
            entries = tuple(_entry_from_value(entry, value) for entry in value["entries"])
            packed = tuple(Packed.of_arrays(value["bands"][band], len(entries)) for band in Band)
            spectra = _spectra(value["spectra"], len(entries))
        except (cbor2.CBORDecodeError, KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
            raise UnusableBundle(f"the library cannot be read ({error!r}); load the bundle again") from error
        return cls(entries, packed, spectra, hashlib.sha256(data).hexdigest())

    def to_bytes(self) -> bytes:
        """Write the byte form: deterministic CBOR, `docs/formats/bundle.md`."""
        return _to_bytes(self.entries, self.packed, self.spectra)

    @property
    def bands(self) -> Bins:
        """Consensus spectra [4, BINS, entries], unpacked anew: bins first, so that a search touches few of them."""
        return np.stack([self.band(band) for band in Band])

    def band(self, band: Band) -> Bins:
        """Consensus spectra of one band [BINS, entries], unpacked anew."""
        return self.packed[band].unpacked()

    @property
    def accessions(self) -> frozenset[str]:
        """Every record that went into the library."""
        return frozenset(source.accession for entry in self.entries for source in entry.sources)

    @cached_property
    def ion_mz(self) -> NDArray[np.int64]:
        """Nominal mass of each entry's charged whole."""
        return np.array([entry.ion_mz for entry in self.entries], dtype=np.int64)


def band_of(energy: float | None, ion_mz: float) -> Band:
    """Sort a collision energy in eV into its band; an energy that was not told is in ALL only."""
    if energy is None:
        return Band.ALL
    normalised = energy * 500.0 / ion_mz
    return Band(sum(normalised > edge for edge in BAND_EDGES))


def _to_bytes(entries: tuple[LibraryEntry, ...], packed: tuple[Packed, ...], spectra: Spectra) -> bytes:
    contributors = _table(source.contributor for entry in entries for source in entry.sources)
    licences = _table(source.licence for entry in entries for source in entry.sources)
    value = {
        "format": FORMAT,
        "licence": LICENCE,
        "contributors": list(contributors),
        "licences": list(licences),
        "entries": [_entry_to_value(entry, contributors, licences) for entry in entries],
        "bands": [band.arrays() for band in packed],
        "spectra": [*spectra.packed.arrays(), spectra.owner.tobytes(), spectra.energy.tobytes()],
    }
    return cbor2.dumps(value, canonical=True)


def _table(values: Iterable[str]) -> dict[str, int]:
    return {value: at for at, value in enumerate(sorted(set(values)))}


def _entry_to_value(entry: LibraryEntry, contributors: dict[str, int], licences: dict[str, int]) -> list[Any]:
    sources = [
        [source.accession, contributors[source.contributor], licences[source.licence]] for source in entry.sources
    ]
    return [entry.name, entry.inchikey, entry.formula, entry.family, entry.ion_mz, list(entry.isomers), sources]


def _entry_from_value(value: list[Any], tables: dict[str, Any]) -> LibraryEntry:
    name, inchikey, formula, family, ion_mz, isomers, sources = value
    contributors, licences = tables["contributors"], tables["licences"]
    told = tuple(Source(accession, contributors[by], licences[under]) for accession, by, under in sources)
    if not all(isinstance(each, str) for each in (name, inchikey, formula, family, *isomers)):
        raise ValueError(f"an entry {value!r:.80}; expected text for name, InChIKey, formula, family and isomers")
    if not (isinstance(ion_mz, int) and 0 < ion_mz < MOST_ION_MZ):
        raise ValueError(f"{name}: a charged whole of m/z {ion_mz!r}; expected a whole number below {MOST_ION_MZ}")
    return LibraryEntry(name, inchikey, formula, family, ion_mz, told, tuple(isomers))


def _spectra(parts: list[bytes], entries: int) -> Spectra:
    owner, energy = np.frombuffer(parts[3], dtype="<i4"), np.frombuffer(parts[4], dtype="<f4")
    packed = Packed.of_arrays(parts[:3], len(owner))
    if len(parts) != _SPECTRA_PARTS or len(energy) != len(owner) or (packed.counts == 0).any():
        raise ValueError(
            f"{len(owner)} spectra with {len(energy)} energies in {len(parts)} parts, or one without peaks"
        )
    if not np.array_equal(np.unique(owner), np.arange(entries)) or (np.diff(owner) < 0).any():
        raise ValueError(
            f"spectra of {len(np.unique(owner))} entries, or not in their order; there are {entries} entries"
        )
    return Spectra(packed, owner, energy)
