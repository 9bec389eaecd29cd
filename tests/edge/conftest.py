"""Fixtures: a whole station in a temporary directory, and simulated analyzers on real ptys."""

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import httpx
import pytest

from drivers.analyzer_link.plays import Play
from drivers.analyzer_link.simulator import Simulator
from drivers.pty import serve_pty
from edge.app import create_app
from edge.simulate import SAMPLES, choose_plays
from edge.station import Station
from edge.views import OperatorView
from models.identification import Identifier
from sync.identity import Identity
from sync.keys import StationKey
from sync.recipients import RecipientList
from sync.roots import RootKey, RootSet
from tests.edge.bench import NOON, PIN, STEADY, Bench, PutOnPty, lay_down_keys, noise, serve


@pytest.fixture(scope="session")
def identifier() -> Identifier:
    return Identifier.open()


@pytest.fixture(scope="session")
def escrow() -> Identity:
    return Identity.generate("escrow")


@pytest.fixture(scope="session")
def national() -> Identity:
    return Identity.generate("national")


@pytest.fixture
def bench(tmp_path: Path, identifier: Identifier, national: Identity, escrow: Identity) -> Iterator[Bench]:
    """Provide a provisioned data directory, nothing opened yet."""
    data = tmp_path / "station"
    data.mkdir()
    key = StationKey.generate()
    lay_down_keys(data, key, national, escrow)
    bench = Bench(
        data,
        identifier,
        national,
        key,
        settings={"station": "MX-TIJ-01", "post": "Garita Km 57", "reserve_mib": 1, "daily_check": False},
    )
    yield bench
    bench.close()


@pytest.fixture
def keys(bench: Bench, tmp_path: Path, national: Identity, escrow: Identity) -> list[str]:
    """Pin two root holders, both of whom must sign; returned are the options that name their keys."""
    roots = [RootKey.generate() for _ in range(2)]
    recipients = RecipientList(1, NOON, NOON, (national.recipient, escrow.recipient))
    (bench.data / "root.keys").write_bytes(RootSet(2, tuple(root.public for root in roots)).to_bytes())
    (bench.data / "recipients.list").write_bytes(recipients.sign(roots))
    files = [tmp_path / f"root-{number}.key" for number in range(2)]
    for file, root in zip(files, roots, strict=True):
        file.write_bytes(root.to_bytes())
    bench.open()
    bench.close()
    return [part for file in files for part in ("--key", str(file))]


@cache
def chosen(names: tuple[str, ...]) -> list[Play]:
    """Read once what many tests play."""
    return choose_plays(names, SAMPLES)


@pytest.fixture
def put_on_pty(tmp_path: Path) -> Iterator[PutOnPty]:
    """Put simulated analyzers on ptys, each behind its own link; a play is a sample's name or a fault's."""
    numbers = itertools.count()
    with ExitStack() as ports:

        def put(*plays: str, duration: float = 0.4) -> str:
            simulator = Simulator(chosen(plays), noise(), duration, STEADY)
            link = tmp_path / f"analyzer-{next(numbers)}"
            return f"analyzer-link:{ports.enter_context(serve_pty(simulator, link, replug_after=0.2)).path}"

        yield put


@pytest.fixture
def a_station(bench: Bench, put_on_pty: PutOnPty) -> Station:
    """Open a station at work, with an analyzer that plays cocaine, then caffeine."""
    return bench.open(analyzer=put_on_pty("Cocaine", "Caffeine"))


@pytest.fixture
def officer(a_station: Station) -> OperatorView:
    return a_station.operators.enrol("Ana Ruiz", "officer", PIN)


@pytest.fixture
def browser(a_station: Station) -> Iterator[httpx.Client]:
    """Open a client as the station's own pages are, through a real server; nobody is signed in."""
    headers = {"Sec-Fetch-Site": "same-origin"}
    with serve(create_app(a_station)) as origin, httpx.Client(base_url=origin, headers=headers, timeout=30) as client:
        yield client


@pytest.fixture
def signed_in(browser: httpx.Client, officer: OperatorView) -> httpx.Client:
    """Sign the officer in with the same client."""
    assert browser.post("/api/sign-in", json={"operator": officer.id, "pin": PIN}).status_code == 200
    return browser
