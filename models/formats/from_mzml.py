"""mzML spectra as readings: neighbouring scans of the same ions at different energies are one."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from models.acquisition import Acquisition
from models.formats.found import Found, mass_sample
from models.formats.mzml import MzmlSpectrum, parse_mzml
from models.formats.mzml_kinds import SAME_ION
from models.sample import OTHER_ION, POLARITY_NOT_TOLD, Sample
from models.spectrum import Polarity, Technique

SAME_SAMPLE_S = 30.0
"""Scans that follow each other later than this may be of another substance, as of a chromatogram's next peak."""


def read_mzml(data: bytes, source: str) -> Found:
    """Read every spectrum of a run, as readings; those of a diode array are left out. Raises UnreadableFile."""
    spectra = parse_mzml(data, source)
    scans = [each for each in spectra if not each.of_light]
    left_out = len(spectra) - len(scans)
    problems = (f"{left_out} spectra of wavelengths (diode array) have no m/z and are left out",) if left_out else ()
    return Found(tuple(map(_reading, _readings(scans))), problems=problems)


def _readings(scans: Iterable[MzmlSpectrum]) -> Iterator[list[MzmlSpectrum]]:
    """Yield scans that follow each other soon with the same ions, each at an energy of its own that is told.

    An energy that comes again begins the next reading: an analyzer that goes through its voltages again and again gives
    one reading each time.
    """
    reading: list[MzmlSpectrum] = []
    for scan in scans:
        if reading and not _belongs(scan, reading):
            yield reading
            reading = []
        reading.append(scan)
    if reading:
        yield reading


def _belongs(scan: MzmlSpectrum, reading: list[MzmlSpectrum]) -> bool:
    energies = {each.energy for each in reading}
    told = None not in energies and scan.energy is not None
    return told and scan.energy not in energies and _is_alike(scan, reading[0]) and _is_soon(scan, reading[-1])


def _is_soon(scan: MzmlSpectrum, before: MzmlSpectrum) -> bool:
    times = scan.seconds, before.seconds
    return None in times or abs((scan.seconds or 0.0) - (before.seconds or 0.0)) <= SAME_SAMPLE_S


def _is_alike(one: MzmlSpectrum, other: MzmlSpectrum) -> bool:
    if _kind(one) != _kind(other):
        return False
    if one.precursor_mz is None or other.precursor_mz is None:
        return one.precursor_mz is other.precursor_mz
    return abs(one.precursor_mz - other.precursor_mz) <= SAME_ION


def _kind(scan: MzmlSpectrum) -> tuple[bool, bool, str]:
    return scan.polarity is Polarity.NEGATIVE, scan.electron_ionisation, scan.unlike


def _reading(scans: list[MzmlSpectrum]) -> Sample:
    samples = [_sample(scan) for scan in scans]
    first, last = samples[0], samples[-1]
    notes = [(each.name, note) for each in samples for note in each.notes]
    untold = (POLARITY_NOT_TOLD,) if any(note == POLARITY_NOT_TOLD for _, note in notes) else ()
    return Sample(
        first.name if first is last else f"{first.name} to {last.name}",
        tuple(spectrum for each in samples for spectrum in each.spectra),
        next((f"{each.name}: {each.problem}" for each in samples if each.problem), None),
        (*(f"{name}: {note}" for name, note in notes if note != POLARITY_NOT_TOLD), *untold),
    )


def _sample(each: MzmlSpectrum) -> Sample:
    technique = Technique.IN_SOURCE_CID if each.precursor_mz is None else Technique.CID
    technique = Technique.EI if each.electron_ionisation else technique
    acquisition = Acquisition(technique, each.polarity, each.energy, each.precursor_mz, unlike=each.unlike)
    sample = mass_sample(each.id, each.mz, each.intensity, acquisition)
    return replace(sample, notes=(*sample.notes, OTHER_ION % f"{each.charge}+")) if each.charge > 1 else sample
