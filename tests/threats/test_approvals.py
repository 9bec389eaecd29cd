"""Who has root and the station's own key, and one approval that two persons once gave: what it is worth for more."""

import secrets
from collections.abc import Callable

import pytest

from edge.approvals import Proof
from edge.casework import Casework
from edge.station import Station
from sync.contract.account import AccountRecord, TokenPart
from sync.contract.acts import account_subject, void_subject
from sync.contract.approval import ApprovalRecord, ApproverPart, Statement
from sync.contract.casework import Concerned, VoidRecord
from sync.contract.ids import Seq
from sync.contract.record import Record
from sync.vault.alerts import Alert
from tests.edge.bench import Bench
from tests.threats.attacker import Attacker, Person

REASON = "entered by mistake"


@pytest.fixture
def eva(station: Station) -> Person:
    return Person(station, "Eva Sol", "officer")


@pytest.fixture
def found(alerts: Callable[[], list[Alert]]) -> Callable[[], list[tuple[str, str]]]:
    """Tell the alerts beside those of the accounts that the test itself provisioned."""
    return lambda: [(each.kind, each.detail) for each in alerts() if each.kind != "provisioned"]


@pytest.fixture
def put(bench: Bench, station: Station, attacker: Attacker) -> Callable[..., None]:
    """Seal records as root does, with the station's own key."""

    def seal(*records: Record) -> None:
        for record in records:
            attacker.append(attacker.forge(record, bench.station_key, station))

    return seal


def a_void(station: Station, by: Person, seq: int) -> VoidRecord:
    concerns = Concerned(seq=Seq(seq), digest=bytes.fromhex(station.envelope(Seq(seq)).digest))
    said = {"schema": VoidRecord.SCHEMA, "concerns": concerns, "reason": REASON}
    return VoidRecord.from_value({**vars(station._recorder.header(by.view.id)), **said})


def approved(station: Station, action: str, subject: str, *persons: Person) -> ApprovalRecord:
    """Return an approval that these two really touched, whatever the station's table says."""
    header, nonce = station._recorder.header(persons[0].view.id), secrets.token_bytes(32)
    challenge = Statement(station=header.station, action=action, subject=subject, nonce=nonce).challenge
    proofs: list[Proof] = [
        station.tokens.prove(each.view, challenge, each.answer(station.tokens.options(each.view, challenge)))
        for each in persons
    ]
    parts = [
        ApproverPart(operator=each.operator.id, role=each.operator.role, method=each.method, token=each.token)
        for each in proofs
    ]
    said = {"action": action, "subject": subject, "nonce": nonce, "persons": parts}
    return ApprovalRecord.from_value({**vars(header), "schema": ApprovalRecord.SCHEMA, **said})


def test_an_approval_used_again_is_named(
    bench: Bench, station: Station, supervisor: Person, eva: Person, put: Callable[..., None], found: Callable[[], list]
) -> None:
    """Access: root, the station's key, an approval of two. End: detected by the vault: each is worth one act."""
    casework = Casework(station._database, station._recorder)
    act = station.desk.begin(
        supervisor.view, "void", void_subject(Seq(1), REASON), lambda by: casework.void(by, Seq(1), REASON)
    )
    supervisor.touch(act)
    assert eva.touch(act)
    assert found() == []
    once = next(each for each in reversed(bench.records()) if isinstance(each, ApprovalRecord))
    put(once, a_void(station, supervisor, 2))
    assert [kind for kind, _ in found()] == ["unapproved", "unapproved"]
    assert "used before" in found()[0][1]


def test_an_approval_of_another_entry_is_named(
    station: Station, supervisor: Person, eva: Person, put: Callable[..., None], found: Callable[[], list]
) -> None:
    """Access: root, the station's key, a fresh approval. End: detected by the vault: it is of entry 1."""
    put(approved(station, "void", void_subject(Seq(1), REASON), supervisor, eva), a_void(station, supervisor, 2))
    [(kind, detail)] = found()
    assert kind == "unapproved"
    assert "entry 1 no longer counts: entered by mistake" in detail
    assert "entry 2 no longer counts" in detail


