"""The key wrapped by a PKCS#11 token's own AES key, which never leaves the token (CKM_AES_KEY_WRAP, RFC 3394)."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11.exceptions import (
    AttributeTypeInvalid,
    MultipleTokensReturned,
    PinIncorrect,
    PinLenRange,
    PinLocked,
    PKCS11Error,
)
from pydantic import Field

from edge.errors import EdgeError, KeyLockedOut, ProtectorUnavailable, UnusableKeyFile, WrongSecret
from edge.keyfile import KEY_BYTES, Ask, ProtectedKey
from edge.settings import ProtectorName

_EXTRACTABLE = {Attribute.SENSITIVE: False, Attribute.EXTRACTABLE: True}
_HIDDEN = (Attribute.PRIVATE, Attribute.SENSITIVE, Attribute.LOCAL, Attribute.NEVER_EXTRACTABLE)


class TokenKey(ProtectedKey, frozen=True):
    """The wrapped key, and under which label the token has the key that wraps."""

    format: Literal["garita.protected-key/1"] = "garita.protected-key/1"
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
            wrapping = self._wrapping_key(session, kept.label)
            if wrapping is None:
                raise ProtectorUnavailable(f"token {self._token!r} has no key {kept.label!r}; use the right one")
            try:
                key = wrapping.unwrap_key(
                    ObjectClass.SECRET_KEY,
                    KeyType.GENERIC_SECRET,
                    kept.wrapped,
                    mechanism=Mechanism.AES_KEY_WRAP,
                    template=_EXTRACTABLE,
                )
            except PKCS11Error as error:
                raise UnusableKeyFile(f"{self._file}: not wrapped by this token's key ({_name(error)})") from error
            return bytes(key[Attribute.VALUE])

    def keep(self, key: bytes) -> None:
        """Wrap the key under the token's wrapping key, made where there is none; raises ProtectorUnavailable.

        A key that lies there may be somebody's: only one that was made on the token, never was outside and asks for
        the PIN is used.
        """
        with self._session() as session:
            wrapping = self._wrapping_key(session, self._label)
            if wrapping is None:
                wrapping = _make_wrapping_key(session, self._label)
            if not _opens_here_alone(wrapping):
                raise ProtectorUnavailable(
                    f"the key {self._label!r} on token {self._token!r} was laid by somebody, can be taken out, or "
                    "works without the PIN; if it keeps this station's key now, move that to a passphrase first "
                    "(garita keys protect); then remove the token's key and do this again"
                )
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
            wrapping = self._wrapping_key(session, self._label)
            if wrapping is not None:
                wrapping.destroy()

    def _wrapping_key(self, session: Any, label: str) -> Any | None:  # noqa: ANN401 - a PKCS#11 object
        wanted = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: KeyType.AES, Attribute.LABEL: label}
        found = list(session.get_objects(wanted))
        if len(found) > 1:
            raise ProtectorUnavailable(
                f"token {self._token!r} has several keys {label!r}; rename or remove all but this station's"
            )
        return found[0] if found else None

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
        except MultipleTokensReturned as error:
            raise ProtectorUnavailable(
                f"several tokens are called {self._token!r}; take out all but this station's"
            ) from error
        except PinLocked as error:
            raise KeyLockedOut(f"the token {self._token!r} is locked; its security officer unlocks it") from error
        except (PKCS11Error, RuntimeError, OSError) as error:
            raise ProtectorUnavailable(
                f"token {self._token!r} of {self._module}: {_name(error)}; plug it in"
            ) from error


def _make_wrapping_key(session: Any, label: str) -> Any:  # noqa: ANN401 - a PKCS#11 object
    return session.generate_key(
        KeyType.AES,
        KEY_BYTES * 8,
        label=label,
        store=True,
        capabilities=MechanismFlag.WRAP | MechanismFlag.UNWRAP,
        template={Attribute.PRIVATE: True, Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
    )


def _opens_here_alone(key: Any) -> bool:  # noqa: ANN401 - a PKCS#11 object
    try:
        return not key[Attribute.EXTRACTABLE] and all(key[attribute] for attribute in _HIDDEN)
    except AttributeTypeInvalid:
        return False


def _name(error: BaseException) -> str:
    return f"{type(error).__name__} {error}".strip()
