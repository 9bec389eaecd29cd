"""A demonstration whose first start was cut off starts again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.demo import ORIGIN, PEOPLE, Demo
from deploy.provision import State, provision_state
from edge.settings import Settings
from edge.station import Station

pytestmark = pytest.mark.flow


def test_what_a_cut_left_is_moved_aside_and_made_anew(tmp_path: Path) -> None:
    half = State(tmp_path / "demo")
    provision_state(half, ORIGIN, 0, datetime.now(UTC))
    roots = (half.keys / "root.keys").read_bytes()
    with Demo(half.root, ports=(0, 0)) as demo:
        pin = demo.pin
        assert Settings.load(demo.data).station == "MX-DEMO-01"
        assert (demo.state.keys / "root.keys").read_bytes() != roots
        station = Station.open(demo.data)
        assert {each.name: each.role for each in station.operators.list()} == PEOPLE
        assert all(station.operators.prove(each.id, pin) for each in station.operators.list())
        station.close()
    [aside] = tmp_path.glob("demo-unfinished-*")
    assert (aside / "keys" / "root.keys").read_bytes() == roots
    with Demo(half.root) as again:
        assert again.pin == pin
