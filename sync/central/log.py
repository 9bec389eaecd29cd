"""The national log: SHA-256 of every stored envelope, in a Merkle tree that only grows, under signed checkpoints.

The rows are the truth. Whatever a crash left undone between rows, tiles and checkpoint is done again from the rows.
"""

import threading
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from sync import central_time
from sync.central.proofs import write_proofs
from sync.central.shelf import Shelf
from sync.central.storage import Storage
from sync.checkpoint import Checkpoint
from sync.contract.ids import EnvelopeDigest
from sync.contract.submission import Answer
from sync.errors import BadProof, BadSignature, LogDamaged, Malformed
from sync.merkle import EMPTY_ROOT, HashOf, consistency_path, leaf_hash, root, verify_consistency
from sync.note import LogKey, LogVerifier
from sync.tiles import WIDTH, Edge, Tile, grow

BATCH = 4096
CHECKPOINT = "checkpoint"


class Rows(Protocol):
    """What the log needs of the store."""

    def enrol(self) -> None:
        """Give every stored envelope its place in the log."""
        ...

    def tidy(self) -> None:
        """Clean up behind the log writer, outside of any transaction."""
        ...

    def size(self) -> int:
        """Return how many envelopes have a place in the log."""
        ...

    def digests(self, start: int, limit: int) -> list[EnvelopeDigest]:
        """Return the SHA-256 of stored envelopes, in log order from `start`."""
        ...


class Cosigners(Protocol):
    """What the log needs of the witnesses."""

    def enough(self, note: str) -> bool:
        """Tell whether enough of them cosigned."""
        ...

    @property
    def patience(self) -> float:
        """Seconds that somebody may be kept waiting for them."""
        ...

    def cosign(self, checkpoint: Checkpoint, note: str, hashes: HashOf) -> str:
        """Return the note with their cosignatures under it."""
        ...


class Signed(NamedTuple):
    """A checkpoint and the note that carries it."""

    checkpoint: Checkpoint
    note: str


