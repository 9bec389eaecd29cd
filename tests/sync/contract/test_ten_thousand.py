"""What is told of every station is read at the size of a whole country."""

from typing import Any

import pytest

from sync.batch import BatchHeader, Statement
from sync.contract.card import MAX_LIST, MAX_LISTED, MOST_STATIONS
from sync.contract.form import Form
from sync.contract.ids import Seq, StationId
from sync.contract.inside import StationList
from sync.contract.standing import Standing, Standings
from sync.journal import Sealer
from sync.witness.stations import Known, Memory

STATIONS = 10_000


@pytest.fixture
def lists(sealer: Sealer) -> list[Form]:
    card = sealer.key.card(sealer.station)
    cards = [card.model_copy(update={"station": StationId(f"MX-{number:061}")}) for number in range(STATIONS)]
    header = BatchHeader(station=StationId("M" * 64), first=Seq(2**62), count=500, before=bytes(32), after=bytes(32))
    statement = Statement.sign(header, sealer.key).data
    return [
        StationList(cards=cards),
        Memory(stations=[Known(card=each, seq=2**62, since="2026-11-22T12:00:00.000000Z") for each in cards]),
        Standings(standings=[Standing(index=2**62, card=each, statement=statement) for each in cards]),
    ]


def values_of(value: Any) -> int:
    inside = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return 1 + sum(map(values_of, inside))


def test_lists_of_ten_thousand_stations_are_read_and_ten_times_as_many_would_be(lists: list[Form]) -> None:
    for each in lists:
        data = each.to_bytes()
        assert type(each).from_bytes(data) == each
        assert len(data) * MOST_STATIONS // STATIONS < MAX_LIST == type(each).MAX_BYTES
        assert values_of(each.model_dump()) * MOST_STATIONS // STATIONS < MAX_LISTED == type(each).MAX_VALUES
