"""Who has an account, root, or both: the other rows of SECURITY.md's table."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from edge.approvals import Approval, Proof
from edge.casework import Casework
from edge.errors import NotAllowed
from edge.records import approval_record
from edge.station import Station
from edge.views import OperatorView
from sync.contract.acts import account_subject, void_subject
from sync.contract.casework import Concerned, VoidRecord
from sync.contract.ids import Seq
from sync.contract.records import StationRecord
from sync.contract.submission import Answer
from sync.contract.training import TrainingRecord
from sync.errors import BrokenChain, OpenError, RolledBack
from sync.vault.alerts import Alert
from sync.vault.practice import check_evidence
from tests.edge.bench import PIN, Bench, PutOnPty, finished
from tests.threats.attacker import Attacker, Person

Send = Callable[[list[bytes]], Answer]
Alerts = Callable[[], list[Alert]]
REASON = "entered by mistake"


def kinds(alerts: list[Alert]) -> set[str]:
    """Tell which alerts there are, beside the accounts that the test itself provisioned."""
    return {alert.kind for alert in alerts} - {"provisioned"}


def test_an_edited_row_does_not_pass_the_database(bench: Bench, attacker: Attacker) -> None:
    """Access: root, and the database's key. End: impossible while the triggers stand."""
    bench.open()
    bench.close()
    for statement in ("UPDATE journal SET envelope = x'00'", "DELETE FROM journal"):
        with pytest.raises(Exception, match="stays as it is"):
            attacker.sql(statement)


def test_an_entry_edited_as_root_is_found(bench: Bench, attacker: Attacker, send: Send) -> None:
    """Access: root, the key, and no trigger. End: detected by the station's next start, and by the centre."""
    bench.open()
    bench.close()
    spoilt = (
        "CAST(substr(envelope, 1, length(envelope) - 1) || x'ff' AS BLOB)"  # no Ed25519 signature ends so (RFC 8032)
    )
    spoil = f"UPDATE journal SET envelope = {spoilt} WHERE seq = 2"  # noqa: S608 - an attacker's own
    attacker.sql("DROP TRIGGER journal_keeps_update", spoil)
    refusal = send(attacker.envelopes()).refusal
    assert refusal
    assert (refusal.code, refusal.seq) == ("bad_signature", 2)
    with pytest.raises((BrokenChain, RolledBack), match="entry 2"):
        bench.open()


def test_a_record_forged_with_the_stations_key_stands_out(
    bench: Bench, station: Station, attacker: Attacker, supervisor: Person, officer: OperatorView, alerts: Alerts
) -> None:
    """Access: root, and the station's own key. End: detected by the vault: no token of theirs signed it."""
    header = station._recorder.header(supervisor.view.id)
    proofs = Proof(supervisor.view, "token"), Proof(officer, "token")
    approval = approval_record(header, Approval("void", void_subject(Seq(1), REASON), *proofs))
    concerns = Concerned(seq=Seq(1), digest=bytes.fromhex(station.envelope(Seq(1)).digest))
    void = VoidRecord.from_value({**vars(header), "schema": VoidRecord.SCHEMA, "concerns": concerns, "reason": REASON})
    for record in (void, approval, void):
        attacker.append(attacker.forge(record, bench.station_key, station))
    found = alerts()
    assert kinds(found) == {"unapproved", "unproven"}
    assert [each.kind for each in found if each.kind != "provisioned"] == ["unapproved", "unproven", "unproven"]


def test_a_bribed_supervisor_alone_voids_nothing(
    bench: Bench, station: Station, supervisor: Person, officer: OperatorView
) -> None:
    """Access: a supervisor's account and token, and an officer's PIN. End: impossible."""
    casework = Casework(station._database, station._recorder)
    before = bench.records()

    def void(approval: Approval) -> None:
        casework.void(approval, Seq(1), REASON)

    act = station.desk.begin(supervisor.view, "void", void_subject(Seq(1), REASON), void)
    supervisor.touch(act)
    with pytest.raises(NotAllowed, match="somebody else"):
        supervisor.touch(act)
    with pytest.raises(NotAllowed, match="touch the token"):
        station.desk.enter(act, officer, PIN)
    with pytest.raises(NotAllowed, match="has no token"):
        station.desk.options(act, officer)
    for second in (Proof(supervisor.view, "token"), station.operators.prove(officer.id, PIN)):
        with pytest.raises(NotAllowed):
            void(Approval("void", act.subject, Proof(supervisor.view, "token"), second))
    assert bench.records() == before


def test_two_persons_who_void_are_named_and_proven(
    bench: Bench, station: Station, supervisor: Person, alerts: Alerts
) -> None:
    """Access: two accounts and two tokens. End: it is done, as it should be, under both names."""
    eva = Person(station, "Eva Sol", "officer")
    casework = Casework(station._database, station._recorder)
    subject = void_subject(Seq(1), REASON)
    act = station.desk.begin(supervisor.view, "void", subject, lambda by: casework.void(by, Seq(1), REASON))
    assert not supervisor.touch(act)
    assert eva.touch(act)
    assert isinstance(bench.records()[-1], VoidRecord)
    assert kinds(alerts()) == set()


