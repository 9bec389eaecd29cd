"""Where an exhibit stands follows from the records that count alone, whatever was done and corrected in which order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from edge.approvals import Approval, Proof
from edge.custody import Custody
from edge.errors import BadCasework, NotAllowed
from edge.exhibit_file import files
from edge.hands import Given
from edge.standing import Numbered, Standing
from edge.station import Station
from edge.tables import Exhibit, UsedSeal
from edge.undoing import undoable
from edge.views import OperatorView
from sync.contract.acts import void_subject
from sync.contract.casework import AmendmentRecord, ExhibitRecord, SealRecord, TransferRecord, VoidRecord
from sync.contract.ids import OperatorId, ScreeningId, Seq
from sync.contract.record import Record, Timestamp
from sync.contract.seizure import UndoRecord
from tests.edge.bench import PIN
from tests.edge.test_png import png

NOW = Timestamp(wall="2026-11-22T18:42:07.000000Z", monotonic_ns=1, boot="boot-1", trust="synchronised")
EXHIBITS = ("e-1", "e-2")
FINDER = "Ana Ruiz"
WORDS = ("A-1", "A-2", "A-3", "Lab", "Almacén")
Kind = Literal["applied", "broken", "given"]


@dataclass(frozen=True)
class Act:
    """One act with an exhibit, what becomes of it, and how many acts later each correction of it comes.

    That of a receiver is of an older program, and moves nothing.
    """

    exhibit: str
    kind: Kind
    word: str
    fate: Literal["stands", "voided", "undone"] = "stands"
    right: tuple[str, ...] = ()
    later: int = 0

    @property
    def record(self) -> Record:
        if self.kind == "given":
            fields = {"giver": "whoever", "receiver": self.word, "seal_number": "A-1", "accepted_by": None}
            fields |= {"given": None, "drawn": None, "given_by": None, "given_drawn": None}
            return made(TransferRecord, exhibit=self.exhibit, reason="analysis", **fields, **TYPED)
        return made(SealRecord, exhibit=self.exhibit, action=self.kind, seal_number=self.word, reason="it was", **TYPED)

    def corrections(self, seq: Seq) -> Iterator[Record]:
        concerns = {"seq": seq, "digest": bytes(32)}
        field, was = "receiver" if self.kind == "given" else "seal_number", self.word
        for right in self.right:
            changes = [{"field": field, "was": was, "should_be": right}]
            yield made(AmendmentRecord, concerns=concerns, reason="misread", changes=changes)
        if self.fate == "voided":
            yield made(VoidRecord, concerns=concerns, reason="it never happened")
        elif self.fate == "undone":
            yield made(UndoRecord, concerns=concerns, screening="s-1")


TYPED = {"source": "typed", "observed": None}
ACTS = st.lists(
    st.builds(
        Act,
        st.sampled_from(EXHIBITS),
        st.sampled_from(("applied", "broken", "given")),
        st.sampled_from(WORDS),
        st.sampled_from(("stands", "stands", "voided", "undone")),
        st.lists(st.sampled_from(WORDS), max_size=2).map(tuple),
        st.integers(0, 6),
    ),
    max_size=12,
)


def made(kind: type[Record], **fields: object) -> Record:
    header = {"station": "MX-TIJ-01", "operator": "op-1", "recorded": NOW.model_dump(), "software": "0"}
    return kind.from_value({**header, "schema": kind.SCHEMA, **fields})


def journal(acts: Sequence[Act]) -> list[Numbered]:
    """Return all that is put on record: acts 100 entries apart, each correction after the act that it comes after."""
    found: list[Numbered] = [*BEGUN]
    for place, act in enumerate(acts):
        seq = Seq(100 * (place + 1))
        found.append((seq, act.record))
        after = min(place + act.later, len(acts) - 1)
        found += [(Seq(100 * (after + 1) + place * 4 + 1 + n), it) for n, it in enumerate(act.corrections(seq))]
    return sorted(found, key=lambda each: each[0])


BEGUN = [
    (Seq(number), made(ExhibitRecord, exhibit=each, screening="s-1", number=number, description="a bag",
                       category=None, count=None, packing=None))
    for number, each in enumerate(EXHIBITS, 1)
]  # fmt: skip


def stand(records: Sequence[Numbered]) -> list[Custody]:
    return [each.custody for each in files(Standing.of(records), {"op-1": FINDER})]


@given(ACTS)
def test_where_it_stands_is_what_the_acts_that_count_alone_would_have_made_of_it(acts: list[Act]) -> None:
    right = [replace(each, word=each.right[-1]) if each.right and each.kind != "given" else each for each in acts]
    counting = [(Seq(100 * (place + 1)), each) for place, each in enumerate(right) if each.fate == "stands"]
    assert stand(journal(acts)) == stand([*BEGUN, *((seq, each.record) for seq, each in counting)])


@given(ACTS, st.sampled_from(["voided", "undone"]), st.sampled_from(["applied", "broken", "given"]))
def test_an_act_that_counts_no_more_is_as_if_nobody_had_done_it(
    acts: list[Act], fate: Literal["voided", "undone"], kind: Kind
) -> None:
    gone = Act("e-1", kind, "A-9", fate)
    assert stand(journal([*acts, gone])) == stand(journal(acts))


def test_who_made_it_an_exhibit_has_it_first_and_its_bag_is_not_open_before_it_was_closed() -> None:
    assert stand(BEGUN) == [Custody(FINDER), Custody(FINDER)]
    [first, _] = stand(journal([Act("e-1", "applied", "A-1"), Act("e-1", "broken", "A-1"), Act("e-1", "given", "Lab")]))
    assert (first.holder, first.closed, first.numbers) == ("Lab", None, ("A-1", "A-1"))
    assert first.opened
    assert first.opened[0] == 200


def test_an_amendment_that_counts_no_more_says_nothing() -> None:
    records = journal([Act("e-1", "applied", "A-1", right=("A-2",))])
    [amendment] = [seq for seq, each in records if isinstance(each, AmendmentRecord)]
    void = made(VoidRecord, concerns={"seq": amendment, "digest": bytes(32)}, reason="it was right")
    records.append((Seq(amendment + 1), void))
    assert [each.numbers for each in stand(records)] == [("A-1",), ()]


@dataclass
class Bags:
    """Two exhibits of a real station, on which anything is tried."""

    station: Station
    people: Sequence[OperatorView]

    def __post_init__(self) -> None:
        self.screening = self.station.screenings.open(self.people[0], "vehicle")
        add = self.station.casework.add_exhibit
        self.exhibits = [add(self.people[0], self.screening, what) for what in ("a bag", "a spoon")]

    @property
    def stands(self) -> list[tuple[str | None, str, frozenset[str]]]:
        """Where both stand as told, after looking that what rows remember is the same."""
        told = list[tuple[str | None, str, frozenset[str]]]()
        with self.station._database.read() as session:
            used = [each for each in session.exec(select(UsedSeal)) if each.exhibit]
            for file in self.station.casework.dossier(self.screening).exhibits:
                row = session.get_one(Exhibit, file.id)
                assert (row.seal_number, row.holder) == (file.seal_number, file.holder)
                numbers = {each.number for each in used if each.exhibit == file.id}
                assert numbers == set(file.custody.numbers)
                told.append((file.seal_number, file.holder, frozenset(numbers)))
        return told

    @property
    def acts(self) -> list[Numbered]:
        """What was put on record of both, oldest first, that may be corrected."""
        kinds = (SealRecord, TransferRecord)
        return [each for each in self.station.casework.dossier(self.screening).records if isinstance(each[1], kinds)]

    def act(self, what: str, place: int, word: str) -> Seq | None:
        """Try an act; None where it does not fit, or is another's to take back."""
        try:
            return (
                self._correct(what, place, word) if what in ("void", "undo", "amend") else self._do(what, place, word)
            )
        except (BadCasework, NotAllowed):
            return None

    def _do(self, what: str, place: int, word: str) -> Seq:
        casework, finder, exhibit = self.station.casework, self.people[0], self.exhibits[place % 2]
        file = casework.dossier(self.screening).exhibits[place % 2]
        number = f"{self.screening}-{word}".upper()
        holder = next((each for each in self.people if each.name == file.holder), None)
        if what == "seal":
            return casework.apply_seal(finder, exhibit, number, "closed")
        if what == "open":
            return casework.break_seal(holder or finder, exhibit, file.seal_number or "", "a sample")
        given = Given(holder, "pin") if holder else Given(None, drawn=png())
        receiver = [*(each.name for each in self.people), word][place % 3]
        return casework.transfer(finder, exhibit, receiver, "storage", file.seal_number or "", given=given)

    def _correct(self, what: str, place: int, word: str) -> Seq:
        if not self.acts:
            raise BadCasework("there is nothing yet")
        seq, record = self.acts[place % len(self.acts)]
        if what == "undo":
            return self.station.seizures.undo(self.people[0], self.screening, seq)
        if what == "void":
            return void(self.station, seq)
        field, right = ("reason", word) if isinstance(record, TransferRecord) else ("seal_number", f"R-{seq}-{word}")
        was = str(getattr(record, field))
        return self.station.casework.amend(self.people[0], seq, "misread", [(field, was, right.upper())])


