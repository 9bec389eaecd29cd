"""The checks, from docs/formats alone. Each raises Fault with a stable code, or returns what it found."""

# pyright: basic
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import strict_cbor
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAX_RECORD = 16 * 1024 * 1024
WRAPS = {"MLKEM1024_P384": 1713, "MLKEM768_X25519": 1168}
HEADER = {"format", "suite", "station", "seq", "prev", "commitment", "recipients"}
ED25519, ML_DSA_65 = bytes.fromhex("a201270448"), bytes.fromhex("a20138300448")


class Fault(Exception):
    """Something is not as it must be: a code that names what, and the detail."""


@dataclass(frozen=True)
class Entry:
    """An envelope whose form is as it must be."""

    station: str
    seq: int
    digest: bytes
    header: dict[str, Any]
    header_bytes: bytes
    body: bytes


def decode(data: bytes, code: str, what: str) -> Any:  # noqa: ANN401 - any CBOR value
    """Return a value of strict CBOR, or the Fault `code`."""
    try:
        return strict_cbor.decode(data)
    except strict_cbor.NotStrict as error:
        raise Fault(code, f"{what}: {error}") from error


def need(truth: bool, code: str, *detail: str) -> None:
    """Raise the Fault `code` unless `truth`."""
    if not truth:
        raise Fault(code, *detail)


def fields(value: Any, names: set[str], code: str, what: str) -> dict[str, Any]:  # noqa: ANN401 - any CBOR value
    """Return a map that has exactly these fields."""
    need(isinstance(value, dict) and set(value) == names, code, f"{what}: its fields must be {sorted(names)}")
    return value


def verify(public: bytes, signature: bytes, message: bytes, what: str, code: str = "signature") -> None:
    """Verify an Ed25519 signature, or one of ML-DSA-65 where the key is a long one."""
    try:
        kind = Ed25519PublicKey if len(public) == 32 else MLDSA65PublicKey
        kind.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise Fault(code, f"{what} was not signed with the key that it is said to be") from error


def check_envelope(data: bytes, cards: dict[str, dict[str, Any]]) -> Entry:
    """COSE_Sign1 (RFC 9052) by the station's key over [header, wraps, body]: docs/formats/envelope.md."""
    need(data[:1] == b"\xd2", "envelope-form", "no COSE_Sign1")
    outer = decode(data[1:], "envelope-form", "envelope")
    need(isinstance(outer, list) and len(outer) == 4, "envelope-form", "not the four parts of a COSE_Sign1")
    protected, unprotected, payload, signature = outer
    parts = decode(payload, "envelope-form", "payload")
    need(unprotected == {} and isinstance(parts, list) and len(parts) == 3, "envelope-form", "not three parts")
    header_bytes, wraps, body = parts
    header = fields(decode(header_bytes, "envelope-form", "header"), HEADER, "envelope-form", "header")
    numbered = type(header["seq"]) is int and header["seq"] > 0
    known = numbered and header["format"] == "garita.envelope/1" and header["suite"] in WRAPS
    need(known, "envelope-form", "unknown format or suite, or an entry's number that is none")
    size, count = WRAPS[header["suite"]], len(header["recipients"])
    need([len(wrap) for wrap in wraps] == [size] * count, "envelope-form", "wraps that do not fit the recipients")
    need(header["station"] in cards, "signature", f"no key of the station {header['station']!r} is in the bundle")
    card = cards[header["station"]]
    kid = sha256(card["public_key"]).digest()[:8]
    need(protected == ED25519 + kid, "signature", "it names another key than the station's")
    message = strict_cbor.encode(["Signature1", protected, b"", payload])
    verify(card["public_key"], signature, message, f"entry {header['seq']}")
    return Entry(header["station"], header["seq"], sha256(data).digest(), header, header_bytes, body)


