"""Substances that a state adds to the library itself, or takes out of it: without training, identifiable at once."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

import numpy as np

from models.catalogue import Catalogue
from models.errors import MalformedSpectrum, UnreadableFile
from models.formats.text import decode_text
from models.library import Band, Library, LibraryEntry, Packed, Source, Spectra, band_of
from models.msp import MspRecord, parse_msp
from models.preprocessing import BINS, MASS_DEFECT, Bins, prepare
from models.spectrum import Polarity, Spectrum, Technique

PROTON = 1.00728
MOST_PEAKS = 64
LEAST_PART = 0.002
_INCHIKEY = re.compile(r"[A-Z]{14}-[A-Z]{10}-[A-Z]")
_COMMENT = re.compile(r'"([^"=]+)=([^"]*)"')


@dataclass(frozen=True, eq=False)
class Addition:
    """One substance and its consensus spectra [4, BINS]."""

    entry: LibraryEntry
    bands: Bins = field(repr=False)


@dataclass(frozen=True)
class Changes:
    """What is added to a library, and the skeletons (first block of the InChIKey) of what is taken out of it."""

    additions: tuple[Addition, ...] = ()
    removed: frozenset[str] = frozenset()

    def then(self, additions: Iterable[Addition], removed: Collection[str]) -> "Changes":
        """Return these changes and later ones: what comes later counts."""
        added = {each.entry.skeleton: each for each in self.additions if each.entry.skeleton not in removed}
        later = {each.entry.skeleton: each for each in additions}
        out = (self.removed | frozenset(removed)) - later.keys()
        return Changes(tuple((added | later)[skeleton] for skeleton in sorted(added | later)), out)

    def apply(self, library: Library) -> Library:
        """Return the library with these changes: an added substance takes the place of the one that was there."""
        if not (self.additions or self.removed):
            return library
        kept = self.kept(library)
        bands = [library.bands[:, :, kept], *(each.bands[:, :, None] for each in self.additions)]
        there = {entry.skeleton: entry for entry in library.entries}
        added = [_in_place_of(each.entry, there.get(each.entry.skeleton)) for each in self.additions]
        entries = [*(library.entries[at] for at in kept), *added]
        spectra = library.spectra.of_entries(kept)
        if self.additions:
            new = np.stack([each.bands for each in self.additions], axis=-1)
            spectra = spectra.followed_by(Spectra.of_bands([Packed.of(band) for band in new]), len(kept))
        return Library.of(tuple(entries), np.concatenate(bands, axis=-1), spectra)

    def kept(self, library: Library) -> list[int]:
        """Places of the library's own entries that stay."""
        gone = self.removed | {each.entry.skeleton for each in self.additions}
        return [at for at, entry in enumerate(library.entries) if entry.skeleton not in gone]


def read_additions(data: bytes, source: str, catalogue: Catalogue) -> tuple[Addition, ...]:
    """Read substances from MSP: `Name`, `InChIKey`, `PrecursorMZ` or `ExactMass`.

    `Family` tells it where the catalogue does not have the substance. Raises UnreadableFile, naming record and line,
    for what cannot be a reference.
    """
    substances: dict[str, list[MspRecord]] = defaultdict(list)
    for record in parse_msp(decode_text(data), source):
        substances[_inchikey(record, source)[:14]].append(record)
    if not substances:
        raise UnreadableFile(f"{source}: no record in it; expected MSP records of reference spectra")
    digest = sha256(data).hexdigest()
    return tuple(_addition(substances[skeleton], source, digest, catalogue) for skeleton in sorted(substances))


def _in_place_of(entry: LibraryEntry, there: LibraryEntry | None) -> LibraryEntry:
    """Return an added entry with the isomers of the one that was there: other spectra do not tell them apart."""
    if there is None:
        return entry
    return replace(entry, formula=entry.formula or there.formula, isomers=there.isomers)


def _addition(records: Sequence[MspRecord], source: str, digest: str, catalogue: Catalogue) -> Addition:
    first, inchikey = records[0], _inchikey(records[0], source)
    ion_mz = _ion_mz(first, source)
    substance = catalogue.find(inchikey)
    entry = LibraryEntry(
        name=substance.name if substance else first.name,
        inchikey=inchikey,
        formula=first.text("formula"),
        family=substance.family if substance else first.text("family"),
        ion_mz=ion_mz,
        sources=tuple(_source(record, f"{digest[:16]}-{record.line}") for record in records),
    )
    return Addition(entry, _consensus([_spectrum(record, source) for record in records], ion_mz, entry.name, source))


def _consensus(spectra: Sequence[Spectrum], ion_mz: int, name: str, source: str) -> Bins:
    """Mean of the spectra of each energy band, of unit bins as preprocessing leaves them."""
    rows = prepare(spectra).bins
    bands = np.zeros((len(Band), BINS), dtype=np.float32)
    for band in Band:
        chosen = [
            row
            for row, spectrum in zip(rows, spectra, strict=True)
            if row.any() and band in (Band.ALL, band_of(spectrum.collision_energy, max(ion_mz, 1)))
        ]
        if chosen:
            bands[band] = _strongest(np.mean(chosen, axis=0))
    if not bands[Band.ALL].any():
        raise UnreadableFile(f"{source}: {name}: no peak from m/z 29 to {BINS - 1}; such a spectrum is no reference")
    return bands


def _strongest(row: Bins) -> Bins:
    least = max(float(np.partition(row, -MOST_PEAKS)[-MOST_PEAKS]), LEAST_PART * float(row.max()))
    kept = np.where(row >= least, row, np.float32(0))
    return np.asarray(kept / kept.sum(), dtype=np.float32)


def _spectrum(record: MspRecord, source: str) -> Spectrum:
    try:
        spectrum = record.spectrum
    except MalformedSpectrum as error:
        raise UnreadableFile(f"{source}, line {record.line}: {record.name}: {error}") from error
    if spectrum.technique is Technique.EI or spectrum.polarity is not Polarity.POSITIVE:
        what = "electron ionisation" if spectrum.technique is Technique.EI else "negative ions"
        raise UnreadableFile(f"{source}, line {record.line}: {record.name}: {what}; expected positive CID")
    return spectrum


def _inchikey(record: MspRecord, source: str) -> str:
    inchikey = record.text("inchikey")
    if not record.name or not _INCHIKEY.fullmatch(inchikey):
        raise UnreadableFile(f"{source}, line {record.line}: {record.name!r} with InChIKey {inchikey!r}; expected both")
    return inchikey


def _ion_mz(record: MspRecord, source: str) -> int:
    mass, mz = record.number("exactmass"), record.number("precursormz")
    whole = mz if mass is None else mass + PROTON
    if whole is None or not 0 < whole * (1 - MASS_DEFECT) < 4 * BINS:
        raise UnreadableFile(f"{source}, line {record.line}: {record.name}: expected PrecursorMZ or ExactMass")
    return round(whole * (1 - MASS_DEFECT))


def _source(record: MspRecord, accession: str) -> Source:
    comments = dict(_COMMENT.findall(record.text("comments")))
    return Source(record.text("db#") or accession, comments.get("contributor", "state"), comments.get("licence", ""))
