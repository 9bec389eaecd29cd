"""What later entries make of an earlier one is found, also what is made of those, and nothing else is."""

from collections.abc import Callable

import httpx
import pytest

from sync.chain import check_next, empty
from sync.contract.casework import AmendmentRecord, ChangePart, Concerned
from sync.contract.ids import OperatorId, ScreeningId, Seq
from sync.contract.records import Record
from sync.contract.seizure import UndoRecord
from sync.envelope import Envelope
from sync.identity import Identity
from sync.journal import Sealer
from sync.vault.cases import Cases
from sync.vault.source import Source
from sync.vault.vault import Vault
from tests.sync.vault.conftest import OFFICER, STATION, at
from tests.sync.vault.parts import unnoted
from tests.sync.vault.voided import ABOUT, AUDITOR, REASON, SUPERVISOR, Token, accounts, approval, void_of
from tests.sync.witness.parts import NOON

BY_OFFICER = {**ABOUT, "operator": OFFICER, "recorded": at(12)}


def amended(concerns: Concerned) -> Record:
    change = ChangePart(field="conclusion", was="alarm", should_be="no_alarm")
    return AmendmentRecord.model_validate({
        **BY_OFFICER, "concerns": concerns, "reason": "mistyped", "changes": [change]
    })  # fmt: skip


def undone(concerns: Concerned) -> Record:
    return UndoRecord.model_validate({**BY_OFFICER, "screening": ScreeningId("screening-2"), "concerns": concerns})


@pytest.fixture
def journal(
    records: list[Record],
    sealer: Sealer,
    submit: Callable[[list[Envelope]], None],
    inside: httpx.Client,
    cases: Cases,
    national: Identity,
) -> None:
    """File five records and what came of them: entry 11 voids 3; 12 amends 5, 13 amends 12; 14 takes 4 back."""
    tokens = {SUPERVISOR: Token(), AUDITOR: Token()}
    head, sealed = empty(STATION, sealer.key.public), list[Envelope]()

    def write(record: Record) -> None:
        nonlocal head
        sealed.append(sealer.seal_after(head, record.to_bytes()))
        head = check_next(head, sealed[-1])

    def entry(seq: int, digest: bytes | None = None) -> Concerned:
        return Concerned(seq=Seq(seq), digest=digest or sealed[seq - 1].digest)

    for record in [*records, *accounts(tokens), approval(tokens, 3)]:
        write(record)
    for kind, seq in ((void_of, 3), (amended, 5), (amended, 12), (undone, 4), (void_of, 4)):
        write(kind(entry(seq)))
    write(undone(entry(2, bytes(32))))
    submit(sealed)
    Vault(Source(inside), cases, national, lambda: NOON, unnoted).pull()


@pytest.mark.usefixtures("journal")
@pytest.mark.parametrize(
    ("seqs", "found"),
    [([3], [10, 11]), ([5], [12, 13]), ([12], [13]), ([4], [14, 15]), ([3, 5], [10, 11, 12, 13]), ([1, 2, 13], [])],
    ids=["void", "amended twice", "the amendment", "undone and voided", "two", "none"],
)
def test_all_that_was_made_of_an_entry_is_found(seqs: list[int], found: list[int], cases: Cases) -> None:
    assert [seq for each in cases.corrections.of(STATION, seqs) for seq in each.entries] == found


@pytest.mark.usefixtures("journal")
def test_each_is_told_in_one_line(cases: Cases) -> None:
    assert [str(each) for seq in (3, 4, 5) for each in cases.corrections.of(STATION, [seq])] == [
        f"{STATION}/11 voids {STATION}/3, by op-1: {REASON}",
        f"{STATION}/14 takes back {STATION}/4, by {OFFICER}",
        f"{STATION}/15 voids {STATION}/4, by op-1: {REASON} (not proven, see `alerts`)",
        f"{STATION}/12 amends {STATION}/5, by {OFFICER}: mistyped",
        f"{STATION}/13 amends {STATION}/12, by {OFFICER}: mistyped",
    ]


@pytest.mark.usefixtures("journal")
def test_another_station_is_left_alone(cases: Cases) -> None:
    assert list(cases.corrections.of(OperatorId("ZZ-OTHER"), [3])) == []
