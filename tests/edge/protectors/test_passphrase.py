"""The key under a passphrase: Argon2id and AES key wrap."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.errors import UnusableKeyFile, WrongSecret
from edge.protectors.passphrase import PassphraseKey, PassphraseProtector
from tests.edge.protectors.people import Person

KEY = bytes(range(32))
PASSPHRASE = "cuatro caballos blancos"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "database.key"


@pytest.fixture
def kept(file: Path) -> Path:
    PassphraseProtector(file, Person([PASSPHRASE])).keep(KEY)
    return file


def opened(file: Path, passphrase: str = PASSPHRASE) -> bytes:
    return PassphraseProtector(file, Person([passphrase])).key()


def test_the_passphrase_gives_the_key_back(kept: Path) -> None:
    assert opened(kept) == KEY


def test_the_file_is_its_owners_alone_and_shows_no_key(kept: Path) -> None:
    assert kept.stat().st_mode & 0o777 == 0o600
    assert KEY not in kept.read_bytes()
    assert PASSPHRASE.encode() not in kept.read_bytes()


@pytest.mark.parametrize("wrong", ["cuatro caballos blanco", "Cuatro caballos blancos", ""])
def test_another_passphrase_gives_nothing(kept: Path, wrong: str) -> None:
    with pytest.raises(WrongSecret, match="not the passphrase"):
        opened(kept, wrong)


@pytest.mark.parametrize("typed", ["ma\u00f1anas de Logro\u00f1o", "man\u0303anas de Logron\u0303o"])
def test_the_letters_count_and_not_how_a_keyboard_spells_them(file: Path, typed: str) -> None:
    for kept in ("ma\u00f1anas de Logro\u00f1o", "man\u0303anas de Logron\u0303o"):
        PassphraseProtector(file, Person([kept])).keep(KEY)
        assert opened(file, typed) == KEY


def test_a_key_file_of_before_opens_as_it_was_typed(file: Path) -> None:
    kept = PassphraseKey(salt=bytes(16))
    wrapped = aes_key_wrap(kept.wrapping_key("man\u0303anas de Logron\u0303o".encode()), KEY)
    kept.model_copy(update={"wrapped": wrapped}).write(file)
    assert opened(file, "man\u0303anas de Logron\u0303o") == KEY


def test_a_short_passphrase_is_refused_before_anything_is_written(file: Path) -> None:
    with pytest.raises(WrongSecret, match="5 characters; 14"):
        PassphraseProtector(file, Person(["corta"])).keep(KEY)
    assert not file.exists()


def test_argon2id_as_rfc_9106_recommends_for_little_memory(kept: Path) -> None:
    said = PassphraseKey.read(kept)
    assert (said.passes, said.memory_kib, said.lanes) == (3, 64 * 1024, 4)


def test_the_same_passphrase_never_gives_the_same_file(kept: Path) -> None:
    first = kept.read_bytes()
    PassphraseProtector(kept, Person([PASSPHRASE])).keep(KEY)
    assert kept.read_bytes() != first


def test_every_flipped_byte_is_refused_as_damage(kept: Path) -> None:
    good = kept.read_bytes()
    for place in range(len(good)):
        kept.write_bytes(good[:place] + bytes([good[place] ^ 0x01]) + good[place + 1 :])
        with pytest.raises(UnusableKeyFile):
            PassphraseKey.read(kept)


def test_a_file_that_asks_for_all_memory_is_refused(kept: Path) -> None:
    greedy = PassphraseKey.read(kept).model_copy(update={"memory_kib": 2**30})
    greedy.write(kept)
    with pytest.raises(UnusableKeyFile, match="memory_kib"):
        opened(kept)


def test_a_missing_file_and_one_that_others_can_read(kept: Path, file: Path) -> None:
    kept.chmod(0o640)
    with pytest.raises(UnusableKeyFile, match="0600"):
        opened(kept)
    file.unlink()
    with pytest.raises(UnusableKeyFile, match="No such file"):
        opened(file)


@given(st.binary(max_size=300))
@settings(max_examples=100)
def test_any_bytes_are_refused_alike(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.mktemp("any") / "database.key"
    file.write_bytes(data)
    file.chmod(0o600)
    with pytest.raises(UnusableKeyFile):
        PassphraseKey.read(file)
