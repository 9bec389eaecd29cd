"""Handshakes that our own TLS refuses, in the centre's log: asyncio says nothing of them, and the station hardly more.

Anybody who reaches the port can cause them, so each reason is told at once and then at most once a minute.
"""

import logging
import ssl
from collections.abc import Callable

LOG = logging.getLogger(__name__)
QUIET_SECONDS = 60


class Refusals:
    """Counts refused handshakes by OpenSSL's reason and logs them; `now` gives seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._counts = dict[str, int]()
        self._told = dict[str, float]()

    def note(self, reason: str) -> None:
        """Count one, and log its reason unless that was done within the last minute."""
        self._counts[reason] = self._counts.get(reason, 0) + 1
        now = self._now()
        if reason not in self._told or now - self._told[reason] >= QUIET_SECONDS:
            self._told[reason] = now
            LOG.warning("a client is refused: %s (%s since the start)", reason, self._counts[reason])


def told_to(refusals: Refusals) -> type[ssl.SSLObject]:
    """Return the class of TLS connections (`SSLContext.sslobject_class`) whose refused handshakes are noted."""

    class Noted(ssl.SSLObject):
        def do_handshake(self) -> None:
            try:
                super().do_handshake()
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                raise
            except ssl.SSLError as error:
                refusals.note(error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else error.reason)
                raise

    return Noted
