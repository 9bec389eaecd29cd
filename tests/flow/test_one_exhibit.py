"""One exhibit, one way: serial bytes to the opened case, with every program real and nothing patched."""

from pathlib import Path

import pytest

from deploy.drill import drill
from deploy.officer import wait_for
from deploy.processes import run
from edge.settings import FILE_NAME, set_line
from tests.flow.parts import PATIENCE, SignIn, StartDemo, case_of, cases, identification

pytestmark = pytest.mark.flow


def test_five_readings_from_serial_bytes_to_opened_cases(open_demo: StartDemo) -> None:
    demo = open_demo("cocaine", "fentanyl", "methamphetamine", "caffeine", "detector-fault")
    demo.start_all()
    rows = drill(demo)
    assert [row.good for row in rows] == [True] * 5
    assert [row.seq for row in rows] == sorted(row.seq for row in rows)


def test_bad_wires_end_in_sealed_faults_and_the_next_reading_works(open_demo: StartDemo, sign_in: SignIn) -> None:
    demo = open_demo("unplug", "half-frame", "babble", "endless", "stall", "cocaine")
    demo.start_all()
    officer = sign_in(demo)
    for problem in ("port-lost", "bad-frame", "bad-frame", "bad-frame", "no-response"):
        view = officer.finished(officer.start_reading(), PATIENCE)
        assert (view["state"], identification(view)["conclusion"]) == ("failed", "fault")
        assert view["problem"] == problem
        assert identification(view)["hits"] == []
        wait_for("the analyzer's port", PATIENCE, lambda: officer.analyzer_connected() or None)
    after = officer.finished(officer.start_reading(), PATIENCE)
    assert identification(after)["conclusion"] == "alarm"
    assert case_of(demo, officer.receipted(after["reading"], PATIENCE))["conclusion"] == "alarm"


def test_one_flipped_byte_is_asked_for_again(open_demo: StartDemo, sign_in: SignIn) -> None:
    demo = open_demo("bit-flip")
    demo.start_all()
    officer = sign_in(demo)
    view = officer.finished(officer.start_reading(), PATIENCE)
    assert identification(view)["hits"][0]["name"] == "Cocaine"


def test_the_centre_is_down_for_the_first_three_tries(open_demo: StartDemo, sign_in: SignIn) -> None:
    demo = open_demo("cocaine")
    demo.start_analyzer()
    demo.start_station()
    officer = sign_in(demo)
    view = officer.finished(officer.start_reading(), PATIENCE)
    wait_for("three tries", PATIENCE, lambda: (officer.sync()["attempts"] >= 3) or None)
    assert officer.sync()["waiting"] > 0
    assert officer.reading(view["reading"])["sync"] == "waiting"
    demo.start_central()
    demo.start_vault()
    assert case_of(demo, officer.receipted(view["reading"], PATIENCE))["conclusion"] == "alarm"
    assert officer.sync()["waiting"] == 0


def test_killed_between_commit_and_relay_the_record_arrives_exactly_once(open_demo: StartDemo, sign_in: SignIn) -> None:
    demo = open_demo("cocaine")
    demo.start_analyzer()
    station = demo.start_station()
    officer = sign_in(demo)
    view = officer.finished(officer.start_reading(), PATIENCE)
    station.kill()
    demo.start_central()
    demo.start_vault()
    demo.start_station()
    delivered = sign_in(demo).receipted(view["reading"], PATIENCE)
    assert delivered["record"] == view["record"]
    case_of(demo, delivered)
    assert [case["screening"] for case in cases(demo)] == [view["screening"]]


def test_killed_in_mid_reading_the_reading_is_closed_as_cut_off(open_demo: StartDemo, sign_in: SignIn) -> None:
    demo = open_demo("stall")
    demo.start_analyzer()
    station = demo.start_station()
    reading = sign_in(demo).start_reading()
    station.kill()
    demo.start_station()
    view = sign_in(demo).finished(reading, PATIENCE)
    assert (view["state"], view["problem"], identification(view)["conclusion"]) == ("failed", "cut-off", "fault")


def test_by_stick_where_there_is_no_line(open_demo: StartDemo, sign_in: SignIn, tmp_path: Path) -> None:
    """The station never reaches the centre; its records and the centre's receipts travel on a stick."""
    demo = open_demo("cocaine")
    set_line(demo.data / FILE_NAME, "central", '"https://127.0.0.1:1"')
    demo.start_all()
    officer, stick = sign_in(demo), str(tmp_path / "stick")
    view = officer.finished(officer.start_reading(), PATIENCE)
    assert "until then nothing is released" in run(["garita", "sync", "export", "--data", str(demo.data), stick])
    assert "receipts, MX-DEMO-01 is here" in run(["garita-central", "import", "--data", str(demo.state.centre), stick])
    assert officer.reading(view["reading"])["sync"] == "waiting"
    assert "verified receipts" in run(["garita", "sync", "import-receipts", "--data", str(demo.data), stick])
    assert case_of(demo, officer.receipted(view["reading"], PATIENCE))["conclusion"] == "alarm"
