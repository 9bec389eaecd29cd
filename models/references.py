"""What makes a record of a file a reference that a library can take: who it is of, and what its spectra must show."""

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from models.admission import is_noise
from models.catalogue import Catalogue, Substance
from models.errors import MalformedSpectrum, UnreadableFile
from models.formula import in_hill_order, mass_of, whole_of
from models.library import Band, band_of
from models.msp import MspRecord
from models.preprocessing import BINS, MASS_DEFECT, Bins, prepare
from models.profile import centroid
from models.spectrum import Polarity, Spectrum, Technique

MOST_PEAKS = 64
LEAST_PEAKS = 3
"""Ions that the spectra of a substance must show together: fewer are had by many others too."""
LEAST_PART = 0.002
MASS_TOLERANCE = 0.6
"""A mass may be told with the precision of an instrument of unit resolution."""
ADDUCTS = frozenset({"", "[M+H]+", "[M]+"})
ISOTOPES = 3
"""So far above the charged whole its isotope peaks reach."""
LEAST_WHOLE = 0.01
"""Of the base peak: so strong must an ion of half the whole or more be."""
LEAST_UNLIKE = 8.0
"""So many times as high as the middle one is the highest of many ions: of the shipped references 9.4 times or more."""
LEAST_ALIKE = 0.4
"""Ions lie alike between whole masses, as their elements do: 1 if all do, 0.1 where 150 peaks lie anywhere."""
_INCHIKEY = re.compile(r"[A-Z]{14}-[A-Z]{10}-[A-Z]")


def inchikey_of(record: MspRecord, source: str) -> str:
    """Return the whole InChIKey of a record that has a name too. Raises UnreadableFile."""
    inchikey = record.text("inchikey")
    if not record.name or not _INCHIKEY.fullmatch(inchikey):
        raise UnreadableFile(f"{source}, line {record.line}: {record.name!r} with InChIKey {inchikey!r}; expected both")
    if not record.name.isprintable():
        raise UnreadableFile(f"{source}, line {record.line}: name {record.name!r}; expected one that can be printed")
    return inchikey


def check_names(records: Iterable[MspRecord], source: str, catalogue: Catalogue) -> None:
    """Raise UnreadableFile where the catalogue has a record's name for another substance than its InChIKey tells.

    One of the two is wrong, and the family may be told for the wrong one.
    """
    for record in records:
        meant, inchikey = catalogue.named(record.name), inchikey_of(record, source)
        if meant is not None and meant.skeleton != inchikey[:14]:
            what = f"InChIKey {inchikey}; the catalogue's {meant.name} is {meant.inchikey}"
            raise _unfit(record, source, f"{what}. Correct the key, or the name where an isomer or a salt is meant")


def formula_of(record: MspRecord, source: str, substance: Substance | None) -> str:
    """Return the formula, by which isomers are found: the catalogue's, else the record's. Raises UnreadableFile."""
    told = substance.formula if substance else record.text("formula")
    try:
        return in_hill_order(told)
    except ValueError:
        raise _unfit(record, source, f"Formula {told!r}; expected one such as C17H21NO4, which tells isomers") from None


def family_of(record: MspRecord, source: str, substance: Substance | None, catalogue: Catalogue) -> str:
    """Return the family: the catalogue's, else the one that the record must tell. Raises UnreadableFile.

    Without a family a new drug would pass for a substance that is on no list.
    """
    if substance is not None:
        return substance.family
    told = record.text("family")
    known = {each.family.casefold(): each.family for each in catalogue.substances}
    if told.casefold() not in known:
        what = f"Family {told!r}" if told else "no Family, and the catalogue does not have this substance"
        raise _unfit(record, source, f"{what}; expected one of {', '.join(sorted(known.values()))}")
    return known[told.casefold()]


def check_one(records: Sequence[MspRecord], source: str, field: str) -> None:
    """Raise UnreadableFile where records of one substance tell two things of it."""
    told = {text.casefold(): record for record in records if (text := record.text(field))}
    if len(told) > 1:
        first, second, *_ = told.values()
        what = f"{field.capitalize()} {second.text(field)!r}, but line {first.line} says {first.text(field)!r}"
        raise _unfit(second, source, f"{what} of the same InChIKey; expected one")


