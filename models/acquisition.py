"""How a spectrum was acquired, in its file's own words: fields by name and titles of scans, whatever the format."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models import scan_kinds
from models.energy import LONGEST, parse_collision_energy
from models.errors import MalformedSpectrum
from models.formats.text import read_number
from models.ionisation import (
    is_electron_ionisation,
    is_gas_chromatograph,
    is_ion,
    is_negative,
    is_negative_charge,
    is_positive,
    is_source,
)
from models.scan_titles import Titled, read_titles
from models.spectrum import Polarity, Spectrum, Technique

Fields = Mapping[str, Sequence[str]]
"""What a file says by name; names as `plain_name` leaves them."""

_PARTING = re.compile(r"[\W_]+")
_VOLTS = re.compile(r"(?:\W|N?CE|HCD|CID|ramp|stepped)*\d", re.IGNORECASE)
_FRAGMENTS = re.compile(r"(?:MS\^?)?[2-9n]", re.IGNORECASE)
_PRECURSOR = re.compile(
    r"(\d{2,5}(?:[.,]\d{1,12})?)(?:\s?(?:Da|amu|u|Th|m/z))?(?:\s*[\[(].*|\s+M[+-].*|\s+\d?[+-])?", re.DOTALL
)
SOURCE = ("ionmode", "ionizationmode", "ionisationmode", "ionization", "ionisation", "ionsource")
ION = ("precursortype", "adduct", "iontype", "ion", "charge")
POLARITY = ("polarity", "ionpolarity", "scanpolarity")
OF_SOURCE = ("conevoltage", "fragmentorvoltage", "fragmentor", "declusteringpotential")
_CHARGE = (*SOURCE, *ION, *POLARITY)
_INSTRUMENT = (*SOURCE, "instrumenttype", "instrument", "sourceinstrument")
_OF_ELECTRONS = ("electronenergy", "ionizationenergy", "ionisationenergy")
_BROKEN = (
    *("fragmentation", "fragmentationmode", "fragmentationmethod", "fragmentationtype"),
    *("activation", "activationmethod", "activationtype", "dissociation", "dissociationmethod"),
)
_LEVEL = ("spectrumtype", "mslevel")
_HOW = (*_CHARGE, *OF_SOURCE, "instrumenttype", "precursormz", "collisionenergy", *_LEVEL)
_OF_EI_LIBRARIES = ("mw", "nist", "casno", "ri", "retentionindex")
_TITLES = ("name", "title", "filter", "filterstring", "scanfilter", "function")
NAMES = (*_HOW, *_INSTRUMENT, *_OF_ELECTRONS, *_BROKEN)
"""Every name that says how ions were made."""


@dataclass(frozen=True)
class Acquisition:
    """`polarity` is None where nothing was told of it; energies are in eV, those of a source alone in V.

    `both_told` is true where negative ions are told as positive, too. `unlike` says why the scan may be compared with
    nothing here (models/scan_kinds.py); empty where it may.
    """

    technique: Technique
    polarity: Polarity | None = None
    collision_energy: float | None = None
    precursor_mz: float | None = None
    both_told: bool = False
    unlike: str = ""

    @property
    def is_of_untold_polarity(self) -> bool:
        """Whether it is taken for positive without a word of the file; EI needs none, its ions are positive."""
        return self.polarity is None and self.technique is not Technique.EI

    def spectrum(self, mz: ArrayLike, intensity: ArrayLike) -> Spectrum:
        """Return peaks that were acquired so. Raises MalformedSpectrum, also where they are compared with nothing."""
        if self.unlike:
            raise MalformedSpectrum(self.unlike)
        return Spectrum(
            np.asarray(mz, dtype=np.float64),
            np.asarray(intensity, dtype=np.float64),
            self.technique,
            self.collision_energy,
            self.precursor_mz,
            self.polarity or Polarity.POSITIVE,
        )


def plain_name(name: str) -> str:
    """Return a field's name without case and without what parts its words."""
    return _PARTING.sub("", name.lower())


