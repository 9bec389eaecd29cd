"""Test-only keys: those of tests/vectors, so that vectors and tests speak of the same."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from sync.central.app import create_app
from sync.central.centre import Centre
from sync.central.inside import create_inside_app
from sync.central.settings import CentralSettings
from sync.chain import check_next, empty
from sync.contract.card import StationCard
from sync.contract.ids import StationId
from sync.contract.submission import Submission
from sync.envelope import Envelope
from sync.identity import Identity
from sync.journal import Sealer
from sync.keys import Recipient, StationKey
from sync.note import LogKey, LogVerifier

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
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


class StationBench:
    """A station reduced to its journal: each call of `next` seals one more entry."""

    def __init__(self, station: StationId, key: StationKey, recipients: list[Recipient]) -> None:
        self.card = StationCard(station=station, public_key=key.public.raw)
        self.sealer = Sealer(station, key, recipients)
        self.head = empty(station, key.public)

    def next(self, record: bytes = b"a record") -> Envelope:
        envelope = self.fork(record)
        self.head = check_next(self.head, envelope)
        return envelope

    def fork(self, record: bytes) -> Envelope:
        """Seal an entry that might come next, and forget it."""
        return self.sealer.seal_after(self.head, record)

    def many(self, count: int) -> list[Envelope]:
        return [self.next() for _ in range(count)]

    def submission(self, *envelopes: Envelope) -> Submission:
        return Submission(station=self.card.station, envelopes=[envelope.data for envelope in envelopes])


@pytest.fixture
def station(station_key: StationKey, recipients: list[Recipient]) -> StationBench:
    return StationBench(StationId("MX-TIJ-01"), station_key, recipients)


@pytest.fixture
def other_station(other_station_key: StationKey, recipients: list[Recipient]) -> StationBench:
    return StationBench(StationId("MX-MEX-02"), other_station_key, recipients)


@pytest.fixture
def centre_folder(tmp_path: Path) -> Path:
    """Make a data folder as `garita-central init` does."""
    folder = tmp_path / "central"
    Centre.create(folder, "log.test/garita", CentralSettings(port=0))
    return folder


@pytest.fixture
def centre(centre_folder: Path, station: StationBench) -> Iterator[Centre]:
    """Open a centre that admits `station`."""
    opened = Centre.open(centre_folder, lambda: NOON)
    opened.store.admit(station.card, NOON)
    yield opened
    opened.close()


@pytest.fixture
def log(centre: Centre) -> LogVerifier:
    """Give the key by which receipts of `centre` verify."""
    return LogVerifier.from_vkey(centre.vkey)


class InProcess(httpx.BaseTransport):
    """Requests answered by an app of this process, without a socket."""

    def __init__(self, app: FastAPI) -> None:
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        return httpx.Response(response.status_code, headers=response.headers, content=await response.aread())


@pytest.fixture
def outside(centre: Centre) -> Iterator[httpx.Client]:
    """Reach `centre` as stations and auditors do."""
    app = create_app(centre.ingest, centre.log, centre.folder / centre.settings.log)
    with httpx.Client(transport=InProcess(app), base_url="http://central") as client:
        yield client


@pytest.fixture
def inside(centre: Centre) -> Iterator[httpx.Client]:
    """Reach `centre` as the vault does."""
    app = create_inside_app(centre.store, centre.log)
    with httpx.Client(transport=InProcess(app), base_url="http://central") as client:
        yield client
