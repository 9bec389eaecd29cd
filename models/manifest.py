"""What a bundle says of itself: every key of its manifest, checked before any of it is used or shown."""

import json
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.bundle import Bundle
from models.calibration import Decision
from models.errors import UnusableBundle

DECISION, LIBRARY, EXPECTED = "decision.json", "library.cbor", "expected.cbor"
PARTS = (LIBRARY, EXPECTED, DECISION, "encoder.onnx", "ranker.onnx")
"""What every bundle has; only one without a golden set cannot be installed."""
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class _Part(BaseModel):
    """Keys that a later version adds are kept."""

    model_config = ConfigDict(frozen=True, strict=True, extra="allow")


class Made(_Part):
    """From what: number of records and compounds, SHA-256 over the accessions, and laboratories kept apart."""

    records: Count
    compounds: Count
    accessions_digest: Digest
    calibrators: list[str]
    tested: list[str]


class OfLibrary(_Part):
    """The library's digest and licence."""

    digest: Digest
    licence: str


class Card(_Part):
    """What the bundle is for, and where it fails."""

    intended_use: str
    known_limits: list[str]
    evaluation: str


class Recalibrated(_Part):
    """For which instrument the calibration was fitted anew, to what, and of which bundle this one was made.

    `readings` and `compounds` are those that were used, `file` and `of` SHA-256 of their file and of that bundle.
    Surprise (nats) and calibration error are those of readings held back, before and after.
    """

    instrument: Annotated[str, Field(min_length=1, max_length=80)]
    readings: Count
    compounds: Count
    file: Digest
    of: Digest
    surprise: tuple[float, float]
    error: tuple[Share, Share]


class Manifest(_Part):
    """The keys of `manifest.json`, as docs/formats/bundle.md tells them."""

    version: Annotated[int, Field(ge=1, le=2**53)]
    software: str
    preprocessing: str
    seed: int
    data: Made
    library: OfLibrary
    calibration: dict[str, Any]
    metrics: dict[str, float]
    calibration_curve: list[tuple[Share, Share, Count]]
    card: Card
    recalibrated: Recalibrated | None = None

    @classmethod
    def of(cls, bundle: Bundle) -> Self:
        """Read a bundle's manifest, and hold it against its parts.

        Raises UnusableBundle, naming the key or the part, what was expected and what came.
        """
        try:
            manifest = cls.model_validate_json(json.dumps(bundle.manifest))
        except ValidationError as error:
            raise UnusableBundle(_said(error)) from error
        _ = [bundle.part(name) for name in PARTS]
        if manifest.library.digest != bundle.manifest["parts"][LIBRARY]:
            raise UnusableBundle(f"the manifest says library {manifest.library.digest}, not {LIBRARY}; {_REMEDY}")
        if Decision.from_bytes(bundle.part(DECISION)) != Decision.from_bytes(json.dumps(manifest.calibration).encode()):
            raise UnusableBundle(f"the manifest's calibration is not what {DECISION} holds; {_REMEDY}")
        return manifest


_REMEDY = "this bundle is not to be used; have the state make and sign it again"


def _said(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    key = ".".join(map(str, first["loc"]))
    came = "nothing" if first["type"] == "missing" else repr(first["input"])[:60]
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"the bundle's manifest, {key}: {first['msg'].lower()}, came {came}{more}; {_REMEDY}"
