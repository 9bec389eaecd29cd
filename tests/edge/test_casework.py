"""Exhibits and what happens to them: each step a record, and no step that does not fit what is on record."""

from hashlib import sha256

import pytest

from edge.approvals import Approval, Proof
from edge.casework import Casework
from edge.errors import BadCasework, ChangedSince, NotAllowed
from edge.hands import Given
from edge.pictures import PNG
from edge.station import Station
from edge.subject_records import Told
from edge.views import OperatorView
from sync.attachment_store import AttachmentWay, opened
from sync.contract.acts import void_subject
from sync.contract.approval import ApprovalRecord
from sync.contract.casework import (
    AmendmentRecord,
    ExhibitRecord,
    PhotoRecord,
    SealRecord,
    TransferRecord,
    VoidRecord,
    WeightRecord,
)
from sync.contract.ids import OperatorId, ScreeningId, Seq
from sync.contract.record import Record
from tests.edge.bench import PIN, Bench, finished
from tests.edge.test_png import png

JPEG = b"\xff\xd8\xff a picture"


@pytest.fixture
def casework(a_station: Station) -> Casework:
    return Casework(a_station._database, a_station._recorder)


@pytest.fixture
def screening(a_station: Station, officer: OperatorView) -> ScreeningId:
    return finished(a_station, a_station.screenings.start(officer)).screening


@pytest.fixture
def exhibit(casework: Casework, officer: OperatorView, screening: ScreeningId) -> str:
    return casework.add_exhibit(officer, screening, "three bags, white powder")


def two_for_a_void(seq: Seq, reason: str) -> Approval:
    """Return a supervisor's and an officer's approval, both with their tokens."""
    supervisor = Proof(OperatorView(OperatorId("op-1"), "Luis Paz", "supervisor"), "token")
    beside = Proof(OperatorView(OperatorId("op-2"), "Eva Sol", "officer"), "token")
    return Approval("void", void_subject(seq, reason), supervisor, beside)


def last(bench: Bench) -> Record:
    return bench.records()[-1]


