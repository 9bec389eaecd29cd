"""mzML 1.1: the spectra of a run, read with the standard library's expat.

Source: HUPO-PSI mzML 1.1.0 and the PSI-MS vocabulary (the accessions below). A document type or an entity declaration
is refused before anything is expanded; zlib is bounded by the length that the file tells; numpress is not read.
"""

import base64
import binascii
import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Never
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from models.errors import UnreadableFile
from models.formats.mzml_energy import energy_of
from models.formats.mzml_kinds import of_params, of_selected, of_window
from models.formats.text import limit_bytes, shown
from models.scan_kinds import of_level
from models.scan_titles import read_titles
from models.spectrum import MAX_PEAKS, Polarity

MAX_BYTES = 256 * 2**20
MAX_SPECTRA = 20_000
MAX_POINTS = 4_000_000
"""Points of all spectra of one file together."""
MAX_DEPTH = 32

_FLOAT32, _FLOAT64, _INT32, _INT64 = "MS:1000521", "MS:1000523", "MS:1000519", "MS:1000522"
_TYPES = {_FLOAT32: "<f4", _FLOAT64: "<f8", _INT32: "<i4", _INT64: "<i8"}
_ZLIB, _PLAIN = "MS:1000574", "MS:1000576"
_UNREAD = {
    "MS:1002312",
    "MS:1002313",
    "MS:1002314",
    "MS:1002746",
    "MS:1002747",
    "MS:1002748",
    "MS:1003089",
    "MS:1003090",
}
_MZ, _INTENSITY = "MS:1000514", "MS:1000515"
_WAVELENGTHS = "MS:1000617"
_TARGET, _BELOW, _ABOVE, _CHARGE = "MS:1000827", "MS:1000828", "MS:1000829", "MS:1000041"
_WIDEST_OF_ONE_ION = 5.0
"""A window of isolation that is wider than this, in m/z, lets many ions through."""
_TIME, _SECONDS = "MS:1000016", "UO:0000010"
_MINUTE = 60.0
_PRECURSOR_MZ, _LEVEL, _ELECTRON_IONISATION, _FILTER = "MS:1000744", "MS:1000511", "MS:1000389", "MS:1000512"
_POLARITIES = {"MS:1000129": Polarity.NEGATIVE, "MS:1000130": Polarity.POSITIVE}


@dataclass(frozen=True, eq=False)
class MzmlSpectrum:
    """One spectrum: its id, its peaks, and what was said of it; None where nothing was."""

    id: str
    mz: NDArray[np.float64] = field(repr=False)
    intensity: NDArray[np.float64] = field(repr=False)
    level: int
    precursor_mz: float | None
    energy: float | None
    """In eV; without a precursor that of the source, cone or fragmentor, in V."""
    polarity: Polarity | None
    electron_ionisation: bool
    of_light: bool = False
    """Whether it is one of wavelengths, as of a diode array, without peaks here."""
    unlike: str = ""
    """Why it may be compared with nothing here (models/scan_kinds.py)."""
    charge: int = 1
    """Of the selected ion, as told; 1 where it was not."""
    seconds: float | None = None
    """When it was measured, from the start of the run."""


@dataclass
class _Array:
    params: dict[str, str] = field(default_factory=dict[str, str])
    text: list[str] = field(default_factory=list[str])


@dataclass
class _Open:
    id: str
    length: int
    params: dict[str, str] = field(default_factory=dict[str, str])
    arrays: list[_Array] = field(default_factory=list[_Array])
    selected: list[str] = field(default_factory=list[str])
    time_in_seconds: bool = False


