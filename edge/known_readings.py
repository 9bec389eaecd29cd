"""Readings of known substances at the bench, one after the other in a file of MSP: what calibrates a bundle."""

import time
from array import array
from collections.abc import Sequence
from pathlib import Path

from drivers.errors import InstrumentFault, NoResponse
from drivers.instrument import InstrumentIdentity
from drivers.registry import open_analyzer
from drivers.transcript import Transcript
from models.catalogue import Catalogue
from models.errors import RefusedChange
from models.formats.text import decode_text
from models.instrument_calibration import why_not
from models.msp import MspRecord, format_msp, parse_msp
from models.references import check_names
from models.sample import group_records
from models.spectrum import Spectrum
from sync.files import write_whole


def measure_known(address: str, energies: Sequence[float], name: str, inchikey: str, file: Path) -> str:
    """Measure a known substance once at `energies` in V and put the reading behind those of `file`, if there are any.

    Raises UnreadableFile for a name or key that is none, or not of one substance, and for a file that is no MSP, a
    DriverError, and RefusedChange for one that would never get a name; then the file is as it was.
    """
    name = " ".join(name.split())
    said = MspRecord({"name": (name,), "inchikey": (inchikey,)}, array("d"), array("d"))
    check_names([said], file.name, Catalogue.load())
    before = list(parse_msp(decode_text(file.read_bytes()), file.name)) if file.exists() else []
    number = len(group_records(before)) + 1
    who, spectra = _measured(address, energies)
    if why := why_not(spectra):
        raise RefusedChange(f"{name}: a reading that never gets a name ({why}); nothing was written: measure again")
    told = {"name": (name,), "sample": (f"{number} {name}",), "inchikey": (inchikey,), "ion_mode": ("P",)}
    told["instrument"] = (f"{who.maker} {who.model} {who.serial_number}",)
    records = [_record(told, spectrum) for spectrum in spectra]
    write_whole(file, format_msp([*before, *records]).encode())
    peaks = ", ".join(f"{each.mz.size} points at {each.collision_energy:g} V" for each in spectra)
    return f"{file}: reading {number}, {name}: {peaks}"


def _measured(address: str, energies: Sequence[float]) -> tuple[InstrumentIdentity, list[Spectrum]]:
    analyzer = open_analyzer(address, Transcript(), time.monotonic_ns)
    try:
        who, status = analyzer.identify(), analyzer.status()
        if not status.ready:
            raise InstrumentFault(analyzer.port, "not-ready", status.detail)
        spectra = [item for item in analyzer.acquire(energies, lambda: False) if isinstance(item, Spectrum)]
    finally:
        analyzer.close()
    if not spectra:
        raise NoResponse(analyzer.port, f"no spectrum came of {len(energies)} energies; measure again")
    return who, spectra


def _record(told: dict[str, tuple[str, ...]], spectrum: Spectrum) -> MspRecord:
    energy = f"{spectrum.collision_energy:g} V"
    fields = {**told, "collision_energy": (energy,)}
    return MspRecord(fields, array("d", spectrum.mz.tolist()), array("d", spectrum.intensity.tolist()))
