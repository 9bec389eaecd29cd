"""The log: it only grows, survives a stop after each durable step, and signs nothing that is not consistent."""

import shutil
from collections.abc import Callable
from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest

from sync.central.log import Log
from sync.central.shelf import Shelf
from sync.central.storage import FolderStorage
from sync.checkpoint import Checkpoint
from sync.contract.ids import EnvelopeDigest
from sync.errors import LogDamaged
from sync.merkle import consistency_path, leaf_hash, node_hash, verify_consistency
from sync.note import LogKey
from sync.receipts import verify
from sync.tiles import Tile

DIGESTS = [EnvelopeDigest(sha256(b"%d" % number).digest()) for number in range(2_000)]


Grow = Callable[..., Checkpoint]


class Rows:
    """A store of which only the digests are left."""

    def __init__(self) -> None:
        self.digests_held: list[EnvelopeDigest] = []

    def enrol(self) -> None:
        """Everything has its place."""

    def tidy(self) -> None:
        """Nothing is left behind."""

    def size(self) -> int:
        return len(self.digests_held)

    def digests(self, start: int, limit: int) -> list[EnvelopeDigest]:
        return self.digests_held[start : start + limit]


def open_log(folder: Path, key: LogKey, rows: Rows) -> Log:
    """Open the log in a folder; one that is refused lets go of it."""
    storage = FolderStorage(folder)
    try:
        return Log(storage, key, rows)
    except BaseException:
        storage.close()
        raise


