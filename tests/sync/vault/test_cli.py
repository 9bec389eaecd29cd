"""`garita-vault`: what the key holder types and reads, with the real centre behind its socket."""

import json
import os
import pwd
import shutil
import signal
import socketserver
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Thread

import httpx
import pytest
from typer.testing import CliRunner

from deploy.certificates import issue_server, make_authority
from sync.batch import write_batch
from sync.central.centre import Centre, system_now
from sync.chain import Head
from sync.contract.card import StationCard
from sync.contract.casework import Concerned
from sync.contract.ids import Seq, StationId
from sync.contract.inside import LoggedEnvelope
from sync.contract.openings import OpeningRecord
from sync.contract.records import Record
from sync.contract.submission import BATCH_TYPE, Answer, Submission
from sync.contract.wall import format_wall
from sync.court import CourtBundle, Evidence, Export, make_bundle
from sync.envelope import Envelope
from sync.errors import (
    CentralRefused,
    CentralUnreachable,
    LogDamaged,
    Malformed,
    SyncError,
    UnusableDatabase,
    UnusableFile,
)
from sync.identity import Identity
from sync.journal import Sealer
from sync.keys import StationKey
from sync.note import LogKey
from sync.recipients import RecipientList
from sync.roots import RootKey, RootSet
from sync.vault.cases import Cases
from sync.vault.cli import app
from sync.vault.filing_cli import MOST_FAULTS, Told
from sync.vault.office import account
from sync.vault.settings import VaultSettings
from sync.vault.source import Source, connect
from sync.vault.vault import Vault
from tests.sync.vault.parts import unnoted
from tests.sync.vault.swapping import swapping
from tests.sync.vault.voided import AUDITOR, REASON, SUPERVISOR, Token, accounts, approval, void_of
from tests.sync.witness.parts import NOON
from tests.waiting import wait_until

BIN = Path(sys.executable).parent
SECONDS = 60
VAULT = StationId("VAULT")
Submit = Callable[[list[Envelope]], None]
EXPORT = Export(time="2026-11-22T12:00:00.000000Z", persons=["A. Ruiz", "B. Soto"], reason="Causa 12/2026")


