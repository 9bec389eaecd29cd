"""The station's key at work, and on its way from one protector to another."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edge.cli import app
from edge.errors import UnusableKeyFile, WrongSecret
from edge.keyfile import DemoKeyFile
from edge.keyring import Keyring
from edge.keys_commands import anchor_journal
from edge.protect import move_key, protector_of
from edge.protectors.tpm import Tpm
from edge.protectors.tpm_anchor import TpmAnchor
from edge.settings import Settings
from edge.station import Station
from sync.errors import RolledBack
from tests.edge.bench import FAST_HASHER, Bench
from tests.edge.bench import PIN as OPERATOR_PIN
from tests.edge.protectors.people import Person
from tests.soft_token import LABEL
from tests.soft_token import PIN as TOKEN_PIN

KEY = bytes(range(32))
PASSPHRASE = "cuatro caballos blancos"
PIN = "161803"
COUNTER = 0x01500016
GARITA = [sys.executable, "-c", "from edge.cli import main; main()"]


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "station.key"
    file.write_bytes(b"MARKER-secret")
    return file


def test_a_sealed_file_opens_under_the_same_key_alone(secret: Path) -> None:
    Keyring(KEY, demo=False).seal(secret)
    assert b"MARKER" not in secret.read_bytes()
    assert Keyring(KEY, demo=False).read(secret) == b"MARKER-secret"
    with pytest.raises(UnusableKeyFile, match="another station"):
        Keyring(bytes(32), demo=False).read(secret)


def test_sealing_twice_changes_nothing(secret: Path) -> None:
    Keyring(KEY, demo=False).seal(secret)
    sealed = secret.read_bytes()
    Keyring(KEY, demo=False).seal(secret)
    assert secret.read_bytes() == sealed


def test_a_sealed_file_has_its_place(secret: Path, tmp_path: Path) -> None:
    Keyring(KEY, demo=False).seal(secret)
    other = secret.rename(tmp_path / "client.key")
    with pytest.raises(UnusableKeyFile):
        Keyring(KEY, demo=False).read(other)


def test_every_flipped_byte_is_refused(secret: Path) -> None:
    Keyring(KEY, demo=False).seal(secret)
    good = secret.read_bytes()
    for place in range(len(good)):
        secret.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        with pytest.raises(UnusableKeyFile):
            Keyring(KEY, demo=False).read(secret)


def test_plain_secrets_are_read_beside_a_demo_key_only(secret: Path) -> None:
    assert Keyring(KEY, demo=True).read(secret) == b"MARKER-secret"
    with pytest.raises(UnusableKeyFile, match="not sealed"):
        Keyring(KEY, demo=False).read(secret)


def test_a_keyring_does_not_print_its_key() -> None:
    assert KEY.hex() not in repr(Keyring(KEY, demo=False))
    assert str(KEY) not in repr(Keyring(KEY, demo=False))


@pytest.fixture
def settings(bench: Bench) -> Settings:
    """Provide a station that worked for a while as a demonstration."""
    bench.open(tls_key="client.key").operators.enrol("Ana Ruiz", "officer", "314159")
    bench.close()
    (bench.data / "client.key").write_text("-----BEGIN PRIVATE KEY-----")
    return Settings.load(bench.data)


def opened(bench: Bench, answer: str) -> list[str]:
    """Open the station as a person does who knows `answer`, and return whom it knows."""
    settings = Settings.load(bench.data)
    keyring = Keyring.unlock(protector_of(settings, Person([answer])))
    station = Station(settings, identifier=bench.identifier, keyring=keyring, clock=bench.clock, hasher=FAST_HASHER)
    try:
        return [operator.name for operator in station.operators.list()]
    finally:
        station.close()


def test_from_a_demo_key_to_a_passphrase(bench: Bench, settings: Settings) -> None:
    key = DemoKeyFile(bench.data / "database.key").key()
    move_key(settings, "passphrase", Person([PASSPHRASE]))
    assert opened(bench, PASSPHRASE) == ["Ana Ruiz"]
    with pytest.raises(WrongSecret):
        opened(bench, "another passphrase")
    for file in bench.data.iterdir():
        assert key not in file.read_bytes(), file.name
    assert b"BEGIN PRIVATE KEY" not in (bench.data / "client.key").read_bytes()
    assert not list(bench.data.glob("*.old")) + list(bench.data.glob("*.new"))


def test_through_all_protectors_and_back(bench: Bench, settings: Settings, swtpm: str, softhsm: Path) -> None:
    text = (bench.data / "station.toml").read_text()
    more = f'\ntpm = "{swtpm}"\npkcs11_module = "{softhsm}"\npkcs11_token = "{LABEL}"\n'
    (bench.data / "station.toml").write_text(text + more)
    answers = {"passphrase": PASSPHRASE, "tpm": PIN, "pkcs11": TOKEN_PIN}
    before = ""
    for name in ("passphrase", "tpm", "pkcs11", "passphrase"):
        person = Person([before, answers[name]] if before else [answers[name]])
        if before == TOKEN_PIN:
            person.answers = [TOKEN_PIN, PASSPHRASE, PASSPHRASE, TOKEN_PIN]
        move_key(Settings.load(bench.data), name, person)
        assert Settings.load(bench.data).protector == name
        assert opened(bench, answers[name]) == ["Ana Ruiz"]
        before = answers[name]
    assert settings.protector == "demo-key-file"


def test_a_move_that_fails_leaves_the_old_one(bench: Bench, settings: Settings) -> None:
    with pytest.raises(WrongSecret, match="14"):
        move_key(settings, "passphrase", Person(["short"]))
    with pytest.raises(WrongSecret, match="not the passphrase"):
        move_key(settings, "passphrase", Person([PASSPHRASE, "typed otherwise the second time"]))
    assert Settings.load(bench.data).protector == "demo-key-file"
    assert bench.open().operators.list()


def test_the_key_file_of_another_protector_is_said(bench: Bench, settings: Settings) -> None:
    (bench.data / "station.toml").write_text((bench.data / "station.toml").read_text() + '\nprotector = "passphrase"\n')
    with pytest.raises(UnusableKeyFile, match="no key of this protector"):
        opened(bench, PASSPHRASE)
    assert settings.protector == "demo-key-file"


def test_the_commands_protect_and_anchor(
    bench: Bench, settings: Settings, swtpm: str, tool: Callable[..., str]
) -> None:
    station = bench.open(demo=True, tpm=swtpm)
    roles = ("technician", "supervisor")
    persons = [word for role in roles for word in ("--person", station.operators.enrol(role, role, OPERATOR_PIN).id)]
    bench.close()
    approved = f"{OPERATOR_PIN}\n{OPERATOR_PIN}\n"
    for command, answers in (("protect --to tpm", f"{approved}{PIN}\n{PIN}\n"), ("anchor", f"{PIN}\n{approved}")):
        done = subprocess.run(  # noqa: S603 - our own program
            [*GARITA, "keys", *command.split(), "--data", str(bench.data), *persons],
            input=answers,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert opened(bench, PIN) == ["Ana Ruiz", *sorted(roles)]
    loaded = Settings.load(bench.data)
    keyring = Keyring.unlock(protector_of(loaded, Person([PIN])))
    shutil.copy(bench.data / "station.db", bench.data / "yesterday.db")
    start_and_end(bench, loaded, keyring)
    start_and_end(bench, loaded, keyring)
    shutil.move(bench.data / "yesterday.db", bench.data / "station.db")
    with pytest.raises(RolledBack, match="older journal"):
        start_and_end(bench, loaded, keyring)
    assert settings.tpm_counter is None
    tool("tpm2_nvundefine", hex(COUNTER), "-C", "o")
    with pytest.raises(RolledBack, match="no counter 0x01500016 any more"):
        start_and_end(bench, loaded, keyring)
    TpmAnchor(Tpm(swtpm), COUNTER).define()
    with pytest.raises(RolledBack, match="older journal"):
        start_and_end(bench, loaded, keyring)


def test_a_journal_that_is_anchored_at_provisioning_has_begun(bench: Bench, swtpm: str) -> None:
    bench.open(tpm=swtpm)
    bench.close()
    anchor_journal(bench.data, COUNTER, ())
    loaded = Settings.load(bench.data)
    keyring = Keyring.unlock(protector_of(loaded, Person([])))
    start_and_end(bench, loaded, keyring)
    for file in (*bench.data.glob("station.db*"), bench.data / "reserve"):
        file.unlink()
    with pytest.raises(RolledBack, match="the newest stored head 0: this is an older journal"):
        start_and_end(bench, loaded, keyring)


@pytest.mark.parametrize(
    ("typed", "index"),
    [((), COUNTER), (("--index", "0x01500017"), COUNTER + 1), (("--index", "22020120"), COUNTER + 2)],
)
def test_an_index_is_typed_as_the_messages_write_it(
    bench: Bench, swtpm: str, typed: tuple[str, ...], index: int
) -> None:
    bench.open(tpm=swtpm)
    bench.close()
    done = CliRunner().invoke(app, ["keys", "anchor", "--data", str(bench.data), *typed])
    assert f"is anchored by tpm:{index:#010x}/" in done.output
    assert Settings.load(bench.data).tpm_counter == index


def test_a_new_anchor_leaves_none_for_an_older_head(bench: Bench, swtpm: str) -> None:
    bench.open(tpm=swtpm)
    bench.close()
    anchor_journal(bench.data, COUNTER, ())
    old, before = (bench.data / "station.toml").read_text(), bench.data / "before.db"
    shutil.copy(bench.data / "station.db", before)
    anchor_journal(bench.data, COUNTER + 1, ())
    new = (bench.data / "station.toml").read_text()
    keyring = Keyring.unlock(protector_of(Settings.load(bench.data), Person([])))
    start_and_end(bench, Settings.load(bench.data), keyring)
    (bench.data / "station.toml").write_text(old)
    with pytest.raises(RolledBack, match=r"anchored by tpm:0x01500017/\S{43}, and tpm:0x01500016/\S{43} answers"):
        start_and_end(bench, Settings.load(bench.data), keyring)
    shutil.move(before, bench.data / "station.db")
    with pytest.raises(RolledBack, match="older journal"):
        start_and_end(bench, Settings.load(bench.data), keyring)
    assert new != old


def start_and_end(bench: Bench, settings: Settings, keyring: Keyring) -> None:
    station = Station(settings, identifier=bench.identifier, keyring=keyring, clock=bench.clock, hasher=FAST_HASHER)
    try:
        station.start()
    finally:
        station.close()