def plain_root(leaves: list[bytes]) -> bytes:
    """Compute MTH as RFC 9162, 2.1.1, writes it."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(plain_root(leaves[:split]), plain_root(leaves[split:]))


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def folder(tmp_path: Path, log_key: LogKey) -> Path:
    (tmp_path / "log").mkdir()
    storage = FolderStorage(tmp_path / "log")
    Log.create(storage, log_key)
    storage.close()
    return tmp_path / "log"


@pytest.fixture
def grow(folder: Path, rows: Rows, log_key: LogKey) -> Grow:
    """Grow the log to a size, opening it anew, and give its checkpoint."""

    def grown(size: int, digests: list[EnvelopeDigest] = DIGESTS) -> Checkpoint:
        rows.digests_held = digests[:size]
        log = open_log(folder, log_key, rows)
        try:
            log.catch_up()
            return Checkpoint.verify(log.checkpoint, log_key.verifier)
        finally:
            log.close()

    return grown


def test_begins_empty(folder: Path, rows: Rows, log_key: LogKey) -> None:
    log = open_log(folder, log_key, rows)
    log.catch_up()
    assert Checkpoint.verify(log.checkpoint, log_key.verifier) == Checkpoint(
        log_key.verifier.name, 0, sha256().digest()
    )
    log.close()


def test_roots_are_those_of_the_plain_recursion(grow: Grow) -> None:
    for size in (1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 700, 1023, 2000):
        assert grow(size).root == plain_root([leaf_hash(digest) for digest in DIGESTS[:size]])


def test_consistency_is_provable_from_tiles_alone(grow: Grow, folder: Path) -> None:
    checkpoints = [grow(size) for size in (1, 5, 255, 256, 300, 511, 700, 1400)]
    storage = FolderStorage(folder)
    hashes = Shelf(storage).hashes(1400)
    for old in checkpoints[:-1]:
        path = consistency_path(old.size, 1400, hashes)
        verify_consistency(old.size, old.root, 1400, checkpoints[-1].root, path)
    storage.close()


def test_receipts_verify_at_every_index(folder: Path, rows: Rows, log_key: LogKey) -> None:
    rows.digests_held = DIGESTS[:600]
    log = open_log(folder, log_key, rows)
    log.catch_up()
    receipts = log.receipts(range(600))
    log.close()
    for index, (digest, receipt) in enumerate(zip(DIGESTS, receipts, strict=False)):
        assert verify(receipt, digest, log_key.verifier).index == index


def test_partial_tiles_go_when_a_full_one_is_signed(grow: Grow, folder: Path) -> None:
    grow(200)
    assert (folder / Tile(0, 0, 200).path).exists()
    grow(300)
    assert sorted(path.name for path in (folder / "tile/0").iterdir()) == ["000", "001.p"]


def test_a_reader_of_an_older_size_is_served_from_the_full_tile(grow: Grow, folder: Path) -> None:
    grow(200)
    grow(300)
    storage = FolderStorage(folder)
    assert Shelf(storage).get(Tile(0, 0, 200)) == [leaf_hash(digest) for digest in DIGESTS[:200]]
    storage.close()


@pytest.mark.parametrize("span", list(product([0, 1, 200, 256, 300], [301, 512, 700])))
@pytest.mark.parametrize("kept", ["no tile", "every second tile", "all tiles"])
def test_stopped_before_the_checkpoint(
    span: tuple[int, int], kept: str, grow: Grow, folder: Path, tmp_path: Path
) -> None:
    """Stop after the rows were committed, with some tiles on the disk, and start again: nothing differs."""
    before, after = span
    grow(before)
    shutil.copytree(folder, tmp_path / "stopped")
    whole = grow(after)
    new = sorted(set(names(folder)) - set(names(tmp_path / "stopped")))
    for name in {"no tile": [], "every second tile": new[::2], "all tiles": new}[kept]:
        (tmp_path / "stopped" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / name, tmp_path / "stopped" / name)
    (tmp_path / "stopped" / "checkpoint.new").write_text("half a checkp")
    shutil.rmtree(folder)
    (tmp_path / "stopped").rename(folder)
    assert grow(after) == whole


def names(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in (folder / "tile").rglob("*") if path.is_file()]


def test_one_writer_only(folder: Path, rows: Rows, log_key: LogKey) -> None:
    log = open_log(folder, log_key, rows)
    with pytest.raises(BlockingIOError, match="another garita-central"):
        open_log(folder, log_key, rows)
    log.close()
    open_log(folder, log_key, rows).close()


def test_refuses_rows_that_were_lost(grow: Grow) -> None:
    grow(300)
    with pytest.raises(LogDamaged, match="299 envelopes are stored, and the log signed 300"):
        grow(299)


def test_refuses_rows_that_were_changed(grow: Grow) -> None:
    grow(300)
    changed = [*DIGESTS[:280], EnvelopeDigest(bytes(32)), *DIGESTS[281:]]
    with pytest.raises(LogDamaged, match="not those that the log signed"):
        grow(300, changed)


def test_signs_nothing_beside_what_it_knows_was_signed(folder: Path, rows: Rows, log_key: LogKey) -> None:
    """A database that came back with an older state would give the same places to other entries."""
    log = open_log(folder, log_key, rows)
    rows.digests_held = DIGESTS[:3]
    log.catch_up()
    older = (folder / "checkpoint").read_bytes()
    rows.digests_held = DIGESTS[:5]
    log.catch_up()
    (folder / "checkpoint").write_bytes(older)
    rows.digests_held = [*DIGESTS[:3], *DIGESTS[10:20]]
    with pytest.raises(LogDamaged, match="was 5 entries long, and is 3"):
        log.catch_up()
    log.close()


def test_refuses_a_changed_tile(grow: Grow, folder: Path) -> None:
    grow(300)
    tile = folder / Tile(0, 0, 256).path
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    grow(301)  # the root above that tile stands in the tile of the next level; only an auditor reads all leaves
    upper = folder / Tile(1, 0, 1).path
    upper.write_bytes(bytes(32))
    with pytest.raises(LogDamaged, match="do not give the root"):
        grow(302)


def test_refuses_a_missing_tile(grow: Grow, folder: Path) -> None:
    grow(300)
    (folder / Tile(0, 1, 44).path).unlink()
    with pytest.raises(LogDamaged, match="is missing"):
        grow(301)


def test_refuses_a_tile_that_was_laid_in_its_way(grow: Grow, folder: Path) -> None:
    grow(300)
    (folder / Tile(0, 1, 45).path).write_bytes(bytes(45 * 32))
    with pytest.raises(LogDamaged, match="holds other hashes"):
        grow(301)
    assert Checkpoint.from_text((folder / "checkpoint").read_text().split("\n\n")[0] + "\n").size == 300


def test_refuses_a_checkpoint_of_another_key(grow: Grow, folder: Path, other_log_key: LogKey) -> None:
    grow(10)
    note = Checkpoint(other_log_key.verifier.name, 10, bytes(32)).sign(other_log_key)
    (folder / "checkpoint").write_text(note)
    with pytest.raises(LogDamaged, match="not the log's own last checkpoint"):
        grow(11)


def test_refuses_to_start_without_a_checkpoint(grow: Grow, folder: Path) -> None:
    (folder / "checkpoint").unlink()
    with pytest.raises(LogDamaged, match="restore it"):
        grow(1)
