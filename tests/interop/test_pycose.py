"""Envelopes are COSE_Sign1 messages to a library that never heard of Garita."""

import json
import subprocess
from pathlib import Path

import pytest

from sync.envelope import Envelope
from sync.keys import StationKey

VECTORS = Path(__file__).parents[1] / "vectors"
SCRIPT = Path(__file__).with_name("verify_with_pycose.py")
pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def station() -> StationKey:
    texts = json.loads((VECTORS / "keys" / "test-only-keys.json").read_text(encoding="utf-8"))
    return StationKey.from_bytes(bytes.fromhex(texts["station"]))


def said(python: Path, message: Path, key: bytes) -> str:
    command = [python, SCRIPT, message, key.hex()]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own script


@pytest.mark.parametrize("name", ["good", "good-768", "good-three-recipients"])
def test_a_good_envelope_is_verified(name: str, pycose_python: Path, station: StationKey) -> None:
    path = VECTORS / "envelope" / f"{name}.envelope"
    text = said(pycose_python, path, station.public.raw)
    assert text.startswith("Sign1Message")
    assert "EdDSA" in text
    assert str(Envelope.from_bytes(path.read_bytes()).key_id) in text
    assert text.endswith("verified\n")


@pytest.mark.parametrize("name", ["signature-flipped", "body-flipped", "wraps-swapped", "header-seq-changed"])
def test_a_changed_envelope_is_refused(name: str, pycose_python: Path, station: StationKey) -> None:
    assert said(pycose_python, VECTORS / "envelope" / f"{name}.envelope", station.public.raw).endswith("refused\n")
