"""The key in a TPM: this machine, started as it was, and the PIN; a software TPM (swtpm) answers."""

from collections.abc import Callable
from pathlib import Path

import pytest

from edge.errors import BootChanged, KeyLockedOut, ProtectorUnavailable, UnusableKeyFile, WrongSecret
from edge.protectors.tpm import Tpm
from edge.protectors.tpm_key import TpmKey, TpmProtector
from tests.edge.protectors.people import Person

KEY = bytes(range(100, 132))
PIN = "271828"
PCRS = (0, 7, 14)
COUNTER = 0x01500016


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


def test_neither_half_alone_is_the_key(kept: Path, tpm: Tpm) -> None:
    said = TpmKey.read(kept)
    halves = (
        tpm.unseal_in_boot(said.boot_public, said.boot_private, PCRS),
        tpm.unseal_with_pin(said.pin_public, said.pin_private, PIN.encode()),
    )
    assert KEY not in halves


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
    tpm.define_counter(COUNTER)
    first = tpm.counter(COUNTER)
    tpm.increment(COUNTER)
    tpm.increment(COUNTER)
    assert tpm.counter(COUNTER) == first + 2
    with pytest.raises(ProtectorUnavailable):
        tpm.define_counter(COUNTER)
