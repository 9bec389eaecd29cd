"""The key wrapped by a PKCS#11 token; SoftHSM answers."""

from pathlib import Path

import pytest

from edge.errors import ProtectorUnavailable, UnusableKeyFile, WrongSecret
from edge.protectors.token import TokenKey, TokenProtector
from tests.edge.protectors.conftest import TOKEN, TOKEN_PIN
from tests.edge.protectors.people import Person

KEY = bytes(range(50, 82))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "database.key"


def protector(file: Path, module: Path, pin: str = TOKEN_PIN, token: str = TOKEN) -> TokenProtector:
    return TokenProtector(file, Person([pin]), module, token, "MX-TIJ-01")


def test_the_token_gives_the_key_back(file: Path, softhsm: Path) -> None:
    protector(file, softhsm).keep(KEY)
    assert protector(file, softhsm).key() == KEY
    assert KEY not in file.read_bytes()


def test_a_second_key_is_wrapped_by_the_same_wrapping_key(file: Path, softhsm: Path) -> None:
    protector(file, softhsm).keep(KEY)
    protector(file, softhsm).keep(bytes(32))
    assert protector(file, softhsm).key() == bytes(32)


def test_a_wrong_pin(file: Path, softhsm: Path) -> None:
    protector(file, softhsm).keep(KEY)
    with pytest.raises(WrongSecret, match="PIN of the token"):
        protector(file, softhsm, pin="000000").key()


def test_a_token_that_is_not_there(file: Path, softhsm: Path) -> None:
    protector(file, softhsm).keep(KEY)
    with pytest.raises(ProtectorUnavailable, match="other"):
        protector(file, softhsm, token="other").key()


def test_a_library_that_is_not_there(file: Path) -> None:
    with pytest.raises(ProtectorUnavailable, match="no-such"):
        protector(file, Path("/no-such-module.so")).keep(KEY)


def test_a_forgotten_wrapping_key_opens_no_copy_of_the_file(file: Path, softhsm: Path) -> None:
    protector(file, softhsm).keep(KEY)
    protector(file, softhsm).forget()
    with pytest.raises(ProtectorUnavailable, match="MX-TIJ-01"):
        protector(file, softhsm).key()


def test_bytes_that_this_token_did_not_wrap(file: Path, softhsm: Path) -> None:
    protector(file, softhsm).keep(KEY)
    TokenKey(label="MX-TIJ-01", wrapped=bytes(40)).write(file)
    with pytest.raises(UnusableKeyFile, match="not wrapped by this token"):
        protector(file, softhsm).key()
