"""The end of a seizure: what is taken back before it, what the signature names, and who may review it."""

from dataclasses import replace

import pytest

from edge.consent import answers
from edge.errors import BadCasework, ChangedSince, NotAllowed
from edge.seizures import missing
from edge.station import Station
from edge.views import OperatorView
from edge.web.checklist import Checklist
from edge.web.consent_words import answered
from edge.web.signing import lacks
from edge.web.translations import load_languages
from edge.web.witness_words import witness
from sync.contract.casework import ExhibitRecord, SealRecord, WeightRecord
from sync.contract.ids import ScreeningId, Seq
from sync.contract.seizure import ReviewRecord, SignatureRecord, UndoRecord, WitnessRecord
from tests.edge.bench import PIN, Bench, finished


@pytest.fixture
def screening(a_station: Station, officer: OperatorView) -> ScreeningId:
    return finished(a_station, a_station.screenings.start(officer)).screening


@pytest.fixture
def exhibit(a_station: Station, officer: OperatorView, screening: ScreeningId) -> str:
    return a_station.casework.add_exhibit(officer, screening, "powder, 3 pieces, bag", "powder", 3, "bag")


@pytest.fixture
def supervisor(a_station: Station) -> OperatorView:
    return a_station.operators.enrol("Luis Mora", "supervisor", PIN)


def newest(station: Station, screening: ScreeningId) -> Seq:
    return station.casework.dossier(screening).records[-1][0]


