"""Random mutations of everything that is parsed: refused with the declared error, never a crash, never believed.

    .venv/bin/python -m tests.robustness.mutations [--count 100000] [--seed 1] [--only envelope]

Exit status 1 where one crashed with another error, or was believed though its bytes were changed.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sync import central_time, receipts
from sync.attachments import open_attachment, seal_attachment
from sync.batch import Batch, write_batch
from sync.chain import Head, check_next, empty
from sync.checkpoint import Checkpoint
from sync.claims import Claim
from sync.contract.ids import Seq, StationId
from sync.contract.pieces import Piece
from sync.contract.submission import Answer
from sync.court import CourtBundle, Evidence, Export, make_bundle
from sync.envelope import Envelope
from sync.errors import BadReceipt, BadSignature, BrokenChain, Malformed, OpenError, RefusedList, SyncError, UnusableKey
from sync.heads import SignedHead
from sync.identity import Identity
from sync.journal import Sealer
from sync.keys import Recipient, StationKey
from sync.links import Links
from sync.merkle import leaf_hash
from sync.note import LogKey
from sync.opening import unwrap
from sync.recipients import RecipientList
from sync.roots import RootKey, RootSet

STATION = StationId("MX-TIJ-01")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLACES = 3


@dataclass(frozen=True)
class Target:
    """Good bytes, what reads them, what it may raise, and whether everything in them is covered by something."""

    name: str
    good: bytes
    read: Callable[[bytes], object]
    errors: tuple[type[SyncError], ...]
    covered: bool = True


def mutate(data: bytes, rng: random.Random) -> bytes:
    """Return `data` with one to three places changed: bits, bytes, pieces taken out, put in, doubled or cut."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, PLACES)):
        at, size = rng.randrange(len(changed) + 1), rng.choice((1, 1, 2, 8, 64))
        kind = rng.randrange(6)
        if kind == 0 and at < len(changed):
            changed[at] ^= 1 << rng.randrange(8)
        elif kind == 1 and at < len(changed):
            changed[at] = rng.choice((0, 1, 0x17, 0x18, 0x7F, 0x80, 0x9F, 0xBF, 0xC2, 0xF9, 0xFF))
        elif kind == 2:
            del changed[at : at + size]
        elif kind == 3:
            changed[at:at] = rng.randbytes(size)
        elif kind == 4:
            changed[at:at] = changed[at : at + size]
        else:
            changed[at : at + size] = rng.randbytes(min(size, 4))
    return bytes(changed[: rng.randrange(len(changed) + 1)] if rng.randrange(50) == 0 else changed)


def targets() -> list[Target]:
    """Return everything that is parsed, with keys of its own."""
    key, log, roots = StationKey.generate(), LogKey.generate("log.example/garita"), [RootKey.generate() for _ in "123"]
    national, escrow = Identity.generate("national"), Identity.generate("escrow")
    sealer = Sealer(STATION, key, [national.recipient, escrow.recipient])
    start, pinned = empty(STATION, key.public), RootSet(2, tuple(root.public for root in roots))
    envelope = sealer.seal_after(start, b"a record of some length, so that there is something in it")
    after = sealer.seal_after(check_next(start, envelope), b"the next record").data
    note = Checkpoint(log.verifier.name, 1, leaf_hash(envelope.digest)).sign(log)
    proof = receipts.write_proof(0, [], note)
    head = SignedHead.sign(key, STATION, Head(envelope.header.seq, envelope.digest), NOON, 1, "file")
    listed = RecipientList(1, NOON, NOON, (national.recipient, escrow.recipient)).sign(roots[:2])
    export = Export(time="2026-11-22T12:00:00.000000Z", persons=["A", "B"], reason="drill")
    evidence = [Evidence(envelope, proof, unwrap(envelope, national))]
    bundle = make_bundle(export, [log.verifier], [key.card(STATION)], evidence, heads=[head])

    def journal(data: bytes) -> None:
        links = Links(STATION, start)
        for each in (data, after):
            links.add(each)

    unbelieved = (Malformed, BadSignature)
    return [
        Target("envelope", envelope.data, lambda data: Envelope.from_bytes(data).verify(key.public), unbelieved),
        Target("journal", envelope.data, journal, (BrokenChain,)),
        Target("head", head.data, lambda data: SignedHead.read(data, STATION, key.dual), unbelieved),
        Target("recipient-list", listed, lambda data: RecipientList.read(data, pinned), (RefusedList,)),
        Target("root-keys", pinned.to_bytes(), RootSet.from_bytes, (UnusableKey,), covered=False),
        Target("recipient-key", national.recipient.to_bytes(), Recipient.from_bytes, (UnusableKey,), covered=False),
        Target("identity", national.to_bytes(), Identity.from_bytes, (UnusableKey,), covered=False),
        Target("station-key", key.to_bytes(), StationKey.from_bytes, (UnusableKey,)),
        Target("receipt", proof.encode(), lambda data: _receipt(data, envelope.digest, log), (BadReceipt,), False),
        Target("court-bundle", bundle, CourtBundle.from_bytes, (Malformed,), covered=False),
        *_on_the_way(key, log, envelope),
    ]  # fmt: skip


