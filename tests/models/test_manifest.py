"""A bundle's manifest: whole and as its parts are, or refused by the name of what is wrong."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.bundle import Bundle
from models.calibration import NEEDED, Decision
from models.errors import UnusableBundle
from models.identification import DEFAULT_BUNDLE, Identifier
from models.library import Band, Library
from models.manifest import DECISION, PARTS, Manifest
from models.preprocessing import BINS

WHOLE = Bundle.open(DEFAULT_BUNDLE)
ADDED = {"format", "parts"}
"""Keys that the bundle itself checks."""

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def keys_of(value: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, inner in value.items():
        yield (*above, key)
        if isinstance(inner, dict) and key not in {"metrics", "calibration", "parts"}:
            yield from keys_of(inner, (*above, key))


KEYS = [key for key in keys_of(dict(WHOLE.manifest)) if key[0] not in ADDED]


def changed(path: tuple[str, ...], value: object = ...) -> Bundle:
    """Return the bundle with another value at a key of its manifest, or without the key."""
    manifest = json.loads(json.dumps(WHOLE.manifest))
    inner = manifest
    for key in path[:-1]:
        inner = inner[key]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return replace(WHOLE, manifest=manifest)


def with_decision(value: object) -> Bundle:
    parts = {**WHOLE.parts, DECISION: json.dumps(value).encode()}
    return replace(WHOLE, manifest={**WHOLE.manifest, "calibration": value}, parts=parts)


def decision() -> dict[str, Any]:
    return json.loads(WHOLE.part(DECISION))


@pytest.mark.parametrize("path", KEYS, ids=".".join)
def test_a_key_that_is_missing_is_named(path: tuple[str, ...]) -> None:
    with pytest.raises(UnusableBundle, match=rf"manifest, {'.'.join(path)}: .*, came nothing"):
        Manifest.of(changed(path))


@given(st.sampled_from(KEYS), values)
def test_any_value_is_read_or_refused(path: tuple[str, ...], value: object) -> None:
    with suppress(UnusableBundle):
        Manifest.of(changed(path, value))


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_missing_is_named(part: str) -> None:
    parts = {name: data for name, data in WHOLE.parts.items() if name != part}
    with pytest.raises(UnusableBundle, match=f"the bundle has no {part}"):
        Manifest.of(replace(WHOLE, parts=parts))


def test_the_manifest_is_held_against_the_parts() -> None:
    with pytest.raises(UnusableBundle, match=r"the manifest says library 0{64}, not library\.cbor"):
        Manifest.of(changed(("library", "digest"), "0" * 64))
    other = decision()
    other["calibration"]["temperature"] = 2.5
    with pytest.raises(UnusableBundle, match=r"calibration is not what decision\.json holds"):
        Manifest.of(changed(("calibration",), other))


@pytest.mark.parametrize("name", NEEDED)
def test_a_threshold_that_is_missing_is_named(name: str) -> None:
    value = decision()
    del value["thresholds"][name]
    with pytest.raises(UnusableBundle, match=name):
        Manifest.of(with_decision(value))


@pytest.mark.parametrize(
    ("group", "name", "value"),
    [
        ("thresholds", "alarm", 1.5),
        ("thresholds", "alarm", float("nan")),
        ("thresholds", "alarm", "0.5"),
        ("thresholds", "alarm", True),
        ("thresholds", "unheard-of", 0.5),
        ("calibration", "temperature", 0),
        ("calibration", "temperature", float("inf")),
        ("calibration", "none_bias", None),
    ],
)
def test_a_number_out_of_range_is_refused(group: str, name: str, value: object) -> None:
    other = decision()
    other[group][name] = value
    with pytest.raises(UnusableBundle, match=rf"decision\.json.*{name}"):
        Decision.from_bytes(json.dumps(other).encode())


@pytest.mark.parametrize("families", [[], ["other", "other"], [1, "other"], "other", ["opiate"]])
def test_families_that_are_none_are_refused(families: object) -> None:
    with pytest.raises(UnusableBundle, match="families"):
        Decision.from_bytes(json.dumps({**decision(), "families": families}).encode())


def test_a_decision_with_other_families_than_the_network(identifier: Identifier) -> None:
    bundle = with_decision({**decision(), "families": ["opiate", "other"]})
    with pytest.raises(UnusableBundle, match=r"encoder\.onnx tells 24 families, decision\.json 2"):
        Identifier(bundle, identifier.catalogue)


def test_a_library_without_a_band_is_refused(identifier: Identifier) -> None:
    bands = np.ones((len(Band), BINS, 1), dtype=np.float32)
    small = Library.of(identifier.library.entries[:1], bands)
    assert Library.from_bytes(small.to_bytes()).digest == small.digest
    with pytest.raises(UnusableBundle, match="the library cannot be read"):
        Library.from_bytes(replace(small, packed=small.packed[:3]).to_bytes())
