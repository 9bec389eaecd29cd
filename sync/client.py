"""The station's side of the wire to the centre. The HTTP client, its certificates and time limits are passed in."""

import re
from typing import TypeVar

import httpx

from sync.contract.form import Form
from sync.contract.ids import StationId
from sync.contract.pieces import Held, Piece
from sync.contract.submission import BATCH_TYPE, MEDIA_TYPE, Answer
from sync.errors import CentralRefused, CentralUnreachable, Malformed
from sync.pace import Pace

BATCHES, ATTACHMENTS = "/v1/batches", "/v1/attachments"
OK = 200
MAX_PROBLEM = 64 * 1024
"""Bytes of a refusal that are read."""
REFUSED = range(400, 500)
CUT = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)
SHUT_OUT = " (or it refuses this certificate: revoked, ended, or one of the two clocks is wrong)"
"""In TLS 1.3 a station hears of its certificate only after its own handshake: as a line that is cut, or from nginx."""
BY_NGINX = 400
DELAY = re.compile(r"[0-9]{1,6}")  # delay-seconds of RFC 9110, 10.2.3
Reply = TypeVar("Reply", bound=Form)
TRY_LATER = {408, 425, 429}  # request timeout, too early, too many requests


class CentralClient:
    """Submits to the centre; `http` has the centre's address as its base; `pace` caps the bandwidth."""

    def __init__(self, http: httpx.Client, pace: Pace | None = None) -> None:
        self._http, self._pace = http, pace

    def submit(self, station: StationId, batch: bytes) -> Answer:
        """Return the centre's answer to a batch of `station`; its receipts are not verified yet.

        Raises CentralRefused where the centre refuses the whole request, CentralUnreachable where no answer came that
        can be used: then the same batch may be sent again, as often as need be.
        """
        answer = self._ask(BATCHES, BATCH_TYPE, batch, Answer)
        if answer.station != station:
            raise CentralUnreachable(f"the centre answered {answer.station}; this is {station}")
        return answer

    def upload(self, piece: Piece) -> Held:
        """Return how much of the attachment the centre holds; its receipt is not verified yet. Raises as `submit`."""
        held = self._ask(ATTACHMENTS, MEDIA_TYPE, piece.to_bytes(), Held)
        if held.sealed != piece.sealed or held.held > piece.size:
            raise CentralUnreachable(f"the centre answered about another attachment than {piece.sealed.hex()}")
        return held

    def _ask(self, path: str, media: str, message: bytes, kind: type[Reply]) -> Reply:
        status, body, wait = self._post(path, media, message, kind.MAX_BYTES)
        if status in REFUSED and status not in TRY_LATER:
            raise _refused(status, body)
        if status != OK:
            raise CentralUnreachable(f"the centre answered with HTTP status {status}; expected 200", wait)
        if len(body) > kind.MAX_BYTES:
            raise CentralUnreachable(f"the centre's answer is longer than {kind.MAX_BYTES} bytes")
        try:
            return kind.from_bytes(body)
        except Malformed as error:
            raise CentralUnreachable(f"the centre's answer cannot be read: {error}") from error

    def _post(self, path: str, media: str, body: bytes, limit: int) -> tuple[int, bytes, int]:
        """Return status, body and wait; of the body a byte beyond `limit` is read, and of a refusal's MAX_PROBLEM."""
        headers = {"Content-Type": media, "Accept": MEDIA_TYPE, "Accept-Encoding": "identity"}
        content = body
        if self._pace:
            headers["Content-Length"] = str(len(body))
            content = self._pace.cut(body)
        try:
            with self._http.stream("POST", path, content=content, headers=headers) as response:
                status = response.status_code
                said = _read(response, limit + 1 if status == OK else MAX_PROBLEM)
                return status, said, _asked(response.headers.get("retry-after", ""))
        except httpx.HTTPError as error:
            why = f"{error or type(error).__name__}{SHUT_OUT if isinstance(error, CUT) else ''}"
            raise CentralUnreachable(f"no answer from {self._http.base_url}: {why}") from error


def _read(response: httpx.Response, most: int) -> bytes:
    """Return the first `most` bytes; raises CentralUnreachable where they are packed, for they unpack to any length."""
    packed = response.headers.get("content-encoding", "")
    if packed not in ("", "identity"):
        raise CentralUnreachable(f"the centre's answer is packed ({packed}), which nobody asked for")
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) >= most:
            break
    return bytes(body[:most])


def _asked(retry_after: str) -> int:
    """Return how many seconds the centre asks to be left alone, 0 where it does not; of the header's dates none."""
    return int(retry_after) if DELAY.fullmatch(retry_after) else 0


def _refused(status: int, body: bytes) -> CentralRefused:
    """Read problem details (RFC 9457) as far as they are there."""
    try:
        problem = httpx.Response(status, content=body).json()
        return CentralRefused(str(problem["code"]), str(problem["detail"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        shut_out = SHUT_OUT if status == BY_NGINX else ""
        return CentralRefused(f"http_{status}", f"the centre gave no reason{shut_out}")
