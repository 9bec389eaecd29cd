"""The golden set: a bundle proves itself on the machine that is to use it."""

import json

import pytest

from models.bundle import Bundle, write_bundle
from models.catalogue import DATA, Catalogue
from models.errors import UnusableBundle
from models.golden import PART, Golden, read_golden, seen, verify, with_golden, write_golden
from models.identification import Identifier
from models.reading import read_samples
from models.sample import Sample


@pytest.fixture(scope="module")
def golden(identifier: Identifier) -> Bundle:
    readings = seen(identifier.bundle, read_samples(DATA / "samples.msp"), identifier.catalogue)
    return Bundle.from_bytes(with_golden(identifier.bundle, readings))


def with_part(bundle: Bundle, part: bytes) -> Bundle:
    return Bundle.from_bytes(write_bundle(bundle.manifest, {**bundle.parts, PART: part}))


def test_a_bundle_proves_itself(golden: Bundle, catalogue: Catalogue) -> None:
    assert verify(golden, catalogue) >= 20
    assert write_golden(read_golden(golden)) == golden.part(PART)


@pytest.mark.parametrize(("field", "value"), [("conclusion", "no_alarm"), ("inchikey", "x"), ("probability", 0.1)])
def test_another_answer_is_refused(golden: Bundle, catalogue: Catalogue, field: str, value: object) -> None:
    readings = json.loads(golden.part(PART))
    readings[0][field] = value
    with pytest.raises(UnusableBundle, match="golden set, Cocaine"):
        verify(with_part(golden, json.dumps(readings[:6]).encode()), catalogue)


@pytest.mark.parametrize("part", [b"", b"[]", b"{}", b"[1]", b'[{"name": "x"}]'])
def test_a_damaged_golden_set_is_refused(golden: Bundle, part: bytes) -> None:
    with pytest.raises(UnusableBundle, match=r"golden\.json"):
        read_golden(with_part(golden, part))


@pytest.mark.parametrize(
    ("was", "now", "lost"),
    [
        (("alarm", "A", 0.9), ("alarm", "A", 0.8), False),
        (("alarm", "A", 0.9), ("caution", "A", 0.8), True),
        (("alarm", "A", 0.9), ("alarm", "B", 0.9), True),
        (("caution", "A", 0.06), ("caution", "B", 0.05), False),
        (("caution", "A", 0.06), ("no_alarm", "A", 0.9), True),
        (("inconclusive", "A", 0.3), ("no_alarm", "A", 0.8), False),
        (("inconclusive", "A", 0.3), ("no_alarm", "B", 0.8), True),
        (("inconclusive", "A", 0.3), ("alarm", "B", 0.8), True),
    ],
)
def test_what_another_bundle_may_not_lose(
    was: tuple[str, str, float], now: tuple[str, str, float], *, lost: bool
) -> None:
    """A name that was not likely is none; a caution by family may have another beside it."""
    one, other = (Golden(Sample("sample", ()), *each) for each in (was, now))
    assert one.is_lost_in(other) is lost
