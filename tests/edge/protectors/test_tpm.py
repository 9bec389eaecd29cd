"""The key in a TPM: this machine, started as it was, and the PIN; a software TPM (swtpm) answers."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from edge.errors import BootChanged, KeyLockedOut, ProtectorUnavailable, UnusableKeyFile, WrongSecret
from edge.protectors import tpm_sealing
from edge.protectors.tpm import Tpm
from edge.protectors.tpm_anchor import TpmAnchor
from edge.protectors.tpm_attestation import AttestationKey
from edge.protectors.tpm_key import TpmKey, TpmProtector
from sync.errors import RolledBack
from tests.edge.protectors.people import Person

KEY = bytes(range(100, 132))
PIN = "271828"
PCRS = (0, 7, 14)
COUNTER = 0x01500016
Tool = Callable[..., str]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "database.key"


@pytest.fixture
def tpm(swtpm: str) -> Tpm:
    return Tpm(swtpm)


@pytest.fixture
def kept(file: Path, tpm: Tpm) -> Path:
    TpmProtector(file, Person([PIN]), tpm, PCRS).keep(KEY)
    return file


def opened(file: Path, tpm: Tpm, pin: str = PIN) -> bytes:
    return TpmProtector(file, Person([pin]), tpm, PCRS).key()


def test_the_pin_gives_the_key_back(kept: Path, tpm: Tpm) -> None:
    assert opened(kept, tpm) == KEY
    assert KEY not in kept.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_six_wrong_pins_lock_the_right_one_out_too(kept: Path, tpm: Tpm) -> None:
    refusals: list[type[Exception]] = []
    for _ in range(6):
        with pytest.raises((WrongSecret, KeyLockedOut)) as refusal:
            opened(kept, tpm, "000000")
        refusals.append(refusal.type)
    assert refusals[0] is WrongSecret
    assert refusals[-1] is KeyLockedOut
    with pytest.raises(KeyLockedOut, match="refuses every PIN"):
        opened(kept, tpm)


def test_a_machine_that_started_otherwise_opens_nothing_and_asks_for_no_pin(
    kept: Path, tpm: Tpm, extend: Callable[[int], None]
) -> None:
    extend(14)
    person = Person([PIN])
    with pytest.raises(BootChanged, match="did not start as it did"):
        TpmProtector(kept, person, tpm, PCRS).key()
    assert person.asked == []


def test_a_register_that_is_not_named_does_not_matter(kept: Path, tpm: Tpm, extend: Callable[[int], None]) -> None:
    extend(16)
    assert opened(kept, tpm) == KEY


def test_a_system_that_started_otherwise_can_try_no_pin(kept: Path, tpm: Tpm, extend: Callable[[int], None]) -> None:
    extend(14)
    said = TpmKey.read(kept)
    with pytest.raises(ProtectorUnavailable, match="tpm2_load"):
        tpm_sealing.unseal_with_pin(tpm, (said.pin_public, said.pin_private), PIN.encode())


def test_nobody_takes_wrong_pins_back(kept: Path, tpm: Tpm, tool: Tool) -> None:
    for _ in range(5):
        with pytest.raises(WrongSecret):
            opened(kept, tpm, "000000")
    with pytest.raises(subprocess.CalledProcessError):
        tool("tpm2_dictionarylockout", "--clear-lockout")
    with pytest.raises(subprocess.CalledProcessError):
        tool("tpm2_dictionarylockout", "--setup-parameters", "-n", "1000000", "-t", "1", "-l", "1")
    with pytest.raises(subprocess.CalledProcessError):
        tool("tpm2_clear")
    with pytest.raises(KeyLockedOut):
        opened(kept, tpm)


def test_a_second_key_on_the_same_tpm(kept: Path, file: Path, tpm: Tpm) -> None:
    TpmProtector(file.with_name("second.key"), Person([PIN]), tpm, PCRS).keep(bytes(32))
    assert opened(file.with_name("second.key"), tpm) == bytes(32)
    assert opened(kept, tpm) == KEY


def test_a_state_keeps_the_lockout_authorisation_itself(file: Path, tpm: Tpm, tool: Tool) -> None:
    tool("tpm2_dictionarylockout", "-s", "-n", "3", "-t", "1000", "-l", "1000")
    tool("tpm2_changeauth", "-c", "lockout", "of-the-state")
    TpmProtector(file, Person([PIN]), tpm, PCRS).keep(KEY)
    assert opened(file, tpm) == KEY
    tool("tpm2_dictionarylockout", "--clear-lockout", "-p", "of-the-state")


@pytest.mark.parametrize(("attempts", "recovery"), [(32, 600), (5, 10), (5, 0)])
def test_limits_of_others_that_are_too_mild(attempts: int, recovery: int, file: Path, tpm: Tpm, tool: Tool) -> None:
    tool("tpm2_dictionarylockout", "-s", "-n", str(attempts), "-t", str(recovery), "-l", "1000")
    tool("tpm2_changeauth", "-c", "lockout", "of-another")
    with pytest.raises(ProtectorUnavailable, match=f"after {attempts} wrong PINs .* every {recovery} s; expected"):
        TpmProtector(file, Person([PIN]), tpm, PCRS).keep(KEY)
    assert not file.exists()


def test_an_owner_authorisation_set_afterwards_stops_no_start(kept: Path, tpm: Tpm, tool: Tool) -> None:
    TpmAnchor(tpm, COUNTER).define()
    tool("tpm2_changeauth", "-c", "owner", "of-the-state")
    assert opened(kept, tpm) == KEY
    assert TpmAnchor(tpm, COUNTER).advance() == TpmAnchor(tpm, COUNTER).read()
    TpmProtector(kept, Person(["314159"]), tpm, PCRS).keep(bytes(32))
    assert opened(kept, tpm, "314159") == bytes(32)
    with pytest.raises(ProtectorUnavailable, match="owner's authorisation: take it off"):
        TpmAnchor(tpm, COUNTER + 1).define()
    with pytest.raises(subprocess.CalledProcessError):
        tool("tpm2_nvundefine", hex(COUNTER), "-C", "o")


def test_an_owner_authorisation_set_before(file: Path, tpm: Tpm, tool: Tool) -> None:
    tool("tpm2_changeauth", "-c", "owner", "of-the-state")
    with pytest.raises(ProtectorUnavailable, match="owner's authorisation: take it off"):
        TpmProtector(file, Person([PIN]), tpm, PCRS).keep(KEY)
    assert not file.exists()


def test_a_storage_key_that_somebody_laid_is_refused(file: Path, tpm: Tpm, tool: Tool, tmp_path: Path) -> None:
    primary, public, private, key = (str(tmp_path / name) for name in ("p", "public", "private", "k"))
    tool("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{key}.pem")
    tool("tpm2_createprimary", "-C", "o", "-c", primary)
    attributes = ("-a", "restricted|decrypt|userwithauth")
    tool("tpm2_flushcontext", "-t")
    tool("tpm2_import", "-C", primary, "-G", "ecc", "-i", f"{key}.pem", "-u", public, "-r", private, *attributes)
    tool("tpm2_flushcontext", "-t")
    tool("tpm2_load", "-C", primary, "-u", public, "-r", private, "-c", key)
    tool("tpm2_flushcontext", "-t")
    tool("tpm2_evictcontrol", "-C", "o", "-c", key, tpm_sealing.STORAGE_KEY)
    with pytest.raises(ProtectorUnavailable, match="somebody laid it"):
        TpmProtector(file, Person([PIN]), tpm, PCRS).keep(KEY)
    assert not file.exists()


@pytest.fixture
def kept_before(file: Path, tpm: Tpm) -> Path:
    """Keep the key as before 27 November 2026: the PIN half open, and anybody takes wrong PINs back."""
    half = bytes(range(32))
    pin_public, pin_private = tpm_sealing.seal_to_pin(tpm, half, PIN.encode())
    other = bytes(a ^ b for a, b in zip(KEY, half, strict=True))
    boot_public, boot_private = tpm_sealing.seal_to_boot(tpm, other, PCRS)
    TpmKey(
        format="garita.protected-key/1",
        pcrs=list(PCRS),
        pin_public=pin_public,
        pin_private=pin_private,
        boot_public=boot_public,
        boot_private=boot_private,
    ).write(file)
    return file


def test_a_key_kept_before_opens_and_what_to_do_is_told(
    kept_before: Path, tpm: Tpm, caplog: pytest.LogCaptureFixture
) -> None:
    assert opened(kept_before, tpm) == KEY
    assert "garita keys protect --to tpm" in caplog.text
    caplog.clear()
    TpmProtector(kept_before, Person(["314159"]), tpm, PCRS).keep(opened(kept_before, tpm))
    caplog.clear()
    assert opened(kept_before, tpm, "314159") == KEY
    assert caplog.text == ""


def test_a_key_kept_before_and_an_owner_authorisation(kept_before: Path, tpm: Tpm, tool: Tool) -> None:
    tool("tpm2_changeauth", "-c", "owner", "of-the-state")
    with pytest.raises(ProtectorUnavailable, match="owner's authorisation: take it off"):
        opened(kept_before, tpm)


def test_neither_half_alone_is_the_key(kept_before: Path, tpm: Tpm) -> None:
    said = TpmKey.read(kept_before)
    halves = (
        tpm_sealing.unseal_in_boot(tpm, (said.boot_public, said.boot_private), PCRS),
        tpm_sealing.unseal_with_pin(tpm, (said.pin_public, said.pin_private), PIN.encode()),
    )
    assert KEY not in halves


def test_halves_of_two_keys(kept: Path, file: Path, tpm: Tpm) -> None:
    first = TpmKey.read(kept)
    TpmProtector(file, Person([PIN]), tpm, PCRS).keep(KEY)
    TpmKey.read(file).model_copy(update={"pin_private": first.pin_private, "pin_public": first.pin_public}).write(file)
    with pytest.raises(UnusableKeyFile, match="not of one key"):
        opened(file, tpm)


def test_a_short_pin_is_refused_before_anything_is_written(file: Path, tpm: Tpm) -> None:
    with pytest.raises(WrongSecret, match="4 characters; 6"):
        TpmProtector(file, Person(["1234"]), tpm, PCRS).keep(KEY)
    assert not file.exists()


def test_a_damaged_file(kept: Path, tpm: Tpm) -> None:
    good = kept.read_bytes()
    kept.write_bytes(good[:200] + bytes([good[200] ^ 1]) + good[201:])
    with pytest.raises(UnusableKeyFile):
        opened(kept, tpm)


def test_no_tpm_is_said(kept: Path) -> None:
    with pytest.raises(ProtectorUnavailable, match="tpm2_"):
        opened(kept, Tpm("device:/dev/no-such-tpm"))


def test_a_counter_only_rises(tpm: Tpm) -> None:
    anchor = TpmAnchor(tpm, COUNTER)
    anchor.define()
    first = anchor.read()
    assert [anchor.advance(), anchor.advance()] == [first + 1, first + 2]
    with pytest.raises(ProtectorUnavailable, match="index 0x01500016 is taken; name a free one"):
        anchor.define()


def test_a_counter_that_was_removed_and_made_again_shows_more_than_ever(tpm: Tpm, tool: Tool) -> None:
    anchor = TpmAnchor(tpm, COUNTER)
    anchor.define()
    shown = [anchor.advance() for _ in range(5)][-1]
    tool("tpm2_nvundefine", hex(COUNTER), "-C", "o")
    with pytest.raises(RolledBack, match="no counter 0x01500016 any more"):
        anchor.read()
    anchor.define()
    assert anchor.read() > shown


def test_an_index_that_anybody_writes_is_no_counter(tpm: Tpm, tool: Tool, tmp_path: Path) -> None:
    AttestationKey.lay(tpm)
    (tmp_path / "yesterday").write_bytes((4).to_bytes(8))
    tool("tpm2_nvdefine", hex(COUNTER), "-C", "o", "-s", "8", "-a", "ownerwrite|authread|authwrite")
    tool("tpm2_nvwrite", hex(COUNTER), "-C", "o", "-i", str(tmp_path / "yesterday"))
    with pytest.raises(RolledBack, match="no counter 0x01500016 any more"):
        TpmAnchor(tpm, COUNTER).read()