def read_acquisition(fields: Fields, lines: Sequence[str] = ()) -> Acquisition:
    """Return how ions were made, as fields, titles among them, and other lines tell.

    Positive CID is taken only where no word speaks against it. What says nothing of its ions but has the molecule's
    weight, a CAS or NIST number or a retention index is of an EI library, as NIST writes them.
    """
    titled = read_titles([*_told(fields, *_TITLES), *lines])
    precursor = next(filter(None, map(_precursor, _told(fields, "precursormz"))), titled.precursor_mz)
    polarity = _polarity(fields, titled)
    return Acquisition(
        _technique(fields, titled, precursor),
        polarity,
        _energy(fields, titled, precursor),
        precursor,
        polarity is Polarity.NEGATIVE and any(map(_says_positive, _told(fields, *_CHARGE))),
        titled.unlike or _unlike(fields),
    )


def is_told(name: str, value: str) -> bool:
    """Whether `value` is what a field of that name, one of NAMES, tells: of a precursor a number."""
    if len(value) > LONGEST:
        return False
    if name == "precursormz":
        return bool(_precursor(value))
    if name in ION:
        return is_ion(value)
    if name in (*_LEVEL, *_BROKEN):
        return bool(_FRAGMENTS.fullmatch(value) or scan_kinds.of_dissociation(value))
    if name in _INSTRUMENT or name in POLARITY:
        return is_source(value) or is_negative(value) or is_positive(value)
    return _VOLTS.match(value) is not None


def _polarity(fields: Fields, titled: Titled) -> Polarity | None:
    words = _told(fields, *_CHARGE)
    charges = _told(fields, *ION, *POLARITY)
    if titled.polarity is Polarity.NEGATIVE or any(map(is_negative, words)) or any(map(is_negative_charge, charges)):
        return Polarity.NEGATIVE
    return Polarity.POSITIVE if any(map(is_positive, words)) else titled.polarity


def _unlike(fields: Fields) -> str:
    broken = scan_kinds.of_dissociation(" ".join(_told(fields, *_BROKEN, "collisionenergy")))
    return broken or next((why for told in _told(fields, *_LEVEL) if (why := scan_kinds.of_level(told))), "")


def _says_positive(words: str) -> bool:
    """Whether words say positive ions in so many words: a charge without a sign does not."""
    return is_positive(words) and not words.strip().isdecimal()


def _technique(fields: Fields, titled: Titled, precursor: float | None) -> Technique:
    instrument = " ".join(_told(fields, *_INSTRUMENT))
    if is_electron_ionisation(instrument) or titled.electron_ionisation or any(_told(fields, *_OF_ELECTRONS)):
        return Technique.EI
    if precursor is not None:
        return Technique.CID
    of_a_library = any(_told(fields, *_OF_EI_LIBRARIES)) and not any(_told(fields, *_HOW)) and not titled.tells
    return Technique.EI if of_a_library or is_gas_chromatograph(instrument) else Technique.IN_SOURCE_CID


def _energy(fields: Fields, titled: Titled, precursor: float | None) -> float | None:
    """Return the collision energy, and where no ion was isolated the voltage of the source added to it."""
    instrument = _first(fields, "instrumenttype")
    of_fields = _first(fields, "collisionenergy")
    words = {of_fields} if of_fields else set(titled.energies)
    cells = {parse_collision_energy(each, precursor, instrument) for each in words}
    cell = cells.pop() if len(cells) == 1 else None
    told = [value for value in (cell, _of_source(fields, titled, precursor)) if value is not None]
    return sum(told) if told else None


def _of_source(fields: Fields, titled: Titled, precursor: float | None) -> float | None:
    if precursor or titled.isolated:
        return None
    volts = next(iter(_told(fields, *OF_SOURCE)), None)
    return titled.voltage if volts is None else parse_collision_energy(volts)


def _told(fields: Fields, *names: str) -> list[str]:
    return [value for name in names for value in fields.get(name, ())]


def _first(fields: Fields, name: str) -> str:
    return next(iter(fields.get(name, ())), "")


def _precursor(text: str) -> float | None:
    """Read `304.15`, `304,15`, `304.15 Da`, `304.15 [M+H]+`; None for what is no m/z: `n/a`, `4-ANPP`."""
    found = _PRECURSOR.fullmatch(text.strip()) if len(text) <= LONGEST else None
    try:
        value = read_number(found[1].replace(",", ".") if found else text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