class _Reader:
    """Collects spectra while expat walks; parameters of referenced groups are put where they are referenced."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.spectra: list[MzmlSpectrum] = []
        self._points = 0
        self._of_source: dict[str, str] = {}
        self._path: list[str] = []
        self._groups: dict[str, dict[str, str]] = {}
        self._group: dict[str, str] | None = None
        self._spectrum: _Open | None = None
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._declared
        self._parser.EntityDeclHandler = self._declared

    def read(self, data: bytes) -> None:
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            self._refuse("well-formed XML", str(error))
        except (ValueError, LookupError) as error:  # an encoding that expat or Python does not know
            self._refuse("text in UTF-8 or another known encoding", str(error))

    def _refuse(self, expected: str, found: str) -> Never:
        line = self._parser.CurrentLineNumber
        raise UnreadableFile(f"{self.source}, line {line}: expected {expected}, found {found}")

    def _declared(self, *declaration: object) -> None:
        self._refuse("no document type and no entities", f"a declaration of {shown(str(declaration[0]))}")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if not self._path and name not in {"mzML", "indexedmzML"}:
            self._refuse("<mzML> or <indexedmzML>", f"<{name[:40]}>")
        self._path.append(name)
        if len(self._path) > MAX_DEPTH:
            self._refuse(f"elements at most {MAX_DEPTH} deep", "deeper ones")
        match name:
            case "referenceableParamGroup":
                self._group = self._groups.setdefault(attributes.get("id", ""), {})
            case "spectrum":
                self._open_spectrum(attributes)
            case "binaryDataArray" if self._spectrum:
                self._spectrum.arrays.append(_Array())
            case "cvParam":
                self._put({attributes.get("accession", ""): attributes.get("value", "")})
                if self._spectrum and attributes.get("accession") == _TIME:
                    self._spectrum.time_in_seconds = attributes.get("unitAccession") == _SECONDS
            case "userParam":
                self._put({attributes.get("name", "").lower(): attributes.get("value", "")})
            case "referenceableParamGroupRef":
                self._put(self._groups.get(attributes.get("ref", ""), {}))
            case _:
                pass

    def _open_spectrum(self, attributes: dict[str, str]) -> None:
        if len(self.spectra) >= MAX_SPECTRA:
            self._refuse(f"at most {MAX_SPECTRA} spectra", "more")
        length = attributes.get("defaultArrayLength", "")
        if not (
            length.isascii() and length.isdigit() and len(length) <= len(str(MAX_PEAKS)) and int(length) <= MAX_PEAKS
        ):
            self._refuse(f"defaultArrayLength up to {MAX_PEAKS}", shown(length))
        self._points += int(length)
        if self._points > MAX_POINTS:
            self._refuse(f"at most {MAX_POINTS} points in all spectra", "more")
        self._spectrum = _Open(attributes.get("id", ""), int(length))

    def _put(self, params: Mapping[str, str]) -> None:
        if self._group is not None:
            self._group.update(params)
        elif self._spectrum and "binaryDataArray" in self._path and self._spectrum.arrays:
            self._spectrum.arrays[-1].params.update(params)
        elif self._spectrum:
            self._spectrum.selected += [params[_PRECURSOR_MZ]] if _PRECURSOR_MZ in params else []
            for accession, value in params.items():
                self._spectrum.params.setdefault(accession, value)
        elif "instrumentConfiguration" in self._path:
            self._of_source.update(params)

    def _characters(self, text: str) -> None:
        if self._spectrum and self._spectrum.arrays and self._path[-1] == "binary":
            self._spectrum.arrays[-1].text.append(text)

    def _end(self, _name: str) -> None:
        match self._path.pop():
            case "referenceableParamGroup":
                self._group = None
            case "spectrum" if self._spectrum:
                self.spectra.append(self._close(self._spectrum))
                self._spectrum = None
            case _:
                pass

    def _close(self, spectrum: _Open) -> MzmlSpectrum:
        arrays = {name: self._decode(spectrum, array) for array in spectrum.arrays for name in _names(array)}
        of_light = _MZ not in arrays and _WAVELENGTHS in arrays
        if not {_MZ, _INTENSITY} <= arrays.keys() and spectrum.length and not of_light:
            self._refuse(f"arrays of m/z and intensity in spectrum {shown(spectrum.id)}", f"{len(arrays)} of them")
        nothing = np.zeros(0)
        level = spectrum.params.get(_LEVEL, "1")
        precursor = self._precursor(spectrum)
        charge, time = (_if_number(spectrum.params.get(name)) for name in (_CHARGE, _TIME))
        titled = read_titles([spectrum.params.get(_FILTER, "")])
        polarities = {polarity for name, polarity in _POLARITIES.items() if name in spectrum.params} | {titled.polarity}
        return MzmlSpectrum(
            spectrum.id,
            arrays.get(_MZ, nothing),
            nothing if of_light else arrays.get(_INTENSITY, nothing),
            int(level) if level.isascii() and level.isdigit() and len(level) == 1 else 1,
            precursor,
            energy_of(self._of_source | spectrum.params, titled, precursor, self._number),
            next((each for each in _POLARITIES.values() if each in polarities), None),
            _ELECTRON_IONISATION in self._of_source | spectrum.params or titled.electron_ionisation,
            of_light,
            of_params(spectrum.params) or titled.unlike or self._of_isolation(spectrum) or of_level(level),
            round(charge or 1),
            None if time is None else time * (1 if spectrum.time_in_seconds else _MINUTE),
        )

    def _precursor(self, spectrum: _Open) -> float | None:
        """Return the selected ion, where none is told the middle of a narrow window; 0 is what some write for none."""
        selected = self._number(spectrum.params.get(_PRECURSOR_MZ))
        target = _if_number(spectrum.params.get(_TARGET))
        narrow = 0 < _width(spectrum) <= _WIDEST_OF_ONE_ION
        return next((mz for mz in (selected, target if narrow else None) if mz and mz > 0), None)

    def _of_isolation(self, spectrum: _Open) -> str:
        selected = [mz for each in spectrum.selected if (mz := self._number(each)) and mz > 0]
        return of_selected(selected) or (of_window(_width(spectrum)) if selected else "")

    def _number(self, text: str | None) -> float | None:
        if text is None:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self._refuse("a number", shown(text))
        return value

    def _decode(self, spectrum: _Open, array: _Array) -> NDArray[np.float64]:
        kinds = [_TYPES[accession] for accession in array.params if accession in _TYPES]
        if len(kinds) != 1:
            self._refuse(f"one number type of an array of spectrum {shown(spectrum.id)}", f"{len(kinds)}")
        size = spectrum.length * np.dtype(kinds[0]).itemsize
        try:
            data = base64.b64decode("".join("".join(array.text).split()), validate=True)
        except (binascii.Error, ValueError) as error:
            self._refuse("base64", str(error))
        if _UNREAD & array.params.keys():
            self._refuse("an array that is plain or of zlib", "another compression; export without numpress")
        if _ZLIB in array.params:
            data = self._inflate(data, size)
        if len(data) != size:
            self._refuse(f"{size} bytes of {spectrum.length} numbers", f"{len(data)}")
        values = np.frombuffer(data, dtype=kinds[0]).astype(np.float64)
        if not np.isfinite(values).all():
            self._refuse("finite numbers", "NaN or infinity")
        return values

    def _inflate(self, data: bytes, size: int) -> bytes:
        inflater = zlib.decompressobj()
        try:
            inflated = inflater.decompress(data, size + 1)
        except zlib.error as error:
            self._refuse("zlib", str(error))
        if not inflater.eof and len(inflated) <= size:
            self._refuse("the end of zlib data", "less")
        return inflated


def _width(spectrum: _Open) -> float:
    """Return how wide the window of isolation is; 0 where nothing tells."""
    return sum(_if_number(spectrum.params.get(name)) or 0.0 for name in (_BELOW, _ABOVE))


def _if_number(text: str | None) -> float | None:
    """Return a parameter that a spectrum can do without; None where it is no number."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _names(array: _Array) -> Iterator[str]:
    return (name for name in (_MZ, _INTENSITY, _WAVELENGTHS) if name in array.params)


def parse_mzml(data: bytes, source: str = "mzML") -> list[MzmlSpectrum]:
    """Read every spectrum of a file. Raises UnreadableFile naming the line."""
    limit_bytes(data, MAX_BYTES, source)
    reader = _Reader(source)
    reader.read(data)
    return reader.spectra
