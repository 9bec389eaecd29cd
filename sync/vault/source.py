"""Where sealed envelopes come from: the centre's inside socket."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

import httpx

from sync.contract.aside import AsideKey, AsidePage
from sync.contract.card import StationCard
from sync.contract.form import Form
from sync.contract.inside import LoggedEnvelope, Page, SealedName, SealedNames, StationList
from sync.contract.submission import MEDIA_TYPE
from sync.errors import CentralUnreachable, Malformed

TIMEOUT_SECONDS = 60.0

Answer = TypeVar("Answer", bound=Form)


def connect(inside_socket: Path) -> httpx.Client:
    """Return an HTTP client that speaks through a Unix socket and nowhere else."""
    transport = _Inside(inside_socket)
    return httpx.Client(transport=transport, base_url="http://central", timeout=TIMEOUT_SECONDS, trust_env=False)


class _Inside(httpx.HTTPTransport):
    """The centre's inside socket; where nobody listens there, or it may not be opened, that is said with its name."""

    def __init__(self, socket: Path) -> None:
        super().__init__(uds=str(socket))
        self._socket = socket

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises httpx.TransportError."""
        try:
            return super().handle_request(request)
        except httpx.ConnectError as error:
            raise httpx.ConnectError(self._why(error), request=request) from error

    def _why(self, error: httpx.ConnectError) -> str:
        if _is_forbidden(error):
            return f"{self._socket} may not be opened by this user ({error}): run this as the centre's user"
        return (
            f"nobody listens at {self._socket} ({error}): start `garita-central serve`, or put central_socket in"
            " vault.toml right"
        )


def _is_forbidden(error: BaseException | None) -> bool:
    """Tell whether a failure to connect comes of a PermissionError."""
    return error is not None and (isinstance(error, PermissionError) or _is_forbidden(error.__context__))


class Source:
    """Envelopes in log order, and the cards of those who signed them. Raises CentralUnreachable."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def page(self, after: int) -> Page:
        """Return logged envelopes with an index above `after`; none when there are no more."""
        return self._get(Page, "/v1/envelopes", {"after": after})

    def cards(self) -> list[StationCard]:
        """Return the card of each admitted station."""
        return self._get(StationList, "/v1/stations", {}).cards

    def envelope(self, index: int) -> LoggedEnvelope:
        """Return the logged envelope at `index`."""
        page = self._get(Page, "/v1/envelopes", {"after": index - 1, "limit": 1})
        if [each.index for each in page.envelopes] != [index]:
            raise CentralUnreachable(f"the centre gave no envelope at {index} of its log")
        return page.envelopes[0]

    def receipt(self, index: int) -> str:
        """Return the receipt of the entry at `index`; what it proves is for the caller to verify."""
        try:
            return self._http.get(f"/v1/receipts/{index}").raise_for_status().text
        except httpx.HTTPError as error:
            raise CentralUnreachable(f"no receipt from the centre for entry {index} of its log: {error}") from error

    def aside(self, after: AsideKey, limit: int) -> AsidePage:
        """Return what the centre keeps outside of the log behind `after`, at most `limit` of it."""
        query = {**after._asdict(), "digest": after.digest.hex(), "limit": limit}
        return self._get(AsidePage, "/v1/aside", query)

    def here(self, names: Sequence[SealedName]) -> list[SealedName]:
        """Return those of the attachments that the centre has whole; one question for each thousand."""
        found = list[SealedName]()
        for start in range(0, len(names), SealedNames.MOST):
            asked = SealedNames(names=list(names[start : start + SealedNames.MOST]))
            found += self._post(SealedNames, "/v1/attachments/here", asked.to_bytes()).names
        return found

    def attachment(self, station: str, sealed: bytes) -> bytes | None:
        """Return the sealed bytes of an attachment, or None while the centre has not got them."""
        path = f"/v1/attachments/{station}/{sealed.hex()}"
        try:
            response = self._http.get(path)
            return None if response.status_code == HTTPStatus.NOT_FOUND else response.raise_for_status().content
        except httpx.HTTPError as error:
            raise CentralUnreachable(f"no usable answer from the centre to {path}: {error}") from error

    def _get(self, kind: type[Answer], path: str, query: Mapping[str, str | int]) -> Answer:
        return self._ask(kind, self._http.build_request("GET", path, params=query))

    def _post(self, kind: type[Answer], path: str, body: bytes) -> Answer:
        return self._ask(
            kind, self._http.build_request("POST", path, content=body, headers={"Content-Type": MEDIA_TYPE})
        )

    def _ask(self, kind: type[Answer], request: httpx.Request) -> Answer:
        try:
            return kind.from_bytes(self._http.send(request).raise_for_status().content)
        except (httpx.HTTPError, Malformed) as error:
            raise CentralUnreachable(f"no usable answer from the centre to {request.url.path}: {error}") from error