def test_an_act_in_another_name_is_named(
    station: Station, supervisor: Person, eva: Person, put: Callable[..., None], found: Callable[[], list]
) -> None:
    put(approved(station, "void", void_subject(Seq(1), REASON), supervisor, eva), a_void(station, eva, 1))
    assert [kind for kind, _ in found()] == ["unapproved"]


def test_two_officers_are_no_supervisor(
    station: Station, eva: Person, put: Callable[..., None], found: Callable[[], list]
) -> None:
    """Access: root, the station's key, two officers' tokens. End: detected by the vault, by the accounts' roles."""
    juan = Person(station, "Juan Mora", "officer")
    real = approved(station, "void", void_subject(Seq(1), REASON), eva, juan)
    put(real, a_void(station, eva, 1))
    [(kind, detail)] = found()
    assert (kind, "expected supervisor" in detail) == ("unproven", True)
    lied = [part.model_copy(update={"role": "supervisor"}) for part in real.persons]
    nonce = secrets.token_bytes(32)
    put(real.model_copy(update={"persons": lied, "nonce": nonce}), a_void(station, eva, 2))
    assert "officer by the accounts, supervisor by the approval" in found()[1][1]


def test_who_has_left_approves_nothing(
    station: Station, supervisor: Person, eva: Person, put: Callable[..., None], found: Callable[[], list]
) -> None:
    station.operators.enrol("Ada Min", "admin", "842613")
    gone = AccountRecord.from_value({
        **vars(station._recorder.header(None)),
        "schema": AccountRecord.SCHEMA,
        "event": "left",
        "person": eva.view.id,
        "name": eva.view.name,
        "role": "officer",
        "token": None,
    })  # fmt: skip
    put(gone, approved(station, "void", void_subject(Seq(1), REASON), supervisor, eva), a_void(station, supervisor, 1))
    assert found() == [("unproven", f"{eva.view.id} behind void: no account of the station lets them work there")]


def test_an_approval_of_one_account_gives_nobody_else_a_token(
    bench: Bench, station: Station, supervisor: Person, put: Callable[..., None], found: Callable[[], list]
) -> None:
    """Access: root, the station's key, an approval that somebody may sign in no more. End: detected by the vault."""
    admin, auditor = Person(station, "Ada Min", "admin"), Person(station, "Au Dit", "auditor")
    old = station.operators.enrol("Old Man", "officer", "842613")
    subject = account_subject("left", old.name, old.role)
    act = station.desk.begin(admin.view, "accounts", subject, lambda by: station.accounts.leave(by, old.id))
    admin.touch(act)
    assert auditor.touch(act)
    assert found() == []
    enrolled = [each for each in bench.records() if isinstance(each, AccountRecord) and each.event == "token_added"]
    theirs = next(each for each in enrolled if each.person == supervisor.view.id)
    mine = theirs.model_copy(update={"operator": admin.view.id})
    put(approved(station, "accounts", subject, admin, auditor), mine)
    renamed = mine.model_copy(update={"name": old.name})
    adding = account_subject("token_added", old.name, "officer", renamed.token)
    put(approved(station, "accounts", adding, admin, auditor), renamed)
    assert [kind for kind, _ in found()] == ["unapproved", "unapproved"]
    assert f"{supervisor.view.id} is Luis Paz by the accounts, not Old Man" in found()[1][1]


def test_an_approved_token_is_no_other_one(
    bench: Bench, station: Station, put: Callable[..., None], found: Callable[[], list]
) -> None:
    """Access: root, the station's key, two who approve Eva's new token. End: detected by the vault: by its key."""
    admin, auditor, eva = (Person(station, *who) for who in (("Ada", "admin"), ("Au", "auditor"), ("Eva", "officer")))
    added = [each for each in bench.records() if isinstance(each, AccountRecord) and each.event == "token_added"][-1]
    fresh = TokenPart(credential=b"new", public_key=b"the key that both approved")
    subject = account_subject("token_added", eva.view.name, "officer", fresh)
    act = added.model_copy(update={"operator": admin.view.id, "token": fresh})
    put(approved(station, "accounts", subject, admin, auditor), act)
    assert found() == []
    swapped = act.model_copy(update={"token": fresh.model_copy(update={"public_key": b"the attacker's"})})
    put(approved(station, "accounts", subject, admin, auditor), swapped)
    [(kind, detail)] = found()
    assert (kind, "got approval for" in detail) == ("unapproved", True)
