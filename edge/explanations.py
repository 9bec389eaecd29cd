"""Between the explanation of a reading and what its record says of it."""

from typing import Any

from models.explanation import Explanation
from models.family_rule import FamilyEvidence
from sync.contract.explanation import EvidencePart, ExplanationPart
from sync.contract.records import IdentificationPart
from sync.errors import Malformed

FIELD = "explanation"
THOUSAND = 1000


def explained(explanation: Explanation | None) -> dict[str, Any]:
    """Return the further fields of an identification: none where nothing was compared."""
    return {} if explanation is None else {FIELD: _part(explanation).model_dump()}


def explanation_of(identification: IdentificationPart | None) -> ExplanationPart | None:
    """Return what a record says of why, None where it says nothing that this software reads."""
    said = (identification.model_extra or {}).get(FIELD) if identification else None
    try:
        return ExplanationPart.from_value(said) if said is not None else None
    except Malformed:
        return None


def _part(explanation: Explanation) -> ExplanationPart:
    return ExplanationPart(
        preprocessing=explanation.preprocessing,
        removed={why: _thousandths(part) for why, part in explanation.removed.items()},
        shift=[_thousandths(shift) for shift in explanation.shift],
        against=explanation.against,
        peaks=[
            [peak.mz, *map(_thousandths, (peak.measured, peak.reference, peak.share))] for peak in explanation.peaks
        ],
        unexplained_part=_thousandths(explanation.unexplained_part),
        unexplained=[[peak.mz, _thousandths(peak.part)] for peak in explanation.unexplained],
        families=[_evidence(each) for each in explanation.families],
        doubts=[doubt.value for doubt in explanation.doubts],
    )


def _evidence(evidence: FamilyEvidence) -> EvidencePart:
    patterns = [found.pattern for found in evidence.patterns]
    return EvidencePart(
        family=evidence.family,
        patterns=[[*pattern.ions, *(-loss for loss in pattern.losses)] for pattern in patterns],
        meanings=[pattern.what for pattern in patterns],
        sources=[pattern.source for pattern in patterns],
        nearest=[near.name for near in evidence.nearest],
        predicted=[near.name for near in evidence.predicted],
    )


def _thousandths(part: float) -> int:
    return round(part * THOUSAND)