def void(station: Station, seq: Seq) -> Seq:
    supervisor = Proof(OperatorView(OperatorId("op-1"), "Luis Paz", "supervisor"), "token")
    auditor = Proof(OperatorView(OperatorId("op-2"), "Au Dit", "auditor"), "token")
    why = "it never happened"
    return station.casework.void(Approval("void", void_subject(seq, why), supervisor, auditor), seq, why)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["seal", "seal", "open", "give", "void", "undo", "amend"]),
        st.integers(0, 11),
        st.sampled_from(["1", "2", "3", "4"]),
    ),
    min_size=4,
    max_size=14,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_tried_at_a_station_rows_remember_what_records_say_and_a_void_takes_an_act_away(
    a_station: Station, officer: OperatorView, steps: list[tuple[str, int, str]]
) -> None:
    mora = next((each for each in a_station.operators.list() if each.name == "Luis Mora"), None)
    bags = Bags(a_station, [officer, mora or a_station.operators.enrol("Luis Mora", "officer", PIN)])
    for what, place, word in steps:
        before = bags.stands
        done = bags.act(what, place, word)
        assert done or bags.stands == before
        if done and what in ("seal", "open", "give") and place % 3 == 0:
            void(a_station, done)
            assert bags.stands == before


@pytest.fixture
def screening(a_station: Station, officer: OperatorView) -> ScreeningId:
    return a_station.screenings.open(officer, "vehicle")


