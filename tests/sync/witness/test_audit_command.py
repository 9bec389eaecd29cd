"""The audit as a command: what is withheld or cannot be read is a finding, and hides none of the others."""

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync.batch import Batch
from sync.central.centre import Centre
from sync.envelope import Envelope
from sync.tiles import Tile
from sync.witness import cli
from tests.sync.batches import batch_of


@dataclass
class Auditor:
    """A log with its list of stations, and the command that audits it."""

    log: Path
    memory: Path
    run: Callable[..., tuple[int | str | None, str]]


@pytest.fixture
def auditor(
    centre: Centre,
    entries: list[Envelope],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Auditor:
    """Audit a log of six entries once, so that its station is remembered."""
    centre.ingest.take(Batch.from_bytes(batch_of(entries[:6])))
    log, policy, memory = centre.folder / "log", tmp_path / "policy", tmp_path / "memory"
    policy.write_text(f"log {centre.vkey}\nquorum none\n")
    (log / "stations").write_bytes(centre.store.standings().to_bytes())

    def run(*words: object) -> tuple[int | str | None, str]:
        fixed = ("garita-witness", "audit", "--log", log, "--policy", policy, "--memory", memory)
        monkeypatch.setattr(sys, "argv", [*map(str, fixed), *map(str, words)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        printed = capsys.readouterr()
        return end.value.code, printed.out + printed.err

    code, told = run("--silent-hours", 1)
    assert (code, "1 stations looked at" in told) == (0, True)
    return Auditor(log, memory, run)


@pytest.fixture
def broken_centre(tmp_path: Path) -> Iterator[Path]:
    """Listen on an inside socket, and answer the first who asks that there was an error."""
    path = tmp_path / "inside.sock"

    def answer() -> None:
        connection, _ = listening.accept()
        with connection:
            if connection.recv(4096):
                connection.sendall(b"HTTP/1.1 500 Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        thread = threading.Thread(target=answer)
        thread.start()
        yield path
        with socket.socket(socket.AF_UNIX) as last:
            last.connect(str(path))
        thread.join()


def test_a_centre_that_withholds_the_list_of_stations(auditor: Auditor) -> None:
    (auditor.log / "stations").unlink()
    code, told = auditor.run("--silent-hours", 0)
    assert code == 1
    assert "station: MX-TIJ-01 was here at the last audit; the centre shows nothing of it" in told
    assert "silent: MX-TIJ-01 has sent nothing new" in told


@pytest.mark.parametrize("where", ["list of stations", "memory", "inside socket"])
def test_what_cannot_be_read_hides_no_finding(auditor: Auditor, where: str, broken_centre: Path) -> None:
    tile = auditor.log / Tile(0, 0, 6).path
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    words = ("--inside", broken_centre) if where == "inside socket" else ()
    if where == "list of stations":
        (auditor.log / "stations").write_bytes(b"junk")
    if where == "memory":
        (auditor.memory / "stations").write_bytes(b"junk")
    code, told = auditor.run(*words)
    assert code == 1
    assert "root: the tiles do not give the root" in told
    assert "unread: " in told


@pytest.mark.parametrize("name", ["seen", "last.checkpoint"])
def test_a_checkpoint_of_bytes_that_are_no_text(auditor: Auditor, name: str) -> None:
    path = auditor.memory / name
    path.write_bytes(b"\xff\xfe\n\n\x80")
    code, told = auditor.run(*(("--seen", path) if name == "seen" else ()))
    assert (code, "not-its-own: " in told) == (1, True)


@pytest.mark.parametrize("hours", ["nan", "1e300", "-1", "inf"])
def test_hours_that_are_none(auditor: Auditor, hours: str) -> None:
    code, told = auditor.run("--silent-hours", hours)
    assert (code, "hours of silence" in told) == (2, True)


def test_lists_that_nobody_can_check_are_not_passed_over(auditor: Auditor) -> None:
    code, told = auditor.run("--recipients", auditor.memory / "none.list")
    assert (code, "needs --roots" in told) == (2, True)
