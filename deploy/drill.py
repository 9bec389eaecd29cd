"""The drill: readings through the whole product, each checked at its end by other programs than made it."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.demo import OFFICER, STATION, Demo
from deploy.errors import DrillFailed
from deploy.officer import Officer, wait_for
from sync.central.settings import CentralSettings
from sync.contract.inside import Page
from sync.envelope import Envelope
from sync.errors import SyncError
from sync.note import LogVerifier
from sync.receipts import verify
from sync.vault.cases import Case, Cases
from sync.vault.settings import VaultSettings

READING_SECONDS = 30.0
DELIVERY_SECONDS = 30.0


@dataclass(frozen=True)
class Expected:
    """What one play must come to: these conclusions, and this substance on top or among its isomers."""

    sample: str
    conclusions: frozenset[str]
    substance: str | None


EXPECTED = (
    Expected("cocaine", frozenset({"alarm"}), "Cocaine"),
    Expected("fentanyl", frozenset({"alarm"}), "Fentanyl"),
    Expected("methamphetamine", frozenset({"alarm"}), "Methamphetamine"),
    Expected("caffeine", frozenset({"no_alarm", "caution"}), "Caffeine"),
    Expected("detector-fault", frozenset({"fault"}), None),
)


@dataclass(frozen=True)
class Row:
    """One reading at the end of its way."""

    sample: str
    conclusion: str
    top_hit: str
    probability: float | None
    seq: int
    log_index: int
    receipt_verified: bool
    opened_by_vault: bool
    as_expected: bool

    @property
    def good(self) -> bool:
        """Tell whether everything about this row is as it must be."""
        return self.receipt_verified and self.opened_by_vault and self.as_expected


def drill(demo: Demo, expected: Sequence[Expected] = EXPECTED) -> list[Row]:
    """Take the readings one after another, then follow each to the opened case."""
    officer = Officer(demo.address, OFFICER, demo.pin)
    try:
        sealed = [officer.finished(officer.start_reading(), READING_SECONDS) for _ in expected]
        delivered = [officer.receipted(view["reading"], DELIVERY_SECONDS) for view in sealed]
    finally:
        officer.close()
    return [_row(demo, each, view) for each, view in zip(expected, delivered, strict=True)]


def _row(demo: Demo, expected: Expected, view: dict[str, Any]) -> Row:
    said: dict[str, Any] = view["record"]["readings"][0]["identification"]
    hits: list[dict[str, Any]] = said["hits"]
    names = [hits[0]["name"], *hits[0]["isomers"]] if hits else []
    case = wait_for(f"the opened case of entry {view['seq']}", DELIVERY_SECONDS, lambda: _case(demo, view["seq"]))
    return Row(
        sample=expected.sample,
        conclusion=said["conclusion"],
        top_hit=" / ".join(names),
        probability=hits[0]["probability"] if hits else None,
        seq=view["seq"],
        log_index=view["log_index"],
        receipt_verified=_receipt_holds(demo, view),
        opened_by_vault=case.screening == view["screening"] and case.conclusion == said["conclusion"],
        as_expected=said["conclusion"] in expected.conclusions
        and (expected.substance is None or expected.substance in names),
    )


def filed(demo: Demo) -> list[Case]:
    """Return the screenings in the vault's case database, which a demonstration may read past the vault's command."""
    with closing(Cases(demo.state.vault / VaultSettings.read(demo.state.vault).cases)) as cases:
        return cases.cases()


def _case(demo: Demo, seq: int) -> Case | None:
    return next((case for case in filed(demo) if (case.station, case.seq) == (STATION, seq)), None)


def _receipt_holds(demo: Demo, view: dict[str, Any]) -> bool:
    log = LogVerifier.from_vkey((demo.data / "log.vkey").read_text().strip())
    try:
        verify(view["receipt"], _logged(demo, view["log_index"]).digest, log)
    except SyncError:
        return False
    return True


def _logged(demo: Demo, index: int) -> Envelope:
    socket = demo.state.centre / CentralSettings.read(demo.state.centre).inside_socket
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(socket)), base_url="http://inside") as inside:
        page = Page.from_bytes(inside.get("/v1/envelopes", params={"after": index - 1, "limit": 1}).content)
    if not page.envelopes:
        raise DrillFailed(f"the centre has no entry with log index {index}")
    return Envelope.from_bytes(page.envelopes[0].envelope)