class Log:
    """The log in a storage. Whoever grows it is its only writer for that time; readers may be many."""

    def __init__(self, storage: Storage, key: LogKey, rows: Rows, cosigners: Cosigners | None = None) -> None:
        """Open the log and check its end; raises LogDamaged where rows, tiles and checkpoint disagree."""
        self._storage, self._key, self._rows, self._cosigners = storage, key, rows, cosigners
        self._shelf = Shelf(storage)
        self._cosigned: Signed | None = None
        self._growing, self._learning, self._asking = threading.Lock(), threading.Lock(), threading.Lock()
        with storage.writing():
            self._signed = self._read_checkpoint()
            self._check_end()

    @staticmethod
    def create(storage: Storage, key: LogKey) -> None:
        """Start a log with the checkpoint of the empty tree."""
        note = Checkpoint(key.verifier.name, 0, EMPTY_ROOT).sign(key)
        with storage.writing():
            storage.write(CHECKPOINT, note.encode())

    def close(self) -> None:
        """Let another process write the log."""
        self._storage.close()

    @property
    def size(self) -> int:
        """How many entries the newest checkpoint covers that this process knows."""
        return self._signed.checkpoint.size

    @property
    def verifier(self) -> LogVerifier:
        """The key that checkpoints and receipts verify under; its name is the log's origin."""
        return self._key.verifier

    @property
    def checkpoint(self) -> str:
        """The newest checkpoint, a signed note."""
        return self._signed.note

    def file(self, name: str) -> bytes | None:
        """Return a tile by the name under which it is served."""
        return self._storage.read(name)

    def refresh(self) -> None:
        """Learn what another process has signed since, once it stands for good."""
        with self._storage.settled():
            signed = self._read_checkpoint()
        self._learn(signed)

    def catch_up(self) -> None:
        """Take every stored envelope into the tree and sign the new checkpoint, in the order that survives a crash.

        Then witnesses are asked, also for a checkpoint that lacks some since last time. Without them it stands too, and
        while they are asked the log grows on. What they sign is on the disk before, so that they never see a tree that
        a crash could take back; and no reader of this process meets a checkpoint before that, nor one that was never
        committed. Raises LogDamaged where the log is shorter than this process has known it: nothing is signed beside
        what was signed before.
        """
        with self._growing:
            with self._storage.writing():
                signed = self._read_checkpoint()
                if signed.checkpoint.size < self.size:
                    raise LogDamaged(
                        f"the log was {self.size} entries long, and is {signed.checkpoint.size}; restore it"
                    )
                self._rows.enrol()
                stored = self._rows.size()
                if stored != signed.checkpoint.size:
                    signed = self._grow(signed.checkpoint, stored)
            self._learn(signed)
            self._rows.tidy()
        if self._cosigners:
            self._collect(self._cosigners, signed.checkpoint.size)

    def vouch(self, answer: Answer, statement: bytes, now: datetime) -> Answer:
        """Return the answer to a batch that states this, with what time it is, both signed."""
        return answer.model_copy(update={"time": central_time.write(self._key, statement, answer, now)})

    def receipts(self, indices: Sequence[int]) -> list[str]:
        """Return the receipt of each entry, under a checkpoint that witnesses cosigned where one covers all of them."""
        cosigned = self._cosigned
        checkpoint, note = cosigned if cosigned and max(indices, default=0) < cosigned.checkpoint.size else self._signed
        return write_proofs(indices, checkpoint.size, self._shelf.hashes(checkpoint.size), note)

    def _collect(self, cosigners: Cosigners, size: int) -> None:
        """Have a checkpoint of `size` or more entries cosigned; one thread asks, others mostly find it done."""
        if self._asking.acquire(timeout=cosigners.patience):
            try:
                if self._cosigned is None or self._cosigned.checkpoint.size < size:
                    self._ask(cosigners)
            finally:
                self._asking.release()

    def _ask(self, cosigners: Cosigners) -> None:
        checkpoint, note = self._signed
        if not cosigners.enough(note):
            note = cosigners.cosign(checkpoint, note, self._shelf.hashes(checkpoint.size))
            with self._growing, self._storage.writing():
                if self._read_checkpoint().checkpoint.size == checkpoint.size:
                    self._publish(checkpoint, note)
            self._learn(Signed(checkpoint, note))
        if cosigners.enough(note):
            self._cosigned = Signed(checkpoint, note)

    def _learn(self, signed: Signed) -> None:
        """Know a checkpoint that stands; readers come back from the database in any order."""
        with self._learning:
            if signed.checkpoint.size >= self.size:
                self._signed = signed

    def _grow(self, last: Checkpoint, stored: int) -> Signed:
        edge, filled = self._shelf.edge(last.size), list[Tile]()
        while edge.size < stored:
            edge, tiles = self._put_leaves(edge, stored)
            filled += [tile for tile in tiles if tile.width == WIDTH]
        for tile in filled:
            self._shelf.check_parent(tile, edge.size)
        signed = self._sign(last, edge.size)
        for tile in filled:
            self._shelf.drop_partials(tile)
        return signed

    def _put_leaves(self, edge: Edge, stored: int) -> tuple[Edge, dict[Tile, bytes]]:
        digests = self._rows.digests(edge.size, min(BATCH, stored - edge.size))
        grown, tiles = grow(edge, [leaf_hash(digest) for digest in digests])
        for tile, data in tiles.items():
            self._shelf.put(tile, data)
        return grown, tiles

    def _sign(self, last: Checkpoint, size: int) -> Signed:
        """Sign the tree as it can be read from the tiles, if it continues the one signed before."""
        hashes = self._shelf.hashes(size)
        checkpoint = Checkpoint(self.verifier.name, size, root(size, hashes))
        if last.size:
            try:
                path = consistency_path(last.size, size, hashes)
                verify_consistency(last.size, last.root, size, checkpoint.root, path)
            except BadProof as error:
                raise LogDamaged(f"{error}; nothing is signed") from error
        return self._publish(checkpoint, checkpoint.sign(self._key))

    def _publish(self, checkpoint: Checkpoint, note: str) -> Signed:
        self._storage.write(CHECKPOINT, note.encode())
        return Signed(checkpoint, note)

    def _read_checkpoint(self) -> Signed:
        data = self._storage.read(CHECKPOINT)
        if data is None:
            raise LogDamaged(
                "the log has no checkpoint: what lay there is lost, restore it with the rest of the log; or there never"
                " was a log, and `garita-central init` makes one"
            )
        try:
            note = data.decode()
            return Signed(Checkpoint.verify(note, self._key.verifier), note)
        except (UnicodeDecodeError, Malformed, BadSignature) as error:
            raise LogDamaged(f"not the log's own last checkpoint ({error}); restore it") from error

    def _check_end(self) -> None:
        checkpoint, stored = self._signed.checkpoint, self._rows.size()
        if stored < checkpoint.size:
            raise LogDamaged(f"{stored} envelopes are stored, and the log signed {checkpoint.size}; restore the others")
        if root(checkpoint.size, self._shelf.hashes(checkpoint.size)) != checkpoint.root:
            raise LogDamaged("the tiles do not give the root of the signed checkpoint; restore them")
        last = self._shelf.edge(checkpoint.size).rows[:1]
        width = len(last[0]) if last else 0
        digests = self._rows.digests(checkpoint.size - width, width)
        if width and [leaf_hash(digest) for digest in digests] != list(last[0]):
            raise LogDamaged(f"the last {width} envelopes before {checkpoint.size} are not those that the log signed")
