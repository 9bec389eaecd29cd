from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, mlkem
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.contract import canonical
from sync.errors import BadSignature, UnusableKey
from sync.identity import Identity
from sync.keys import Recipient, StationKey, StationPublicKey, key_id
from sync.note import LogKey

READERS: dict[str, Callable[[bytes], object]] = {
    "recipient": Recipient.from_bytes,
    "recipient-768": Recipient.from_bytes,
    "identity": Identity.from_bytes,
    "identity-768": Identity.from_bytes,
    "station-key": StationKey.from_bytes,
    "station-public-key": StationPublicKey.from_bytes,
    "log-key": LogKey.from_bytes,
}


@pytest.fixture(scope="module")
def files(national: Identity, national_768: Identity, station_key: StationKey, log_key: LogKey) -> dict[str, bytes]:
    return {
        "recipient": national.recipient.to_bytes(),
        "recipient-768": national_768.recipient.to_bytes(),
        "identity": national.to_bytes(),
        "identity-768": national_768.to_bytes(),
        "station-key": station_key.to_bytes(),
        "station-public-key": station_key.public.to_bytes(),
        "log-key": log_key.to_bytes(),
    }


def changed(file: bytes, **changes: object) -> bytes:
    return canonical.encode(canonical.decode(file, "key file") | changes)


def spki(key: ec.EllipticCurvePublicKey | mlkem.MLKEM768PublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("kind", READERS)
def test_a_key_file_reads_and_writes_back_the_same_bytes(kind: str, files: dict[str, bytes]) -> None:
    assert READERS[kind](files[kind]).to_bytes() == files[kind]  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=50)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_no_key(kind: str, data: bytes) -> None:
    with pytest.raises(UnusableKey):
        READERS[kind](data)


@pytest.mark.parametrize("kind", READERS)
def test_every_flipped_byte_of_a_key_file_is_refused(kind: str, files: dict[str, bytes]) -> None:
    file = files[kind]
    for at in range(len(file)):
        flipped = file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]
        with pytest.raises(UnusableKey):
            READERS[kind](flipped)


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("other", READERS)
def test_one_kind_of_key_file_never_stands_for_another(kind: str, other: str, files: dict[str, bytes]) -> None:
    if READERS[kind] != READERS[other]:
        with pytest.raises(UnusableKey):
            READERS[kind](files[other])


@pytest.mark.parametrize("kind", READERS)
def test_a_key_file_with_an_unknown_field_or_a_trailing_byte_is_refused(kind: str, files: dict[str, bytes]) -> None:
    for bad in (changed(files[kind], note="x"), files[kind] + b"\0", files[kind][:-1], b""):
        with pytest.raises(UnusableKey):
            READERS[kind](bad)


@pytest.mark.parametrize("kind", ["recipient", "identity"])
def test_a_suite_is_one_of_the_list(kind: str, files: dict[str, bytes]) -> None:
    with pytest.raises(UnusableKey, match="suite"):
        READERS[kind](changed(files[kind], suite="P384"))


@pytest.mark.parametrize("kind", ["recipient", "identity"])
def test_a_key_of_one_suite_never_stands_for_another(kind: str, files: dict[str, bytes]) -> None:
    with pytest.raises(UnusableKey, match="a half must be ML-KEM-768"):
        READERS[kind](changed(files[kind], suite="MLKEM768_X25519"))


@pytest.mark.parametrize("kind", ["recipient", "identity"])
def test_a_purpose_is_one_of_three(kind: str, files: dict[str, bytes]) -> None:
    with pytest.raises(UnusableKey, match="purpose"):
        READERS[kind](changed(files[kind], purpose="vendor"))


def test_halves_of_two_recipients_cannot_be_mixed(national: Identity, escrow: Identity) -> None:
    with pytest.raises(UnusableKey, match="the file says key"):
        Recipient.from_bytes(changed(national.recipient.to_bytes(), classical=escrow.recipient.classical))
    with pytest.raises(UnusableKey, match="the file says key"):
        Identity.from_bytes(changed(national.to_bytes(), classical=escrow.classical))


def test_the_key_id_is_taken_from_the_suite_and_both_halves(national: Identity) -> None:
    recipient = national.recipient
    halves = recipient.post_quantum + recipient.classical
    assert recipient.kid == key_id(b"garita/recipient/1\0MLKEM1024_P384\0" + halves)
    assert len(recipient.kid) == 8
    with pytest.raises(UnusableKey, match="the file says key"):
        Recipient.from_bytes(changed(recipient.to_bytes(), kid=bytes(8)))


class TestAHalfIsRefused:
    def test_of_another_curve(self, national: Identity) -> None:
        p256 = spki(ec.generate_private_key(ec.SECP256R1()).public_key())
        with pytest.raises(UnusableKey, match="P-384"):
            Recipient("national", "MLKEM1024_P384", national.recipient.post_quantum, p256)

    def test_of_a_smaller_lattice(self, national: Identity) -> None:
        small = spki(mlkem.MLKEM768PrivateKey.generate().public_key())
        with pytest.raises(UnusableKey, match="ML-KEM-1024"):
            Recipient("national", "MLKEM1024_P384", small, national.recipient.classical)

    def test_in_the_others_place(self, national: Identity) -> None:
        with pytest.raises(UnusableKey, match="ML-KEM-1024"):
            Recipient("national", "MLKEM1024_P384", national.recipient.classical, national.recipient.post_quantum)

    def test_with_a_compressed_point(self, national: Identity) -> None:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP384R1(), national.recipient.classical[-97:])
        point = public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        der = bytes.fromhex("3046301006072a8648ce3d020106052b81040022033200") + point
        with pytest.raises(UnusableKey, match="second spelling"):
            Recipient("national", "MLKEM1024_P384", national.recipient.post_quantum, der)

    def test_with_a_trailing_byte(self, national: Identity) -> None:
        with pytest.raises(UnusableKey):
            Recipient(
                "national", "MLKEM1024_P384", national.recipient.post_quantum, national.recipient.classical + b"\0"
            )

    def test_private_and_of_another_curve(self, national: Identity) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        p256 = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        with pytest.raises(UnusableKey, match="P-384"):
            Identity("national", "MLKEM1024_P384", national.post_quantum, p256)


def test_an_identity_does_not_print_its_secrets(national: Identity, station_key: StationKey) -> None:
    assert national.classical.hex() not in repr(national)
    assert str(national.classical) not in repr(national)
    assert "ed25519" not in repr(station_key)


def test_a_signature_verifies_under_its_key_and_over_its_bytes_only(
    station_key: StationKey, other_station_key: StationKey
) -> None:
    signature = station_key.sign(b"record")
    station_key.public.verify(signature, b"record")
    for public, data in ((station_key.public, b"records"), (other_station_key.public, b"record")):
        with pytest.raises(BadSignature):
            public.verify(signature, data)
    with pytest.raises(BadSignature):
        station_key.public.verify(signature[:-1], b"record")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_public_key_has_32_bytes(length: int) -> None:
    with pytest.raises(UnusableKey):
        StationPublicKey(bytes(length))


def test_generated_keys_differ() -> None:
    assert StationKey.generate().public != StationKey.generate().public
    assert Identity.generate("national").recipient.kid != Identity.generate("national").recipient.kid
