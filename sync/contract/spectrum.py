"""A mass spectrum as records keep it."""

from sync.contract.record import Part


class SpectrumPart(Part, frozen=True):
    """One spectrum: `mz` as uint32 little-endian in 1e-4 m/z, `intensity` as float32 little-endian."""

    technique: str
    collision_energy: float | None
    precursor_mz: float | None
    polarity: str
    mz: bytes
    intensity: bytes
