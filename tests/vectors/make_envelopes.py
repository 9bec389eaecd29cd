"""Make tests/vectors/envelope: good ones, and bad ones each with one fault. Run again only for a new format version."""

import zlib
from functools import partial
from typing import Any

import cbor2
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from vector_files import KEYS, Case, write_folder

from sync.chain import genesis
from sync.contract.ids import StationId
from sync.cose import EDDSA, protected
from sync.envelope import BODY_NONCE, MAX_RECORD, Envelope, commitment, to_be_signed, wrap_info
from sync.identity import Identity
from sync.keys import Recipient, StationKey

NATIONAL, ESCROW, STRANGER, NATIONAL_768, ESCROW_768 = (
    Identity.from_bytes(KEYS[name]).recipient
    for name in ("national", "escrow", "stranger", "national_768", "escrow_768")
)
STATION, OTHER = (StationKey.from_bytes(KEYS[name]) for name in ("station", "other_station"))
RECORD = b"a record, as far as an envelope knows"
NAME = StationId("MX-NLD-01")
DEK = AESGCM.generate_key(256)
dumps = partial(cbor2.dumps, canonical=True)


def header(*recipients: Recipient, **changes: object) -> bytes:
    """Return a header's bytes; a change to None takes the field out."""
    fields: dict[str, Any] = {
        "format": "garita.envelope/1",
        "suite": (recipients or (NATIONAL,))[0].suite,
        "station": NAME,
        "seq": 1,
        "prev": genesis(NAME, STATION.public),
        "commitment": commitment(DEK),
        "recipients": [each.kid for each in recipients or (NATIONAL, ESCROW)],
    }
    return dumps({name: value for name, value in (fields | changes).items() if value is not None})


def sealed(head: bytes, packed: bytes = zlib.compress(RECORD), *recipients: Recipient, dek: bytes = DEK) -> list[Any]:
    """Return [header, wraps, body] around bytes that should be a zlib stream."""
    wraps = [wrapped(to, head, dek) for to in recipients or (NATIONAL, ESCROW)]
    return [head, wraps, AESGCM(dek).encrypt(BODY_NONCE, packed, head)]


def wrapped(to: Recipient, head: bytes, dek: bytes) -> bytes:
    """Return a content key for a recipient."""
    return to.cipher_suite.hpke.encrypt(dek, to.hpke, info=wrap_info(to.kid, head))


def signed(payload: bytes, head: bytes | None = None, key: StationKey = STATION) -> list[Any]:
    """Return the four parts of a COSE_Sign1."""
    head = protected(EDDSA, STATION.public.kid) if head is None else head
    return [head, {}, payload, key.sign(to_be_signed(head, payload))]


def pack(parts: list[Any]) -> bytes:
    """Return payload parts signed and tagged as they should be."""
    return tagged(signed(dumps(parts)))


def tagged(outer: object) -> bytes:
    """Return what should be a COSE_Sign1, under tag 18."""
    return b"\xd2" + dumps(outer)


GOOD = pack(sealed(header()))
PARTS = cbor2.loads(Envelope.from_bytes(GOOD).payload)
OUTER = cbor2.loads(GOOD).value


