"""Hosts on a cable of their own: network namespaces on one bridge that leads nowhere else (needs root)."""

import contextlib
import ctypes
import os
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO

SUBNET = "192.0.2"
"""TEST-NET-1 (RFC 5737): addresses that are nobody's."""
NOWHERE = f"{SUBNET}.254"
"""Where each host would send what is for others than its neighbours: nobody is there, but the question shows."""
NO_IPV6 = Path("/proc/sys/net/ipv6/conf/all/disable_ipv6")
IPV4, ARP, ETH_P_ALL = 0x0800, 0x0806, 3
SOL_PACKET, PACKET_STATISTICS, SO_RCVBUFFORCE = 263, 6, 33
CAPTURE_BYTES = 64 * 1024 * 1024
CLONE_NEWNET = 0x40000000
NUMBERS = count()
LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Packet:
    """What a frame says of its way; `port` is the smaller one of TCP or UDP, `kind` the EtherType."""

    kind: int
    source: str = ""
    target: str = ""
    port: int = 0


class Host:
    """A machine on the cable. Its programs share the file system with all others, and nothing of the network."""

    def __init__(self, network: "Network", name: str, number: int) -> None:
        self.name, self.address = name, f"{SUBNET}.{number}"
        self.namespace = f"{network.prefix}-{name}"
        self._plug, self._hub = f"{network.prefix}p{number}", network.namespace
        ip("netns", "add", self.namespace)
        ip("-n", self._hub, "link", "add", self._plug, "type", "veth", "peer", "name", "eth0", "netns", self.namespace)
        ip("-n", self._hub, "link", "set", self._plug, "master", "cable", "up")
        ip("-n", self.namespace, "addr", "add", f"{self.address}/24", "dev", "eth0")
        with self.visited():
            NO_IPV6.write_text("1")
        for device in ("lo", "eth0"):
            ip("-n", self.namespace, "link", "set", device, "up")
        ip("-n", self.namespace, "route", "add", "default", "via", NOWHERE)

    def plug_into(self, bridge: str) -> None:
        """Put the other end of its cable into a bridge: packets are lost, no connection ends."""
        ip("-n", self._hub, "link", "set", self._plug, "master", bridge)

    def start(
        self, command: Sequence[str | Path], log: Path, user: str | None = None, stdout: int | IO[bytes] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a program on this host; its words go to the end of `log`."""
        with log.open("ab") as end:
            return subprocess.Popen(  # noqa: S603 - our own words
                self._command(command, user), stdout=stdout or end, stderr=end, start_new_session=True
            )

    def run(self, command: Sequence[str | Path], user: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program on this host to its end."""
        return subprocess.run(self._command(command, user), capture_output=True, text=True, check=False)  # noqa: S603 - as above

    @contextlib.contextmanager
    def visited(self) -> Iterator[None]:
        """Let the sockets that this thread makes in the block be this host's."""
        with (
            Path("/proc/thread-self/ns/net").open("rb") as home,
            Path(f"/run/netns/{self.namespace}").open("rb") as here,
        ):
            _enter(here)
            try:
                yield
            finally:
                _enter(home)

    def _command(self, command: Sequence[str | Path], user: str | None) -> list[str]:
        become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
        return ["ip", "netns", "exec", self.namespace, *become, *map(str, command)]


class Network:
    """The cable; `end` it with all its hosts, after their programs."""

    def __init__(self) -> None:
        self.prefix = f"g{os.getpid()}{chr(ord('a') + next(NUMBERS) % 26)}"
        self.namespace = f"{self.prefix}-cable"
        self.hosts: list[Host] = []
        ip("netns", "add", self.namespace)
        with _visited(self.namespace):
            NO_IPV6.write_text("1")
        for bridge in ("cable", "island"):
            ip("-n", self.namespace, "link", "add", bridge, "type", "bridge")
            ip("-n", self.namespace, "link", "set", bridge, "up")

    def host(self, name: str) -> Host:
        """Add a host."""
        self.hosts.append(Host(self, name, len(self.hosts) + 1))
        return self.hosts[-1]

    def split(self, *island: Host) -> None:
        """Cut these hosts off from all others; they still reach each other."""
        for each in self.hosts:
            each.plug_into("island" if each in island else "cable")

    @contextlib.contextmanager
    def captured(self) -> Iterator[set[Packet]]:
        """Give the set of what goes over the cable while the block runs; raises OSError where some was missed."""
        seen, end = set[Packet](), threading.Event()
        with _visited(self.namespace):
            sniffing = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        with sniffing:
            sniffing.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, CAPTURE_BYTES)
            sniffing.settimeout(0.1)

            def sniff() -> None:
                while True:
                    try:
                        seen.add(_packet(sniffing.recv(65536)))
                    except TimeoutError:
                        if end.is_set():
                            return

            thread = threading.Thread(target=sniff)
            thread.start()
            try:
                yield seen
            finally:
                end.set()
                thread.join()
            _, missed = struct.unpack("II", sniffing.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
            if missed:
                raise OSError(f"{missed} packets went by unseen")

    def end(self) -> None:
        """Remove everything."""
        for each in self.hosts:
            ip("netns", "del", each.namespace)
        ip("netns", "del", self.namespace)


def possible() -> bool:
    """Tell whether this machine lets us make hosts; a container without the right to may not."""
    if os.geteuid() != 0:
        return False
    try:
        network = Network()
    except OSError:
        return False
    try:
        network.host("try")
    except OSError:
        return False
    finally:
        network.end()
    return True


def ip(*words: str) -> None:
    """Run the program of that name; raises OSError."""
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)  # noqa: S603, S607 - Debian's own program
    if done.returncode:
        raise OSError(f"ip {' '.join(words)}: {done.stderr.strip()}")


@contextlib.contextmanager
def _visited(namespace: str) -> Iterator[None]:
    there = Path(f"/run/netns/{namespace}")
    with Path("/proc/thread-self/ns/net").open("rb") as home, there.open("rb") as here:
        _enter(here)
        try:
            yield
        finally:
            _enter(home)


def _packet(frame: bytes) -> Packet:
    kind = int.from_bytes(frame[12:14], "big")
    if kind == ARP:
        return Packet(kind, socket.inet_ntoa(frame[28:32]), socket.inet_ntoa(frame[38:42]))
    if kind == IPV4:
        length, protocol = (frame[14] & 15) * 4, frame[23]
        ports = (
            struct.unpack_from("!HH", frame, 14 + length)
            if protocol in (socket.IPPROTO_TCP, socket.IPPROTO_UDP)
            else (0,)
        )
        return Packet(kind, socket.inet_ntoa(frame[26:30]), socket.inet_ntoa(frame[30:34]), min(ports))
    return Packet(kind)


def _enter(namespace: IO[bytes]) -> None:
    if LIBC.setns(namespace.fileno(), CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