@pytest.fixture
def exhibit(a_station: Station, officer: OperatorView, screening: ScreeningId) -> str:
    return a_station.casework.add_exhibit(officer, screening, "a bag")


def told(station: Station, screening: ScreeningId) -> tuple[str | None, str]:
    [file] = station.casework.dossier(screening).exhibits
    return file.seal_number, file.holder


def test_a_seal_taken_back_after_a_voided_opening_leaves_the_one_before(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework, undo = a_station.casework, a_station.seizures.undo
    first = casework.apply_seal(officer, exhibit, "FGR-1", "closed")
    opened = casework.break_seal(officer, exhibit, "FGR-1", "a sample")
    second = casework.apply_seal(officer, exhibit, "FGR-2", "closed again")
    void(a_station, opened)
    assert told(a_station, screening) == ("FGR-2", officer.name)
    with pytest.raises(BadCasework, match="seal FGR-1 does not close exhibit 1 now"):
        undo(officer, screening, first)
    undo(officer, screening, second)
    assert told(a_station, screening) == ("FGR-1", officer.name)
    casework.transfer(officer, exhibit, "Lab", "analysis", "FGR-1")


def test_a_void_of_an_older_hand_over_moves_nothing_that_a_later_one_says(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework = a_station.casework
    casework.apply_seal(officer, exhibit, "FGR-1", "closed")

    def give(receiver: str, *, outside: bool = True) -> Seq:
        given = Given(None, drawn=png()) if outside else Given(officer)
        return casework.transfer(officer, exhibit, receiver, "storage", "FGR-1", given=given)

    first, second, third = give("Lab", outside=False), give("Almacén"), give("Lab")
    void(a_station, second)
    assert told(a_station, screening) == ("FGR-1", "Lab"), "they have it by the third hand-over"
    void(a_station, first)
    assert told(a_station, screening) == ("FGR-1", "Lab")
    void(a_station, third)
    assert told(a_station, screening) == ("FGR-1", officer.name)


def test_what_was_taken_back_is_corrected_no_more_and_what_was_voided_is_not_taken_back(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework, undo = a_station.casework, a_station.seizures.undo
    gone = casework.weigh(officer, exhibit, ("12.5", "g"))
    back = undo(officer, screening, gone)
    for seq in (gone, back):
        with pytest.raises(BadCasework, match=f"entry {seq} was taken back, or takes another back"):
            void(a_station, seq)
    with pytest.raises(BadCasework, match="was taken back"):
        casework.amend(officer, gone, "misread", [("value", "12.5", "13.5")])
    voided = casework.weigh(officer, exhibit, ("12.5", "g"))
    by = void(a_station, voided)
    with pytest.raises(BadCasework, match=f"entry {voided} was voided by entry {by}"):
        undo(officer, screening, voided)
    with pytest.raises((BadCasework, NotAllowed)):
        undo(officer, screening, by)
    assert casework.weigh(officer, exhibit, ("12.5", "g")) not in (gone, voided)


def test_what_an_act_was_is_amended_by_nobody(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    """One person would close an open bag again; a void takes two."""
    casework = a_station.casework
    sealed = casework.apply_seal(officer, exhibit, "FGR-1", "closed")
    opened = casework.break_seal(officer, exhibit, "FGR-1", "a sample")
    for seq, change in ((opened, ("action", "broken", "applied")), (sealed, ("exhibit", exhibit, "another"))):
        with pytest.raises(
            BadCasework, match=f"the {change[0]} of a garita.seal/2 is not amended, only its seal_number: have"
        ):
            casework.amend(officer, seq, "misread", [change])
    assert told(a_station, screening) == (None, officer.name)


def test_a_seal_under_which_a_bag_was_handed_over_is_not_taken_back(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework = a_station.casework
    sealed = casework.apply_seal(officer, exhibit, "FGR-1", "closed")
    given = casework.transfer(officer, exhibit, "Lab", "analysis", "FGR-1", given=Given(officer))
    with pytest.raises(BadCasework, match="exhibit 1 was handed over under this seal"):
        a_station.seizures.undo(officer, screening, sealed)
    void(a_station, given)
    a_station.seizures.undo(officer, screening, sealed)
    assert told(a_station, screening) == (None, officer.name)


def test_what_was_voided_keeps_nothing_before_it_from_being_taken_back(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    casework = a_station.casework
    void(a_station, casework.weigh(officer, exhibit, ("12.5", "g")))
    offered = undoable(casework.dossier(screening), officer)
    assert offered
    a_station.seizures.undo(officer, screening, offered[0])
    assert casework.dossier(screening).exhibits == []
