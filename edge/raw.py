"""The raw bytes of a reading: sealed beside its record, and read again by the station while it still may."""

from sqlmodel import Session

from edge.records import Measurement, spectrum_part
from sync import attachment_store
from sync.attachment_store import SealedAttachment
from sync.attachments import seal_attachment
from sync.contract.records import ReadingPart
from sync.contract.spectrum import Spectra
from sync.contract.submission import MEDIA_TYPE

TRANSCRIPT, SPECTRA = "transcript", "spectra"
FORGOTTEN = bytes(32)
"""Stands where the key was of attachments that the station itself may not open any more."""


def seal_raw(measurement: Measurement) -> list[SealedAttachment]:
    """Return the transcript of a reading and its spectra, if there are any, each sealed; raises SealError."""
    sealed = [seal_attachment(measurement.transcript, TRANSCRIPT, MEDIA_TYPE)]
    if measurement.spectra:
        spectra = Spectra(spectra=[spectrum_part(each) for each in measurement.spectra])
        sealed.append(seal_attachment(spectra.to_bytes(), SPECTRA, MEDIA_TYPE))
    return sealed


def raw_bytes(session: Session, reading: ReadingPart, name: str) -> bytes | None:
    """Return an attachment of a reading, or None where there is none, or not any more; raises OpenError."""
    part = reading.attachment(name)
    return attachment_store.opened(session, part) if part and part.key != FORGOTTEN else None


def forget(reading: ReadingPart) -> ReadingPart:
    """Return the reading without the keys of its attachments; what they are stays."""
    parts = [each.model_copy(update={"key": FORGOTTEN}) for each in reading.attachments]
    return reading.model_copy(update={"attachments": parts})