def test_an_admin_makes_no_accomplice_alone(station: Station) -> None:
    """Access: an administrator's account and token. End: impossible."""
    admin = Person(station, "Marta Gil", "admin")
    ana = station.operators.enrol("Ana Ruiz", "officer", PIN)
    subject = account_subject("left", ana.name, ana.role)
    act = station.desk.begin(admin.view, "accounts", subject, lambda by: station.accounts.leave(by, ana.id))
    admin.touch(act)
    assert station.desk.beside(act) == []
    with pytest.raises(NotAllowed):
        admin.touch(act)
    assert ana in station.operators.list()


def test_an_accomplice_enrolled_as_root_is_named(station: Station, alerts: Alerts) -> None:
    """Access: root, and the station's key in hand. End: detected by the vault."""
    station.operators.enrol("Nadie Conocido", "supervisor", PIN)
    [alert] = alerts()
    assert alert.kind == "provisioned"
    assert "Nadie Conocido (supervisor)" in alert.detail


def test_a_token_given_to_another_as_root_is_named(
    station: Station, attacker: Attacker, supervisor: Person, alerts: Alerts
) -> None:
    """Access: root, the database's key, and a token. End: detected by the vault: another account names that token."""
    eva, luis = Person(station, "Eva Sol", "officer"), supervisor
    luis_again = station.operators.enrol("Juan Mora", "officer", PIN)
    attacker.sql(f"UPDATE token SET operator = '{luis_again.id}' WHERE operator = '{eva.view.id}'")  # noqa: S608
    eva.view = luis_again
    casework = Casework(station._database, station._recorder)
    subject = void_subject(Seq(1), REASON)
    act = station.desk.begin(luis.view, "void", subject, lambda by: casework.void(by, Seq(1), REASON))
    luis.touch(act)
    assert eva.touch(act), "the station believes its own tables"
    [alert] = [each for each in alerts() if each.kind != "provisioned"]
    assert alert.kind == "unproven"
    assert luis_again.id in alert.detail


def test_readings_taken_again_until_one_pleases_stand_out(
    bench: Bench, station: Station, officer: OperatorView, alerts: Alerts
) -> None:
    """Access: an officer's account. End: detected by the vault; each one is on record before it fires."""
    found = [finished(station, station.screenings.start(officer)) for _ in range(2)]
    assert [view.record.conclusion for view in found if view.record] == ["alarm", "no_alarm"]
    starts = [each for each in bench.records() if isinstance(each, StationRecord) and each.event == "reading_started"]
    assert len(starts) == 2
    assert kinds(alerts()) == {"measured_again"}


def test_aborts_before_a_pleasing_reading_stand_out(bench: Bench, put_on_pty: PutOnPty, alerts: Alerts) -> None:
    """Access: an officer's account, and the cable. End: detected by the vault."""
    station = bench.open(analyzer=put_on_pty("detector-fault", "detector-fault", "Caffeine"))
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    found = [finished(station, station.screenings.start(officer)) for _ in range(3)]
    assert [view.state for view in found] == ["failed", "failed", "done"]
    assert kinds(alerts()) == {"measured_again"}


def test_a_clock_turned_back_marks_what_follows(
    bench: Bench, station: Station, officer: OperatorView, alerts: Alerts
) -> None:
    """Access: an officer's account, and the clock. End: detected by the station and the vault; nothing is stopped."""
    bench.clock.wall -= timedelta(days=365)
    view = finished(station, station.screenings.start(officer))
    assert view.record
    assert view.record.recorded.trust == "turned_back"
    assert kinds(alerts()) == {"clock_turned_back"}
    assert [each for each in bench.records() if getattr(each, "event", "") == "clock_turned_back"]


def test_practice_hides_no_reading_and_proves_none(
    bench: Bench, station: Station, officer: OperatorView, attacker: Attacker
) -> None:
    """Access: an officer's account. End: impossible to pass off as evidence; the journal keeps that it was done."""
    token = station.operators.sign_in(officer.id, PIN)
    station.operators.train(token, training=True)
    finished(station, station.screenings.start(station.operators.session(token)))
    practised = [each for each in bench.records() if isinstance(each, TrainingRecord)]
    assert len(practised) == 2
    for record in practised:
        with pytest.raises(OpenError, match="it is no evidence"):
            check_evidence(7, record)
    assert attacker


def test_a_forced_officer_calls_for_help_unseen(
    station: Station, officer: OperatorView, attacker: Attacker, alerts: Alerts
) -> None:
    """Access: the officer, at gunpoint. End: detected by the vault; the station shows and stores no trace."""
    station.accounts.set_duress_pin(officer, PIN, "424297")
    assert kinds(alerts()) == set()
    view = station.operators.session(station.operators.sign_in(officer.id, "424297"))
    assert view == officer
    tables = [row[0] for row in attacker.sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
    folder = station.settings.data.parent.name  # it has this test's own name
    stored = [attacker.sql(f"SELECT * FROM {table}") for table in tables if table != "journal"]  # noqa: S608
    rows = [str([tuple(row) for row in each]).replace(folder, "") for each in stored]
    assert not [row for row in rows if "duress'" in row or "forced" in row]
    assert kinds(alerts()) == {"duress"}