def ion_mz_of(record: MspRecord, source: str, formula: str) -> int:
    """Return the nominal mass of the charged whole. Raises UnreadableFile where the record tells another mass, or none.

    A spectrum made in the source was made of no precursor: its formula tells the mass.
    """
    mass, adduct = mass_of(formula), record.text("precursor_type") or record.text("adduct")
    if adduct not in ADDUCTS:
        raise _unfit(record, source, f"ion {adduct}; only [M+H]+ or [M]+ is a reference")
    whole = mass if adduct == "[M]+" else whole_of(formula)
    told = {"ExactMass": mass, "PrecursorMZ": whole}
    stated = {field: value for field in told if (value := record.number(field)) is not None}
    if not (stated or record.text("formula")):
        raise _unfit(record, source, "expected PrecursorMZ, ExactMass or Formula")
    for field, value in stated.items():
        if abs(value - told[field]) > MASS_TOLERANCE:
            expected = f"that of {formula} is {told[field]:.4f}"
            raise _unfit(record, source, f"{field} {value:g}; {expected}, and only [M+H]+ or [M]+ is a reference")
    return round(whole * (1 - MASS_DEFECT))


def spectrum_of(record: MspRecord, source: str) -> Spectrum:
    """Return the spectrum of a record of positive CID. Raises UnreadableFile for any other."""
    try:
        spectrum = record.spectrum
    except MalformedSpectrum as error:
        raise _unfit(record, source, str(error)) from error
    if spectrum.technique is Technique.EI:
        raise _unfit(record, source, "electron ionisation; expected positive CID")
    if spectrum.polarity is not Polarity.POSITIVE:
        raise _unfit(record, source, f"{spectrum.polarity.value} ions; expected positive CID")
    return spectrum


def consensus_of(records: Sequence[MspRecord], source: str, ion_mz: int) -> Bins:
    """Mean spectra of each energy band [4, BINS], of unit bins as preprocessing leaves them. Raises UnreadableFile."""
    spectra = [spectrum_of(record, source) for record in records]
    _check_masses(spectra, records[0], source)
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
    _check_shown(bands[Band.ALL], records[0], source, ion_mz)
    return bands


def _check_masses(spectra: Sequence[Spectrum], record: MspRecord, source: str) -> None:
    """Raise UnreadableFile where peaks lie anywhere between whole masses."""
    alike = [likeness(*centroid(each.mz, each.intensity)) for each in spectra if each.total_ion_current]
    if alike and float(np.mean(alike)) < LEAST_ALIKE:
        what = "its peaks lie anywhere between whole masses, as noise does and the ions of a substance do not"
        raise _unfit(record, source, f"{what}; measure it again, with more of it")


def likeness(mz: NDArray[np.float64], intensity: NDArray[np.float64]) -> float:
    """Return how alike peaks lie between whole masses, 0 to 1, weighed by their heights."""
    turns = np.exp(2j * np.pi * mz * (1 - MASS_DEFECT))
    return abs(complex((intensity * turns).sum())) / (float(intensity.sum()) or 1.0)


def _check_shown(whole: Bins, record: MspRecord, source: str, ion_mz: int) -> None:
    count = int(np.count_nonzero(whole))
    if count < LEAST_PEAKS:
        what = f"{count or 'no'} peak{'s' if count > 1 else ''} from m/z 29 to {BINS - 1} in all its spectra together"
        raise _unfit(record, source, f"{what}; a reference needs {LEAST_PEAKS} or more, best at three energies")
    if float(whole[ion_mz + ISOTOPES + 1 :].sum()) > 1 / 2:
        raise _unfit(record, source, f"most of its ions are heavier than its charged whole, m/z {ion_mz}")
    half = min(ion_mz, BINS) // 2
    if float(whole[half:].max()) < LEAST_WHOLE * float(whole.max()):
        what = f"no ion from m/z {half} on, to its charged whole, {ion_mz}; below it any background has some"
        raise _unfit(record, source, f"{what}; add a softer spectrum")
    if is_noise(whole[whole > 0], LEAST_UNLIKE):
        raise _unfit(record, source, f"{count} peaks of like height: noise, no reference")


def _strongest(row: Bins) -> Bins:
    least = max(float(np.partition(row, -MOST_PEAKS)[-MOST_PEAKS]), LEAST_PART * float(row.max()))
    kept = np.where(row >= least, row, np.float32(0))
    return np.asarray(kept / kept.sum(), dtype=np.float32)


def _unfit(record: MspRecord, source: str, what: str) -> UnreadableFile:
    return UnreadableFile(f"{source}, line {record.line}: {record.name}: {what}")