def vault(*words: object) -> subprocess.CompletedProcess[str]:
    command = [BIN / "garita-vault", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S603 - our own


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start commands; each is ended with the test."""
    started: list[subprocess.Popen[str]] = []

    def start_one(*words: object) -> subprocess.Popen[str]:
        command = [BIN / str(words[0]), *map(str, words[1:])]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True))  # noqa: S603 - our own
        assert started[-1].stdout
        started[-1].stdout.readline()
        return started[-1]

    yield start_one
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def identity(tmp_path: Path, national: Identity) -> Path:
    path = tmp_path / "national.identity"
    path.write_bytes(national.to_bytes())
    path.chmod(0o600)
    return path


@pytest.fixture
def data(tmp_path: Path, identity: Path, national: Identity, escrow: Identity) -> Path:
    folder = tmp_path / "vault"
    words = ("--identity", identity, "--central-socket", tmp_path / "central/inside.sock")
    assert vault("init", "--data", folder, *words).returncode == 0
    roots = [RootKey.generate() for _ in range(2)]
    listed = RecipientList(1, NOON, NOON, (national.recipient, escrow.recipient))
    (folder / "root.keys").write_bytes(RootSet(2, tuple(root.public for root in roots)).to_bytes())
    (folder / "recipients.list").write_bytes(listed.sign(roots))
    return folder


@pytest.fixture
def held(centre_folder: Path, centre: Centre, sealed: list[Envelope], sealer: Sealer, data: Path) -> Path:
    """Fill a centre that admits the vault, and close it, so that a process can serve it."""
    centre.store.admit(StationCard.from_bytes((data / "vault.card").read_bytes()), NOON)
    (data / "log.vkey").write_text(centre.vkey)
    envelopes = [envelope.data for envelope in sealed]
    assert centre.ingest.submit(Submission(station=sealer.station, envelopes=envelopes)).contiguous == 5
    evidence = [Evidence(*each) for each in zip(sealed, centre.log.receipts(range(5)), strict=True)]
    bundle = make_bundle(EXPORT, [centre.log.verifier], [sealer.key.card(sealer.station)], evidence)
    (data / "sealed.court").write_bytes(bundle)
    (data / "station.card").write_bytes(sealer.key.card(sealer.station).to_bytes())
    now = system_now()
    authority = make_authority("test authority", now)
    issue_server(authority, "127.0.0.1", now).write(centre_folder / "tls", "server")
    authority.write(centre_folder / "tls", "authority")
    centre.close()
    return centre_folder


def filed(data: Path) -> int:
    """Return up to which log index everything is filed."""
    with closing(Cases(data / "cases.db")) as cases:
        return cases.progress()


def openings_of(data: Path) -> list[OpeningRecord]:
    """Return what was opened and shown to whom, as the log has it."""
    wait_until(lambda: filed(data) + 1 >= len(logged(data)))
    with closing(Cases(data / "cases.db")) as cases:
        found = [cases.record(VAULT, each.entry.seq) for each in cases.filed(VAULT, 1, 1000)]
    return [each for each in found if isinstance(each, OpeningRecord)]


def looks(data: Path) -> list[OpeningRecord]:
    """Return who looked at what, as the log has it."""
    return [each for each in openings_of(data) if each.act == "show"]


def logged(data: Path) -> list[LoggedEnvelope]:
    """Return what the centre has of the vault's station and all others."""
    with connect(data / VaultSettings.read(data).central_socket) as http:
        return Source(http).page(-1).envelopes


def test_the_way_through_the_socket(
    data: Path, held: Path, start: Callable[..., subprocess.Popen[str]], records: list[Record]
) -> None:
    assert vault("pin", "--data", data, data / "station.card").returncode == 0
    running = start("garita-vault", "run", "--data", data)
    centre = start("garita-central", "serve", "--data", held)
    wait_until(lambda: filed(data) == 5)
    cases = json.loads(vault("cases", "--data", data, "--json").stdout)
    assert cases[0].keys() == {
        "station", "seq", "log_index", "screening", "conclusion", "recorded", "opened", "top_hit", "void"
    }  # fmt: skip
    assert [case["top_hit"] for case in cases] == ["cocaine", None, "fentanyl"]
    who = ("--person", "A. Ruiz", "--reason", "Causa 12/2026")
    assert "fentanyl" in vault("cases", "--data", data, *who).stdout
    assert vault("alerts", "--data", data, "--json").stdout == "[]\n"
    assert vault("problems", "--data", data, "--json").stdout == "[]\n"
    waits = [f"MX-TIJ-01/{seq}: attachment 1 has not come to the centre yet" for seq in (3, 4, 5)]
    assert vault("problems", "--data", data).stdout.splitlines() == waits
    shown = json.loads(vault("show", "--data", data, "MX-TIJ-01", 3).stdout)
    assert shown["screening"] == records[2].model_dump()["screening"]
    [named] = shown["readings"][0]["attachments"]
    assert named["digest"] == sha256(b"bytes").hexdigest()
    told = vault("attachments", "--data", data, "MX-TIJ-01", 3, "--out", data / "out").stdout
    assert told == "transcript, 5 bytes, x/y: not here yet\n"
    first, second, third, *others = looks(data)
    assert (second.persons, second.reason) == (["A. Ruiz"], "Causa 12/2026")
    assert second.entries[0].startswith("cases, log 0 to ")
    assert (third.persons, third.entries[0].partition(",")[0]) == ([account()], "alerts")
    assert [each.entries for each in others] == [["MX-TIJ-01/3"], ["MX-TIJ-01/3, attachments"]]
    assert first.recorded.wall < second.recorded.wall < third.recorded.wall < format_wall(datetime.now(UTC))
    running.send_signal(signal.SIGTERM)
    printed, complaints = running.communicate(timeout=SECONDS)
    assert running.returncode == 0
    counted = [line.split()[1::2] for line in printed.splitlines() if "envelopes, " in line]
    assert sum(int(seen) for seen, _ in counted) == 5 + 6, "five, that they were opened, and five looks at them"
    assert {problems for _, problems in counted} == {"0"}
    centre.kill()
    centre.wait()
    assert vault("problems", "--data", data).stdout.count("the centre does not say whether it came: ") == 3
    assert all("no usable answer from the centre" in line for line in complaints.splitlines())


def test_nothing_is_disclosed_before_it_is_in_the_log(
    data: Path, held: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    words = ["--out", data / "out.court", "--person", "A. Ruiz", "--person", "B. Soto", "--reason", "Causa 12/2026"]
    vault("pin", "--data", data, data / "station.card")
    refused = vault("disclose", "--data", data, *words, data / "sealed.court", "MX-TIJ-01/3")
    assert refused.returncode == 1
    assert "the opening cannot be logged, so nothing is opened: nobody listens at /" in refused.stderr
    assert "start `garita-central serve`" in refused.stderr
    assert not (data / "out.court").exists()
    start("garita-central", "serve", "--data", held)
    absent = vault("disclose", "--data", data, *words, data / "sealed.court", "MX-TIJ-01/3", "MX-TIJ-01/9")
    assert (absent.returncode, "not in the bundle: MX-TIJ-01/9" in absent.stderr) == (1, True)
    assert not (data / "out.court").exists()
    done = vault("disclose", "--data", data, *words, data / "sealed.court", "MX-TIJ-01/3")
    assert done.returncode == 0, done.stderr
    keys = [entry.key is not None for entry in CourtBundle.from_bytes((data / "out.court").read_bytes()).entries]
    assert keys == [False, False, True, False, False]


def test_another_entry_is_told_also_where_the_one_that_was_filed_was_not_opened(
    data: Path,
    held: Path,
    sealed: list[Envelope],
    sealer: Sealer,
    centre: Centre,
    records: list[Record],
    start: Callable[..., subprocess.Popen[str]],
) -> None:
    """The centre takes an entry with a spoilt signature in the middle (0016); the station's bundle has the good one."""
    good = sealer.seal_after(Head(Seq(5), sealed[-1].digest), records[3].to_bytes())
    spoilt = Envelope.from_bytes(good.data[:-1] + bytes([good.data[-1] ^ 1]))
    after = sealer.seal_after(Head(Seq(6), spoilt.digest), records[4].to_bytes())
    card = sealer.key.card(sealer.station)
    (data / "sealed.court").write_bytes(make_bundle(EXPORT, [centre.log.verifier], [card], [Evidence(good)]))
    vault("pin", "--data", data, data / "station.card")
    start("garita-central", "serve", "--data", held)
    send(held, sealer, [spoilt, after])
    start("garita-vault", "run", "--data", data)
    out = ("--out", data / "out.court", "--unlogged")
    wait_until(lambda: filed(data) >= 6)
    done = vault("disclose", "--data", data, *out, *TWO, data / "sealed.court", "MX-TIJ-01/6")
    named = f"MX-TIJ-01/6, SHA-256 {good.digest.hex()}, and another was filed"
    assert done.stdout.splitlines()[0] == f"{named} here; see `problems` and `aside`", done.stderr
    assert openings_of(data)[-1].entries == [named]


def test_what_was_voided_leaves_with_its_void(
    data: Path, held: Path, sealed: list[Envelope], sealer: Sealer, start: Callable[..., subprocess.Popen[str]]
) -> None:
    tokens = {SUPERVISOR: Token(), AUDITOR: Token()}
    head = Head(sealed[-1].header.seq, sealed[-1].digest)
    void = void_of(Concerned(seq=Seq(3), digest=sealed[2].digest))
    for record in [*accounts(tokens), approval(tokens, 3), void]:
        sealed.append(sealer.seal_after(head, record.to_bytes()))
        head = Head(sealed[-1].header.seq, sealed[-1].digest)
    with closing(Centre.open(held)) as centre:
        centre.ingest.submit(Submission(station=sealer.station, envelopes=[each.data for each in sealed[5:]]))
    vault("pin", "--data", data, data / "station.card")
    start("garita-central", "serve", "--data", held)
    start("garita-vault", "run", "--data", data)
    wait_until(lambda: filed(data) >= 11)
    told = f"MX-TIJ-01/11 voids MX-TIJ-01/3, by op-1: {REASON}"
    assert vault("show", "--data", data, "MX-TIJ-01", 3).stderr.splitlines() == [f"garita-vault: {told}"]
    who = ["--person", "A. Ruiz", "--person", "B. Soto", "--reason", "Causa 12/2026"]
    done = vault("export", "--data", data, "MX-TIJ-01", 3, "--out", data / "3.court", *who)
    assert done.stdout.splitlines()[0] == f"{told}: disclosed with it"
    bundle = CourtBundle.from_bytes((data / "3.court").read_bytes())
    opened = [Envelope.from_bytes(each.envelope).header.seq for each in bundle.entries if each.key]
    assert opened == [3, 10, 11]
    command = [BIN / "garita-verify", "--language", "en", str(data / "3.court")]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert "VOIDED" in checked.stdout
    [noted] = [each for each in openings_of(data) if each.act == "export"]
    assert noted.entries == ["MX-TIJ-01/3", "MX-TIJ-01/10", "MX-TIJ-01/11"]
    done = vault("disclose", "--data", data, "--out", data / "out.court", *who, data / "sealed.court", "MX-TIJ-01/3")
    left = "NOT disclosed; ask for MX-TIJ-01/10 and MX-TIJ-01/11 too, or use `export`"
    assert done.stdout.splitlines()[0] == f"{told}: {left}"
    done = vault("export", "--data", data, "MX-TIJ-01", 11, "--out", data / "11.court", *who)
    assert "named by what is disclosed, and NOT in the bundle: MX-TIJ-01/3" in done.stdout.splitlines()


def test_what_stands_outside_of_the_log_is_told_and_opened(
    data: Path, held: Path, sealed: list[Envelope], sealer: Sealer, start: Callable[..., subprocess.Popen[str]]
) -> None:
    with closing(Centre.open(held)) as centre:
        branch = sealer.seal_after(Head(sealed[1].header.seq, sealed[1].digest), sealed[1].data)
        centre.ingest.submit(Submission(station=sealer.station, envelopes=[branch.data]))
    vault("pin", "--data", data, data / "station.card")
    start("garita-central", "serve", "--data", held)
    stopped = vault("problems", "--data", data)
    outside = "1 entries stand outside of the log; see: garita-vault aside"
    assert stopped.stderr.splitlines()[:2] == [outside, "0 of 5 entries of the log are filed here"]
    assert (stopped.returncode, "let `garita-vault run` file it" in stopped.stderr) == (1, True)
    running = start("garita-vault", "run", "--data", data)
    wait_until(lambda: filed(data) == 5)
    assert vault("problems", "--data", data, "--json").returncode == 0
    told = vault("aside", "--data", data).stdout
    assert told.startswith("MX-TIJ-01/3: contested, came ")
    assert "leaves the journal behind entry 2: " in told
    [shown] = looks(data)
    assert shown.entries == [f"outside of the log: MX-TIJ-01/3, SHA-256 {branch.digest.hex()}"]
    running.send_signal(signal.SIGTERM)
    printed, _ = running.communicate(timeout=SECONDS)
    assert printed.count("garita-vault: 1 entries stand outside of the log; see: garita-vault aside") == 1


class BreakingOff(socketserver.BaseRequestHandler):
    """A centre that takes a connection and ends it."""


@contextmanager
def centre_that(folder: Path, handler: type[BreakingOff]) -> Iterator[None]:
    with socketserver.UnixStreamServer(str(folder / "inside.sock"), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield
        server.shutdown()
        thread.join()
    (folder / "inside.sock").unlink()


@pytest.fixture
def breaks_off(centre_folder: Path) -> Iterator[None]:
    with centre_that(centre_folder, BreakingOff):
        yield


def test_a_run_says_once_why_it_cannot_file_and_that_it_goes_on(
    data: Path, held: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    looks = list[None]()

    class Counting(BreakingOff):
        def handle(self) -> None:
            looks.append(None)

    with centre_that(held, Counting):
        running = start("garita-vault", "run", "--data", data)
        wait_until(lambda: len(looks) > 6)
    start("garita-central", "serve", "--data", held)
    wait_until(lambda: filed(data) == 5)
    running.send_signal(signal.SIGTERM)
    printed, complained = running.communicate(timeout=SECONDS)
    assert complained.count("no usable answer from the centre") == 1
    assert printed.count("garita-vault: goes on") == 1


@pytest.mark.usefixtures("breaks_off")
@pytest.mark.parametrize("fault", ["the centre does not answer", "the journal of openings is unreadable"])
def test_what_cannot_be_put_on_record_is_not_shown(
    fault: str, data: Path, centre: Centre, inside: httpx.Client, sealed: list[Envelope], submit: Submit
) -> None:
    """The log has it all and it was opened; each command stops before it shows any of it."""
    submit(sealed)
    (data / "log.vkey").write_text(centre.vkey)
    national = Identity.from_bytes((data / "../national.identity").read_bytes())
    with closing(Cases(data / "cases.db")) as cases:
        Vault(Source(inside), cases, national, lambda: NOON, unnoted).pull()
    if "unreadable" in fault:
        (data / "openings.db").write_bytes(b"garbage" * 1000)
    commands = [["cases"], ["cases", "--json"], ["alerts"], ["alerts", "--json"], ["show", "MX-TIJ-01", "3"]]
    for command, *words in [*commands, ["attachments", "MX-TIJ-01", "3", "--out", str(data / "out")]]:
        ended = CliRunner().invoke(app, [command, "--data", str(data), *words])
        assert isinstance(ended.exception, SyncError)
        assert ended.stdout == ""
    assert not (data / "out").exists()


NOTES_TEN = """
import sys
from pathlib import Path
from sync.vault.office import openings
from sync.vault.office import account
from sync.vault.settings import VaultSettings
from sync.vault.source import connect

data = Path(sys.argv[1])
settings = VaultSettings.read(data)
with connect(data / settings.central_socket) as http, openings(data, settings, http) as noted:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(10):
        noted.note("show", [sys.argv[2]], "two at once", [f"MX-TIJ-01/{number}"])
"""


def test_two_processes_write_the_journal_of_openings(
    data: Path, held: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    """Without the write lock both read one end of the journal, and claim the same number after it."""
    start("garita-central", "serve", "--data", held)
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", NOTES_TEN, data]
    both = [
        subprocess.Popen([*command, name], stdin=pipe, stdout=pipe, stderr=pipe, text=True)  # noqa: S603 - our own
        for name in ("A", "B")
    ]
    for each in both:
        assert each.stdout
        assert each.stdout.readline() == "ready\n"
    for each in both:
        assert each.stdin
        each.stdin.write("go\n")
        each.stdin.flush()
    ended = [each.communicate(timeout=SECONDS) for each in both]
    assert [(each.returncode, complaints) for each, (_, complaints) in zip(both, ended, strict=True)] == [(0, "")] * 2
    assert [each.seq for each in logged(data) if each.station == VAULT] == list(range(1, 21))


def test_who_looks_is_not_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "judge")
    assert account() == pwd.getpwuid(os.getuid()).pw_name != "judge"


def test_its_files_are_private(data: Path) -> None:
    vault("cases", "--data", data)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "cases.db").stat().st_mode) == 0o600


def test_files_that_are_garbage_are_one_line(data: Path) -> None:
    (data / "log.vkey").write_text("log.test/garita+00000000+AQ==")
    for name, words in {
        "log.vkey": ("export", "MX-TIJ-01", 3, "--out", "o", "--person", "A", "--person", "B", "--reason", "r"),
        "cases.db": ("cases",),
    }.items():
        (data / name).write_bytes(b"\xff garbage" * 100)
        ended = vault(words[0], "--data", data, *words[1:])
        [line] = ended.stderr.splitlines()
        assert (ended.returncode, line.startswith("garita-vault: ")) == (1, True)
    ended = vault("show", "--data", data, "MX-TIJ-01", "9" * 20)
    assert (ended.returncode, "Traceback" in ended.stderr, "Invalid value" in ended.stderr) == (2, False, True)


@pytest.mark.parametrize("left", ["vault.toml", "vault.key", "vault.card", "cases.db", "openings.db"])
def test_init_lays_nothing_over_what_is_left_of_a_vault(data: Path, identity: Path, left: str) -> None:
    for name in {"vault.toml", "vault.key", "vault.card", "cases.db", "openings.db"} - {left}:
        (data / name).unlink()
    before = {each.name: each.read_bytes() for each in data.iterdir()}
    ended = vault("init", "--data", data, "--identity", identity, "--central-socket", "s")
    assert ended.returncode == 1
    assert f"holds {left} already; nothing was changed. Where this was in use" in ended.stderr
    assert {each.name: each.read_bytes() for each in data.iterdir()} == before


def test_faults_are_one_line(data: Path, tmp_path: Path, identity: Path) -> None:
    faults = {
        "no opened record": vault("show", "--data", data, "MX-TIJ-01", 1),
        "give the folder of the data as --data": vault("cases", "--data", tmp_path),
        "nothing was changed": vault("init", "--data", data, "--identity", identity, "--central-socket", "s"),
        f"{__file__}: not a usable key file": vault(
            "init", "--data", tmp_path, "--identity", __file__, "--central-socket", "s"
        ),
        "none is not there: lay it there": vault(
            "init", "--data", tmp_path, "--identity", tmp_path / "none", "--central-socket", "s"
        ),
    }
    for words, ended in faults.items():
        assert ended.returncode == 1, words
        [line] = ended.stderr.splitlines()
        assert line.startswith("garita-vault: ")
        assert words in line


@pytest.mark.parametrize("file", ["cases.db", "openings.db"])
@pytest.mark.parametrize("harm", ["lost", "emptied"])
def test_what_is_missing_is_never_a_country_without_cases(data: Path, file: str, harm: str) -> None:
    (data / "log.vkey").write_text(LogKey.generate("log.test/garita").verifier.vkey)
    (data / file).unlink()
    if harm == "emptied":
        (data / file).touch()
    for command in ("cases", "alerts", "run"):
        done = CliRunner().invoke(app, [command, "--data", str(data)])
        assert isinstance(done.exception, UnusableDatabase)
        assert file in str(done.exception)
        assert "MX" not in done.stdout
    assert (data / file).exists() == (harm == "emptied")


@pytest.mark.parametrize("command", ["begin-again", "init"])
def test_a_disk_without_room_is_one_line(data: Path, tmp_path: Path, identity: Path, command: str) -> None:
    """A file that may have 2,500 bytes takes the vault's key and card, and no database."""
    before = (data / "cases.db").read_bytes()
    words = {
        "begin-again": ["--data", data],
        "init": ["--data", tmp_path / "new", "--identity", identity, "--central-socket", "s"],
    }[command]
    program = ["/usr/bin/prlimit", "--fsize=2500", BIN / "garita-vault", command, *map(str, words)]
    ended = subprocess.run(program, capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S603 - our own
    [line] = ended.stderr.splitlines()
    assert (ended.returncode, line.startswith("garita-vault: "), "cannot be" in line) == (1, True, True), line
    assert (data / "cases.db").read_bytes() == before


def test_cards_and_exports_outlast_a_database_that_begins_again(data: Path, sealer: Sealer) -> None:
    card = data / "station.card"
    card.write_bytes(sealer.key.card(sealer.station).to_bytes())
    vault("pin", "--data", data, card)
    with closing(Cases(data / "cases.db")) as cases:
        cases.note_export("2026-11-22T12:00:00Z", ["A", "B"], "Causa 12/2026", ["MX-TIJ-01/3"], bytes(32))
        cases.advance(8)
        told = cases.by_hand()
        busy = vault("begin-again", "--data", data)
        assert busy.returncode == 1
        assert "stop `garita-vault run` first; nothing was changed" in busy.stderr
    done = vault("begin-again", "--data", data)
    assert (done.returncode, done.stdout.endswith("Cards laid by hand: MX-TIJ-01\n")) == (0, True)
    assert str(data / "cases.db.1") in done.stdout
    assert filed(data) == -1
    with closing(Cases(data / "cases.db")) as cases, closing(Cases(data / "cases.db.1")) as old:
        assert cases.by_hand() == old.by_hand() == told
        assert (cases.stations.is_stranger(sealer.station), old.progress()) == (False, 8)
    for file in data.glob("cases.db*"):
        file.unlink()
    assert "lay cards with `garita-vault pin` before `run`" in vault("begin-again", "--data", data).stdout
    assert filed(data) == -1


@pytest.mark.parametrize("harm", ["the head", "the page of cards", "a card"])
def test_a_damaged_database_is_told_as_that_before_one_begins_again(data: Path, harm: str) -> None:
    """What is left beside it when it is moved away is never read into the new one."""
    file = data / "cases.db"
    with closing(Cases(file)) as cases:
        cases.stations.lay(StationKey.generate().card(StationId("MX-TIJ-01")))
    with closing(sqlite3.connect(file)) as database, database:
        [page] = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'stations'").fetchone()
        if harm == "a card":
            database.execute("UPDATE stations SET card = x'00'")
    if harm != "a card":
        with file.open("r+b") as written:
            written.seek(0 if harm == "the head" else (page - 1) * 4096)
            written.write(b"\xa5" * 4096)
    damaged = file.read_bytes()
    ended = vault("begin-again", "--data", data)
    [line] = ended.stderr.splitlines()
    assert (ended.returncode, file.read_bytes()) == (1, damaged)
    assert line.startswith(f"garita-vault: {file} is damaged (")
    assert "move it away" in line
    assert "cannot be written" not in line
    file.rename(data / "damaged.db")
    left = file.with_name("cases.db-wal")
    left.write_bytes(b"of the old one")
    refused = vault("begin-again", "--data", data)
    assert (refused.returncode, f"{left} is left of a database" in refused.stderr) == (1, True)
    assert not file.exists()
    left.unlink()
    assert vault("begin-again", "--data", data).returncode == 0
    assert filed(data) == -1


def test_a_database_that_cannot_be_settled_is_not_called_one_in_use(data: Path) -> None:
    """What it wrote last lies beside it and takes more than a file may have here."""
    file, log = data / "cases.db", data / "cases.db-wal"
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA wal_autocheckpoint = 0")
        database.execute("CREATE TABLE much AS SELECT zeroblob(2000000) AS bytes")
        before = file.read_bytes(), log.read_bytes()
    file.write_bytes(before[0])
    log.write_bytes(before[1])
    program = ["/usr/bin/prlimit", "--fsize=1000000", BIN / "garita-vault", "begin-again", "--data", data]
    ended = subprocess.run(program, capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S603 - our own
    [line] = ended.stderr.splitlines()
    assert (ended.returncode, "in use" in line, "stop" in line) == (1, False, False), line
    assert f"{file} cannot be brought into one file: " in line
    assert not file.with_name("cases.db.1").exists()
    assert vault("begin-again", "--data", data).returncode == 0


def test_an_emptied_database_begins_again(data: Path) -> None:
    file = data / "cases.db"
    opened = Cases(file)
    opened.stations.lay(StationKey.generate().card(StationId("MX-TIJ-01")))
    left = file.with_name("cases.db-wal").read_bytes()
    opened.close()
    file.write_bytes(b"")
    file.with_name("cases.db-wal").write_bytes(left)
    done = vault("begin-again", "--data", data)
    assert (done.returncode, "none; lay them with `garita-vault pin`" in done.stdout) == (0, True)
    assert filed(data) == -1


def test_a_list_says_of_how_much_of_the_log_it_is(
    data: Path, held: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    start("garita-central", "serve", "--data", held)
    short = vault("cases", "--data", data)
    assert short.returncode == 1
    assert short.stderr.startswith("0 of 6 entries of the log are filed here\n")
    assert "the centre has more than is listed" in short.stderr
    running = start("garita-vault", "run", "--data", data)
    wait_until(lambda: filed(data) >= 6)
    running.kill()
    running.wait()
    whole = vault("alerts", "--data", data, "--json")
    assert (whole.returncode, whole.stderr.count("entries of the log are filed here")) == (0, 1)


@pytest.mark.parametrize("option", ["--out", "--recipient"])
def test_no_file_is_ever_overwritten(data: Path, identity: Path, tmp_path: Path, option: str) -> None:
    key, two = identity.read_bytes(), ("--person", "A", "--person", "B", "--reason", "r")
    (data / "sealed.court").write_bytes(b"")
    commands = [
        ("hold", identity, "--threshold", 1, "--holder", "one"),
        ("export", "--data", data, "MX-TIJ-01", 3, *two),
        ("disclose", "--data", data, data / "sealed.court", "MX-TIJ-01/3", *two),
        ("post", "--data", data),
    ]
    if option == "--recipient":
        commands = [("token", "--module", identity, "--out", tmp_path / "new")]
    for words in commands:
        for path, said in ((identity, "never overwritten"), (tmp_path / "nowhere/x", "is no folder")):
            done = CliRunner().invoke(app, [*map(str, words), option, str(path)], input="a passphrase of length\n" * 2)
            assert isinstance(done.exception, UnusableFile)
            assert said in str(done.exception)
    assert identity.read_bytes() == key


@pytest.mark.parametrize(
    ("first", "second", "reason", "said"),
    [
        ("A", "A", "r", "a person stands twice"),
        ("Ana Pérez", "ana  pérez", "r", "a person stands twice"),
        ("Ana Pérez", "Ana Pe\u0301rez\u200b ", "r", "a person stands twice"),
        ("Ana Pérez", " ", "r", "the person ' ' shows nothing"),
        ("Ana Pérez", "\x1b\u200b", "r", "shows nothing"),
        ("Ana Pérez", "Luis Soto", "\t ", "the reason"),
    ],
)
def test_one_person_is_not_two(
    first: str, second: str, reason: str, said: str, data: Path, tmp_path: Path, centre: Centre
) -> None:
    (data / "log.vkey").write_text(centre.vkey)
    (data / "sealed.court").write_bytes(b"")
    who = ["--person", first, "--person", second, "--reason", reason, "--out", str(tmp_path / "new")]
    for words in (["export", "MX-TIJ-01", "3"], ["disclose", str(data / "sealed.court"), "MX-TIJ-01/3"]):
        done = CliRunner().invoke(app, [words[0], "--data", str(data), *words[1:], *who])
        assert isinstance(done.exception, Malformed)
        assert said in str(done.exception)


def test_who_looks_has_a_name(data: Path, centre: Centre) -> None:
    (data / "log.vkey").write_text(centre.vkey)
    done = CliRunner().invoke(app, ["cases", "--data", str(data), "--person", " "])
    assert isinstance(done.exception, Malformed)
    assert "the person ' ' shows nothing" in str(done.exception)


def test_cards_are_laid_all_or_none_and_the_bad_one_is_named(data: Path, tmp_path: Path, sealer: Sealer) -> None:
    good, bad = tmp_path / "good.card", tmp_path / "bad.card"
    good.write_bytes(sealer.key.card(sealer.station).to_bytes())
    bad.write_bytes(good.read_bytes()[:19])
    refused = vault("pin", "--data", data, good, bad)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"garita-vault: {bad} is no station's card; no card was laid: ")
    bad.write_bytes(StationKey.generate().card(sealer.station).to_bytes())
    refused = vault("pin", "--data", data, good, bad)
    assert f"{bad}: MX-TIJ-01 is believed by another card already" in refused.stderr
    with closing(Cases(data / "cases.db")) as cases:
        assert cases.stations.card(sealer.station) is None
    assert vault("pin", "--data", data, good).returncode == 0


def test_a_bundle_that_was_cut_is_named_before_anybody_is_asked(data: Path, held: Path, tmp_path: Path) -> None:
    whole, cut = (data / "sealed.court").read_bytes(), tmp_path / "cut.court"
    for size in (0, len(whole) // 2, len(whole) - 1):
        cut.write_bytes(whole[:size])
        who = ("--person", "A. Ruiz", "--person", "B. Soto", "--reason", "r", "--out", tmp_path / "new")
        refused = vault("disclose", "--data", data, cut, "MX-TIJ-01/3", *who)
        assert f"{cut} was cut, or is no court bundle; fetch it again" in refused.stderr
    assert held


TWO = ("--person", "A. Ruiz", "--person", "B. Soto", "--reason", "Causa 12/2026")


def test_a_look_at_what_is_not_here_is_refused_and_on_no_record(
    data: Path, held: Path, start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    vault("pin", "--data", data, data / "station.card")
    start("garita-central", "serve", "--data", held)
    start("garita-vault", "run", "--data", data)
    wait_until(lambda: filed(data) >= 5)
    refused = vault("export", "--data", data, "MX-TIJ-01", 3000, "--out", tmp_path / "new.court", *TWO)
    assert "no opened record MX-TIJ-01/3000 here" in refused.stderr
    for station, seq in (("MX-TIJ-01", 999), ("NOPE", 3)):
        refused = vault("attachments", "--data", data, station, seq, "--out", tmp_path / "out")
        assert (refused.returncode, f"no opened record {station}/{seq} here" in refused.stderr) == (1, True)
    none = vault("attachments", "--data", data, "MX-TIJ-01", 2, "--out", tmp_path / "out")
    assert (none.returncode, none.stdout) == (0, "MX-TIJ-01/2 names no attachments\n")
    told = [(each.act, each.entries) for each in openings_of(data) if each.act != "project"]
    assert told == [("show", ["MX-TIJ-01/2, attachments"])]


def test_an_export_from_a_centre_that_gives_one_entry_for_another_opens_nothing(
    data: Path, held: Path, start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    vault("pin", "--data", data, data / "station.card")
    start("garita-central", "serve", "--data", held)
    start("garita-vault", "run", "--data", data)
    wait_until(lambda: filed(data) >= 5)
    settings = data / "vault.toml"
    true = settings.read_text()
    settings.write_text(true.replace(str(held / "inside.sock"), str(tmp_path / "false.sock")))
    with swapping(held / "inside.sock", tmp_path / "false.sock", {1: 2}):
        refused = vault("export", "--data", data, "MX-TIJ-01", 2, "--out", tmp_path / "new.court", *TWO)
        honest = vault("export", "--data", data, "MX-TIJ-01", 4, "--out", tmp_path / "4.court", *TWO)
    settings.write_text(true)
    assert (refused.returncode, refused.stdout, (tmp_path / "new.court").exists()) == (1, "", False)
    assert "in the place of MX-TIJ-01/2, SHA-256 " in refused.stderr
    assert "came MX-TIJ-01/3, SHA-256 " in refused.stderr
    assert honest.returncode == 0, honest.stderr
    assert [each.entries for each in openings_of(data) if each.act == "export"] == [["MX-TIJ-01/4"]]


def test_a_centre_that_was_put_back_gives_no_other_entry_and_each_fault_of_it_is_said(
    data: Path,
    held: Path,
    sealed: list[Envelope],
    sealer: Sealer,
    other_sealer: Sealer,
    other_entries: list[Envelope],
    records: list[Record],
    start: Callable[..., subprocess.Popen[str]],
    tmp_path: Path,
) -> None:
    """A copy of five entries comes back; what was sent since comes again behind another station's: one place later."""
    shutil.copytree(held, tmp_path / "backup")
    for _ in range(2):
        sealed.append(sealer.seal_after(Head(sealed[-1].header.seq, sealed[-1].digest), records[0].to_bytes()))
    with closing(Centre.open(held)) as opened:
        opened.ingest.submit(Submission(station=sealer.station, envelopes=[each.data for each in sealed[5:]]))
    vault("pin", "--data", data, data / "station.card")
    centre = start("garita-central", "serve", "--data", held)
    running = start("garita-vault", "run", "--data", data)
    wait_until(lambda: filed(data) >= 7)
    centre.kill()
    centre.wait()
    shutil.rmtree(held)
    shutil.copytree(tmp_path / "backup", held)
    start("garita-central", "serve", "--data", held)
    heard = hear(running)
    wait_until(lambda: any("it holds entries back" in line for line in heard))
    send(held, other_sealer, other_entries[:1])
    send(held, sealer, sealed[5:])
    send(held, other_sealer, other_entries[1:])
    wait_until(lambda: any("are not those that the log has" in line for line in heard))
    refused = vault("export", "--data", data, "MX-TIJ-01", 7, "--out", tmp_path / "new.court", *TWO)
    assert (refused.returncode, refused.stdout, (tmp_path / "new.court").exists()) == (1, "", False)
    assert "in the place of MX-TIJ-01/7, SHA-256 " in refused.stderr
    assert "came MX-TIJ-01/6, SHA-256 " in refused.stderr


def hear(process: subprocess.Popen[str]) -> list[str]:
    """Return the list that each line of complaint comes onto."""
    heard, stream = list[str](), process.stderr
    assert stream
    Thread(target=lambda: heard.extend(iter(stream.readline, "")), daemon=True).start()
    return heard


def send(centre: Path, sealer: Sealer, envelopes: list[Envelope]) -> None:
    """Let a centre that runs take entries of a station."""
    first, data = envelopes[0].header, [each.data for each in envelopes]
    batch = write_batch(sealer.key, sealer.station, first.seq, first.prev, data)
    with connect(centre / "inside.sock") as http:
        came = http.post("/v1/batches", content=batch, headers={"Content-Type": BATCH_TYPE}).raise_for_status()
    assert Answer.from_bytes(came.content).contiguous == envelopes[-1].header.seq


def test_a_fault_is_said_in_new_words_and_each_hour() -> None:
    told = Told()
    cut, fewer = (LogDamaged(f"the log has {size} entries, and 36 were filed here: it was cut") for size in (27, 28))
    other = LogDamaged("they are not those that the log has")
    reset, ended = CentralUnreachable("connection reset"), CentralUnreachable("disconnected")
    said = [(reset, 0), (ended, 1), (cut, 2), (fewer, 4), (other, 6), (cut, 8), (other, 3605), (other, 3607)]
    assert [told.is_news(*each) for each in said] == [True, False, True, False, True, False, False, True]


def test_a_fault_is_the_same_one_whatever_digest_it_names() -> None:
    told = Told()
    faults = [LogDamaged(f"entry 4 has SHA-256 {sha256(bytes([each])).hexdigest()}") for each in range(5)]
    assert [told.is_news(each, 0) for each in faults] == [True, False, False, False, False]


LETTERS = str.maketrans("01", "oi")
"""Numbers make no words new."""


def test_a_centre_that_has_new_words_each_time_is_said_so_often_and_no_more() -> None:
    told, words = Told(), [CentralRefused(f"no-{each:b}".translate(LETTERS), "") for each in range(3 * MOST_FAULTS)]
    assert sum(told.is_news(each, second) for second, each in enumerate(words)) == MOST_FAULTS + 1
    assert len(told.faults) == MOST_FAULTS + 1
    assert not told.is_news(words[0], 3599)
    assert told.is_news(words[-1], 7200)
    assert len(told.faults) == 1
