"""The vault in numbers: records opened, believed, and projected into the case database, a second of one core.

    .venv/bin/python -m tests.bench.bench_vault [--records 1500] [--token /usr/lib/softhsm/libsofthsm2.so] [--write]

Each record is a screening with one reading. The centre stands aside: its pages lie in memory. With a token, whose label
is garita and whose PIN is 271828, the same is measured with the P-384 half inside it.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import httpx

from sync.chain import check_next, empty
from sync.contract.ids import StationId
from sync.contract.inside import LoggedEnvelope, Page, SealedNames, StationList
from sync.identity import Identity, Opener
from sync.journal import Sealer
from sync.keys import StationKey
from sync.vault.cases import Cases
from sync.vault.source import Source
from sync.vault.token import make, unlock
from sync.vault.vault import Vault
from tests.bench.pages import machine, write_section
from tests.sync.vault.conftest import screening
from tests.sync.vault.parts import unnoted

STATION = StationId("MX-TIJ-01")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGE = 500


def sealed(count: int, national: Opener) -> tuple[Sealer, list[LoggedEnvelope]]:
    """Return a station and its sealed screenings."""
    sealer = Sealer(STATION, StationKey.generate(), [national.recipient, Identity.generate("escrow").recipient])
    head, logged = empty(STATION, sealer.key.public), list[LoggedEnvelope]()
    for index in range(count):
        envelope = sealer.seal_after(head, screening("cocaine", index % 50).to_bytes())
        head = check_next(head, envelope)
        logged.append(LoggedEnvelope(index=index, station=STATION, seq=index + 1, envelope=envelope.data))
    return sealer, logged


def source(sealer: Sealer, logged: list[LoggedEnvelope]) -> Source:
    """Return a centre that answers from memory."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/stations":
            return httpx.Response(200, content=StationList(cards=[sealer.key.card(STATION)]).to_bytes())
        if request.url.path == "/v1/attachments/here":
            return httpx.Response(200, content=SealedNames(names=[]).to_bytes())
        if request.url.path != "/v1/envelopes":
            return httpx.Response(404)
        start = int(request.url.params["after"]) + 1
        return httpx.Response(200, content=Page(size=len(logged), envelopes=logged[start : start + PAGE]).to_bytes())

    return Source(httpx.Client(transport=httpx.MockTransport(answer), base_url="http://central"))


def rate(national: Opener, count: int, folder: Path) -> float:
    """Return records a second of this process's time."""
    sealer, logged = sealed(count, national)
    cases = Cases(folder / f"{token_hex(4)}.db", new=True)
    begin = time.process_time()
    report = Vault(source(sealer, logged), cases, national, lambda: NOW, unnoted).pull()
    spent = time.process_time() - begin
    assert (report.seen, report.problems, len(cases.cases())) == (count, 0, count)
    cases.close()
    return count / spent


def rates(count: int, token: str | None, folder: Path) -> Iterator[tuple[str, float]]:
    """Yield records a second of one core's time."""
    yield (
        "opened, believed and projected, key in a file (at least 500)",
        rate(Identity.generate("national"), count, folder),
    )
    if token:
        unlocked = unlock(make(token, "garita", token_hex(4), "national", "271828"), "271828")
        yield "the same, P-384 half in SoftHSM", rate(unlocked, count, folder)
        unlocked.close()


def main() -> None:
    """Measure, print, and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1500)
    parser.add_argument("--token")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = list(rates(arguments.records, arguments.token, Path(folder)))
    lines = ["| what | measured |", "|---|---|", *(f"| {what} | {each:,.0f}/s |" for what, each in found)]
    text = "\n".join(
        [f"`python -m tests.bench.bench_vault` on {machine()}; rates are per second of one core's time.", "", *lines]
    )
    print(text)  # noqa: T201 - the command's voice
    if arguments.write:
        write_section("The vault", text)


if __name__ == "__main__":
    main()
