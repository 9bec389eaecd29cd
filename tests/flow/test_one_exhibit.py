"""One exhibit, one way: serial bytes to the opened case, with every program real and nothing patched."""

import json

import pytest

from deploy.drill import drill
from deploy.officer import wait_for
from deploy.processes import run

pytestmark = pytest.mark.flow

PATIENCE = 40.0


def cases(demo):
    return json.loads(run(["garita-vault", "cases", "--data", str(demo.state.vault), "--json"]))


def case_of(demo, view):
    return wait_for(
        f"the case of {view['seq']}",
        PATIENCE,
        lambda: next((case for case in cases(demo) if case["screening"] == view["screening"]), None),
    )


def identification(view):
    return view["record"]["readings"][0]["identification"]


def test_five_readings_from_serial_bytes_to_opened_cases(open_demo):
    demo = open_demo("cocaine", "fentanyl", "methamphetamine", "caffeine", "detector-fault")
    demo.start_all()
    rows = drill(demo)
    assert [row.good for row in rows] == [True] * 5
    assert [row.seq for row in rows] == sorted(row.seq for row in rows)


def test_bad_wires_end_in_sealed_faults_and_the_next_reading_works(open_demo, sign_in):
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


def test_one_flipped_byte_is_asked_for_again(open_demo, sign_in):
    demo = open_demo("bit-flip")
    demo.start_all()
    officer = sign_in(demo)
    view = officer.finished(officer.start_reading(), PATIENCE)
    assert identification(view)["hits"][0]["name"] == "Cocaine"


def test_the_centre_is_down_for_the_first_three_tries(open_demo, sign_in):
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


def test_killed_between_commit_and_relay_the_record_arrives_exactly_once(open_demo, sign_in):
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


def test_killed_in_mid_reading_the_reading_is_closed_as_cut_off(open_demo, sign_in):
    demo = open_demo("stall")
    demo.start_analyzer()
    station = demo.start_station()
    reading = sign_in(demo).start_reading()
    station.kill()
    demo.start_station()
    view = sign_in(demo).finished(reading, PATIENCE)
    assert (view["state"], view["problem"], identification(view)["conclusion"]) == ("failed", "cut-off", "fault")
