"""Releases: what the state lets in, by name, and nothing else."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import Malformed, RefusedRelease
from sync.releases import NOTHING, Release, Taken
from sync.roots import RootKey, RootSet

ROOTS = [RootKey.generate() for _ in range(3)]
PINNED = RootSet(2, tuple(root.public for root in ROOTS))
RELEASE = Release(kind="library", version=4, digest=sha256(b"spectra").digest(), removed=["ZPUCINDJVBIVPJ"])
SIGNED = RELEASE.sign(ROOTS[:2])


def test_there_and_back() -> None:
    assert Release.read(SIGNED, PINNED, "library") == RELEASE
    RELEASE.check_file(b"spectra")


def test_another_file_is_refused() -> None:
    with pytest.raises(RefusedRelease, match="library release 4"):
        RELEASE.check_file(b"other spectra")


def test_too_few_and_strangers_are_refused() -> None:
    with pytest.raises(RefusedRelease, match="1 of 3 root holders signed"):
        Release.read(RELEASE.sign(ROOTS[:1]), PINNED, "library")
    with pytest.raises(RefusedRelease, match="0 of 3 root holders signed"):
        Release.read(RELEASE.sign([RootKey.generate(), RootKey.generate()]), PINNED, "library")


def test_a_release_of_another_kind_is_refused() -> None:
    with pytest.raises(RefusedRelease, match="expected a bundle release"):
        Release.read(SIGNED, PINNED, "bundle")


@pytest.mark.parametrize("at", range(0, len(SIGNED), 37))
def test_a_flipped_bit_is_refused(at: int) -> None:
    damaged = bytearray(SIGNED)
    damaged[at] ^= 1
    with pytest.raises(RefusedRelease):
        Release.read(bytes(damaged), PINNED, "library")


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(RefusedRelease):
        Release.read(data, PINNED, "library")


@pytest.mark.parametrize("removed", [["short"], ["ZPUCINDJVBIVPJ-LJISPDSOSA-N"], ["zpucindjvbivpj"]])
def test_what_is_no_skeleton_is_refused(removed: list[str]) -> None:
    value = {"format": "garita.release/1", "kind": "library", "version": 1, "digest": NOTHING, "removed": removed}
    with pytest.raises(Malformed, match="removed"):
        Release.from_value(value)


def test_only_newer_ones_are_taken() -> None:
    Taken(3).check_newer(RELEASE)
    for version in (4, 9):
        with pytest.raises(RefusedRelease, match="is not newer"):
            Taken(version).check_newer(RELEASE)
