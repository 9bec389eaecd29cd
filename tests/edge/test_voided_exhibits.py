"""Where an exhibit stands follows what was voided: the seal of its bag, who has it, and which numbers are free."""

import pytest

from edge.approvals import Approval, Proof
from edge.errors import BadCasework
from edge.hands import Given
from edge.seizures import missing
from edge.station import Station
from edge.views import OperatorView
from sync.contract.acts import void_subject
from sync.contract.ids import OperatorId, ScreeningId, Seq
from tests.edge.bench import PIN

SEAL, NEXT = "SELLO-00123", "SELLO-00200"


@pytest.fixture
def screening(a_station: Station, officer: OperatorView) -> ScreeningId:
    return a_station.screenings.open(officer, "vehicle")


@pytest.fixture
def exhibit(a_station: Station, officer: OperatorView, screening: ScreeningId) -> str:
    return a_station.casework.add_exhibit(officer, screening, "a bag")


@pytest.fixture
def seal(a_station: Station, officer: OperatorView, exhibit: str) -> Seq:
    return a_station.casework.apply_seal(officer, exhibit, SEAL, "closed")


@pytest.fixture
def mora(a_station: Station) -> OperatorView:
    return a_station.operators.enrol("Luis Mora", "officer", PIN)


def void(station: Station, seq: Seq) -> None:
    supervisor = Proof(OperatorView(OperatorId("op-1"), "Luis Paz", "supervisor"), "token")
    auditor = Proof(OperatorView(OperatorId("op-2"), "Au Dit", "auditor"), "token")
    why = "it never happened"
    station.casework.void(Approval("void", void_subject(seq, why), supervisor, auditor), seq, why)


def stands(station: Station, screening: ScreeningId) -> tuple[str | None, str]:
    [file] = station.casework.dossier(screening).exhibits
    return file.seal_number, file.holder


@pytest.mark.usefixtures("seal")
def test_after_a_voided_hand_over_who_had_it_has_it(
    a_station: Station, officer: OperatorView, mora: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework = a_station.casework
    first = casework.transfer(officer, exhibit, mora.name, "storage", SEAL, mora.id)
    second = casework.transfer(officer, exhibit, "Lab", "analysis", SEAL, given=Given(mora, "pin"))
    assert stands(a_station, screening) == (SEAL, "Lab")
    void(a_station, second)
    assert stands(a_station, screening) == (SEAL, mora.name)
    void(a_station, first)
    assert stands(a_station, screening) == (SEAL, officer.name)
    third = casework.transfer(officer, exhibit, mora.name, "storage", SEAL, mora.id)
    casework.transfer(officer, exhibit, "Lab", "analysis", SEAL, given=Given(mora, "pin"))
    void(a_station, third)
    assert stands(a_station, screening) == (SEAL, "Lab"), "a later hand-over counts"


@pytest.mark.usefixtures("seal")
def test_after_a_voided_opening_the_bag_is_under_its_seal(
    a_station: Station, officer: OperatorView, mora: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework = a_station.casework
    void(a_station, casework.break_seal(officer, exhibit, SEAL, "a sample"))
    assert stands(a_station, screening) == (SEAL, officer.name)
    other = casework.add_exhibit(officer, screening, "a spoon")
    with pytest.raises(BadCasework, match=f"seal {SEAL} was used before, on exhibit {exhibit}"):
        casework.apply_seal(officer, other, SEAL, "closed")
    casework.transfer(officer, exhibit, mora.name, "storage", SEAL, mora.id)


def test_after_a_voided_seal_the_bag_is_not_closed_and_the_number_may_close_the_right_one(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str, seal: Seq
) -> None:
    casework = a_station.casework
    casework.amend(officer, seal, "misread", [("seal_number", SEAL, NEXT)])
    void(a_station, seal)
    assert stands(a_station, screening) == (None, officer.name)
    with pytest.raises(BadCasework, match=f"has no seal on record, not {NEXT}"):
        casework.transfer(officer, exhibit, "Lab", "analysis", NEXT)
    assert "seal" in [part.step for part in missing(casework.dossier(screening))]
    casework.apply_seal(officer, casework.add_exhibit(officer, screening, "a spoon"), NEXT, "closed")


def test_a_number_is_free_once_no_record_that_counts_has_it(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str, seal: Seq
) -> None:
    casework = a_station.casework
    opened = casework.break_seal(officer, exhibit, SEAL, "a sample")
    again = casework.apply_seal(officer, exhibit, NEXT, "closed again")
    void(a_station, again)
    assert stands(a_station, screening) == (None, officer.name), "its opening counts"
    void(a_station, seal)
    other = casework.add_exhibit(officer, screening, "a spoon")
    with pytest.raises(BadCasework, match=f"seal {SEAL} was used before"):
        casework.apply_seal(officer, other, SEAL, "closed")
    void(a_station, opened)
    casework.apply_seal(officer, other, SEAL, "closed")
