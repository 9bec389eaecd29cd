"""A mass spectrum as records and attachments keep it."""

from typing import Literal

from sync.contract.form import Form
from sync.contract.record import Part


class SpectrumPart(Part, frozen=True):
    """One spectrum: `mz` as uint32 little-endian in 1e-4 m/z, `intensity` as float32 little-endian."""

    technique: str
    collision_energy: float | None
    precursor_mz: float | None
    polarity: str
    mz: bytes
    intensity: bytes


class Spectra(Form, frozen=True, extra="forbid"):
    """The spectra of one reading, as they are attached to its record."""

    format: Literal["garita.spectra/1"] = "garita.spectra/1"
    spectra: list[SpectrumPart]
