"""The golden set: readings inside a bundle and what they must come to, run before a device takes the bundle."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from models.answer import Identification
from models.bundle import MAX_BYTES, Bundle, write_bundle
from models.catalogue import Catalogue
from models.conclusion import Conclusion
from models.errors import MalformedSpectrum, UnusableBundle
from models.identification import Identifier
from models.sample import Sample
from models.spectrum import Spectrum

PART = "golden.json"
FEWEST = 5
LIKELY = 0.5
"""A first hit that is less likely is no name that another bundle could lose."""
TOLERANCE = 0.02
"""Largest difference of the first hit's probability: another processor may round otherwise."""


@dataclass(frozen=True)
class Golden:
    """One reading, and what the builder of the bundle saw it come to."""

    sample: Sample
    conclusion: str
    inchikey: str
    probability: float

    @classmethod
    def of(cls, sample: Sample, answer: Identification) -> "Golden":
        """Take an answer for what must come; without a hit `inchikey` is empty."""
        first = answer.hits[0] if answer.hits else None
        probability = (first.probability if first else None) or 0.0
        return cls(sample, answer.conclusion.value, first.inchikey if first else "", round(probability, 4))

    def is_lost_in(self, after: "Golden") -> bool:
        """Whether another bundle no longer raises this one's alarm, clears its caution, or names it otherwise.

        One that was inconclusive may be cleared under its own name: surer names are what a calibration is for.
        """
        lost = self.conclusion == Conclusion.ALARM != after.conclusion
        cleared = self.conclusion == Conclusion.CAUTION and after.conclusion == Conclusion.NO_ALARM
        named = self.probability >= LIKELY or after.conclusion in (Conclusion.ALARM, Conclusion.NO_ALARM)
        return lost or cleared or (named and self.inchikey != after.inchikey)

    def __str__(self) -> str:
        """Say what it comes to."""
        return f"{self.conclusion}, {self.inchikey or 'no name'} at {self.probability:g}"

    def check(self, answer: Identification) -> None:
        """Raise UnusableBundle unless this came."""
        first = answer.hits[0] if answer.hits else None
        came = (answer.conclusion.value, first.inchikey if first else "")
        near = first is not None and abs((first.probability or 0.0) - self.probability) <= TOLERANCE
        if came != (self.conclusion, self.inchikey) or not near:
            raise UnusableBundle(
                f"golden set, {self.sample.name}: expected {self.conclusion}, {self.inchikey} at {self.probability}; "
                f"came {came[0]} with {came[1] or 'nothing'} at {first.probability if first else None}; "
                "this bundle is not to be used on this machine"
            )


def verify(bundle: Bundle, catalogue: Catalogue) -> int:
    """Run a bundle's golden set and return how many readings it has. Raises UnusableBundle."""
    readings = read_golden(bundle)
    identifier = Identifier(bundle, catalogue)
    for golden in readings:
        golden.check(identifier.identify_sample(golden.sample))
    return len(readings)


def seen(bundle: Bundle, samples: Iterable[Sample], catalogue: Catalogue) -> list[Golden]:
    """Return what each sample comes to in a bundle."""
    identifier = Identifier(bundle, catalogue)
    return [Golden.of(sample, identifier.identify_sample(sample)) for sample in samples]


def with_golden(bundle: Bundle, readings: Iterable[Golden]) -> bytes:
    """Write a bundle again, with what was seen in it; readings without a hit prove nothing and stay out.

    Raises UnusableBundle where too few are left, or the bundle would be too large.
    """
    readings = [each for each in readings if each.inchikey]
    data = write_bundle(bundle.manifest, {**bundle.parts, PART: write_golden(readings)})
    if len(data) > MAX_BYTES:
        raise UnusableBundle(f"the bundle would have {len(data)} bytes; at most {MAX_BYTES} are carried")
    read_golden(Bundle.from_bytes(data))
    return data


def read_golden(bundle: Bundle) -> list[Golden]:
    """Read the golden set. Raises UnusableBundle where there is none, or too little of it."""
    try:
        values = cast("list[dict[str, Any]]", json.loads(bundle.part(PART)))
        readings = [_from_value(value) for value in values]
    except (ValueError, KeyError, TypeError, AttributeError, MalformedSpectrum) as error:
        raise UnusableBundle(f"{PART} cannot be read ({error!r}); load the signed bundle again") from error
    if len(readings) < FEWEST:
        raise UnusableBundle(f"{PART} has {len(readings)} readings; at least {FEWEST} must prove a bundle")
    return readings


def write_golden(readings: list[Golden]) -> bytes:
    """Write the part."""
    return json.dumps([_to_value(each) for each in readings], separators=(",", ":"), ensure_ascii=False).encode()


def _to_value(golden: Golden) -> dict[str, Any]:
    spectra = [
        {"mz": each.mz.tolist(), "intensity": each.intensity.tolist(), "energy": each.collision_energy}
        for each in golden.sample.spectra
    ]
    return {
        "name": golden.sample.name,
        "spectra": spectra,
        "conclusion": golden.conclusion,
        "inchikey": golden.inchikey,
        "probability": golden.probability,
    }


def _from_value(value: dict[str, Any]) -> Golden:
    spectra = tuple(
        Spectrum(np.array(each["mz"], dtype=np.float64), np.array(each["intensity"]), collision_energy=each["energy"])
        for each in value["spectra"]
    )
    sample = Sample(str(value["name"]), spectra)
    return Golden(sample, str(value["conclusion"]), str(value["inchikey"]), float(value["probability"]))