def check_chain(entry: Entry, before: Entry | None, card: dict[str, Any]) -> bool:
    """Each entry names the SHA-256 of the one before; return whether that one is in the bundle, or it is the first."""
    place, last = (entry.station, entry.seq), (before.station, before.seq) if before else ("", 0)
    need(place > last, "chain", f"entry {entry.seq} stands behind entry {last[1]}: by station, then number, each once")
    if entry.seq == 1:
        first = b"garita/journal/1\0" + entry.station.encode() + b"\0" + card["public_key"]
        need(entry.header["prev"] == sha256(first).digest(), "chain", "entry 1 does not begin this station's journal")
        return True
    if before is None or before.station != entry.station or entry.seq > before.seq + 1:
        return False
    need(entry.header["prev"] == before.digest, "chain", f"entry {entry.seq} does not continue entry {before.seq}")
    return True


def check_content(entry: Entry, key: bytes) -> dict[str, Any]:
    """Open the body with the disclosed key, to which the signed header commits; return the record."""
    committed = sha256(b"garita/commit/1\0" + key).digest() == entry.header["commitment"]
    need(committed, "commitment", "the key in the bundle is not the one that the signed header commits to")
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(AESGCM(key).decrypt(bytes(12), entry.body, entry.header_bytes), MAX_RECORD + 1)
    except (InvalidTag, zlib.error) as error:
        raise Fault("content", "the body does not open to a record") from error
    whole = stream.eof and not stream.unused_data and len(data) <= MAX_RECORD
    need(whole, "content", "the body is not one record and nothing else")
    record = decode(data, "content", "record")
    need(isinstance(record, dict) and record.get("station") == entry.station, "content", "a record of another station")
    for part in (each for each in values(record) if isinstance(each, dict)):
        for name, value in part.items():
            same = not isinstance(value, bytes) or part.get(f"{name}_digest") in (None, sha256(value).digest())
            need(same, "record-digest", f"`{name}` has another SHA-256 than it says")
    return record


def values(value: Any) -> Iterator[Any]:  # noqa: ANN401 - any CBOR value
    """Yield a value and all that it holds."""
    yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from values(item)


def is_attachment(value: Any) -> bool:  # noqa: ANN401 - any CBOR value
    """Tell whether a part of a record names bytes that are sealed beside it: docs/formats/attachment.md."""
    named = isinstance(value, dict) and {"name", "media", "size"} <= {*value}
    return named and all(isinstance(value.get(each), bytes) for each in ("digest", "sealed"))


def check_receipt(proof: str, entry: Entry, vkeys: list[str], seen: dict[Any, Any]) -> tuple[int, int]:
    """Check a tlog-proof (c2sp.org) of an entry, also against those `seen`; return its place and the log's size."""
    head, _, note = proof.partition("\n\n")
    first, *lines = head.split("\n")
    lines = lines[1:] if lines and lines[0].startswith("extra ") else lines
    need(first == "c2sp.org/tlog-proof@v1" and bool(lines), "receipt-form", "no tlog-proof")
    index, path = _number(lines[0].removeprefix("index ")), [_base64(line) for line in lines[1:]]
    origin, size, root = check_checkpoint(note, max(vkeys, key=lambda key: f"\n— {key.split('+')[0]} " in note))
    need(all(len(each) == 32 for each in path), "receipt-form", "a hash that has not 32 bytes")
    need(index < size, "receipt-inclusion", f"place {index} in a log of {size}")
    leaf = sha256(b"\0" + entry.digest).digest()
    need(_climb(leaf, index, size, path) == root, "receipt-inclusion", f"not in {origin}")
    seen = seen.setdefault(origin, {})
    need(seen.setdefault(("size", size), root) == root, "receipts", f"the log of {size} entries has two histories")
    need(seen.setdefault(("place", index), leaf) == leaf, "receipts", f"another entry stands at place {index} too")
    need(seen.get(entry.station, -1) < index, "receipts", f"place {index} lies before that of an earlier entry")
    seen[entry.station] = index
    return index, size


