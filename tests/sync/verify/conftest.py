"""A good court bundle, made by the vault's own parts."""

import shutil
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from sync import receipts
from sync.chain import Head, check_next, empty
from sync.checkpoint import Checkpoint
from sync.contract import canonical
from sync.contract.ids import OperatorId
from sync.contract.records import OperatorRecord, StationRecord, Timestamp
from sync.court import Attachment, Evidence, Export, make_bundle
from sync.envelope import Envelope
from sync.heads import SignedHead
from sync.identity import Identity
from sync.journal import Sealer
from sync.merkle import inclusion_path, leaf_hash, node_hash, root
from sync.note import LogKey
from sync.opening import unwrap

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
AT = Timestamp(wall="2026-11-22T12:00:00.000000Z", monotonic_ns=1, boot="b", trust="synchronised")
EXPORT = Export(time="2026-11-22T12:00:00.000000Z", persons=["A. Ruiz", "B. Soto"], reason="Causa 12/2026")
PHOTO = b"the bytes of a photo"
FOLDER = Path(__file__).parents[3] / "sync" / "verify"
Fields = dict[str, Any]


@dataclass
class Made:
    """A bundle and all that it was made from."""

    data: bytes
    envelopes: list[Envelope]
    keys: list[bytes]
    vkey: str


def _records(station: str) -> list[bytes]:
    about = {"station": station, "recorded": AT, "software": "garita 0.1.0"}
    said = [
        StationRecord.model_validate(about | {"operator": None, "event": "started", "detail": "garita"}),
        OperatorRecord.model_validate(about | {"operator": OperatorId("of-22"), "event": "signed_in"}),
        StationRecord.model_validate(about | {"operator": None, "event": "reading_started", "detail": "r-1\nall good"}),
    ]
    more = canonical.decode(said[1].to_bytes(), "record") | {"photo": sha256(PHOTO).digest()}
    later = more | {"transcript": b"bytes", "transcript_digest": sha256(b"bytes").digest()}
    return [*(each.to_bytes() for each in said), canonical.encode(later)]


@pytest.fixture(scope="session")
def made(sealer: Sealer, national: Identity, log_key: LogKey) -> Made:
    head, envelopes = empty(sealer.station, sealer.key.public), list[Envelope]()
    for record in _records(sealer.station):
        envelopes.append(sealer.seal_after(head, record))
        head = check_next(head, envelopes[-1])
    leaves = [leaf_hash(each.digest) for each in envelopes]

    def hashes(level: int, index: int) -> bytes:
        return (
            leaves[index] if level == 0 else node_hash(hashes(level - 1, 2 * index), hashes(level - 1, 2 * index + 1))
        )

    note = Checkpoint(log_key.verifier.name, len(leaves), root(len(leaves), hashes)).sign(log_key)
    proofs = [receipts.write_proof(place, inclusion_path(place, 4, hashes), note) for place in range(4)]
    keys = [unwrap(each, national) for each in envelopes]
    shown = [(0, True), (1, True), (2, False), (3, True)]
    data = make_bundle(
        EXPORT,
        [log_key.verifier],
        [sealer.key.card(sealer.station)],
        [Evidence(envelopes[at], proofs[at], keys[at] if disclosed else None) for at, disclosed in shown],
        heads=[SignedHead.sign(sealer.key, sealer.station, Head(head.seq, head.digest), NOON, 7, "tpm:0x01500016")],
        attachments=[Attachment(media_type="image/jpeg", data=PHOTO)],
    )
    return Made(data, envelopes, keys, log_key.verifier.vkey)


Written = Callable[[list[Envelope]], bytes]


@pytest.fixture(scope="session")
def disclosed(sealer: Sealer, national: Identity, log_key: LogKey) -> Callable[..., bytes]:
    """Seal records one after the other, each written by what came before it, and make a bundle that shows them."""

    def run(*written: Written, sealed: Collection[int] = ()) -> bytes:
        head, envelopes = empty(sealer.station, sealer.key.public), list[Envelope]()
        for write in written:
            envelopes.append(sealer.seal_after(head, write(envelopes)))
            head = check_next(head, envelopes[-1])
        evidence = [
            Evidence(each, None, None if seq in sealed else unwrap(each, national))
            for seq, each in enumerate(envelopes, start=1)
        ]
        return make_bundle(EXPORT, [log_key.verifier], [sealer.key.card(sealer.station)], evidence)

    return run


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the folder away from Garita."""
    folder = tmp_path_factory.mktemp("expert") / "verify"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "garita_verify.py"


@pytest.fixture(scope="session")
def check(program: Path) -> Callable[..., tuple[int, str]]:
    """Run the check of a bundle in this process, from the copied folder."""
    sys.path.insert(0, str(program.parent))
    try:
        import garita_verify  # type: ignore[import-not-found] # noqa: PLC0415 - from the copied folder
    finally:
        sys.path.remove(str(program.parent))

    def run(data: bytes, language: str = "en", *pins: str, policy: bytes = b"quorum none") -> tuple[int, str]:
        lines: list[str] = []
        return garita_verify.check(data, language, list(pins), lines.append, policy), "\n".join(lines)

    return run


def changed(data: bytes, change: Callable[[Fields], None]) -> bytes:
    value = canonical.decode(data, "bundle")
    change(value)
    return canonical.encode(value)
