"""The key wrapped by a PKCS#11 token; SoftHSM answers."""

from pathlib import Path
from typing import Any

import pkcs11
import pytest
from pkcs11 import Attribute, KeyType, ObjectClass

from edge.errors import ProtectorUnavailable, UnusableKeyFile, WrongSecret
from edge.protectors.token import TokenKey, TokenProtector
from tests.edge.protectors.people import Person
from tests.soft_token import LABEL, PIN, make_another

KEY = bytes(range(50, 82))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "database.key"


def protector(file: Path, module: Path, pin: str = PIN, token: str = LABEL) -> TokenProtector:
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


def lay(module: Path, attributes: dict[Attribute, Any]) -> None:
    """Put an AES key of the station's label and a known value on the token."""
    known = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: KeyType.AES, Attribute.VALUE: bytes(32)}
    uses = {Attribute.LABEL: "MX-TIJ-01", Attribute.TOKEN: True, Attribute.WRAP: True, Attribute.UNWRAP: True}
    with pkcs11.lib(str(module)).get_token(token_label=LABEL).open(rw=True, user_pin=PIN) as session:
        session.create_object({**known, **uses, **attributes})


def generate(module: Path, attributes: dict[Attribute, Any], label: str = "MX-TIJ-01") -> None:
    """Let the token make an AES key."""
    with pkcs11.lib(str(module)).get_token(token_label=LABEL).open(rw=True, user_pin=PIN) as session:
        session.generate_key(KeyType.AES, 256, label=label, store=True, template=attributes)


HIDDEN = {Attribute.PRIVATE: True, Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}


def test_a_wrapping_key_that_somebody_laid_is_refused(file: Path, softhsm: Path) -> None:
    lay(softhsm, HIDDEN)
    with pytest.raises(ProtectorUnavailable, match="'MX-TIJ-01' on token 'garita' was laid by somebody"):
        protector(file, softhsm).keep(KEY)
    assert not file.exists()


@pytest.mark.parametrize("changed", [Attribute.PRIVATE, Attribute.SENSITIVE, Attribute.EXTRACTABLE])
def test_a_wrapping_key_that_does_not_stay_behind_the_pin_is_refused(
    changed: Attribute, file: Path, softhsm: Path
) -> None:
    generate(softhsm, {**HIDDEN, changed: not HIDDEN[changed]})
    with pytest.raises(ProtectorUnavailable, match="can be taken out, or works without the PIN"):
        protector(file, softhsm).keep(KEY)
    assert not file.exists()


def test_two_keys_of_one_label_are_said(file: Path, softhsm: Path) -> None:
    protector(file, softhsm).keep(KEY)
    generate(softhsm, HIDDEN)
    for act in (
        protector(file, softhsm).key,
        protector(file, softhsm).forget,
        lambda: protector(file, softhsm).keep(KEY),
    ):
        with pytest.raises(ProtectorUnavailable, match="several keys 'MX-TIJ-01'; rename or remove all but"):
            act()


def test_two_tokens_of_one_label_are_said(file: Path, softhsm: Path) -> None:
    make_another()
    with pytest.raises(ProtectorUnavailable, match="several tokens are called 'garita'; take out all but"):
        protector(file, softhsm).keep(KEY)