def _on_the_way(key: StationKey, log: LogKey, envelope: Envelope) -> list[Target]:
    part, body = seal_attachment(
        b"a photograph of some length, so that there is something in it", "photo", "image/jpeg"
    )
    claim = Claim(STATION, 1, part.sealed, len(body))
    said = {"station": STATION, "seq": 1, "sealed": part.sealed, "size": len(body), "claim": claim.sign(key)}
    piece = Piece.from_value({**said, "offset": 0, "data": body})
    batch = write_batch(key, STATION, Seq(1), envelope.header.prev, [envelope.data])
    answer, held = Answer(station=STATION, contiguous=1, receipts=[], refusal=None), claim.receipt(log)
    time = central_time.write(log, b"statement", answer, NOON)

    def read_batch(data: bytes) -> None:
        read = Batch.from_bytes(data)
        read.statement.verify(key.public)
        assert read.envelopes == [envelope.data][: len(read.envelopes)]

    def read_piece(data: bytes) -> None:
        piece = Piece.from_bytes(data)
        Claim(piece.station, piece.seq, piece.sealed, piece.size).verify(piece.claim, key.public)

    def read_time(data: bytes) -> None:
        central_time.read(answer.model_copy(update={"time": _text(data)}), b"statement", logs)

    logs, unbelieved = [log.verifier], (Malformed, BadSignature)
    return [
        Target("batch", batch, read_batch, unbelieved, covered=False),
        Target("piece", piece.to_bytes(), read_piece, unbelieved, covered=False),
        Target("attachment", body, lambda data: open_attachment(part, data), (OpenError,)),
        Target("held", held.encode(), lambda data: claim.verify_receipt(_text(data), logs), (BadReceipt,), False),
        Target("time", time.encode(), read_time, (BadReceipt,), False),
    ]  # fmt: skip


def run(target: Target, count: int, rng: random.Random) -> tuple[Counter[str], list[str]]:
    """Return how many mutations ended how, and what should not have happened."""
    ends, wrong = Counter[str](), list[str]()
    target.read(target.good)
    for _ in range(count):
        data = mutate(target.good, rng)
        try:
            target.read(data)
        except target.errors as error:
            ends[type(error).__name__] += 1
        except Exception as error:  # noqa: BLE001 - whatever comes is the finding
            wrong.append(f"{target.name}: {type(error).__name__}: {error} on {data.hex()}")
        else:
            ends["unchanged" if data == target.good else "read"] += 1
            if data != target.good and target.covered:
                wrong.append(f"{target.name}: believed {data.hex()}")
    return ends, wrong


def _receipt(data: bytes, digest: bytes, log: LogKey) -> None:
    receipts.verify(_text(data), digest, log.verifier)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadReceipt("not text") from error


def main() -> None:
    """Mutate, print what came of it, and fail where something should not have happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only")
    arguments = parser.parse_args()
    findings: list[str] = []
    for target in targets():
        if arguments.only in {None, target.name}:
            begin = time.perf_counter()
            ends, wrong = run(target, arguments.count, random.Random(arguments.seed))  # noqa: S311 - mutations
            shown = ", ".join(f"{name} {number:,}" for name, number in ends.most_common())
            print(f"{target.name}: {shown}; {time.perf_counter() - begin:.0f} s", flush=True)  # noqa: T201 - its voice
            findings += wrong
    print("\n".join(line[:2000] for line in findings[:20]) or "nothing crashed, nothing changed was believed")  # noqa: T201
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
