"""`garita-central import`: what stations brought on a stick goes to the running centre, and its answers onto the stick.

The centre's inside socket takes the same batches as its outside; each is believed for its own signatures, so a stick
needs no trust and no certificate.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path

import httpx

from sync.batch import Batch
from sync.contract.pieces import Held, Piece
from sync.contract.submission import BATCH_TYPE, MAX_BODY, MEDIA_TYPE, Answer
from sync.errors import CentralRefused, CentralUnreachable, Malformed, NothingOnStick, one_line
from sync.files import write_whole
from sync.stick_files import FOLDER, found, read

TIMEOUT_SECONDS = 300.0
NOT_NOW = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


@dataclass(frozen=True)
class Told:
    """What became of one file of a stick, in one line; `done` unless something of it is not here or not answered."""

    line: str
    done: bool


def connect(inside_socket: Path) -> httpx.Client:
    """Return an HTTP client that speaks through the centre's inside socket."""
    transport = httpx.HTTPTransport(uds=str(inside_socket))
    return httpx.Client(transport=transport, base_url="http://central", timeout=TIMEOUT_SECONDS, trust_env=False)


def import_folder(http: httpx.Client, folder: Path) -> Iterator[Told]:
    """Take each batch of a stick in, station by station and in order, then the attachments; tell of each.

    Each file stands for itself: what is wrong with one keeps no other back. Raises NothingOnStick, OSError where the
    folder cannot be looked into, and CentralUnreachable where the centre takes nothing in; then import it again.
    """
    batches, pieces = found(folder, ".batch"), found(folder, ".piece")
    if not batches and not pieces:
        raise NothingOnStick(f"{folder}: neither *.batch nor *.piece there or in its folder {FOLDER}; is it the stick?")
    for path in batches:
        yield _tell(path, partial(_import, http))
    for path in pieces:
        yield _tell(path, partial(_import_piece, http))


def _tell(path: Path, take: Callable[[Path], tuple[str, list[str]]]) -> Told:
    try:
        said, wrong = take(path)
    except Malformed as error:
        said, wrong = "", [f"REFUSED: {error}"]
    except CentralRefused as error:
        said, wrong = "", [f"REFUSED ({error.code}): {error.detail}"]
    return Told(one_line(f"{path.name}: {'; '.join(filter(None, [said, *wrong]))}"), not wrong)


def _import(http: httpx.Client, path: Path) -> tuple[str, list[str]]:
    """Return what the centre holds now, and what is wrong, if anything is."""
    data = read(path, MAX_BODY)
    batch = Batch.from_bytes(data)
    answer = Answer.from_bytes(_ask(http, "/v1/batches", BATCH_TYPE, data))
    wrong = list[str]()
    if not batch.whole:
        wrong.append(f"the file was cut behind {len(batch.frames)} of {batch.statement.header.count}")
    if answer.refusal:
        wrong.append(f"REFUSED ({answer.refusal.code}): {answer.refusal.detail}")
    wrong += _answer(path.with_suffix(".answer"), answer.to_bytes())
    return f"{len(answer.receipts)} receipts, {answer.station} is here up to entry {answer.contiguous}", wrong


def _import_piece(http: httpx.Client, path: Path) -> tuple[str, list[str]]:
    data = read(path, Piece.MAX_BYTES)
    piece = Piece.from_bytes(data)
    held = Held.from_bytes(_ask(http, "/v1/attachments", MEDIA_TYPE, data))
    wrong = _answer(path.with_suffix(".held"), held.to_bytes())
    return f"{held.held} of {piece.size} bytes of an attachment of {piece.station}/{piece.seq}", wrong


def _answer(path: Path, data: bytes) -> list[str]:
    """Write an answer onto the stick; return what is wrong where that fails. What came is at the centre even so."""
    try:
        write_whole(path, data)
    except OSError as error:
        return [f"NOT ANSWERED: {path.name} cannot be written ({error.strerror}); import a copy on another stick"]
    return []


def _ask(http: httpx.Client, path: str, media: str, body: bytes) -> bytes:
    try:
        response = http.post(path, content=body, headers={"Content-Type": media})
    except httpx.HTTPError as error:
        raise CentralUnreachable(f"the centre does not answer ({error}); start it, and import again") from error
    if response.status_code in NOT_NOW:
        raise CentralUnreachable(f"the centre takes nothing in now: {response.text}; import again later")
    if response.status_code != HTTPStatus.OK:
        problem = response.json()
        raise CentralRefused(problem["code"], problem["detail"])
    return response.content
