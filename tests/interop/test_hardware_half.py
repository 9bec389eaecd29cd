"""The P-384 half of a national key in a PKCS#11 token: it never leaves, and envelopes open all the same."""

from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pkcs11
import pytest

from sync.contract.ids import Seq, StationId
from sync.envelope import Envelope
from sync.errors import OpenError, UnusableKey
from sync.identity import Identity
from sync.keys import Recipient, StationKey
from sync.opening import open_envelope
from sync.sealing import seal
from sync.vault.office import release
from sync.vault.token import TokenIdentity, TokenIdentityFile, make, unlock
from tests.soft_token import LABEL, PIN, make_another

pytestmark = pytest.mark.interop


@pytest.fixture
def file(softhsm: Path) -> TokenIdentityFile:
    """Make the P-384 half in the token."""
    return make(str(softhsm), LABEL, token_hex(4), "national", PIN)


@pytest.fixture
def identity(file: TokenIdentityFile) -> Iterator[TokenIdentity]:
    """Read the file form and unlock the token."""
    unlocked = unlock(TokenIdentityFile.from_bytes(file.to_bytes()), PIN)
    yield unlocked
    unlocked.close()


def sealed_to(recipients: list[Recipient]) -> Envelope:
    return Envelope.from_bytes(seal(b"record", StationId("MX-1"), Seq(1), bytes(32), StationKey.generate(), recipients))


def test_a_key_half_in_a_token_opens_real_envelopes(identity: TokenIdentity) -> None:
    escrow = Identity.generate("escrow")
    for _ in range(3):
        envelope = sealed_to([identity.recipient, escrow.recipient])
        assert open_envelope(envelope, identity) == open_envelope(envelope, escrow) == b"record"


def test_it_opens_nothing_that_was_sealed_to_others(identity: TokenIdentity) -> None:
    others = [Identity.generate("national").recipient, Identity.generate("escrow").recipient]
    with pytest.raises(OpenError, match="is sealed to"):
        open_envelope(sealed_to(others), identity)


def test_the_private_half_does_not_leave_the_token(identity: TokenIdentity) -> None:
    with pytest.raises(pkcs11.PKCS11Error):
        identity.classical._private[pkcs11.Attribute.VALUE]


def test_the_vault_asks_for_the_pin_and_refuses_another_key(
    file: TokenIdentityFile, softhsm: Path, tmp_path: Path
) -> None:
    laid = tmp_path / "national.token"
    laid.write_bytes(file.to_bytes())
    released = release(laid, lambda _token: PIN)
    assert isinstance(released.identity, TokenIdentity)
    assert released.identity.recipient.kid == file.kid
    released.identity.close()
    with pytest.raises(UnusableKey, match="does not open"):
        release(laid, lambda _token: "000000")
    other = make(str(softhsm), LABEL, token_hex(4), "national", PIN)
    with pytest.raises(UnusableKey, match="is not the one of"):
        unlock(file.model_copy(update={"label": other.label}), PIN)
    with pytest.raises(UnusableKey, match="stands there already"):
        make(str(softhsm), LABEL, file.label, "national", PIN)
    with pytest.raises(UnusableKey, match="no one key pair"):
        unlock(file.model_copy(update={"label": "nobody"}), PIN)


def test_two_tokens_of_one_label_are_said(file: TokenIdentityFile) -> None:
    make_another()
    with pytest.raises(UnusableKey, match="several tokens are called garita; take out all but the one"):
        unlock(file, PIN)
