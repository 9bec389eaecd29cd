"""Batches of sealed entries, as the stations of the tests make them."""

import json
from collections.abc import Sequence
from pathlib import Path

from sync.batch import write_batch
from sync.envelope import Envelope
from sync.keys import StationKey

KEYS = Path(__file__).parents[1] / "vectors" / "keys" / "test-only-keys.json"
NAMES = {"MX-TIJ-01": "station", "MX-MEX-02": "other_station"}


def key_of(station: str) -> StationKey:
    """Return the test-only key of a station."""
    return StationKey.from_bytes(bytes.fromhex(json.loads(KEYS.read_text(encoding="utf-8"))[NAMES[station]]))


def batch_of(entries: Sequence[Envelope]) -> bytes:
    """Return the batch of consecutive entries of one station."""
    first = entries[0].header
    key = key_of(first.station)
    return write_batch(key, first.station, first.seq, first.prev, [each.data for each in entries])
