"""Many stations in one program, for the stampede: `python -m tests.bench.crowd FOLDER PORT`.

Each station has a folder with its certificate and a batch. Prints a line when all are ready; on a line of stdin each
opens a connection of its own at once, and after a refusal or a broken line pauses as the relay does. Then it prints
when each had its receipts (seconds), what was answered, and the processor time that it took itself (JSON).
"""

import asyncio
import collections
import json
import random
import re
import ssl
import sys
import time
from pathlib import Path

from sync.contract.submission import BATCH_TYPE, Answer
from sync.outbox import backoff

TIMEOUT_S = 20
HOST = "127.0.0.1"
RETRY_AFTER = re.compile(rb"retry-after: ([0-9]+)", re.IGNORECASE)
HEAD = "POST /v1/batches HTTP/1.1\r\nHost: {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n"


class Station:
    """One station: its way in, and what it has to say."""

    def __init__(self, folder: Path, port: int) -> None:
        self._tls = ssl.create_default_context(cafile=str(folder.parent / "ca.crt"))
        self._tls.load_cert_chain(folder / "client.crt", folder / "client.key")
        batch = (folder / "batch").read_bytes()
        self._request = HEAD.format(HOST, BATCH_TYPE, len(batch)).encode() + batch
        self._port, self._rng = port, random.Random(folder.name)  # noqa: S311 - jitter is no secret

    async def send(self, outcomes: collections.Counter[str]) -> float:
        """Send until the receipts are here; return when that was."""
        tries = 0
        while True:
            wait = 0
            try:
                status, body, wait = await self._ask()
                outcomes[status] += 1
                if status == "200" and Answer.from_bytes(body).receipts:
                    return time.monotonic()
            except (OSError, EOFError, ValueError) as error:
                outcomes[type(error).__name__] += 1
            await asyncio.sleep(backoff(tries, wait).total_seconds() * self._rng.random())
            tries += 1

    async def _ask(self) -> tuple[str, bytes, int]:
        opening = asyncio.open_connection(HOST, self._port, ssl=self._tls, ssl_handshake_timeout=TIMEOUT_S)
        reader, writer = await asyncio.wait_for(opening, TIMEOUT_S)
        try:
            writer.write(self._request)
            answer = await asyncio.wait_for(reader.read(-1), TIMEOUT_S)
        finally:
            writer.close()
        head, _, body = answer.partition(b"\r\n\r\n")
        asked = RETRY_AFTER.search(head)
        return head.split(b" ", 2)[1].decode() if head else "closed", body, int(asked[1]) if asked else 0


async def rush(stations: list[Station]) -> tuple[list[float], collections.Counter[str]]:
    """Let all of them send; return when each had its receipts, in seconds from now."""
    outcomes, begin = collections.Counter[str](), time.monotonic()
    ended = await asyncio.gather(*(each.send(outcomes) for each in stations))
    return sorted(each - begin for each in ended), outcomes


def main(folder: Path, port: int) -> None:
    """Get ready, wait for the word, rush, tell."""
    stations = [Station(each, port) for each in sorted(folder.iterdir()) if each.is_dir()]
    print("ready", flush=True)  # noqa: T201 - to its parent
    sys.stdin.readline()
    before = time.process_time()
    ended, outcomes = asyncio.run(rush(stations))
    print(json.dumps([ended, outcomes, time.process_time() - before]))  # noqa: T201 - to its parent


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
