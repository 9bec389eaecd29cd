"""HTTP inside our own TLS, as nginx has it: whose a connection is, few of each certificate, and no head without end."""

import asyncio
import ssl
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from sync.central.gate import COME_AGAIN, Busy
from sync.central.problems import busy

CONNECTIONS_EACH = 4
"""Under one certificate: the two bodies that may be under way, and lines that broke and are not ended yet."""
HEAD_SECONDS = 30
"""From the handshake, or from the answer before, until the whole head of a request is there."""


class CertifiedProtocol(H11Protocol):
    """The state of each request has the certificate that its client showed."""

    certificate: bytes | None = None
    _head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] - as uvicorn itself
        """Remember whose connection it is; one too many under its certificate is told so, and ended."""
        super().connection_made(transport)
        tls: ssl.SSLObject = transport.get_extra_info("ssl_object")
        self.certificate = tls.getpeercert(binary_form=True)
        state: dict[str, Any] = {**self.app_state, "certificate": self.certificate}
        self.app_state = state
        if sum(getattr(each, "certificate", None) == self.certificate for each in self.connections) > CONNECTIONS_EACH:
            self._refuse()
        else:
            self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Take what came, unless this connection is ending."""
        if not self.transport.is_closing():
            super().data_received(data)
            self._wait_for_head()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        super().connection_lost(exc)
        self._stop_waiting()

    def _wait_for_head(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._head is None:
            self._head = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._head:
            self._head.cancel()
            self._head = None

    def _refuse(self) -> None:
        """Answer before anything is asked; while the answer leaves, this connection counts no more."""
        self.connections.discard(self)
        answer = busy(Busy(f"{CONNECTIONS_EACH} connections under this certificate are open", COME_AGAIN))
        headers = [*answer.raw_headers, (b"connection", b"close")]
        head = h11.Response(status_code=answer.status_code, headers=headers)
        for event in (head, h11.Data(data=bytes(answer.body)), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
