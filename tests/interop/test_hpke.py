"""The HPKE that seals content keys is that of RFC 9180.

The library's one-shot interface takes no additional data, and the RFC's vectors use some. So a second HPKE, written
from the RFC, is held to the vectors (A.1.1), and then both open what the other sealed. The hybrids are read by such a
second implementation in tests/sync/test_by_the_specifications_alone.py.
"""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from tests.interop import rfc9180

pytestmark = pytest.mark.interop
INFO = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
RECIPIENT = bytes.fromhex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8")
ENC = bytes.fromhex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431")
AEADS = [pytest.param(AEAD.AES_128_GCM, 1, 16, id="aes-128"), pytest.param(AEAD.AES_256_GCM, 2, 32, id="aes-256")]


def test_the_second_hpke_gives_the_values_of_the_rfc() -> None:
    own = X25519PrivateKey.from_private_bytes(RECIPIENT)
    public = own.public_key().public_bytes_raw()
    assert public.hex() == "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d"
    secret = rfc9180.shared_secret(own.exchange(X25519PublicKey.from_public_bytes(ENC)), ENC, public)
    assert secret.hex() == "fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc"
    context = rfc9180.schedule(secret, INFO, 1, 16)
    assert context.key.hex() == "4531685d41d65f03dc48f6b8302c05b0"
    assert context.nonce.hex() == "56d890e5accaaf011cff4b7d"
    sealed = bytes.fromhex("f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a")
    assert AESGCM(context.key).decrypt(context.nonce, sealed, b"Count-0") == b"Beauty is truth, truth beauty"


@pytest.mark.parametrize(("aead", "number", "length"), AEADS)
def test_each_opens_what_the_other_sealed(aead: AEAD, number: int, length: int) -> None:
    own = X25519PrivateKey.from_private_bytes(RECIPIENT)
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, aead)
    theirs = suite.encrypt(b"text", own.public_key(), info=INFO)
    assert rfc9180.unseal(own, theirs, INFO, number, length) == b"text"
    ours = rfc9180.seal(own.public_key(), b"text", INFO, number, length)
    assert suite.decrypt(ours, own, info=INFO) == b"text"
    with pytest.raises(InvalidTag):
        suite.decrypt(ours, own, info=INFO + b"!")
