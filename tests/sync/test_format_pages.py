"""The examples of docs/formats are the bytes of tests/vectors."""

import re
from pathlib import Path

import pytest

from sync.chain import genesis
from sync.contract.ids import StationId
from sync.envelope import Envelope
from sync.keys import StationKey, StationPublicKey
from sync.note import LogKey

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "formats"
VECTORS = ROOT / "tests" / "vectors"


def page(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


def example(name: str) -> str:
    return page(name).split("```")[-2]


def hex_runs(text: str, shortest: int) -> list[str]:
    return re.findall(rf"\b(?:[0-9a-f]{{2}}){{{shortest},}}\b", text)


@pytest.mark.parametrize(
    ("name", "vector"), [("record.md", "record/operator.record"), ("envelope.md", "envelope/good.envelope")]
)
def test_each_run_of_bytes_stands_in_the_vector_in_this_order(name: str, vector: str) -> None:
    bytes_of_vector = (VECTORS / vector).read_bytes().hex()
    at = 0
    for run in hex_runs(example(name).split("digest:")[0], 4):
        at = bytes_of_vector.index(run, at) + len(run)


def test_the_envelope_has_the_digest_on_its_page() -> None:
    envelope = Envelope.from_bytes((VECTORS / "envelope" / "good.envelope").read_bytes())
    assert f"digest: {envelope.digest.hex()}" in example("envelope.md")


def test_the_journal_page_has_a_true_genesis() -> None:
    assert genesis(StationId("MX-NLD-01"), StationPublicKey(bytes(range(32)))).hex() in page("journal.md")


def test_the_keys_page_shows_the_vectors_keys(station_key: StationKey, log_key: LogKey) -> None:
    runs = hex_runs(example("keys.md"), 1)
    assert "".join(runs) == station_key.public.to_bytes().hex()
    assert log_key.verifier.vkey in page("keys.md")


def test_the_receipt_page_shows_the_vector() -> None:
    assert (
        example("receipt.md").strip() == (VECTORS / "receipt" / "good.tlog-proof").read_text(encoding="utf-8").strip()
    )
