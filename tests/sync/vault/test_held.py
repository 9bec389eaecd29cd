"""Shares and holders: k of n open, fewer do not, and a wrong passphrase names its holder."""

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.contract.names import seen
from sync.errors import Malformed, UnusableKey
from sync.identity import Identity
from sync.vault import held
from sync.vault.held import HeldIdentity, read_identity
from sync.vault.office import hold, release
from sync.vault.shares import join, split

COMPOSED = "caf\u00e9 de Espa\u00f1a"
DECOMPOSED = "cafe\u0301 de Espan\u0303a"
PASSPHRASES = {name: f"passphrase of {name}" for name in ("prosecutor", "judge", "laboratory")}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch passphrases less: how much is asserted below."""
    monkeypatch.setattr(held, "MEMORY_KIB", 64)


@settings(max_examples=60, deadline=None)
@given(secret=st.binary(min_size=1, max_size=40), sizes=st.tuples(st.integers(1, 6), st.integers(0, 4)), data=st.data())
def test_any_k_shares_give_the_secret(secret: bytes, sizes: tuple[int, int], data: st.DataObject) -> None:
    threshold, more = sizes
    shares = dict(enumerate(split(secret, threshold, threshold + more), start=1))
    chosen = data.draw(st.permutations(sorted(shares)))[:threshold]
    assert join({place: shares[place] for place in chosen}) == secret


def test_fewer_shares_say_nothing() -> None:
    """With one share short, every secret is as likely: over many splits the joined byte takes every value."""
    found = {join({1: split(b"\x42", 2, 3)[0]})[0] for _ in range(4000)}
    assert len(found) == 256


def test_the_field_is_the_one_of_aes() -> None:
    """FIPS 197, 4.2: {57} times {83} is {c1}; a line through (0, s) with slope 0x57 has s + {57}{83} at 0x83."""
    zero, slope = 0x00, 0x57
    assert join({0x01: bytes([slope]), 0x83: bytes([0xC1])}) == bytes([zero])


@pytest.mark.parametrize(("threshold", "count"), [(0, 1), (2, 1), (1, 33)])
def test_thresholds_that_cannot_be(threshold: int, count: int) -> None:
    with pytest.raises(UnusableKey, match="cannot be"):
        split(b"x", threshold, count)


def test_nobody_is_asked_for_a_threshold_that_cannot_be(national: Identity) -> None:
    asked: list[str] = []
    with pytest.raises(UnusableKey, match="3 of 2 holders cannot be: expected a threshold of 1 to 2"):
        hold(national, 3, ["ana", "luis"], lambda name: asked.append(name) or f"the passphrase of {name}")
    assert not asked


@pytest.mark.parametrize(
    "names",
    [("ana", "luis", "ana"), ("ana", ""), ("ana", "x" * 81), ("Fiscal", "fiscal"), ("Fiscal", "Fiscal "), ("ana", " ")],
)
def test_holders_that_cannot_be(names: tuple[str, ...], national: Identity) -> None:
    with pytest.raises((UnusableKey, Malformed), match="a holder"):
        hold(national, 2, names, lambda name: f"the passphrase of {name}")


def test_two_of_three_release_and_one_does_not(national: Identity) -> None:
    data = HeldIdentity.hold(national, 2, PASSPHRASES).to_bytes()
    found = read_identity(data)
    assert isinstance(found, HeldIdentity)
    for names in combinations(PASSPHRASES, 2):
        assert found.release({name: PASSPHRASES[name] for name in names}).to_bytes() == national.to_bytes()
    with pytest.raises(UnusableKey, match="1 of 3 holders released the key; 2 must"):
        found.release({"judge": PASSPHRASES["judge"]})
    with pytest.raises(UnusableKey, match="not the passphrase of judge"):
        found.release({**PASSPHRASES, "judge": "guess"})


def test_a_holder_whose_name_shows_nothing_can_release_and_is_on_record_by_place(
    national: Identity, tmp_path: Path
) -> None:
    """Files of before such names were refused open still, and what `Openings.note` asks of a name is met."""
    names = ["ana ", "\u200b", "\U000e0100" * 80]
    file = tmp_path / "held"
    file.write_bytes(HeldIdentity.hold(national, 3, {name: f"passphrase of {name}" for name in names}).to_bytes())
    released = release(file, lambda name: f"passphrase of {name}")
    hidden = [f"holder {place}, whose name shows nothing" for place in (2, 3)]
    assert seen("the person", released.persons) == ["ana", *hidden]


def test_holders_are_asked_until_there_are_enough(national: Identity, tmp_path: Path) -> None:
    asked: list[str] = []

    def ask(name: str) -> str:
        asked.append(name)
        return "" if name == "prosecutor" else PASSPHRASES[name]

    file = tmp_path / "held"
    file.write_bytes(HeldIdentity.hold(national, 1, PASSPHRASES).to_bytes())
    released = release(file, ask)
    assert (released.identity.to_bytes(), released.persons, asked) == (
        national.to_bytes(), ["judge"], ["prosecutor", "judge"],
    )  # fmt: skip


def test_nothing_of_the_key_is_in_the_file(national: Identity) -> None:
    data = HeldIdentity.hold(national, 2, PASSPHRASES).to_bytes()
    assert national.classical[-48:] not in data
    assert national.post_quantum[-64:] not in data


def test_a_changed_file_and_short_passphrases(national: Identity) -> None:
    whole = HeldIdentity.hold(national, 1, PASSPHRASES)
    changed = whole.model_copy(update={"sealed": whole.sealed[:-1] + bytes([whole.sealed[-1] ^ 1])})
    with pytest.raises(UnusableKey, match="was changed"):
        changed.release({"judge": PASSPHRASES["judge"]})
    with pytest.raises(UnusableKey, match="fewer than 14"):
        HeldIdentity.hold(national, 1, {"judge": "short"})


def test_one_passphrase_of_two_holders_is_refused(national: Identity) -> None:
    """Who knows it would be two of two; the same letters in another spelling are the same passphrase."""
    for other in (COMPOSED, DECOMPOSED):
        with pytest.raises(UnusableKey, match="one and the same passphrase"):
            HeldIdentity.hold(national, 2, {"judge": COMPOSED, "prosecutor": other})


@pytest.mark.parametrize("kept", [COMPOSED, DECOMPOSED])
@pytest.mark.parametrize("typed", [COMPOSED, DECOMPOSED])
def test_a_passphrase_is_its_letters_however_a_keyboard_spells_them(kept: str, typed: str, national: Identity) -> None:
    found = HeldIdentity.hold(national, 1, {"judge": kept})
    assert found.release({"judge": typed}).to_bytes() == national.to_bytes()
    with pytest.raises(UnusableKey, match="not the passphrase of judge"):
        found.release({"judge": f"{typed}!"})


def test_a_file_of_before_opens_as_it_was_typed(national: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(held, "spelt", str)
        old = HeldIdentity.hold(national, 1, {"judge": DECOMPOSED})
    assert old.release({"judge": DECOMPOSED}).to_bytes() == national.to_bytes()


def test_passphrases_are_stretched_as_rfc_9106_asks() -> None:
    assert (held.PASSES, held.LANES) == (3, 4)
