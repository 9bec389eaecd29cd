"""Test-only keys: those of tests/vectors, so that vectors and tests speak of the same."""

import json
from pathlib import Path

import pytest

from sync.identity import Identity
from sync.keys import Recipient, StationKey
from sync.note import LogKey

KEYS = Path(__file__).parents[1] / "vectors" / "keys" / "test-only-keys.json"


@pytest.fixture(scope="session")
def test_keys() -> dict[str, bytes]:
    texts = json.loads(KEYS.read_text(encoding="utf-8"))
    assert texts.pop("warning").startswith("TEST ONLY")
    return {name: bytes.fromhex(text) for name, text in texts.items()}


@pytest.fixture(scope="session")
def national(test_keys: dict[str, bytes]) -> Identity:
    return Identity.from_bytes(test_keys["national"])


@pytest.fixture(scope="session")
def escrow(test_keys: dict[str, bytes]) -> Identity:
    return Identity.from_bytes(test_keys["escrow"])


@pytest.fixture(scope="session")
def stranger(test_keys: dict[str, bytes]) -> Identity:
    return Identity.from_bytes(test_keys["stranger"])


@pytest.fixture(scope="session")
def recipients(national: Identity, escrow: Identity) -> list[Recipient]:
    return [national.recipient, escrow.recipient]


@pytest.fixture(scope="session")
def station_key(test_keys: dict[str, bytes]) -> StationKey:
    return StationKey.from_bytes(test_keys["station"])


@pytest.fixture(scope="session")
def other_station_key(test_keys: dict[str, bytes]) -> StationKey:
    return StationKey.from_bytes(test_keys["other_station"])


@pytest.fixture(scope="session")
def log_key(test_keys: dict[str, bytes]) -> LogKey:
    return LogKey.from_bytes(test_keys["log"])


@pytest.fixture(scope="session")
def other_log_key(test_keys: dict[str, bytes]) -> LogKey:
    return LogKey.from_bytes(test_keys["other_log"])
