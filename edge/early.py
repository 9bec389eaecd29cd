"""What may be told of a reading before the officer said what they see: its end, a fault, and a hazard to life."""

from edge.hazards import hazard_of
from edge.views import ReadingView
from models.catalogue import Catalogue
from sync.contract.records import CheckRecord, ScreeningRecord

TO_LIFE = frozenset({"H1-ULTRA", "H10-EXPL", "H11-TOX"})
"""Hazards that cannot wait for an answer."""
REFERRED = ("alarm", "caution")


def hazard_to_life(catalogue: Catalogue, record: ScreeningRecord | CheckRecord) -> str | None:
    """Return the key of the hazard to life that a reading found, None where it found none."""
    found = record.readings[0].identification
    if found is None or found.conclusion not in REFERRED:
        return None
    key = hazard_of(catalogue, found)
    return key if key in TO_LIFE else None


def waits(reading: ReadingView) -> bool:
    """Tell whether a reading says, or may still say, something of the sample: that waits for the answer.

    A fault and a reading that was stopped say nothing of it, and are told at once.
    """
    if reading.state == "measuring":
        return True
    return reading.state == "done" and reading.record is not None and reading.record.conclusion != "fault"
