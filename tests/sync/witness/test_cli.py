"""`garita-witness`: a book is never begun in silence, and what was cosigned can be given back to it."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from sync.asking import AddCheckpoint
from sync.checkpoint import Checkpoint
from sync.cosignature import WitnessKey
from sync.errors import BadProof, BadSignature, Malformed, UnusableDatabase, UnusableFile, UnusableSettings
from sync.note import LogKey
from sync.witness.book import Book
from sync.witness.cli import app
from sync.witness.witness import WitnessOffice


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def data(tmp_path: Path, log_key: LogKey) -> Path:
    folder = tmp_path / "witness"
    made = run("init", "--data", folder, "--name", "w.example", "--log", log_key.verifier.vkey, "--port", 0)
    assert made.exit_code == 0
    return folder


def cosign(data: Path, log: LogKey, size: int, root: bytes, to: Path) -> Path:
    """Let the witness cosign a first checkpoint, and write what it published."""
    key = WitnessKey.from_bytes((data / "witness.key").read_bytes())
    with closing(Book(data / "witness.db")) as book:
        office = WitnessOffice(key, [log.verifier], book, lambda: datetime.now(UTC))
        office.add(AddCheckpoint(0, (), Checkpoint(log.verifier.name, size, root).sign(log)))
        to.write_text(book.note(log.verifier.name) or "")
    return to


@pytest.mark.parametrize("harm", ["lost", "emptied"])
def test_without_its_book_a_witness_signs_nothing_until_it_has_it_back(
    data: Path, log_key: LogKey, tmp_path: Path, harm: str
) -> None:
    note = cosign(data, log_key, 27, bytes(32), tmp_path / "published")
    for file in data.glob("witness.db*"):
        file.unlink()
    if harm == "emptied":
        (data / "witness.db").touch()
    for command in ("serve", "refused"):
        done = run(command, "--data", data)
        assert isinstance(done.exception, UnusableDatabase)
        assert "`garita-witness recall`" in str(done.exception)
    assert (data / "witness.db").exists() == (harm == "emptied")
    assert run("recall", "--data", data, note).stdout == f"{log_key.verifier.name}: 27 entries were cosigned\n"
    with closing(Book(data / "witness.db")) as book:
        assert book.newest(log_key.verifier.name) == (27, bytes(32))


@pytest.mark.parametrize("command", ["serve", "refused"])
def test_a_book_that_is_no_database_is_named(data: Path, command: str) -> None:
    for file in data.glob("witness.db-*"):
        file.unlink()
    (data / "witness.db").write_bytes(b"garbage" * 1000)
    refused = run(command, "--data", data).exception
    assert isinstance(refused, UnusableDatabase)
    assert f"{data / 'witness.db'} cannot be used as a database: file is not a database" in str(refused)


def test_only_what_this_witness_cosigned_is_recalled(
    data: Path, log_key: LogKey, other_log_key: LogKey, tmp_path: Path
) -> None:
    note = cosign(data, log_key, 27, bytes(32), tmp_path / "published")
    (tmp_path / "bare").write_text(Checkpoint(log_key.verifier.name, 40, bytes(32)).sign(log_key))
    assert isinstance(run("recall", "--data", data, tmp_path / "bare").exception, BadSignature)
    assert run("recall", "--data", data, note).exit_code == 0
    assert run("add-log", "--data", data, other_log_key.verifier.vkey).exit_code == 0
    for file in data.glob("witness.db*"):
        file.unlink()
    refused = run("recall", "--data", data, note).exception
    assert isinstance(refused, UnusableSettings)
    assert other_log_key.verifier.name in str(refused)
    assert not (data / "witness.db").exists()


@pytest.mark.parametrize("left", ["witness.toml", "witness.key", "logs", "witness.db"])
def test_init_lays_nothing_over_what_is_left_of_a_witness(data: Path, log_key: LogKey, left: str) -> None:
    for name in {"witness.toml", "witness.key", "logs", "witness.db"} - {left}:
        (data / name).unlink()
    before = (data / left).read_bytes()
    refused = run("init", "--data", data, "--name", "w.example", "--log", log_key.verifier.vkey).exception
    assert isinstance(refused, UnusableSettings)
    assert f"holds {left} already; nothing was changed" in str(refused)
    assert [(each.name, each.read_bytes()) for each in data.iterdir()] == [(left, before)]


def test_what_is_no_text_is_named_and_recalls_nothing(data: Path, tmp_path: Path) -> None:
    (tmp_path / "garbage").write_bytes(b"\xff\xfe")
    refused = run("recall", "--data", data, tmp_path / "garbage").exception
    assert isinstance(refused, Malformed)
    assert str(refused).startswith(f"{tmp_path / 'garbage'}: no checkpoint")


def test_certificates_that_are_not_there_are_named(tmp_path: Path, log_key: LogKey) -> None:
    policy = tmp_path / "policy"
    policy.write_text(f"log {log_key.verifier.vkey}\nquorum none\n")
    words = ("--log", "https://127.0.0.1:1/v1/log", "--policy", policy, "--memory", tmp_path / "m", "--tls", tmp_path)
    refused = run("audit", *words).exception
    assert isinstance(refused, UnusableFile)
    assert f"{tmp_path}: expected ca.crt, client.crt and its client.key there" in str(refused)


def test_two_roots_for_one_size_are_the_auditors(data: Path, log_key: LogKey, tmp_path: Path) -> None:
    first = cosign(data, log_key, 27, bytes(32), tmp_path / "one")
    for file in data.glob("witness.db*"):
        file.unlink()
    Book(data / "witness.db", new=True).close()
    cosign(data, log_key, 27, bytes([1] * 32), tmp_path / "two")
    assert isinstance(run("recall", "--data", data, first).exception, BadProof)


def test_a_log_of_a_new_key_is_added_once(data: Path, log_key: LogKey, other_log_key: LogKey) -> None:
    other = other_log_key.verifier
    assert "from the next start" in run("add-log", "--data", data, other.vkey).stdout
    assert (data / "logs").read_text().split() == [log_key.verifier.vkey, other.vkey]
    assert isinstance(run("add-log", "--data", data, other.vkey).exception, UnusableSettings)


def test_a_port_that_there_is_not(log_key: LogKey, tmp_path: Path) -> None:
    words = ("--name", "w.example", "--log", log_key.verifier.vkey, "--port", 99999)
    assert run("init", "--data", tmp_path / "new", *words).exit_code == 2
    assert not (tmp_path / "new").exists()
