"""Drafts: a field is saved when it changes, is there after a restart, and leaves when it is on record."""

import pytest

from edge.errors import BadCasework, NotAllowed
from edge.station import Station
from edge.views import OperatorView
from sync.contract.ids import OperatorId, ScreeningId
from tests.edge.bench import Bench


def test_a_field_is_there_after_a_restart(bench: Bench, a_station: Station, officer: OperatorView) -> None:
    screening = a_station.screenings.open(officer, "vehicle")
    a_station.drafts.keep(officer, screening, subject_plate="ABC-12", subject_cause="dog")
    a_station.drafts.keep(officer, screening, subject_plate="ABC-123")
    a_station.close()
    again = bench.assemble()
    assert again.drafts.of(screening) == {"subject_plate": "ABC-123", "subject_cause": "dog"}


def test_an_empty_field_is_taken_away(a_station: Station, officer: OperatorView) -> None:
    screening = a_station.screenings.open(officer, "vehicle")
    a_station.drafts.keep(officer, screening, plate="X", cause="dog")
    a_station.drafts.keep(officer, screening, plate="")
    assert a_station.drafts.of(screening) == {"cause": "dog"}


def test_what_is_on_record_is_forgotten_by_its_prefix(a_station: Station, officer: OperatorView) -> None:
    screening = a_station.screenings.open(officer, "parcel")
    a_station.drafts.keep(officer, screening, exhibit_count="2", exhibit_packing="bag", subject_code="1")
    a_station.drafts.forget(screening, "exhibit_")
    assert a_station.drafts.of(screening) == {"subject_code": "1"}


def test_a_draft_belongs_to_a_screening_and_has_a_size(a_station: Station, officer: OperatorView) -> None:
    with pytest.raises(BadCasework, match="there is no screening s-x"):
        a_station.drafts.keep(officer, ScreeningId("s-x"), plate="1")
    screening = a_station.screenings.open(officer, "parcel")
    with pytest.raises(BadCasework, match="2001 characters"):
        a_station.drafts.keep(officer, screening, plate="1" * 2001)
    auditor = OperatorView(OperatorId("op-9"), "Eva Sol", "auditor")
    with pytest.raises(NotAllowed):
        a_station.drafts.keep(auditor, screening, plate="1")
