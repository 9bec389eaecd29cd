"""`garita-central`: what a technician types and reads."""

import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest

from sync.central import cli
from sync.central.centre import Centre
from sync.central.engine import Revocation
from sync.central.settings import CentralSettings
from sync.chain import Head
from sync.contract.submission import Submission
from sync.envelope import Envelope
from sync.journal import Sealer
from sync.note import LogKey, LogVerifier
from sync.receipts import verify
from tests.postgres import Postgres
from tests.sync.witness.parts import NOON
from tests.waiting import wait_until


class Shell:
    """Types a command; gives its exit code, what it printed and what it complained of."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *words: object) -> tuple[int | str | None, str, str]:
        self._monkeypatch.setattr(sys, "argv", ["garita-central", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        printed = self._capsys.readouterr()
        return end.value.code, printed.out, printed.err


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


@pytest.fixture
def card(tmp_path: Path, sealer: Sealer) -> Path:
    path = tmp_path / "station.card"
    path.write_bytes(sealer.key.card(sealer.station).to_bytes())
    return path


def test_init_prints_the_log_key_and_keeps_the_private_half(shell: Shell, tmp_path: Path) -> None:
    code, printed, _ = shell("init", "--data", tmp_path / "new/central", "--origin", "log.test/garita", "--port", 9000)
    assert code == 0
    assert LogVerifier.from_vkey(printed.strip()).name == "log.test/garita"
    assert CentralSettings.read(tmp_path / "new/central").port == 9000
    assert stat.S_IMODE((tmp_path / "new/central").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new/central/log.key").stat().st_mode) == 0o600


def test_init_never_overwrites(shell: Shell, centre_folder: Path) -> None:
    before = (centre_folder / "log.key").read_bytes()
    code, _, complaint = shell("init", "--data", centre_folder, "--origin", "log.test/other")
    assert code == 1
    assert "nothing was changed" in complaint
    assert (centre_folder / "log.key").read_bytes() == before


@pytest.mark.parametrize("kept_in", ["sqlite", "postgresql"])
def test_an_init_that_was_cut_short_says_what_to_remove(
    shell: Shell, tmp_path: Path, kept_in: str, request: pytest.FixtureRequest
) -> None:
    def database() -> tuple[str, ...]:
        if kept_in == "sqlite":
            return ()
        return "--postgres", request.getfixturevalue("postgres").create(f"t{token_hex(8)}")

    folder, postgres = tmp_path / "central", database()
    words = ("init", "--data", folder, "--origin", "log.test/garita", *postgres)
    shell(*words)
    (folder / "central.toml").unlink()
    if not postgres:
        (folder / "central.db-wal").touch()
        (folder / "log.policy").touch()
    code, _, complaint = shell(*words)
    assert (code, "holds a centre already" in complaint) == (1, False)
    assert "bring central.toml back" in complaint
    assert "where it never took anything in, remove there " in complaint
    assert ("and the database that --postgres names" in complaint) is bool(postgres)
    removed = complaint.partition("remove there ")[2].partition(",")[0].split()
    assert removed == (["log.key"] if postgres else ["central.db", "central.db-wal", "log", "log.key"])
    for name in removed:
        shutil.rmtree(folder / name) if (folder / name).is_dir() else (folder / name).unlink()
    assert shell(*words[:5], *database())[0] == 0


def test_init_wants_a_name_that_a_checkpoint_can_carry(shell: Shell, tmp_path: Path) -> None:
    code, _, complaint = shell("init", "--data", tmp_path / "central", "--origin", "two words")
    assert code == 1
    assert "no spaces" in complaint
    assert not (tmp_path / "central").exists()


def test_admit_and_stations(shell: Shell, centre_folder: Path, card: Path, sealer: Sealer) -> None:
    fingerprint = sealer.key.card(sealer.station).fingerprint
    for _ in range(2):
        code, printed, _ = shell("admit", "--data", centre_folder, card)
        assert (code, printed) == (0, f"MX-TIJ-01 admitted, fingerprint {fingerprint}\n")
    code, printed, _ = shell("stations", "--data", centre_folder)
    assert (code, printed) == (0, f"MX-TIJ-01: fingerprint {fingerprint}, 0 entries\n")


@pytest.mark.parametrize("data", [b"", b"{}", b"\xa0", b"\xff" * 100])
def test_what_is_no_card_is_refused_in_one_line(shell: Shell, centre_folder: Path, card: Path, data: bytes) -> None:
    card.write_bytes(data)
    code, _, complaint = shell("admit", "--data", centre_folder, card)
    assert code == 1
    assert complaint.startswith(f"garita-central: {card} is no station's card: StationCard: ")
    assert len(complaint.splitlines()) == 1


def test_a_folder_without_a_centre(shell: Shell, tmp_path: Path) -> None:
    code, _, complaint = shell("stations", "--data", tmp_path)
    assert code == 1
    way = "give the folder of the data as --data, or bring the file back from its backup; `init` makes a new one"
    assert complaint == f"garita-central: {tmp_path}/central.toml is not there: {way}\n"


def test_a_port_that_there_is_not(shell: Shell, tmp_path: Path) -> None:
    code, _, complaint = shell("init", "--data", tmp_path / "c", "--origin", "log.test/garita", "--port", 99999)
    assert code == 2
    assert "65535" in complaint
    assert not (tmp_path / "c").exists()


def test_revoking_twice_keeps_the_first_moment(shell: Shell, centre_folder: Path, card: Path) -> None:
    shell("admit", "--data", centre_folder, card)
    _, first, _ = shell("revoke", "--data", centre_folder, "MX-TIJ-01", "--reason", "stolen")
    since = first.split("since ")[1].split(";")[0]
    _, second, _ = shell("revoke", "--data", centre_folder, "MX-TIJ-01", "--reason", "lost")
    assert f"since {since} (stolen) already; nothing was changed" in second
    _, listed, _ = shell("stations", "--data", centre_folder)
    assert f"REVOKED {since} (stolen)" in listed


@pytest.mark.parametrize("command", [("reinstate", "NOBODY"), ("reinstate", "MX-TIJ-01"), ("revoke", "NOBODY")])
def test_nobody_is_taken_back_or_revoked(
    shell: Shell, centre_folder: Path, card: Path, command: tuple[str, str]
) -> None:
    shell("admit", "--data", centre_folder, card)
    reason = ("--reason", "lost") if command[0] == "revoke" else ()
    code, printed, complaint = shell(command[0], "--data", centre_folder, command[1], *reason)
    assert (code, printed) == (1, "")
    assert "there is nothing to" in complaint
    assert len(complaint.splitlines()) == 1


def test_a_revoked_station_is_taken_in_again(shell: Shell, centre_folder: Path, card: Path) -> None:
    shell("admit", "--data", centre_folder, card)
    shell("revoke", "--data", centre_folder, "MX-TIJ-01", "--reason", "lost")
    assert shell("reinstate", "--data", centre_folder, "MX-TIJ-01")[:2] == (0, "MX-TIJ-01 is taken in again\n")


def test_a_revoked_station_is_not_said_to_be_admitted(shell: Shell, centre_folder: Path, card: Path) -> None:
    shell("admit", "--data", centre_folder, card)
    _, told, _ = shell("revoke", "--data", centre_folder, "MX-TIJ-01", "--reason", "stolen")
    since = told.split("since ")[1].split(";")[0]
    code, printed, complaint = shell("admit", "--data", centre_folder, card)
    assert (code, printed) == (1, "")
    assert complaint == (
        f"garita-central: station MX-TIJ-01 was admitted before, and is REVOKED since {since} (stolen): it stays"
        " so, and `garita-central reinstate MX-TIJ-01` takes it in again\n"
    )


@pytest.mark.parametrize("address", ["garbage", "host=/nowhere dbname=x", "postgres://[x"])
def test_an_address_that_is_no_database(shell: Shell, centre_folder: Path, address: str) -> None:
    (centre_folder / "central.toml").unlink()
    CentralSettings(postgres=address).write(centre_folder)
    code, _, complaint = shell("stations", "--data", centre_folder)
    assert code == 1
    assert "postgres in central.toml" in complaint
    assert len(complaint.splitlines()) == 1


def test_a_file_that_is_no_database(shell: Shell, centre_folder: Path) -> None:
    (centre_folder / "central.db").write_bytes(b"no database at all" * 1000)
    code, _, complaint = shell("stations", "--data", centre_folder)
    assert code == 1
    assert complaint.startswith(f"garita-central: {centre_folder}/central.db cannot be used as a database")
    assert len(complaint.splitlines()) == 1


def test_what_is_kept_outside_of_the_log_is_listed(
    shell: Shell, centre_folder: Path, sealer: Sealer, entries: list[Envelope]
) -> None:
    centre = Centre.open(centre_folder)
    centre.store.admit(sealer.key.card(sealer.station), NOON)
    branch = sealer.seal_after(Head(entries[0].header.seq, entries[0].digest), b"another second entry")
    for envelopes in (entries[:2], [branch, sealer.seal_after(Head(branch.header.seq, branch.digest), b"third")]):
        centre.ingest.submit(Submission(station=sealer.station, envelopes=[each.data for each in envelopes]))
    centre.store.revoke(sealer.station, Revocation("2026-11-22T12:00:00.000000Z", "stolen"))
    centre.ingest.submit(Submission(station=sealer.station, envelopes=[entries[2].data]))
    centre.close()
    assert "2 EQUIVOCATIONS (see: garita-central aside)" in shell("stations", "--data", centre_folder)[1]
    code, listed, _ = shell("aside", "--data", centre_folder)
    second, third, quarantined = listed.splitlines()
    assert code == 0
    assert second.startswith("MX-TIJ-01/2: contested, the log has another at place 1; came ")
    assert second.endswith(f"SHA-256 {branch.digest.hex()}, follows {entries[0].digest.hex()}")
    assert third.startswith("MX-TIJ-01/3: contested, nothing of that number is in the log; came ")
    assert quarantined.startswith("MX-TIJ-01/3: quarantined, sent while the station was revoked; came ")


def test_a_log_begins_again_under_a_new_key_over_the_same_entries(
    shell: Shell, centre_folder: Path, sealer: Sealer, entries: list[Envelope]
) -> None:
    def submit(count: int) -> tuple[str, str]:
        centre = Centre.open(centre_folder)
        centre.store.admit(sealer.key.card(sealer.station), NOON)
        sent = [each.data for each in entries[:count]]
        answer = centre.ingest.submit(Submission(sealer.station, sent))
        centre.close()
        return centre.vkey, answer.receipts[0].proof

    old, before = submit(3)
    code, printed, _ = shell("renew-log", "--data", centre_folder, "log.test/garita-2")
    new = printed.strip()
    assert code == 0
    assert LogVerifier.from_vkey(new).name == "log.test/garita-2"
    vkey, after = submit(5)
    assert vkey == new
    assert verify(before, entries[0].digest, LogVerifier.from_vkey(old)).size == 3
    assert verify(after, entries[0].digest, LogVerifier.from_vkey(new)).size == 5
    [kept] = centre_folder.glob("log.key.*")
    assert (LogKey.from_bytes(kept.read_bytes()).verifier.vkey, stat.S_IMODE(kept.stat().st_mode)) == (old, 0o600)


def test_a_log_that_begins_again_has_another_name(shell: Shell, centre_folder: Path) -> None:
    before = (centre_folder / "log.key").read_bytes()
    code, _, complaint = shell("renew-log", "--data", centre_folder, "log.test/garita")
    assert (code, (centre_folder / "log.key").read_bytes()) == (1, before)
    assert "has another name" in complaint


@pytest.mark.parametrize("reached", ["key", "log", "log.key"])
def test_a_renewal_that_was_interrupted_goes_on_under_the_name_that_was_begun(
    shell: Shell, centre_folder: Path, reached: str
) -> None:
    before = centre_folder.with_name("before")
    shutil.copytree(centre_folder, before)
    old = (centre_folder / "log.key").read_bytes()
    _, printed, _ = shell("renew-log", "--data", centre_folder, "log.test/garita-2")
    folder = before if reached == "key" else centre_folder
    (folder / "log.key.new-log").write_bytes((centre_folder / "log.key").read_bytes())
    if reached == "log":
        (folder / "log.key").write_bytes(old)
    assert "go on with `garita-central renew-log log.test/garita-2`" in shell("serve", "--data", folder)[2]
    if reached != "log.key":
        assert "under the name log.test/garita-2" in shell("renew-log", "--data", folder, "log.test/garita-3")[2]
    assert shell("renew-log", "--data", folder, "log.test/garita-2")[:2] == (0, printed)
    centre = Centre.open(folder)
    centre.close()
    assert f"{centre.vkey}\n" == printed
    [kept] = folder.glob("log.key.*")
    assert kept.read_bytes() == old


def test_a_centre_on_postgresql_is_made_by_the_command_alone(
    shell: Shell, tmp_path: Path, card: Path, postgres: Postgres
) -> None:
    folder, address = tmp_path / "central", postgres.create(f"t{token_hex(8)}")
    words = ("--origin", "log.test/garita", "--postgres", address)
    code, printed, _ = shell("init", "--data", folder, *words)
    assert (code, LogVerifier.from_vkey(printed.strip()).name) == (0, "log.test/garita")
    assert shell("admit", "--data", folder, card)[0] == 0
    assert shell("stations", "--data", folder)[1].startswith("MX-TIJ-01: ")
    centre = Centre.open(folder)
    try:
        running = shell("renew-log", "--data", folder, "log.test/garita-2")
        assert running[0] == 1
        assert "garita-central is connected to the database from this host; stop it" in running[2]
    finally:
        centre.close()
    assert not (folder / "central.db").exists()
    again = shell("init", "--data", tmp_path / "other", *words)
    assert (again[0], "holds a centre already; nothing was changed" in again[2]) == (1, True)
    wait_until(lambda: shell("renew-log", "--data", folder, "log.test/garita-2")[0] == 0)
    Centre.open(folder).close()


def test_a_postgresql_without_a_centre_is_not_made_into_one(
    shell: Shell, centre_folder: Path, card: Path, postgres: Postgres
) -> None:
    address = postgres.create(f"t{token_hex(8)}")
    (centre_folder / "central.toml").unlink()
    CentralSettings(postgres=address).write(centre_folder)
    for words in (("serve",), ("stations",), ("admit", card), ("renew-log", "log.test/garita-2")):
        code, printed, complaint = shell(words[0], "--data", centre_folder, *words[1:])
        assert (code, printed) == (1, "")
        assert "`garita-central init --postgres ADDRESS`, in a folder of its own" in complaint
    with psycopg.connect(address) as database:
        assert database.execute("SELECT to_regclass('stations')").fetchone() == (None,)


def test_a_centre_does_not_move_to_another_engine_by_its_settings(
    shell: Shell, centre_folder: Path, card: Path, postgres: Postgres
) -> None:
    shell("admit", "--data", centre_folder, card)
    (centre_folder / "central.toml").unlink()
    CentralSettings(postgres=postgres.create(f"t{token_hex(8)}")).write(centre_folder)
    for command in ("serve", "stations"):
        code, printed, complaint = shell(command, "--data", centre_folder)
        assert (code, printed) == (1, "")
        assert "Take `postgres` out of central.toml again" in complaint


@pytest.mark.parametrize("harm", ["lost", "emptied", "without tables"])
def test_a_missing_database_is_never_a_new_one(shell: Shell, centre_folder: Path, harm: str) -> None:
    for file in centre_folder.glob("central.db*"):
        file.unlink()
    if harm == "emptied":
        (centre_folder / "central.db").touch()
    if harm == "without tables":
        with closing(sqlite3.connect(centre_folder / "central.db")) as database:
            database.execute("PRAGMA journal_mode = WAL")
    before = {each.name: each.stat().st_size for each in centre_folder.glob("central.db")}
    for command in ("serve", "stations"):
        code, printed, complaint = shell(command, "--data", centre_folder)
        assert (code, printed) == (1, "")
        assert "Bring the newest copy of the centre's folder back" in complaint
    assert {each.name: each.stat().st_size for each in centre_folder.glob("central.db")} == before


@pytest.mark.parametrize("share", [0, 0.5])
def test_settings_that_were_emptied_or_cut_say_nothing_by_silence(
    shell: Shell, centre_folder: Path, share: float
) -> None:
    file = centre_folder / "central.toml"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[: int(len(lines) * share)]))
    code, printed, complaint = shell("stations", "--data", centre_folder)
    assert (code, printed) == (1, "")
    assert "the file was cut or emptied" in complaint