def bad_outside() -> list[Case]:
    """Faults around the payload."""
    case = partial(Case, expect="Malformed")
    head, _, payload, signature = OUTER
    return [
        case(name="empty-file", why="no byte at all", data=b""),
        case(name="no-tag", why="COSE_Sign1 without tag 18", data=GOOD[1:]),
        case(name="tag-of-cose-encrypt0", why="tag 16 instead of 18", data=b"\xd0" + GOOD[1:]),
        case(name="tag-in-two-bytes", why="tag 18 in a longer spelling", data=b"\xd8\x12" + GOOD[1:]),
        case(name="trailing-byte", why="one byte after the end", data=GOOD + b"\0"),
        case(name="truncated-by-one", why="the last byte is missing", data=GOOD[:-1]),
        case(name="truncated-in-the-payload", why="cut in the middle", data=GOOD[: len(GOOD) // 2]),
        case(name="indefinite-array", why="outer array of indefinite length", data=b"\xd2\x9f" + GOOD[2:] + b"\xff"),
        case(name="long-length", why="the key id's header in 3 bytes", data=GOOD[:2] + b"\x58\x0d" + GOOD[3:]),
        case(name="three-parts", why="no signature", data=tagged(OUTER[:3])),
        case(name="five-parts", why="a part too many", data=tagged([*OUTER, b""])),
        case(name="unprotected-header", why="an unsigned header field", data=tagged([head, {"k": 1}, *OUTER[2:]])),
        case(name="payload-is-null", why="detached payload", data=tagged([head, {}, None, signature])),
        case(name="signature-of-63-bytes", why="short signature", data=tagged([head, {}, payload, signature[:-1]])),
        case(
            name="algorithm-es256",
            why="alg -7 in the protected header",
            data=tagged(signed(payload, dumps({1: -7, 4: STATION.public.kid}))),
        ),
        case(name="no-key-id", why="protected header without kid", data=tagged(signed(payload, dumps({1: -8})))),
        case(
            name="key-id-of-7-bytes",
            why="short kid",
            data=tagged(signed(payload, dumps({1: -8, 4: STATION.public.kid[:7]}))),
        ),
        case(
            name="algorithm-ml-dsa-65",
            why="alg -49 in the protected header",
            data=tagged(signed(payload, dumps({1: -49, 4: STATION.public.kid}))),
        ),
        case(
            name="critical-header",
            why="a protected field that is not known (crit)",
            data=tagged(signed(payload, dumps({1: -8, 2: [99], 4: STATION.public.kid}))),
        ),
    ]


def bad_payload() -> list[Case]:
    """Faults in the payload's form, signed as they stand."""
    case = partial(Case, expect="Malformed")
    head, wraps, body = PARTS
    text = tagged(signed(dumps([head.decode("latin-1"), wraps, body])))
    return [
        case(name="payload-not-cbor", why="the payload is text", data=tagged(signed(b"not CBOR \xff"))),
        case(name="payload-trailing-byte", why="a byte after the payload", data=tagged(signed(dumps(PARTS) + b"\0"))),
        case(name="payload-of-two-parts", why="no body", data=pack([head, wraps])),
        case(name="header-is-text", why="header as text string", data=text),
        case(name="wrap-missing", why="one wrap for two recipients", data=pack([head, wraps[:1], body])),
        case(name="wrap-too-many", why="three wraps for two recipients", data=pack([head, [*wraps, wraps[0]], body])),
        case(name="wrap-short", why="a wrap of 1712 bytes", data=pack([head, [wraps[0], wraps[1][:-1]], body])),
        case(name="wrap-is-text", why="a wrap that is no byte string", data=pack([head, [wraps[0], "x" * 1713], body])),
        case(name="body-empty", why="a body of a bare GCM tag", data=pack([head, wraps, body[:16]])),
    ]


def bad_header() -> list[Case]:
    """Faults in the header, signed and sealed as they stand."""

    def case(name: str, why: str, head: bytes) -> Case:
        return Case(name, "Malformed", why, pack([head, *PARTS[1:]]))

    good = header()
    first = dumps("seq") + dumps(1)
    return [
        case("header-unknown-field", "a field nobody knows", header(colour="red")),
        case("header-without-prev", "a field is missing", header(prev=None)),
        case("header-format-2", "another format version", header(format="garita.envelope/2")),
        case("header-unknown-suite", "a suite that is not known", header(suite="P384")),
        case("header-seq-zero", "entries count from 1", header(seq=0)),
        case("header-seq-is-true", "a boolean is not a number", header(seq=True)),
        case("header-seq-is-a-float", "1.0 is not 1", header(seq=1.0)),
        case("header-seq-beyond-63-bits", "no store can hold it", header(seq=2**63)),
        case("header-prev-of-31-bytes", "not a SHA-256", header(prev=bytes(31))),
        case("header-station-empty", "a station has a name", header(station="")),
        case("header-station-with-newline", "a name that could forge lines", header(station="MX\n1")),
        case("header-station-of-65-characters", "a name too long", header(station="M" * 65)),
        case("header-no-recipients", "sealed to nobody", header(recipients=[])),
        case("header-recipient-twice", "one recipient named twice", header(NATIONAL, NATIONAL)),
        case("header-without-commitment", "a body that any key may open", header(commitment=None)),
        case("header-commitment-of-31-bytes", "not a SHA-256", header(commitment=bytes(31))),
        case("header-suite-of-other-lengths", "a known suite, the wraps of another", header(suite="MLKEM768_X25519")),
        case("header-recipient-of-7-bytes", "short key id", header(recipients=[NATIONAL.kid, ESCROW.kid[:7]])),
        case("header-field-twice", "seq stands twice", bytes([good[0] + 1]) + first + good[1:]),
        case(
            "header-fields-unsorted", "seq is not in its place", bytes([good[0]]) + good[1:].replace(first, b"") + first
        ),
        case("header-seq-in-two-bytes", "1 in a longer spelling", good.replace(first, dumps("seq") + b"\x18\x01")),
    ]


def unsigned() -> list[Case]:
    """Well formed, but the station did not sign this."""
    head, wraps, body = PARTS
    payload, signature = OUTER[2:]

    def case(name: str, why: str, parts: list[Any]) -> Case:
        return Case(name, "BadSignature", why, tagged([OUTER[0], {}, dumps(parts), signature]))

    flipped = signature[:-40] + bytes([signature[-40] ^ 1]) + signature[-39:]
    other = tagged(signed(payload, protected(EDDSA, OTHER.public.kid), OTHER))
    return [
        Case("signature-flipped", "BadSignature", "one bit of the signature", tagged([*OUTER[:3], flipped])),
        Case("signed-by-another-station", "BadSignature", "kid and signature of another key", other),
        Case(
            "signed-by-another-key-under-this-kid",
            "BadSignature",
            "the station's kid, another key's signature",
            tagged(signed(payload, None, OTHER)),
        ),
        case("body-flipped", "one bit of the body", [head, wraps, body[:-1] + bytes([body[-1] ^ 1])]),
        case("wrap-flipped", "one bit of a wrap", [head, [bytes([wraps[0][0] ^ 1]) + wraps[0][1:], wraps[1]], body]),
        case("wraps-swapped", "wraps in the other order", [head, wraps[::-1], body]),
        case("header-seq-changed", "another seq, not signed again", [header(seq=2), wraps, body]),
        case("header-station-changed", "another station, not signed again", [header(station="MX-NLD-02"), wraps, body]),
        case("header-recipients-swapped", "recipients in the other order", [header(ESCROW, NATIONAL), wraps, body]),
    ]


def unopenable() -> list[Case]:
    """Signed by the station, yet the national key must not open it: what a dishonest or broken station could send."""
    head, wraps, body = PARTS

    def case(name: str, why: str, parts: list[Any]) -> Case:
        return Case(name, "OpenError", why, pack(parts))

    def holding(name: str, why: str, packed: bytes) -> Case:
        return case(name, why, sealed(head, packed))

    stream, other = zlib.compress(RECORD), AESGCM.generate_key(256)
    raw = zlib.compressobj(wbits=-15)
    return [
        case("sealed-to-others", "not to the national key", sealed(header(ESCROW, STRANGER), stream, ESCROW, STRANGER)),
        case("resigned-wraps-swapped", "each wrap at the other's place", [head, wraps[::-1], body]),
        case("resigned-body-flipped", "one bit of the body", [head, wraps, bytes([body[0] ^ 1]) + body[1:]]),
        case("resigned-header-changed", "another seq after sealing", [header(seq=2), wraps, body]),
        case(
            "resigned-recipients-swapped", "recipients and wraps moved", [header(ESCROW, NATIONAL), wraps[::-1], body]
        ),
        case("resigned-wrap-of-zeros", "a point that is not on the curve", [head, [bytes(1713), wraps[1]], body]),
        case(
            "another-key-than-committed",
            "the key opens the body, the header commits to another",
            sealed(head, dek=other),
        ),
        case(
            "another-key-for-one-recipient",
            "the national key gets a key of its own",
            [head, [wrapped(NATIONAL, head, other), wraps[1]], body],
        ),
        holding("not-zlib", "the record is not compressed", RECORD),
        holding("deflate-without-zlib", "a bare deflate stream", raw.compress(RECORD) + raw.flush()),
        holding("zlib-beyond-limit", "16 MiB and one byte", zlib.compress(bytes(MAX_RECORD + 1))),
        holding("zlib-trailing-byte", "a byte after the stream", stream + b"\0"),
        holding("zlib-two-streams", "a second record behind the first", stream + stream),
        holding("zlib-truncated", "the checksum is cut", stream[:-1]),
        holding("zlib-wrong-checksum", "the checksum is another's", stream[:-1] + bytes([stream[-1] ^ 1])),
        holding("zlib-preset-dictionary", "needs bytes that are not there", with_dictionary()),
        holding("zlib-of-nothing", "an empty record", zlib.compress(b"")),
    ]


def with_dictionary() -> bytes:
    """Return a zlib stream over a preset dictionary."""
    packer = zlib.compressobj(zdict=RECORD)
    return packer.compress(RECORD) + packer.flush()


def good() -> list[Case]:
    """Envelopes that open with the national key, to RECORD."""
    three = (NATIONAL, ESCROW, STRANGER)
    stream, small = zlib.compress(RECORD), (NATIONAL_768, ESCROW_768)
    return [
        Case("good", "opens", "two recipients", GOOD),
        Case("good-three-recipients", "opens", "three recipients", pack(sealed(header(*three), stream, *three))),
        Case(
            "good-escrow-first",
            "opens",
            "the order of recipients is free",
            pack(sealed(header(ESCROW, NATIONAL), stream, ESCROW, NATIONAL)),
        ),
        Case("good-seq-63-bits", "opens", "the greatest seq", pack(sealed(header(seq=2**63 - 1)))),
        Case("good-stored", "opens", "any zlib level, even none", pack(sealed(header(), zlib.compress(RECORD, 0)))),
        Case("good-768", "opens", "suite MLKEM768_X25519", pack(sealed(header(*small), stream, *small))),
    ]


if __name__ == "__main__":
    write_folder(
        "envelope", ".envelope", [*good(), *bad_outside(), *bad_payload(), *bad_header(), *unsigned(), *unopenable()]
    )
