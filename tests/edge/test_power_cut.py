"""kill -9 in mid-reading: the next start closes it with exactly one record."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from edge.views import Interruption
from sync.contract.ids import ReadingId
from sync.contract.records import ScreeningRecord, StationRecord
from tests.edge.bench import PIN, Bench, PutOnPty
from tests.ports import kept_port
from tests.waiting import HANG_S, wait_until

GARITA = [sys.executable, "-c", "from edge.cli import main; main()"]


@pytest.fixture
def served(bench: Bench, put_on_pty: PutOnPty) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """Serve a station with a slow analyzer in a process of its own."""
    with kept_port() as port:
        bench.open(analyzer=put_on_pty("Cocaine", duration=60), port=port).operators.enrol("Ana Ruiz", "officer", PIN)
        bench.close()
        command = [*GARITA, "serve", "--data", str(bench.data)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
            assert process.stdout
            address = process.stdout.readline().split()[-1]
            with httpx.Client(base_url=address, headers={"Sec-Fetch-Site": "same-origin"}, timeout=HANG_S) as client:
                wait_until(lambda: answers(client))
                yield process, client
            process.kill()


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/api/health").is_success
    except httpx.TransportError:
        return False


def start_a_reading(client: httpx.Client) -> ReadingId:
    [operator] = client.get("/api/operators").json()
    client.post("/api/sign-in", json={"operator": operator["id"], "pin": PIN}).raise_for_status()
    return ReadingId(client.post("/api/readings", json={}).raise_for_status().json()["reading"])


def test_a_reading_that_was_cut_off_is_closed_once(
    bench: Bench, served: tuple[subprocess.Popen[str], httpx.Client]
) -> None:
    process, client = served
    reading_id = start_a_reading(client)
    assert client.get(f"/api/readings/{reading_id}").json()["state"] == "measuring"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    for _ in range(2):
        view = bench.open().screenings.view(reading_id)
        bench.close()
    assert (view.state, view.problem) == ("failed", Interruption.CUT_OFF)
    [record] = [record for record in bench.records() if isinstance(record, ScreeningRecord)]
    assert record == view.record
    [reading] = record.readings
    assert (record.conclusion, reading.outcome) == ("fault", "failed")
    assert "cut" in (reading.problem or "")
    events = [record.event for record in bench.records() if isinstance(record, StationRecord)]
    assert events.count("reading_cut_off") == 1


def test_sigterm_stops_the_reading_and_seals_it(
    bench: Bench, served: tuple[subprocess.Popen[str], httpx.Client]
) -> None:
    process, client = served
    reading_id = start_a_reading(client)
    process.terminate()
    assert process.wait(HANG_S) == 0
    assert bench.open().screenings.view(reading_id).problem is Interruption.STOPPED
