"""The bundle: one byte form, and nothing accepted that is not whole."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.bundle import MANIFEST, MAX_BYTES, Bundle, write_bundle
from models.errors import UnusableBundle
from models.identification import DEFAULT_BUNDLE, Identifier
from models.training.samples import HELD

SMALL = write_bundle({"version": 1}, {"a.bin": b"first part", "b.bin": bytes(range(256))})

parts = st.dictionaries(st.text("abcdef.", min_size=1, max_size=8), st.binary(max_size=60), max_size=4)


@given(parts.filter(lambda made: MANIFEST not in made))
def test_there_and_back(made: dict[str, bytes]) -> None:
    data = write_bundle({"version": 1}, made)
    assert data == write_bundle({"version": 1}, dict(reversed(made.items())))
    assert Bundle.from_bytes(data).parts == made


@pytest.mark.parametrize("at", range(0, len(SMALL), 3))
@pytest.mark.parametrize("flip", [0x01, 0x80])
def test_a_flipped_bit_is_refused(at: int, flip: int) -> None:
    damaged = bytearray(SMALL)
    damaged[at] ^= flip
    with pytest.raises(UnusableBundle):
        Bundle.from_bytes(bytes(damaged))


@pytest.mark.parametrize("seed", range(6))
def test_a_flipped_bit_of_the_real_one_is_refused(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - places to damage, no secret
    damaged = bytearray(DEFAULT_BUNDLE.read_bytes())
    damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
    with pytest.raises(UnusableBundle):
        Bundle.from_bytes(bytes(damaged))


def test_cut_short_or_longer_is_refused() -> None:
    for end in (0, 1, len(SMALL) // 2, len(SMALL) - 1):
        with pytest.raises(UnusableBundle):
            Bundle.from_bytes(SMALL[:end])
    with pytest.raises(UnusableBundle):
        Bundle.from_bytes(SMALL + b"\0")


@given(st.binary(max_size=400))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(UnusableBundle):
        Bundle.from_bytes(data)


def test_a_part_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnusableBundle, match=r"library\.cbor"):
        Bundle.from_bytes(SMALL).part("library.cbor")
    with pytest.raises(UnusableBundle, match="No such file"):
        Bundle.open(tmp_path / "absent.bundle")


@pytest.mark.parametrize("part", ["encoder.onnx", "ranker.onnx", "library.cbor", "decision.json"])
def test_a_part_that_cannot_be_used(part: str, identifier: Identifier) -> None:
    bundle = identifier.bundle
    changed = write_bundle(bundle.manifest, {**bundle.parts, part: b"nonsense"})
    with pytest.raises(UnusableBundle):
        Identifier(Bundle.from_bytes(changed), identifier.catalogue)


def test_the_committed_one_says_what_it_is(identifier: Identifier) -> None:
    manifest = identifier.bundle.manifest
    assert DEFAULT_BUNDLE.stat().st_size <= MAX_BYTES
    assert manifest["library"] == {"digest": identifier.library.digest, "licence": "CC BY-SA 4.0"}
    assert manifest["metrics"]["calibration_error"] < 0.08
    assert manifest["card"]["known_limits"]
    assert json.loads(identifier.bundle.part("decision.json")) == manifest["calibration"]


def test_no_sample_is_in_the_library(identifier: Identifier) -> None:
    text = (DEFAULT_BUNDLE.parent / "samples.msp").read_text(encoding="utf-8")
    held = [line.removeprefix("DB#: ") for line in text.splitlines() if line.startswith("DB#: ")]
    assert len(held) == len(set(held)) > 2 * len(HELD)
    assert not identifier.library.accessions & set(held)
