"""`garita-central import`: what stations brought on a stick goes to the running centre, and its answers onto the stick.

The centre's inside socket takes the same batches as its outside; each is believed for its own signatures, so a stick
needs no trust and no certificate.
"""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import httpx

from sync.batch import Batch
from sync.contract.pieces import Held, Piece
from sync.contract.submission import BATCH_TYPE, MEDIA_TYPE, Answer
from sync.errors import CentralUnreachable, Malformed
from sync.files import write_whole

TIMEOUT_SECONDS = 300.0


def connect(inside_socket: Path) -> httpx.Client:
    """Return an HTTP client that speaks through the centre's inside socket."""
    transport = httpx.HTTPTransport(uds=str(inside_socket))
    return httpx.Client(transport=transport, base_url="http://central", timeout=TIMEOUT_SECONDS, trust_env=False)


def import_folder(http: httpx.Client, folder: Path) -> Iterator[str]:
    """Take each batch of a folder in, station by station and in order; yield a line on each.

    Raises CentralUnreachable where the centre does not run; then the same folder may be imported again.
    """
    for path in sorted(folder.glob("*.batch")):
        yield f"{path.name}: {_import(http, path)}"
    for path in sorted(folder.glob("*.piece")):
        yield f"{path.name}: {_import_piece(http, path)}"


def _import(http: httpx.Client, path: Path) -> str:
    data = path.read_bytes()
    try:
        batch = Batch.from_bytes(data)
        came = len(batch.envelopes)
    except Malformed as error:
        return f"REFUSED: {error}"
    answer = _post(http, data)
    write_whole(path.with_suffix(".answer"), answer.to_bytes())
    cut = "" if batch.whole else f"; the file was cut behind {came} of {batch.statement.header.count}"
    refused = f"; REFUSED ({answer.refusal.code}): {answer.refusal.detail}" if answer.refusal else ""
    return f"{len(answer.receipts)} receipts, {answer.station} is here up to entry {answer.contiguous}{cut}{refused}"


def _import_piece(http: httpx.Client, path: Path) -> str:
    try:
        piece = Piece.from_bytes(path.read_bytes())
    except Malformed as error:
        return f"REFUSED: {error}"
    try:
        response = http.post("/v1/attachments", content=piece.to_bytes(), headers={"Content-Type": MEDIA_TYPE})
        if response.status_code == HTTPStatus.CONFLICT:
            return f"REFUSED ({response.json()['code']}): {response.json()['detail']}"
        held = Held.from_bytes(response.raise_for_status().content)
    except (httpx.HTTPError, Malformed) as error:
        raise CentralUnreachable(f"the centre takes no attachments in: {error}; start it, and import again") from error
    write_whole(path.with_suffix(".held"), held.to_bytes())
    return f"{held.held} of {piece.size} bytes of an attachment of {piece.station}/{piece.seq}"


def _post(http: httpx.Client, data: bytes) -> Answer:
    try:
        response = http.post("/v1/batches", content=data, headers={"Content-Type": BATCH_TYPE})
        return Answer.from_bytes(response.raise_for_status().content)
    except (httpx.HTTPError, Malformed) as error:
        raise CentralUnreachable(f"the centre does not take batches in: {error}; start it, and import again") from error