def check_checkpoint(note: str, vkey: str) -> tuple[str, int, bytes]:
    """Verify a signed note by the log's key; return origin, size and root of the log."""
    text, name, key, mine = signed(note, vkey, 1, "receipt-checkpoint")
    need(bool(mine), "receipt-checkpoint", f"no signature of the log {name}")
    for signature in mine:
        verify(key, signature, text.encode(), "the checkpoint", "receipt-checkpoint")
    parts = text.split("\n")
    need(len(parts) == 4 and parts[0] == name, "receipt-checkpoint", "not a checkpoint of this log")
    return parts[0], _number(parts[1]), _base64(parts[2])


def signed(note: str, vkey: str, kind: int, code: str) -> tuple[str, str, bytes, list[bytes]]:
    """Return a note's text, name and key of a verifier key of this kind (c2sp.org/signed-note), its signatures."""
    text, _, signatures = note.rpartition("\n\n")
    name, named, key = (*vkey.split("+", 2)[:2], _base64(vkey.split("+", 2)[2]))
    kid = sha256(name.encode() + b"\n" + key).digest()[:4]
    need(named == kid.hex() and key[0] == kind, code, f"the key of {name} is not written as it must be")
    lines = [line.split(" ") for line in signatures.splitlines()]
    mine = [_base64(line[2]) for line in lines if line[:2] == ["—", name] and len(line) == 3]
    return f"{text}\n", name, key[1:], [each[4:] for each in mine if each[:4] == kid]


def _climb(node: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """RFC 9162, 2.1.3.2: the root to which a leaf's path leads, or None where the path has a wrong length."""
    last = size - 1
    for sibling in path:
        if last == 0:
            return None
        while index == last and not index & 1:
            index, last = index >> 1, last >> 1
        node = sha256(b"\1" + (sibling + node if index & 1 else node + sibling)).digest()
        index, last = index >> 1, last >> 1
    return None if last else node


def check_head(data: bytes, cards: dict[str, dict[str, Any]], places: dict[Any, bytes]) -> dict[str, Any]:
    """COSE_Sign by both keys of the station (docs/formats/journal.md), of the entry that `places` has, if it does."""
    need(data[:2] == b"\xd8\x62", "head", "no COSE_Sign")
    outer = decode(data[2:], "head", "head")
    need(isinstance(outer, list) and len(outer) == 4 and outer[:2] == [b"", {}], "head", "not a COSE_Sign")
    said = {"format", "station", "seq", "digest", "time", "counter"}
    body = decode(outer[2], "head", "head")
    fields(body, {"garita.head/1": said, "garita.head/2": said | {"anchor"}}[body["format"]], "head", "head")
    need(body["station"] in cards and len(outer[3]) == 2, "head", "not a head of a station in the bundle, signed twice")
    card = cards[body["station"]]
    for start, name in ((ED25519, "public_key"), (ML_DSA_65, "head_key")):
        protected = start + sha256(card[name]).digest()[:8]
        signature = next((each[2] for each in outer[3] if each[:2] == [protected, {}]), None)
        need(signature is not None, "head", "one of the station's two keys did not sign it")
        message = strict_cbor.encode(["Signature", b"", protected, b"", outer[2]])
        verify(card[name], signature or b"", message, f"the head of entry {body['seq']}")
    named = places.setdefault((body["station"], body["seq"]), body["digest"])
    need(named == body["digest"], "head", "another entry stands at its place")
    return body


def _number(line: str) -> int:
    need(line.isascii() and line.isdigit() and str(int(line)) == line, "receipt-form", f"no number: {line[:40]!r}")
    return int(line)


def _base64(line: str) -> bytes:
    data = b64decode(line, validate=True)
    need(b64encode(data).decode() == line, "receipt-form", f"base64 in a second spelling: {line[:40]!r}")
    return data
