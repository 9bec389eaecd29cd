"""What an attacker finds: a station at work, the centre that knows it, and the watch over its records."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge.station import Station
from edge.views import OperatorView
from sync.central.centre import Centre, system_now
from sync.central.settings import CentralSettings
from sync.contract.ids import StationId
from sync.contract.submission import Answer, Submission
from sync.vault.alerts import Alert
from sync.vault.watch import Watch
from tests.edge.bench import PIN, Bench
from tests.edge.conftest import a_station, bench, escrow, identifier, national, put_on_pty
from tests.threats.attacker import Attacker, Person

__all__ = ["a_station", "bench", "escrow", "identifier", "national", "put_on_pty"]

STATION = StationId("MX-TIJ-01")
Send = Callable[[list[bytes]], Answer]


@pytest.fixture
def station(a_station: Station) -> Station:
    """Provide a station that measures cocaine, then caffeine."""
    return a_station


@pytest.fixture
def attacker(bench: Bench) -> Attacker:
    return Attacker(bench)


@pytest.fixture
def officer(station: Station) -> OperatorView:
    return station.operators.enrol("Ana Ruiz", "officer", PIN)


@pytest.fixture
def supervisor(station: Station) -> Person:
    """Provide a supervisor, with a token."""
    return Person(station, "Luis Paz", "supervisor")


@pytest.fixture
def alerts(bench: Bench) -> Callable[[], list[Alert]]:
    """Tell what the vault's watch says of everything that the station recorded."""

    def look() -> list[Alert]:
        watch = Watch()
        return [alert for record in bench.marked_records() for alert in watch.look(record)]

    return look


@pytest.fixture
def send(bench: Bench, tmp_path: Path) -> Iterator[Send]:
    """Provide a centre that admitted the station, and send it envelopes."""
    Centre.create(tmp_path / "centre", "log.example/garita", CentralSettings())
    centre = Centre.open(tmp_path / "centre")
    centre.store.admit(bench.station_key.card(STATION), system_now())
    yield lambda envelopes: centre.ingest.submit(Submission(station=STATION, envelopes=envelopes))
    centre.close()
