"""Whether a network link or an address of this machine came or went, told by the kernel (rtnetlink, RFC 3549)."""

import socket
from collections.abc import Callable
from threading import Event

RTMGRP_LINK, RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR = 0x1, 0x10, 0x100
GROUPS = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR
LONGEST_MESSAGE = 65536
LOOK_S = 1.0
SETTLE_S = 2.0


class LinkWatch:
    """Listens to the kernel and calls `changed` when a link has settled after a change."""

    def __init__(self, changed: Callable[[], object]) -> None:
        self._changed = changed
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self._socket.bind((0, GROUPS))
        self._socket.settimeout(LOOK_S)

    def run(self, stop: Event) -> None:
        """Listen until `stop` is set."""
        with self._socket:
            while not stop.is_set():
                if self._heard():
                    stop.wait(SETTLE_S)
                    self._changed()

    def _heard(self) -> bool:
        try:
            return bool(self._socket.recv(LONGEST_MESSAGE))
        except TimeoutError:
            return False
        except OSError:  # more changes than the kernel's buffer holds are changes too
            return True
