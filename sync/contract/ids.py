"""One type for each kind of id, so that one cannot stand for another."""

from typing import NewType

StationId = NewType("StationId", str)
OperatorId = NewType("OperatorId", str)
ScreeningId = NewType("ScreeningId", str)
ReadingId = NewType("ReadingId", str)
KeyId = NewType("KeyId", bytes)
Seq = NewType("Seq", int)
EnvelopeDigest = NewType("EnvelopeDigest", bytes)

STATION_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
"""What a station may be called: a name that is one word in any text, path or line."""
