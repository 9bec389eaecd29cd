"""Test-only keys: those of tests/vectors, so that vectors and tests speak of the same."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event
from sqlmodel import Session, SQLModel, create_engine

from sync.central.app import create_app
from sync.central.attachments_app import give_attachments, take_attachments
from sync.central.centre import Centre
from sync.central.inside import create_inside_app
from sync.central.settings import CentralSettings
from sync.central.speakers import anybody
from sync.chain import check_next, empty
from sync.contract.ids import StationId
from sync.envelope import Envelope
from sync.identity import Identity
from sync.journal import Sealer
from sync.keys import Recipient, StationKey
from sync.note import LogKey, LogVerifier
from tests.postgres import Postgres

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
def national_768(test_keys: dict[str, bytes]) -> Identity:
    return Identity.from_bytes(test_keys["national_768"])


@pytest.fixture(scope="session")
def escrow_768(test_keys: dict[str, bytes]) -> Identity:
    return Identity.from_bytes(test_keys["escrow_768"])


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


@pytest.fixture(scope="session")
def sealer(station_key: StationKey, recipients: list[Recipient]) -> Sealer:
    return Sealer(StationId("MX-TIJ-01"), station_key, recipients)


@pytest.fixture(scope="session")
def other_sealer(other_station_key: StationKey, recipients: list[Recipient]) -> Sealer:
    return Sealer(StationId("MX-MEX-02"), other_station_key, recipients)


@pytest.fixture(scope="session")
def entries(sealer: Sealer) -> list[Envelope]:
    """Seal the first entries of a station's journal."""
    return _seal_entries(sealer, 24)


@pytest.fixture(scope="session")
def other_entries(other_sealer: Sealer) -> list[Envelope]:
    """Seal the first entries of another station's journal."""
    return _seal_entries(other_sealer, 8)


def _seal_entries(sealer: Sealer, count: int) -> list[Envelope]:
    head, sealed = empty(sealer.station, sealer.key.public), list[Envelope]()
    for number in range(count):
        sealed.append(sealer.seal_after(head, b"record %d of CANARY-PLAINTEXT" % number))
        head = check_next(head, sealed[-1])
    return sealed


@pytest.fixture
def centre_folder(tmp_path: Path) -> Path:
    """Make a data folder as `garita-central init` does."""
    folder = tmp_path / "central"
    Centre.create(folder, "log.test/garita", CentralSettings(port=0))
    return folder


@pytest.fixture
def centre(centre_folder: Path, sealer: Sealer, other_sealer: Sealer) -> Iterator[Centre]:
    """Open a centre that admits both stations."""
    opened = Centre.open(centre_folder, lambda: NOON)
    for each in (sealer, other_sealer):
        opened.store.admit(each.key.card(each.station), NOON)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Run a PostgreSQL for the session."""
    server = Postgres("fsync=off")
    yield server
    server.end()


@pytest.fixture
def open_centre(
    tmp_path: Path, sealer: Sealer, other_sealer: Sealer, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Centre]]:
    """Open centres that admit both stations, on either engine."""
    opened = list[Centre]()

    def open_one(engine: str) -> Centre:
        settings = CentralSettings(port=0)
        if engine == "postgres":
            server: Postgres = request.getfixturevalue("postgres")
            settings = CentralSettings(port=0, postgres=server.create(f"t{token_hex(8)}"))
        folder = tmp_path / f"central-{len(opened)}"
        Centre.create(folder, "log.test/garita", settings)
        opened.append(Centre.open(folder, lambda: NOON))
        for each in (sealer, other_sealer):
            opened[-1].store.admit(each.key.card(each.station), NOON)
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def log(centre: Centre) -> LogVerifier:
    """Give the key by which receipts of `centre` verify."""
    return LogVerifier.from_vkey(centre.vkey)


async def _chunks(request: httpx.Request) -> AsyncIterator[bytes]:
    assert isinstance(request.stream, httpx.SyncByteStream)
    for chunk in request.stream:
        yield chunk


class InProcess(httpx.BaseTransport):
    """Requests answered by an app of this process, without a socket."""

    def __init__(self, app: FastAPI) -> None:
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        again = httpx.Request(request.method, request.url, headers=request.headers, content=_chunks(request))
        response = await self._transport.handle_async_request(again)
        return httpx.Response(response.status_code, headers=response.headers, content=await response.aread())


@pytest.fixture
def outside(centre: Centre) -> Iterator[httpx.Client]:
    """Reach `centre` as stations and auditors do."""
    app = create_app(centre.ingest, centre.log, centre.gate, centre.store.standings, anybody, lambda _: None)
    take_attachments(app, centre.depot, centre.gate, anybody)
    with httpx.Client(transport=InProcess(app), base_url="http://central") as client:
        yield client


@pytest.fixture
def inside(centre: Centre) -> Iterator[httpx.Client]:
    """Reach `centre` as the vault does."""
    app = create_inside_app(centre.store, centre.log, centre.stick_ingest, centre.gate)
    take_attachments(app, centre.stick_depot, centre.gate, anybody)
    give_attachments(app, centre.depot)
    with httpx.Client(transport=InProcess(app), base_url="http://central") as client:
        yield client


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[Callable[[], Session]]:
    """Give a station's database, whose sessions take the write lock when they begin, as the station's own do."""
    engine = create_engine(
        f"sqlite:///{tmp_path / 'station.db'}", connect_args={"isolation_level": None, "timeout": 10}
    )
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    SQLModel.metadata.create_all(engine)
    yield lambda: Session(engine)
    engine.dispose()
