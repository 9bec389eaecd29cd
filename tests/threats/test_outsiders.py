"""Who has the disk, the wire or a stick, and no account: the first rows of SECURITY.md's table."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from edge.database import Database
from edge.errors import Locked, UnusableDatabase, UnusableKeyFile, WrongPin, WrongSecret
from edge.protectors.passphrase import PassphraseProtector
from edge.station import Station
from edge.views import OperatorView
from sync.contract.submission import Answer
from sync.errors import RefusedList, RolledBack
from sync.file_anchor import FileAnchor
from sync.identity import Identity
from sync.keys import StationKey
from sync.recipients import RecipientList
from sync.roots import RootKey, RootSet
from tests.edge.bench import NOON, PIN, Bench, finished
from tests.edge.protectors.people import Person as Asked
from tests.threats.attacker import Attacker

Send = Callable[[list[bytes]], Answer]
HOUR = 3600


def test_a_stolen_disk_image_tells_nothing(
    bench: Bench, station: Station, officer: OperatorView, attacker: Attacker, tmp_path: Path
) -> None:
    """Access: every byte of the disk. End: impossible without the key's secret."""
    view = finished(station, station.screenings.start(officer))
    bench.close()
    image = attacker.disk()
    secrets = ["Ana Ruiz", "Cocaine", PIN, view.screening, view.id, officer.id]
    assert not [each for each in secrets if each.encode() in image]
    with pytest.raises(UnusableDatabase):
        Database(bench.data / "station.db", bytes(32))
    kept = tmp_path / "database.key"
    PassphraseProtector(kept, Asked(["cuatro caballos blancos"])).keep((bench.data / "database.key").read_bytes())
    with pytest.raises(WrongSecret):
        PassphraseProtector(kept, Asked(["cuatro caballos negros"])).key()


def test_a_database_put_back_is_found_at_the_start(bench: Bench, tmp_path: Path) -> None:
    """Access: the disk, twice. End: detected by the station itself, through its counter."""

    def start() -> Station:
        station = bench.assemble()
        station._anchor = station._housekeeping._anchor = FileAnchor(tmp_path / "counter")
        station.start()
        return station

    bench._write_settings()
    start().close()
    shutil.copy(bench.data / "station.db", tmp_path / "yesterday")
    start().close()
    for file in bench.data.glob("station.db*"):
        file.unlink()
    shutil.copy(tmp_path / "yesterday", bench.data / "station.db")
    with pytest.raises(RolledBack, match="older journal"):
        start()


def test_a_database_put_back_where_no_counter_is_forks_at_the_centre(
    bench: Bench, attacker: Attacker, send: Send, tmp_path: Path
) -> None:
    """Access: the disk, twice, of a station without TPM. End: detected by the centre, which keeps both entries."""
    bench.open()
    bench.close()
    shutil.copy(bench.data / "station.db", tmp_path / "yesterday")
    bench.open()
    bench.close()
    assert send(attacker.envelopes()).refusal is None
    for file in bench.data.glob("station.db*"):
        file.unlink()
    shutil.copy(tmp_path / "yesterday", bench.data / "station.db")
    bench.clock.sleep(60)
    bench.open()
    bench.close()
    refusal = send(attacker.envelopes()).refusal
    assert refusal
    assert refusal.code == "equivocation"


def test_a_replayed_submission_adds_nothing(bench: Bench, attacker: Attacker, send: Send) -> None:
    """Access: the wire, or a stick. End: impossible."""
    bench.open()
    bench.close()
    envelopes = attacker.envelopes()
    first, again = send(envelopes), send(envelopes)
    assert again.refusal is None
    assert again.contiguous == first.contiguous == len(envelopes)
    assert [each.seq for each in again.receipts] == [each.seq for each in first.receipts]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(lambda sent: sent[1:], "gap", id="first-left-out"),
        pytest.param(lambda sent: [sent[0], *sent[2:]], "gap", id="middle-left-out"),
        pytest.param(
            lambda sent: [sent[0], sent[0][:-1] + bytes([sent[0][-1] ^ 1])], "bad_signature", id="byte-flipped"
        ),
    ],
)
def test_what_is_taken_out_or_changed_on_the_way_is_refused(
    bench: Bench, attacker: Attacker, send: Send, change: Callable[[list[bytes]], list[bytes]], code: str
) -> None:
    """Access: the wire, or a stick. End: detected by the centre."""
    bench.open()
    bench.close()
    bench.open()
    bench.close()
    refusal = send(change(attacker.envelopes())).refusal
    assert refusal
    assert refusal.code == code


def test_a_record_forged_without_the_stations_key_is_refused(
    bench: Bench, station: Station, attacker: Attacker, send: Send
) -> None:
    """Access: the wire, and everything that is public. End: impossible."""
    forged = attacker.forge(bench.records()[-1], StationKey.generate(), station)
    sent = [*attacker.envelopes(), forged.data]
    refusal = send(sent).refusal
    assert refusal
    assert (refusal.code, refusal.seq) == ("bad_signature", len(sent))


def test_a_swapped_recipient_key_is_refused(bench: Bench, escrow: Identity) -> None:
    """Access: the disk, and a key pair of one's own. End: impossible without the state's root keys."""
    bench.open()
    bench.close()
    spy = Identity.generate("national")
    (bench.data / "recipients.list").write_bytes(listed(2, spy, escrow).sign([RootKey.generate()]))
    with pytest.raises(UnusableKeyFile, match="refused"):
        bench.open()


def test_an_old_recipient_list_is_refused(bench: Bench, national: Identity, escrow: Identity) -> None:
    """Access: the disk, and a list that the state once signed, to a key that has leaked since. End: impossible."""
    root = RootKey.generate()
    (bench.data / "root.keys").write_bytes(RootSet(1, (root.public,)).to_bytes())
    leaked = Identity.generate("national")
    (bench.data / "recipients.list").write_bytes(listed(2, national, escrow).sign([root]))
    bench.open()
    bench.close()
    (bench.data / "recipients.list").write_bytes(listed(1, leaked, escrow).sign([root]))
    with pytest.raises(RefusedList, match="1 is older than 2"):
        bench.open()


def listed(version: int, *identities: Identity) -> RecipientList:
    """Return a list of these recipients, not signed yet."""
    return RecipientList(version, NOON, NOON, tuple(each.recipient for each in identities))


def test_a_storm_of_pins_gets_few_guesses(bench: Bench, station: Station, officer: OperatorView) -> None:
    """Access: the screen, for a day and a night, with the plug in hand. End: impossible; detected by the vault."""
    guesses, until = 0, bench.clock.monotonic_ns + 24 * HOUR * 10**9
    while bench.clock.monotonic_ns < until:
        try:
            station.operators.sign_in(officer.id, f"{guesses:06}")
        except WrongPin:
            guesses += 1
        except Locked as locked:
            bench.clock.sleep(locked.seconds)
            guesses += 1
    assert guesses < 200, "of 1,000,000"
    failed = [each for each in bench.records() if getattr(each, "event", "") == "sign_in_failed"]
    assert len(failed) >= guesses - 30