def test_an_exhibit_has_the_next_number_of_its_screening(
    bench: Bench, casework: Casework, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    record = last(bench)
    assert isinstance(record, ExhibitRecord)
    assert (record.exhibit, record.screening, record.number) == (exhibit, screening, 1)
    assert (record.operator, record.description) == (officer.id, "three bags, white powder")
    casework.add_exhibit(officer, screening, "a spoon")
    second = last(bench)
    assert isinstance(second, ExhibitRecord)
    assert second.number == 2


def test_a_weight_keeps_the_digits_as_they_came(
    bench: Bench, casework: Casework, officer: OperatorView, exhibit: str
) -> None:
    casework.weigh(officer, exhibit, ("1250.40", "g"), "gross", "A&D SJ-5000HS")
    record = last(bench)
    assert isinstance(record, WeightRecord)
    assert (record.value, record.unit, record.source, record.scale) == ("1250.40", "g", "scale", "A&D SJ-5000HS")
    casework.weigh(officer, exhibit, ("12", "mg"), "net")
    typed = last(bench)
    assert isinstance(typed, WeightRecord)
    assert (typed.source, typed.scale) == ("typed", None)


def test_a_photograph_is_named_by_digest_and_size(
    bench: Bench, casework: Casework, officer: OperatorView, exhibit: str
) -> None:
    seq = casework.photograph(officer, exhibit, JPEG, "image/jpeg", "front")
    record = last(bench)
    assert isinstance(record, PhotoRecord)
    assert (record.photo.digest, record.photo.size) == (sha256(JPEG).digest(), len(JPEG))
    with casework._database.read() as session:
        assert opened(session, record.photo) == JPEG
        assert session.get_one(AttachmentWay, record.photo.sealed).seq == seq


def test_a_sealed_exhibit_changes_hands_under_its_number(
    bench: Bench, casework: Casework, officer: OperatorView, exhibit: str
) -> None:
    casework.apply_seal(officer, exhibit, "FGR-1", "bag closed")
    casework.transfer(officer, exhibit, "Laboratorio", "confirmation", "FGR-1", OperatorId("o-2"))
    casework.transfer(officer, exhibit, officer.name, "return", "FGR-1", given=Given(None, drawn=png()))
    casework.break_seal(officer, exhibit, "FGR-1", "sampling")
    casework.apply_seal(officer, exhibit, "FGR-2", "closed again")
    casework.transfer(officer, exhibit, "Almacén", "storage", "FGR-2")
    told = [record for record in bench.records() if isinstance(record, SealRecord | TransferRecord)]
    assert [
        (record.action, record.seal_number) if isinstance(record, SealRecord) else (record.giver, record.receiver)
        for record in told
    ] == [
        ("applied", "FGR-1"),
        (officer.name, "Laboratorio"),
        ("Laboratorio", officer.name),
        ("broken", "FGR-1"),
        ("applied", "FGR-2"),
        (officer.name, "Almacén"),
    ]


def test_a_seal_that_a_reader_took_in_small_letters_is_the_one_that_the_keys_write(
    bench: Bench, casework: Casework, officer: OperatorView, exhibit: str
) -> None:
    casework.apply_seal(officer, exhibit, "seal-80", "closed")
    with pytest.raises(BadCasework, match="that is no other seal"):
        casework.report_seal(officer, exhibit, "SEAL-80")
    casework.transfer(officer, exhibit, "Almacén", "storage", "SEAL-80", given=Given(officer))
    casework.transfer(officer, exhibit, officer.name, "return", "seal-80", given=Given(None, drawn=png()))
    casework.break_seal(officer, exhibit, " SEAL-80", "sampling")
    told = [each.seal_number for each in bench.records() if isinstance(each, SealRecord | TransferRecord)]
    assert told == ["seal-80"] * 4, "each record has the number as it was put on record"
    with pytest.raises(BadCasework, match="was used before"):
        casework.apply_seal(officer, exhibit, "Seal-80", "closed again")
    for strange in (
        "SELLO-81 Ñ",
        "https://seals.example/81",
        "SELLO_81",
        "",
        "\N{LATIN SMALL LETTER LONG S}EAL-81",
        "81\n",
    ):
        with pytest.raises(BadCasework, match="is no number of a seal"):
            casework.apply_seal(officer, exhibit, strange, "closed again")
    sealed = casework.apply_seal(officer, exhibit, "seal-81", "closed again")
    casework.amend(officer, sealed, "misread", [("seal_number", "seal-81", "SEAL-81")])
    screening = casework.screening_of(exhibit)
    assert casework.dossier(screening).exhibits[0].seal_number == "SEAL-81"
    with pytest.raises(BadCasework, match="was used before"):
        casework.amend(officer, sealed, "misread", [("seal_number", "seal-81", "SEAL-80")])


def test_a_letter_whose_capital_is_one_of_ours_is_another_letter(
    casework: Casework, officer: OperatorView, exhibit: str
) -> None:
    """Two bags would answer to one number: the long s, and the i without a dot."""
    casework.apply_seal(officer, exhibit, "FGR-SI1", "closed")
    for strange in ("FGR-\N{LATIN SMALL LETTER LONG S}I1", "FGR-S\N{LATIN SMALL LETTER DOTLESS I}1"):
        with pytest.raises(BadCasework, match="look at the bag again"):
            casework.transfer(officer, exhibit, "Abc, Laboratorio", "analysis", strange)
        casework.report_seal(officer, exhibit, strange)


def test_the_number_of_what_is_screened_seals_no_bag(
    a_station: Station, casework: Casework, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    a_station.subjects.tell(officer, screening, Told("land", "routine", ("CSQU3054383",)))
    with pytest.raises(BadCasework, match="is the number of what is screened"):
        casework.apply_seal(officer, exhibit, "csqu3054383", "closed")
    sealed = casework.apply_seal(officer, exhibit, "FGR-1", "closed")
    with pytest.raises(BadCasework, match="is the number of what is screened"):
        casework.amend(officer, sealed, "misread", [("seal_number", "FGR-1", "CSQU3054383")])


def test_an_exhibit_is_given_by_who_has_it_or_by_a_supervisor_for_them_and_by_nobody_else(
    bench: Bench, a_station: Station, casework: Casework, officer: OperatorView, exhibit: str
) -> None:
    colleague = a_station.operators.enrol("Luis Mora", "officer", PIN)
    supervisor = a_station.operators.enrol("Eva Sol", "supervisor", PIN)
    casework.apply_seal(officer, exhibit, "FGR-1", "bag closed")

    def give(operator: OperatorView, given: Given | None = None, accepted_by: OperatorId | None = None) -> None:
        casework.transfer(operator, exhibit, "Abc, Laboratorio", "analysis", "FGR-1", accepted_by, given)

    with pytest.raises(BadCasework, match="in the hands of Ana Ruiz; they hand it over, or a supervisor"):
        give(colleague)
    with pytest.raises(BadCasework, match="in the hands of Ana Ruiz"):
        give(officer, Given(None, drawn=png()))
    with pytest.raises(BadCasework, match="Eva Sol gives it and receives it; it takes two persons"):
        give(supervisor, accepted_by=supervisor.id)
    give(supervisor, Given(supervisor, "hold"))
    for_absent = last(bench)
    assert isinstance(for_absent, TransferRecord)
    assert (for_absent.giver, for_absent.given_by, for_absent.given) == ("Ana Ruiz", supervisor.id, "hold")
    with pytest.raises(BadCasework, match="not of this station; they draw their signature"):
        give(supervisor, Given(supervisor, "hold"))
    give(colleague, Given(None, drawn=png()))
    from_outside = last(bench)
    assert isinstance(from_outside, TransferRecord)
    assert (from_outside.giver, from_outside.given_by, from_outside.given) == ("Abc, Laboratorio", None, None)
    assert from_outside.given_drawn
    assert casework.picture(from_outside.given_drawn) == png()


def test_a_hand_over_counts_only_for_what_was_shown(
    bench: Bench, casework: Casework, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework.apply_seal(officer, exhibit, "FGR-1", "bag closed")
    shown = casework.dossier(screening).digest
    casework.weigh(officer, exhibit, ("12.5", "g"))
    before = bench.records()
    with pytest.raises(ChangedSince, match="changed after it was shown"):
        casework.transfer(officer, exhibit, "Abc, Laboratorio", "analysis", "FGR-1", seen=shown)
    assert bench.records() == before


def test_what_does_not_fit_the_bag_is_refused_and_leaves_no_record(
    bench: Bench, casework: Casework, officer: OperatorView, exhibit: str
) -> None:
    casework.apply_seal(officer, exhibit, "FGR-1", "bag closed")
    before = bench.records()
    with pytest.raises(BadCasework, match="under seal FGR-1"):
        casework.apply_seal(officer, exhibit, "FGR-2", "again")
    with pytest.raises(BadCasework, match="not FGR-9; look at the bag"):
        casework.break_seal(officer, exhibit, "FGR-9", "sampling")
    with pytest.raises(BadCasework, match="not FGR-9"):
        casework.transfer(officer, exhibit, "Laboratorio", "confirmation", "FGR-9")
    with pytest.raises(BadCasework, match="reason"):
        casework.break_seal(officer, exhibit, "FGR-1", "")
    with pytest.raises(BadCasework, match="value"):
        casework.weigh(officer, exhibit, ("1250,40", "g"))
    assert bench.records() == before
    casework.transfer(officer, exhibit, "Laboratorio", "confirmation", "FGR-1")


def test_unknown_things_are_refused(casework: Casework, officer: OperatorView) -> None:
    with pytest.raises(BadCasework, match="no screening"):
        casework.add_exhibit(officer, ScreeningId("s-none"), "nothing")
    with pytest.raises(BadCasework, match="no exhibit"):
        casework.weigh(officer, "e-none", ("1", "g"))
    with pytest.raises(BadCasework, match="no entry 999"):
        casework.void(two_for_a_void(Seq(999), "wrong"), Seq(999), "wrong")


def test_a_void_names_the_entry_and_its_digest(
    bench: Bench, a_station: Station, casework: Casework, officer: OperatorView, exhibit: str
) -> None:
    concerned = Seq(len(bench.records()))
    casework.void(two_for_a_void(concerned, "entered twice"), concerned, "entered twice")
    approval, record = bench.records()[-2:]
    assert isinstance(approval, ApprovalRecord)
    assert [(each.operator, each.role, each.method) for each in approval.persons] == [
        ("op-1", "supervisor", "token"),
        ("op-2", "officer", "token"),
    ]
    assert isinstance(record, VoidRecord)
    assert record.concerns.seq == concerned
    assert record.concerns.digest.hex() == a_station.envelope(concerned).digest
    assert isinstance(bench.records()[concerned - 1], ExhibitRecord), "what is voided stays"
    with pytest.raises(BadCasework, match=f"voided by entry {concerned + 2}"):
        casework.void(two_for_a_void(concerned, "again"), concerned, "again")
    with pytest.raises(BadCasework, match="a correction itself"):
        casework.amend(officer, Seq(concerned + 2), "on second thought", [("reason", "a", "b")])
    assert exhibit


def test_an_approval_of_one_void_allows_no_other(
    bench: Bench, casework: Casework, officer: OperatorView, exhibit: str
) -> None:
    concerned = Seq(len(bench.records()))
    with pytest.raises(NotAllowed, match="was approved, not void of"):
        casework.void(two_for_a_void(concerned, "entered twice"), Seq(concerned - 1), "entered twice")
    assert len(bench.records()) == concerned
    assert officer
    assert exhibit


def test_an_amendment_says_what_should_have_stood_there(
    bench: Bench, casework: Casework, officer: OperatorView, exhibit: str
) -> None:
    concerned = Seq(len(bench.records()))
    was, right = "three bags, white powder", "four bags, white powder"
    casework.amend(officer, concerned, "typed wrongly", [("description", was, right)])
    record = last(bench)
    assert isinstance(record, AmendmentRecord)
    [change] = record.changes
    assert (change.field, change.was, change.should_be) == ("description", was, right)
    with pytest.raises(BadCasework, match="changes"):
        casework.amend(officer, concerned, "nothing", [])
    assert exhibit


@pytest.mark.parametrize("picture", [b"", b"png", PNG + b" a sign", png()[:-1]], ids=["none", "word", "head", "cut"])
def test_what_is_no_drawn_signature_moves_no_bag(
    bench: Bench, casework: Casework, officer: OperatorView, exhibit: str, picture: bytes
) -> None:
    casework.apply_seal(officer, exhibit, "FGR-1", "bag closed")
    told = exhibit, "Inés, Laboratorio", "analysis", "FGR-1"
    with pytest.raises(BadCasework, match=r"^drawn (begins with|is no PNG that can be drawn)"):
        casework.transfer(officer, *told, drawn=picture)
    with pytest.raises(BadCasework, match=r"^given_drawn (begins with|is no PNG that can be drawn)"):
        casework.transfer(officer, *told, given=Given(None, drawn=picture))
    assert isinstance(last(bench), SealRecord)
