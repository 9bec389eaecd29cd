"""A centre whose owner gives one place of the log for another, where the vault asks for a single entry."""

import socketserver
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import httpx

from sync.contract.inside import Page
from sync.vault.source import connect


@contextmanager
def swapping(centre: Path, socket: Path, places: Mapping[int, int]) -> Iterator[None]:
    """Stand between the vault and a real centre: whoever asks at `socket` for a place gets that of `places`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, body: bytes) -> None:
            with connect(centre) as http:
                came = self._ask(http, body)
            self.send_response(came.status_code)
            self.send_header("Content-Length", str(len(came.content)))
            self.end_headers()
            self.wfile.write(came.content)

        def _ask(self, http: httpx.Client, body: bytes) -> httpx.Response:
            asked = urlsplit(self.path)
            query = {name: value for name, [value] in parse_qs(asked.query).items()}
            if asked.path.startswith("/v1/receipts/"):
                place = int(asked.path.rpartition("/")[2])
                return http.get(f"/v1/receipts/{places.get(place, place)}")
            if asked.path == "/v1/envelopes" and query.get("limit") == "1":
                place = int(query["after"]) + 1
                given = http.get("/v1/envelopes", params={"after": places.get(place, place) - 1, "limit": 1})
                page = Page.from_bytes(given.content)
                relabelled = [each.model_copy(update={"index": place}) for each in page.envelopes]
                return httpx.Response(200, content=page.model_copy(update={"envelopes": relabelled}).to_bytes())
            media = {"Content-Type": self.headers.get("Content-Type", "")}
            return http.request(self.command, self.path, content=body, headers=media)

        def address_string(self) -> str:
            return "vault"

        def log_message(self, *_: object) -> None:
            pass

    with socketserver.ThreadingUnixStreamServer(str(socket), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield
        server.shutdown()
        thread.join()
