"""One type for each kind of id, so that one cannot stand for another."""

from typing import NewType

StationId = NewType("StationId", str)
OperatorId = NewType("OperatorId", str)
ScreeningId = NewType("ScreeningId", str)
ReadingId = NewType("ReadingId", str)
KeyId = NewType("KeyId", bytes)
Seq = NewType("Seq", int)
EnvelopeDigest = NewType("EnvelopeDigest", bytes)