def test_what_is_taken_back_stays_on_record_and_counts_no_more(
    bench: Bench, a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    weighed = a_station.casework.weigh(officer, exhibit, ("12.5", "g"))
    undone = a_station.seizures.undo(officer, screening, weighed)
    record = bench.records()[undone - 1]
    assert isinstance(record, UndoRecord)
    assert record.concerns.digest.hex() == a_station.envelope(weighed).digest
    found = a_station.casework.dossier(screening)
    assert not found.exhibits[0].of(WeightRecord)
    assert [seq for seq, _ in found.undone] == [weighed, undone]
    with pytest.raises(BadCasework, match="nothing of this seizure"):
        a_station.seizures.undo(officer, screening, weighed)


def test_a_seal_is_taken_back_by_the_number_that_was_put_right_and_takes_no_later_one_with_it(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework, undo = a_station.casework, a_station.seizures.undo
    other = casework.add_exhibit(officer, screening, "a spoon")
    sealed = {each: casework.apply_seal(officer, each, f"FGR-{each}", "closed") for each in (exhibit, other)}
    for each, seq in sealed.items():
        casework.amend(officer, seq, "mistyped", [("seal_number", f"FGR-{each}", f"FGR-{each}-B")])
    undo(officer, screening, sealed[other])
    casework.break_seal(officer, exhibit, f"FGR-{exhibit}-B", "a sample")
    casework.apply_seal(officer, exhibit, f"FGR-{exhibit}", "closed again")
    with pytest.raises(BadCasework, match=f"seal FGR-{exhibit}-B does not close exhibit 1 now"):
        undo(officer, screening, sealed[exhibit])
    casework.apply_seal(officer, other, f"FGR-{other}-B", "closed")
    files = casework.dossier(screening).exhibits
    assert [each.seal_number for each in files] == [f"FGR-{exhibit}", f"FGR-{other}-B"]


def test_a_seal_taken_back_may_close_another_bag(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    other = a_station.casework.add_exhibit(officer, screening, "a spoon")
    sealed = a_station.casework.apply_seal(officer, exhibit, "FGR-1", "closed")
    a_station.seizures.undo(officer, screening, sealed)
    a_station.casework.apply_seal(officer, other, "FGR-1", "closed")
    with pytest.raises(BadCasework, match="used before"):
        a_station.casework.apply_seal(officer, exhibit, "FGR-1", "closed")
    [first, second] = a_station.casework.dossier(screening).exhibits
    assert (first.seal_number, second.seal_number, len(first.of(SealRecord))) == (None, "FGR-1", 0)


def test_an_exhibit_goes_last_and_its_number_is_free_again(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    made = newest(a_station, screening)
    weighed = a_station.casework.weigh(officer, exhibit, ("12.5", "g"))
    with pytest.raises(BadCasework, match="take that back first"):
        a_station.seizures.undo(officer, screening, made)
    a_station.seizures.undo(officer, screening, weighed)
    a_station.seizures.undo(officer, screening, made)
    assert a_station.casework.dossier(screening).exhibits == []
    a_station.casework.add_exhibit(officer, screening, "again")
    [(_, record)] = a_station.casework.dossier(screening).records
    assert isinstance(record, ExhibitRecord)
    assert (record.number, record.category, record.count, record.packing) == (1, None, None, None)


def test_nobody_takes_back_what_another_did(
    a_station: Station, officer: OperatorView, supervisor: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    weighed = a_station.casework.weigh(officer, exhibit, ("12.5", "g"))
    with pytest.raises(NotAllowed, match="its maker takes it back"):
        a_station.seizures.undo(supervisor, screening, weighed)


def test_a_signature_names_every_record_of_the_seizure_and_what_it_lacks(
    bench: Bench, a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    taken_back = a_station.casework.weigh(officer, exhibit, ("125", "g"))
    a_station.seizures.undo(officer, screening, taken_back)
    a_station.casework.weigh(officer, exhibit, ("12.5", "g"))
    a_station.casework.apply_seal(officer, exhibit, "FGR-1", "closed")
    a_station.seizures.witness(officer, screening, "searched", "agreed")
    a_station.seizures.refer(officer, screening, "detention", "RND/2026/000123")
    before = a_station.casework.dossier(screening)
    signed = a_station.seizures.sign(officer, screening, "hold")
    record = bench.records()[signed - 1]
    assert isinstance(record, SignatureRecord)
    expected = [before.readings[0].seq, *sorted(seq for seq, _ in (*before.records, *before.undone))]
    assert taken_back in expected, "what was taken back is told too"
    assert [each.seq for each in record.concerns] == expected
    assert [each.digest.hex() for each in record.concerns] == [a_station.envelope(Seq(seq)).digest for seq in expected]
    assert (record.name, record.role, record.method) == (officer.name, "officer", "hold")
    assert [(each.exhibit, each.step) for each in record.missing] == [(exhibit, "photo")]


def test_what_is_signed_is_amended_and_never_edited(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    weighed = a_station.casework.weigh(officer, exhibit, ("12.5", "g"))
    a_station.seizures.sign(officer, screening, "pin")
    for edit in (
        lambda: a_station.seizures.undo(officer, screening, weighed),
        lambda: a_station.casework.add_exhibit(officer, screening, "one more"),
        lambda: a_station.seizures.witness(officer, screening, "witness", "absent"),
        lambda: a_station.seizures.refer(officer, screening, "report", "1"),
        lambda: a_station.seizures.sign(officer, screening, "pin"),
    ):
        with pytest.raises(BadCasework, match="is signed"):
            edit()
    a_station.casework.amend(officer, weighed, "read wrongly", [("value", "12.5", "12.6")])


def test_what_was_added_after_it_was_shown_is_not_signed(
    a_station: Station, officer: OperatorView, screening: ScreeningId
) -> None:
    exhibit = a_station.casework.add_exhibit(officer, screening, "white powder")
    seen = a_station.casework.dossier(screening).digest
    a_station.casework.weigh(officer, exhibit, ("55.55", "g"), "net")
    with pytest.raises(ChangedSince, match="look through it again"):
        a_station.seizures.sign(officer, screening, "hold", seen)
    a_station.seizures.sign(officer, screening, "hold", a_station.casework.dossier(screening).digest)


def test_a_signed_seizure_is_weighed_only_around_a_sampling_with_the_bag_open(
    a_station: Station, officer: OperatorView, screening: ScreeningId
) -> None:
    casework = a_station.casework
    exhibit = casework.add_exhibit(officer, screening, "white powder")
    casework.weigh(officer, exhibit, ("100.00", "g"))
    casework.apply_seal(officer, exhibit, "SEAL-1", "closed")
    a_station.seizures.sign(officer, screening, "hold")
    with pytest.raises(BadCasework, match="is signed"):
        casework.weigh(officer, exhibit, ("60.00", "g"))
    with pytest.raises(BadCasework, match="under seal SEAL-1"):
        casework.weigh(officer, exhibit, ("60.00", "g"), occasion="before_sampling")
    casework.break_seal(officer, exhibit, "SEAL-1", "sampling")
    casework.weigh(officer, exhibit, ("100.00", "g"), occasion="before_sampling")


def test_nothing_is_signed_without_an_exhibit(
    a_station: Station, officer: OperatorView, screening: ScreeningId
) -> None:
    with pytest.raises(BadCasework, match="nothing to sign"):
        a_station.seizures.sign(officer, screening, "hold")


def test_a_reference_has_no_room_for_a_name(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    a_station.casework.weigh(officer, exhibit, ("12.5", "g"))
    with pytest.raises(BadCasework, match="reference"):
        a_station.seizures.witness(officer, screening, "witness", "agreed", "Juan Pérez")
    a_station.seizures.witness(officer, screening, "colleague", "agreed", "PF-4471")
    assert [each.reference for each in a_station.casework.dossier(screening).of(WitnessRecord)] == ["PF-4471"]


def test_who_was_searched_answers_about_what_was_done_and_is_asked_again_after_more(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    station = a_station

    def lacks() -> set[str]:
        return {each.step for each in missing(station.casework.dossier(screening))}

    with pytest.raises(BadCasework, match="then put down who stood beside it"):
        station.seizures.witness(officer, screening, "searched", "agreed")
    station.casework.weigh(officer, exhibit, ("12.5", "g"))
    station.seizures.witness(officer, screening, "searched", "agreed")
    assert "witnesses" not in lacks()
    station.casework.photograph(officer, exhibit, b"\xff\xd8\xff a picture", "image/jpeg")
    assert "witnesses" in lacks()
    station.casework.apply_seal(officer, exhibit, "FGR-1", "closed")
    station.seizures.witness(officer, screening, "searched", "agreed")
    assert lacks() == set()
    station.casework.add_exhibit(officer, screening, "one more")
    assert "witnesses" in lacks()
    told = [(each.about, each.whole) for each in answers(station.casework.dossier(screening))]
    assert told == [({1: ["weight"]}, False), ({1: ["weight", "photo", "seal"]}, False)]
    station.seizures.sign(officer, screening, "hold")
    [signature] = station.casework.dossier(screening).of(SignatureRecord)
    assert "witnesses" in {each.step for each in signature.missing}


def test_who_was_present_was_so_for_what_was_done_by_then(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    station = a_station
    for role in ("witness", "colleague", "interpreter", "counsel"):
        for stance in ("agreed", "refused"):
            with pytest.raises(BadCasework, match="is weighed, photographed or sealed; do that"):
                station.seizures.witness(officer, screening, role, stance)
    station.seizures.witness(officer, screening, "counsel", "absent")
    station.casework.weigh(officer, exhibit, ("12.5", "g"))
    station.seizures.witness(officer, screening, "witness", "agreed")
    station.casework.photograph(officer, exhibit, b"\xff\xd8\xff a picture", "image/jpeg")
    station.casework.apply_seal(officer, exhibit, "FGR-1", "closed")
    station.seizures.witness(officer, screening, "colleague", "agreed", "PF-4471")
    station.seizures.witness(officer, screening, "interpreter", "refused")
    found = station.casework.dossier(screening)
    assert missing(found) == [], "who was there is not asked again"
    said = answered(load_languages()["en"], found)
    assert [witness(load_languages()["en"], each, said) for each in found.of(WitnessRecord)] == [
        "Defence counsel: not present",
        "Witness: was present: Weight of exhibit 1",
        "Colleague: was present (PF-4471)",
        "Interpreter: refused",
    ]


def test_what_is_done_after_the_signature_asks_nobody_searched_again(
    a_station: Station, officer: OperatorView, supervisor: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    a_station.casework.weigh(officer, exhibit, ("12.5", "g"))
    a_station.casework.apply_seal(officer, exhibit, "FGR-1", "closed")
    a_station.seizures.witness(officer, screening, "searched", "refused")
    a_station.seizures.sign(officer, screening, "hold")
    a_station.seizures.review(supervisor, screening, "returned", "no photograph")
    a_station.casework.photograph(officer, exhibit, b"\xff\xd8\xff a picture", "image/jpeg")
    found = a_station.casework.dossier(screening)
    assert missing(found) == []
    assert [each.about for each in answers(found)] == [{1: ["weight", "seal"]}], "nobody searched saw the photograph"


def test_somebody_else_reviews_what_was_signed(
    a_station: Station, supervisor: OperatorView, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    station = a_station
    with pytest.raises(BadCasework, match="nothing to review"):
        station.seizures.review(supervisor, screening, "approved")
    station.seizures.sign(officer, screening, "hold")
    with pytest.raises(NotAllowed, match="review"):
        station.seizures.review(officer, screening, "approved")
    with pytest.raises(BadCasework, match="takes a reason"):
        station.seizures.review(supervisor, screening, "returned")
    station.seizures.review(supervisor, screening, "returned", "the photograph is missing")
    station.seizures.review(supervisor, screening, "approved")
    told = [(each.decision, each.reason) for each in station.casework.dossier(screening).of(ReviewRecord)]
    assert told == [("returned", "the photograph is missing"), ("approved", "")]
    assert exhibit


def test_nobody_reviews_what_they_signed(
    a_station: Station, supervisor: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    a_station.seizures.sign(supervisor, screening, "hold")
    with pytest.raises(NotAllowed, match="somebody else reviews it"):
        a_station.seizures.review(supervisor, screening, "approved")
    assert exhibit


def test_cases_come_drafts_first_and_are_found_by_any_text_of_their_records(
    a_station: Station, officer: OperatorView, supervisor: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    station = a_station
    other, begun, empty = (station.screenings.open(officer, "vehicle") for _ in range(3))
    station.casework.apply_seal(officer, exhibit, "FGR-0098812", "closed")
    station.casework.add_exhibit(officer, other, "a spoon")
    station.seizures.refer(officer, other, "detention", "RND/2026/77")
    station.drafts.keep(officer, begun, exhibit_category="powder")
    station.drafts.keep(officer, empty, subject_plate="ABC-123")
    station.seizures.sign(officer, other, "hold")

    def found(said: str = "", *, unapproved: bool = False) -> list[ScreeningId]:
        return [line.dossier.screening for line in station.cases.find(9, 0, said, unapproved=unapproved)]

    assert found() == [begun, screening, other]
    assert (found("0098812"), found("RND/2026/77"), found("NADA")) == ([screening], [other], [])
    assert found(unapproved=True) == [other]
    assert [line.dossier.screening for line in station.cases.find(1, 1)] == [screening]
    station.seizures.review(supervisor, other, "approved")
    assert found(unapproved=True) == []
    assert [(line.signed, line.decision) for line in station.cases.find(9)][-1] == (True, "approved")


def test_a_seizure_is_gone_on_with_by_who_began_it_until_it_is_signed(
    a_station: Station, officer: OperatorView, supervisor: OperatorView, screening: ScreeningId
) -> None:
    assert a_station.cases.begun(officer) is None
    a_station.drafts.keep(officer, screening, exhibit_category="powder")
    assert (a_station.cases.begun(officer), a_station.cases.begun(supervisor)) == (screening, None)
    a_station.drafts.forget(screening)
    a_station.casework.add_exhibit(officer, screening, "a spoon")
    assert a_station.cases.begun(officer) == screening
    assert a_station.cases.begun(replace(officer, training=True)) is None
    a_station.seizures.sign(officer, screening, "hold")
    assert a_station.cases.begun(officer) is None


def test_what_was_returned_stays_to_be_seen_until_it_is_signed_again_and_approved(
    a_station: Station, officer: OperatorView, supervisor: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    def waiting() -> list[str | None]:
        return [each.decision for each in a_station.cases.find(5, unapproved=True)]

    a_station.seizures.sign(officer, screening, "hold")
    assert waiting() == [None]
    a_station.seizures.review(supervisor, screening, "returned", "no photograph")
    assert waiting() == ["returned"]
    a_station.casework.photograph(officer, exhibit, b"\xff\xd8\xff a picture", "image/jpeg")
    signed = a_station.seizures.sign(officer, screening, "hold")
    assert waiting() == [None]
    first, second = a_station.casework.dossier(screening).of(SignatureRecord)
    assert len(second.concerns) == len(first.concerns) + 3, "the signature, its review, and the photograph"
    assert "photo" in {each.step for each in first.missing} - {each.step for each in second.missing}
    review = a_station.seizures.review(supervisor, screening, "approved")
    found = next(record for seq, record in a_station.casework.dossier(screening).records if seq == review)
    assert isinstance(found, ReviewRecord)
    assert found.concerns.seq == signed
    assert waiting() == []
    with pytest.raises(BadCasework, match="signed"):
        a_station.seizures.sign(officer, screening, "hold")


@pytest.mark.parametrize("stance", ["agreed", "refused", "absent"])
def test_where_a_person_is_searched_their_answer_is_missing_until_it_is_on_record(
    a_station: Station, officer: OperatorView, stance: str
) -> None:
    casework, seizures = a_station.casework, a_station.seizures
    screening = a_station.screenings.open(officer, "person")
    exhibit = casework.add_exhibit(officer, screening, "a bag")
    casework.weigh(officer, exhibit, ("12.5", "g"))
    casework.photograph(officer, exhibit, b"\xff\xd8\xff a picture", "image/jpeg")
    casework.apply_seal(officer, exhibit, f"FGR-{exhibit}", "closed")

    def lacking() -> tuple[list[str], list[str], str]:
        found = casework.dossier(screening)
        checklist = Checklist(load_languages()["en"], found)
        return [each.step for each in missing(found)], lacks(checklist), checklist.next().name

    ask = ["witnesses"], ["Ask the person searched whether they agree"], "witnesses"
    assert lacking() == ask
    seizures.witness(officer, screening, "witness", "absent")
    seizures.witness(officer, screening, "colleague", "agreed", "PF-4471")
    assert lacking() == ask, "nobody else answers for them"
    seizures.witness(officer, screening, "searched", stance)
    assert lacking() == ([], [], "review")
