"""A reading that counts no more: the review of before is told as such, and what is left is never silently surer."""

import pytest

from edge.approvals import Approval
from edge.paper.prints import PAPERS, Paper
from edge.station import Station
from edge.views import OperatorView
from edge.web.comparing import concluded
from sync.contract.acts import void_subject
from sync.contract.approval import ApprovalRecord
from sync.contract.casework import VoidRecord
from sync.contract.ids import ScreeningId, Seq
from tests.edge.bench import PIN, finished
from tests.edge.paper.case import prints

REASON = "Es de otra cosa"
FORMS: tuple[Paper, ...] = ("acta", "custody", "annex")
SAID = (
    "Anulada, no cuenta: lectura 2.",
    "Supervisión aprobó: ALARMA en 1 de 2 lecturas: Cocaína.",
    "Eva Sol (Supervisión",
    "Luz Mar (Supervisión",
    "SIN ALARMA, Cafeína",
)


@pytest.fixture
def supervisors(a_station: Station) -> list[OperatorView]:
    a_station.operators.demo = True
    return [a_station.operators.enrol(name, "supervisor", PIN) for name in ("Eva Sol", "Luz Mar")]


def approved(station: Station, officer: OperatorView, supervisor: OperatorView, readings: int = 0) -> ScreeningId:
    """Return a signed seizure that a review approved; two readings of it conflict."""
    screening = station.screenings.open(officer, "parcel")
    for _ in range(readings):
        finished(station, station.screenings.start(officer, screening=screening))
    exhibit = station.casework.add_exhibit(officer, screening, "polvo blanco")
    station.casework.weigh(officer, exhibit, ("12.5", "g"))
    station.seizures.sign(officer, screening, "hold")
    station.seizures.review(supervisor, screening, "approved")
    return screening


def void(station: Station, supervisors: list[OperatorView], seq: Seq) -> None:
    first, second = (station.operators.prove(each.id, PIN) for each in supervisors)
    station.casework.void(Approval("void", void_subject(seq, REASON), first, second), seq, REASON)


def waiting(station: Station) -> list[str | None]:
    return [each.decision for each in station.cases.find(5, unapproved=True)]


def weighed(station: Station, screening: ScreeningId) -> Seq:
    [file] = station.casework.dossier(screening).exhibits
    return file.records[-1][0]


def test_what_was_approved_is_told_beside_what_is_left_and_waits_for_a_review_again(
    a_station: Station, officer: OperatorView, supervisors: list[OperatorView]
) -> None:
    screening = approved(a_station, officer, supervisors[0], readings=2)
    seq = a_station.casework.dossier(screening).readings[1].seq
    assert seq is not None
    reader = prints(a_station, "en").reader
    assert waiting(a_station) == []
    assert concluded(a_station, reader, a_station.casework.dossier(screening)).review == ""
    void(a_station, supervisors, seq)
    found = a_station.casework.dossier(screening)
    whole = concluded(a_station, reader, found)
    assert (whole.word, whole.what, whole.conflict) == ("ALARM", "Cocaine", "")
    assert whole.void == "Void and not counted: reading 2."
    assert whole.review == (
        "The review approved: ALARM in 1 of 2 readings: Cocaine. Changed since: it must be reviewed again."
    )
    assert waiting(a_station) == ["corrected"]
    for paper in FORMS:
        page = PAPERS[paper](prints(a_station, "es"), found).page
        assert [each for each in SAID if each not in page] == []
    told = "La lectura 2 se anuló y ya no cuenta: Es de otra cosa. Había dicho: SIN ALARMA, Cafeína"
    assert told in prints(a_station, "es").annex(found).page
    a_station.seizures.review(supervisors[1], screening, "approved")
    assert waiting(a_station) == []
    again = concluded(a_station, reader, a_station.casework.dossier(screening))
    assert (again.review, again.void) == ("", "Void and not counted: reading 2.")


def test_both_who_stand_behind_a_void_are_on_record_of_the_case(
    a_station: Station, officer: OperatorView, supervisors: list[OperatorView]
) -> None:
    screening = approved(a_station, officer, supervisors[0])
    seq = weighed(a_station, screening)
    void(a_station, supervisors, seq)
    found = a_station.casework.dossier(screening)
    (before, approval), (after, record) = found.records[-2:]
    assert isinstance(approval, ApprovalRecord)
    assert isinstance(record, VoidRecord)
    assert after == before + 1
    assert {before, after} <= found.proofs.keys()
    assert found.voids[seq].persons == [each.id for each in supervisors]


def test_a_correction_asks_for_a_review_again_but_what_was_returned_stays_so(
    a_station: Station, officer: OperatorView, supervisors: list[OperatorView]
) -> None:
    amended, returned = (approved(a_station, officer, supervisors[0]) for _ in range(2))
    a_station.seizures.review(supervisors[1], returned, "returned", "no photograph")
    for screening in (amended, returned):
        seq = weighed(a_station, screening)
        a_station.casework.amend(officer, seq, "Se leyó mal", [("value", "12.5", "9125")])
    assert waiting(a_station) == ["returned", "corrected"]
