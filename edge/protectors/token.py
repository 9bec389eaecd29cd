"""The key wrapped by a PKCS#11 token's own AES key, which never leaves the token (CKM_AES_KEY_WRAP, RFC 3394)."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11.exceptions import PinIncorrect, PinLenRange, PinLocked, PKCS11Error
from pydantic import Field

from edge.errors import EdgeError, KeyLockedOut, ProtectorUnavailable, UnusableKeyFile, WrongSecret
from edge.keyfile import KEY_BYTES, Ask, ProtectedKey
from edge.settings import ProtectorName

_EXTRACTABLE = {Attribute.SENSITIVE: False, Attribute.EXTRACTABLE: True}


class TokenKey(ProtectedKey, frozen=True):
    """The wrapped key, and under which label the token has the key that wraps."""

    protector: Literal["pkcs11"] = "pkcs11"
    label: Annotated[str, Field(min_length=1, max_length=32)]
    wrapped: Annotated[bytes, Field(min_length=KEY_BYTES + 8, max_length=KEY_BYTES + 8)]


class TokenProtector:
    """Opens with the token in place and its PIN; what limits wrong PINs is the token's own.

    `module` is the maker's PKCS#11 library, `token` the token's label; `label` names the wrapping key on it.
    """

    name: ProtectorName = "pkcs11"
    demo = False

    def __init__(self, file: Path, ask: Ask, module: Path, token: str, label: str) -> None:
        self._file = file
        self._ask = ask
        self._module = module
        self._token = token
        self._label = label

    def key(self) -> bytes:
        """Return the key; raises UnusableKeyFile, WrongSecret, KeyLockedOut, ProtectorUnavailable."""
        kept = TokenKey.read(self._file)
        with self._session() as session:
            try:
                key = _wrapping_key(session, kept.label).unwrap_key(
                    ObjectClass.SECRET_KEY,
                    KeyType.GENERIC_SECRET,
                    kept.wrapped,
                    mechanism=Mechanism.AES_KEY_WRAP,
                    template=_EXTRACTABLE,
                )
            except pkcs11.NoSuchKey as error:
                raise ProtectorUnavailable(
                    f"token {self._token!r} has no key {kept.label!r}; use the right one"
                ) from error
            except PKCS11Error as error:
                raise UnusableKeyFile(f"{self._file}: not wrapped by this token's key ({_name(error)})") from error
            return bytes(key[Attribute.VALUE])

    def keep(self, key: bytes) -> None:
        """Wrap the key under the token's wrapping key, made where there is none."""
        with self._session() as session:
            try:
                wrapping = _wrapping_key(session, self._label)
            except pkcs11.NoSuchKey:
                wrapping = _make_wrapping_key(session, self._label)
            attributes = {
                Attribute.CLASS: ObjectClass.SECRET_KEY,
                Attribute.KEY_TYPE: KeyType.GENERIC_SECRET,
                Attribute.VALUE: key,
                Attribute.TOKEN: False,
                **_EXTRACTABLE,
            }
            wrapped = wrapping.wrap_key(session.create_object(attributes), mechanism=Mechanism.AES_KEY_WRAP)
        TokenKey(label=self._label, wrapped=bytes(wrapped)).write(self._file)

    def forget(self) -> None:
        """Destroy the wrapping key on the token: no copy of the file opens any more."""
        with self._session() as session:
            _wrapping_key(session, self._label).destroy()

    @contextmanager
    def _session(self) -> Generator[Any]:
        pin = self._ask(f"PIN of the token {self._token}")
        try:
            token = pkcs11.lib(str(self._module)).get_token(token_label=self._token)
            with token.open(rw=True, user_pin=pin) as session:
                yield session
        except EdgeError:
            raise
        except (PinIncorrect, PinLenRange) as error:
            raise WrongSecret(f"this is not the PIN of the token {self._token!r}; the token may count it") from error
        except PinLocked as error:
            raise KeyLockedOut(f"the token {self._token!r} is locked; its security officer unlocks it") from error
        except (PKCS11Error, RuntimeError, OSError) as error:
            raise ProtectorUnavailable(
                f"token {self._token!r} of {self._module}: {_name(error)}; plug it in"
            ) from error


def _wrapping_key(session: Any, label: str) -> Any:  # noqa: ANN401 - a PKCS#11 object
    return session.get_key(object_class=ObjectClass.SECRET_KEY, key_type=KeyType.AES, label=label)


def _make_wrapping_key(session: Any, label: str) -> Any:  # noqa: ANN401 - a PKCS#11 object
    return session.generate_key(
        KeyType.AES,
        KEY_BYTES * 8,
        label=label,
        store=True,
        capabilities=MechanismFlag.WRAP | MechanismFlag.UNWRAP,
        template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
    )


def _name(error: BaseException) -> str:
    return f"{type(error).__name__} {error}".strip()
