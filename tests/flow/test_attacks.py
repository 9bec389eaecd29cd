"""What root at the station and a wrong clock can do: refused and said, or recorded and marked."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from deploy.demo import Demo
from deploy.officer import wait_for
from deploy.processes import ProcessFailed, run
from edge.settings import Settings
from tests.flow.parts import PATIENCE, SignIn, StartDemo

pytestmark = pytest.mark.flow

FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


def as_root(demo: Demo, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Change the station's database with its key in hand, as somebody with the disk and root could."""
    settings = Settings.load(demo.data)
    connection = dbapi2.connect(str(settings.at(settings.database)), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{settings.at(settings.database_key).read_bytes().hex()}'\"")
    rows = connection.execute(statement, values).fetchall()
    connection.close()
    return rows


def test_a_tampered_envelope_is_refused_kept_and_said(open_demo: StartDemo, sign_in: SignIn) -> None:
    demo = open_demo("cocaine")
    demo.start_analyzer()
    station = demo.start_station()
    officer = sign_in(demo)
    view = officer.finished(officer.start_reading(), PATIENCE)
    as_root(demo, "DROP TRIGGER journal_keeps_update")
    [(envelope,)] = as_root(demo, "SELECT envelope FROM journal WHERE seq = ?", view["seq"])
    tampered = envelope[:-1] + bytes([envelope[-1] ^ 1])
    as_root(demo, "UPDATE journal SET envelope = ? WHERE seq = ?", tampered, view["seq"])

    demo.start_central()
    demo.start_vault()
    sync = wait_for("the refusal", PATIENCE, lambda: officer.sync() if officer.sync()["refused"] else None)
    assert officer.reading(view["reading"])["sync"] == "refused"
    assert sync["refusal"] == "bad_signature"
    assert "signature" in sync["last_problem"]
    [(kept,)] = as_root(demo, "SELECT envelope FROM journal WHERE seq = ?", view["seq"])
    assert kept == tampered
    stored = run(["garita-central", "stations", "--data", str(demo.state.centre)])
    assert f"{view['seq'] - 1} entries" in stored

    station.end()
    with pytest.raises(ProcessFailed, match=f"entry {view['seq']}"):
        run(["garita", "journal", "verify", "--data", str(demo.data)])
    with pytest.raises(ProcessFailed, match=f"entry {view['seq']}"):
        demo.start_station()


@pytest.mark.skipif(FAKETIME is None, reason="Debian's faketime package is not installed")
def test_a_clock_set_back_a_day_marks_records_and_stops_nothing(open_demo: StartDemo, sign_in: SignIn) -> None:
    demo = open_demo("cocaine", "caffeine")
    demo.start_central()
    demo.start_vault()
    demo.start_analyzer()
    station = demo.start_station()
    first = sign_in(demo)
    before = first.receipted(first.start_reading(), PATIENCE)
    station.end()
    demo.start_station(
        {"LD_PRELOAD": str(FAKETIME), "FAKETIME": "-1d", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC"}
    )
    second = sign_in(demo)
    after = second.receipted(second.start_reading(), PATIENCE)

    assert before["record"]["recorded"]["trust"] != "turned_back"
    assert after["record"]["recorded"]["trust"] == "turned_back"
    assert after["record"]["recorded"]["wall"] < before["record"]["recorded"]["wall"]
    assert after["seq"] > before["seq"]
    run(["garita", "journal", "verify", "--data", str(demo.data)])
    events = wait_for("the event at the vault", PATIENCE, lambda: clock_events(demo, before["seq"], after["seq"]))
    assert len(events) == 1


def clock_events(demo: Demo, first: int, last: int) -> list[dict[str, Any]] | None:
    found: list[dict[str, Any]] = []
    for seq in range(first + 1, last):
        try:
            record = json.loads(run(["garita-vault", "show", "--data", str(demo.state.vault), "MX-DEMO-01", str(seq)]))
        except ProcessFailed:
            return None
        found += [record] if record.get("event") == "clock_turned_back" else []
    return found
