"""The auditor's replay agrees with the log at every size, and the command says so."""

import sys
from hashlib import sha256
from pathlib import Path

import pytest

from sync.central.log import Log
from sync.central.storage import FolderStorage
from sync.contract.ids import EnvelopeDigest
from sync.merkle import leaf_hash
from sync.note import LogKey
from sync.policy import Policy
from sync.replay import Replay
from sync.tiles import Tile
from sync.witness import cli
from sync.witness.audit import Seen, audit
from sync.witness.published import Folder

SIZES = (0, 1, 2, 255, 256, 257, 700, 66_000)


class Rows:
    """A store of which only the digests are left."""

    def __init__(self) -> None:
        self.held = 0

    def enrol(self) -> None:
        """Everything has its place."""

    def tidy(self) -> None:
        """Nothing is left behind."""

    def size(self) -> int:
        return self.held

    def digests(self, start: int, limit: int) -> list[EnvelopeDigest]:
        return [EnvelopeDigest(sha256(b"%d" % each).digest()) for each in range(start, min(start + limit, self.held))]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, LogKey, list[str]]:
    """Grow a log that has three levels of tiles; give its folder and its checkpoint at each size."""
    folder, key, rows = tmp_path_factory.mktemp("grown") / "log", LogKey.generate("log.test/garita"), Rows()
    folder.mkdir()
    storage = FolderStorage(folder)
    Log.create(storage, key)
    log, notes = Log(storage, key, rows), list[str]()
    for size in SIZES:
        rows.held = size
        log.catch_up()
        notes.append(log.checkpoint)
    log.close()
    return folder, key, notes


def test_every_checkpoint_ever_shown_is_found_in_the_tiles(grown: tuple[Path, LogKey, list[str]]) -> None:
    folder, key, notes = grown
    report = audit(Folder(folder), Policy.of_log(key.verifier), [Seen("me", note) for note in notes])
    assert (report.size, report.compared, report.findings) == (SIZES[-1], len(SIZES), [])


def test_an_upper_tile_is_looked_at_too(grown: tuple[Path, LogKey, list[str]]) -> None:
    folder, key, _ = grown
    tile = folder / Tile(1, 0, 256).path
    whole = tile.read_bytes()
    tile.write_bytes(whole[:64] + bytes(32) + whole[96:])
    report = audit(Folder(folder), Policy.of_log(key.verifier), [])
    tile.write_bytes(whole)
    assert [(each.code, "at 2" in each.detail) for each in report.findings] == [("tile", True)]


def test_replay_of_nothing_and_of_one() -> None:
    tree = Replay()
    assert tree.root() == sha256(b"").digest()
    assert list(tree.add(leaf_hash(b"one"))) == []
    assert tree.root() == leaf_hash(b"one")


def run(monkeypatch: pytest.MonkeyPatch, *words: object) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["garita-witness", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code


def test_the_command_remembers_and_exits_with_its_verdict(
    grown: tuple[Path, LogKey, list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder, key, notes = grown
    policy, memory, seen = tmp_path / "policy", tmp_path / "memory", tmp_path / "seen"
    policy.write_text(f"log {key.verifier.vkey}\nquorum none\n")
    seen.write_text(notes[3])
    words = ("audit", "--log", folder, "--policy", policy, "--memory", memory, "--seen", seen)
    assert run(monkeypatch, *words) == 0
    assert run(monkeypatch, *words) == 0
    assert "66000 entries replayed, compared with 2 checkpoints" in capsys.readouterr().out
    (folder / "checkpoint").write_text(notes[4])
    assert run(monkeypatch, *words) == 1
    assert "deleted: the last audit was shown 66000 entries; the log now has 256" in capsys.readouterr().out
    (folder / "checkpoint").write_text(notes[-1])


def test_init_makes_a_witness_once(
    tmp_path: Path, log_key: LogKey, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("init", "--data", tmp_path / "w", "--name", "w.example", "--log", log_key.verifier.vkey)
    assert run(monkeypatch, *words) == 0
    assert capsys.readouterr().out.startswith("w.example+")
    assert run(monkeypatch, *words) == 1
    assert "holds witness.toml, witness.key, logs, witness.db already" in capsys.readouterr().err
    assert run(monkeypatch, "refused", "--data", tmp_path / "w") == 0
