"""What is voided: struck where the void names the entry by its digest and two persons stand behind it."""

from collections.abc import Callable

import httpx
import pytest

from sync.chain import Head
from sync.contract.casework import Concerned
from sync.contract.ids import OperatorId, Seq
from sync.contract.records import Record
from sync.envelope import Envelope
from sync.identity import Identity
from sync.journal import Sealer
from sync.vault.cases import Cases
from sync.vault.source import Source
from sync.vault.vault import Vault
from sync.vault.voids import Void, misnamed
from tests.sync.vault.conftest import STATION, seal_all
from tests.sync.vault.parts import unnoted
from tests.sync.vault.voided import AUDITOR, REASON, SUPERVISOR, Token, accounts, approval, void_of
from tests.sync.witness.parts import NOON


@pytest.fixture
def tokens() -> dict[OperatorId, Token]:
    return {SUPERVISOR: Token(), AUDITOR: Token()}


@pytest.fixture
def pull(
    records: list[Record],
    tokens: dict[OperatorId, Token],
    sealer: Sealer,
    submit: Callable[[list[Envelope]], None],
    inside: httpx.Client,
    cases: Cases,
    national: Identity,
) -> Callable[..., None]:
    """Let the vault file a journal at whose end entry 3, a screening, is voided."""

    def run(*, digest: bytes | None = None, approved: int | None = 3) -> None:
        before = [*records, *accounts(tokens), *([approval(tokens, approved)] if approved else [])]
        sealed = seal_all(sealer, [each.to_bytes() for each in before])
        concerns = Concerned(seq=Seq(3), digest=digest or sealed[2].digest)
        void = void_of(concerns)
        last = sealed[-1]
        submit([*sealed, sealer.seal_after(Head(last.header.seq, last.digest), void.to_bytes())])
        Vault(Source(inside), cases, national, lambda: NOON, unnoted).pull()

    return run


def doubts(cases: Cases) -> list[str]:
    return [each.kind for each in cases.alerts.list() if each.kind not in ("provisioned", "unpinned")]


def test_a_void_of_two_persons_strikes_the_entry_that_it_names(pull: Callable[..., None], cases: Cases) -> None:
    pull()
    assert [(case.seq, case.void) for case in cases.cases()] == [(3, Void(REASON, proven=True)), (4, None), (5, None)]
    assert doubts(cases) == []


@pytest.mark.parametrize("approved", [None, 4], ids=["no approval", "of another entry"])
def test_a_void_without_its_approval_strikes_nothing(
    approved: int | None, pull: Callable[..., None], cases: Cases
) -> None:
    pull(approved=approved)
    assert cases.cases()[0].void == Void(REASON, proven=False)
    assert doubts(cases) == ["unapproved"]


def test_a_void_of_another_digest_strikes_nothing(pull: Callable[..., None], cases: Cases) -> None:
    pull(digest=bytes(32))
    assert [case.void for case in cases.cases()] == [None, None, None]
    assert doubts(cases) == ["misnamed"]
    [alert] = [each for each in cases.alerts.list() if each.kind == "misnamed"]
    assert f"names entry 3 by SHA-256 {'00' * 32}, and it is " in alert.detail


def test_a_void_of_what_is_not_here_is_named(cases: Cases) -> None:
    alert = misnamed(void_of(Concerned(seq=Seq(99), digest=bytes(32))), cases.digest)
    assert alert
    assert alert.detail.endswith("no such entry was opened")


def test_a_station_whose_card_nobody_brought_is_named_once(
    pull: Callable[..., None], cases: Cases, sealer: Sealer
) -> None:
    pull()
    [alert] = [each for each in cases.alerts.list() if each.kind == "unpinned"]
    assert sealer.key.card(STATION).fingerprint in alert.detail


def test_a_station_whose_card_was_brought_is_not(
    pull: Callable[..., None], cases: Cases, sealer: Sealer, other_sealer: Sealer
) -> None:
    assert cases.stations.lay(sealer.key.card(STATION))
    assert not cases.stations.lay(other_sealer.key.card(STATION))
    pull()
    assert [each for each in cases.alerts.list() if each.kind == "unpinned"] == []
