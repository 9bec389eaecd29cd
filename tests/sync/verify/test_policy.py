"""The state's policy in the expert's hand: each receipt is of its log and cosigned by its quorum, or it is a fault."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.cosignature import WitnessKey
from sync.court import CourtBundle
from sync.errors import BadSignature, Malformed
from sync.note import LogKey
from sync.policy import Policy
from tests.sync.verify.conftest import NOON, Fields, Made, changed

Check = Callable[..., tuple[int, str]]
KEYS = [WitnessKey.generate(f"w{number}.example") for number in range(4)]
NAMES = ["prosecutor", "judge", "university"]


def policy_of(log: LogKey, quorum: str, *more: str) -> bytes:
    witnesses = [f"witness {name} {key.verifier.vkey}" for name, key in zip(NAMES, KEYS, strict=False)]
    groups = ["group two 2 judge university", "group any-of-both any two prosecutor"]
    return "\n".join(["# the state's", f"log {log.verifier.vkey} https://log.example", *witnesses, *groups, *more,
                      f"quorum {quorum}", ""]).encode()  # fmt: skip


def cosigned(*keys: WitnessKey) -> Callable[[Fields], None]:
    def change(bundle: Fields) -> None:
        for entry in bundle["entries"]:
            text = entry["receipt"].partition("\n\n")[2].rpartition("\n\n")[0] + "\n"
            entry["receipt"] += "".join(key.cosign(text, NOON) for key in keys)

    return change


def stations_say(data: bytes, policy: bytes) -> bool:
    """Tell whether the stations' own reader of policies believes every receipt of a bundle."""
    rules = Policy.from_bytes(policy)
    notes = {(entry.receipt or "").partition("\n\n")[2] for entry in CourtBundle.from_bytes(data).entries}
    try:
        return all(rules.verify(note).size == 4 for note in notes)
    except BadSignature:
        return False


@pytest.mark.parametrize("quorum", ["two", "any-of-both", "prosecutor", "none"])
def test_it_asks_for_the_same_witnesses_as_a_station(quorum: str, made: Made, check: Check, log_key: LogKey) -> None:
    policy = policy_of(log_key, quorum)
    for count in range(5):
        for keys in combinations(KEYS, count):
            data = changed(made.data, cosigned(*keys))
            faults, text = check(data, policy=policy)
            assert (faults == 0) == stations_say(data, policy)
            assert ("[quorum]" in text) == (faults > 0)


def test_it_names_who_saw_and_what_is_missing(made: Made, check: Check, log_key: LogKey) -> None:
    data, policy = changed(made.data, cosigned(KEYS[1], KEYS[2], KEYS[3])), policy_of(log_key, "two")
    faults, text = check(data, policy=policy)
    told = "seen by the witnesses judge (2026-11-22 12:00:00 UTC), university (2026-11-22 12:00:00 UTC)\n"
    assert (faults, text.count(told)) == (0, 4)
    faults, text = check(changed(made.data, cosigned(KEYS[1])), policy=policy)
    assert faults == 4
    told = "signed by garita.example/log, w1.example, of whom the policy knows as witnesses: judge; it asks for two"
    assert f"DIFFERS [quorum] MX-TIJ-01/1: {told}" in text


def test_the_earliest_of_the_times_at_which_a_witness_saw_it_counts(made: Made, check: Check, log_key: LogKey) -> None:
    def twice(bundle: Fields) -> None:
        cosigned(KEYS[1], KEYS[2])(bundle)
        for entry in bundle["entries"]:
            text = entry["receipt"].partition("\n\n")[2].rpartition("\n\n")[0] + "\n"
            entry["receipt"] += KEYS[1].cosign(text, NOON - timedelta(hours=1))

    _, text = check(changed(made.data, twice), policy=policy_of(log_key, "two"))
    assert text.count("judge (2026-11-22 11:00:00 UTC), university (2026-11-22 12:00:00 UTC)\n") == 4


def test_a_side_log_that_nobody_saw_is_a_fault(made: Made, check: Check, log_key: LogKey) -> None:
    """The log's own key is not enough: it can sign a log for this court alone."""
    assert check(made.data, policy=policy_of(log_key, "none"))[0] == 0
    faults, text = check(made.data, policy=policy_of(log_key, "two"))
    assert faults == 4
    assert "the policy knows as witnesses: -; it asks for two" in text


def test_a_log_that_is_not_the_policys_is_a_fault(made: Made, check: Check, other_log_key: LogKey) -> None:
    faults, text = check(made.data, policy=policy_of(other_log_key, "none"))
    assert faults == 1
    assert "DIFFERS [pinned-key]" in text


def test_a_false_cosignature_is_a_fault(made: Made, check: Check, log_key: LogKey) -> None:
    def spoil(bundle: Fields) -> None:
        line = KEYS[0].cosign("another checkpoint\n", NOON)
        bundle["entries"][0]["receipt"] += line

    faults, text = check(changed(made.data, spoil), policy=policy_of(log_key, "none"))
    assert faults == 1
    assert "FAULT [witnesses] MX-TIJ-01/1: the cosignature of prosecutor was not signed" in text


BAD = {
    "no quorum": lambda lines: lines[:-2],
    "empty": lambda _: [],
    "unknown word": lambda lines: [*lines, "jury x"],
    "a witness twice": lambda lines: [*lines, lines[2]],
    "a key twice": lambda lines: [*lines, lines[2].replace("prosecutor", "other")],
    "a member twice": lambda lines: [*lines, "group g 2 judge judge"],
    "a member unknown": lambda lines: [*lines, "group g 1 nobody"],
    "a threshold that is none": lambda lines: [*lines, "group g few judge"],
    "a group called none": lambda lines: [*lines, "group none 1 judge"],
    "a quorum unknown": lambda lines: [*lines, "quorum nobody"],
    "a key misspelt": lambda lines: [lines[0], lines[1].replace("+", "+0", 1), *lines[2:]],
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_policy_is_a_fault_for_the_program_and_for_stations(
    name: str, made: Made, check: Check, log_key: LogKey
) -> None:
    policy = "\n".join(BAD[name](policy_of(log_key, "two").decode().split("\n"))).encode()
    with pytest.raises(Malformed):
        Policy.from_bytes(policy)
    assert check(changed(made.data, cosigned(KEYS[1], KEYS[2])), policy=policy)[0] > 0


@given(line=st.text(max_size=80), at=st.integers(0, 9))
def test_any_line_is_read_or_told(line: str, at: int, made: Made, check: Check, log_key: LogKey) -> None:
    lines = policy_of(log_key, "none").decode().split("\n")
    faults, text = check(made.data, policy="\n".join([*lines[:at], line, *lines[at:]]).encode(errors="replace"))
    assert (faults == 0) == ("DIFFERS [" not in text)


def test_the_program_takes_the_file(made: Made, program: Path, tmp_path: Path, log_key: LogKey) -> None:
    (tmp_path / "bundle").write_bytes(made.data)

    def run(quorum: bytes) -> tuple[int, str]:
        (tmp_path / "log.policy").write_bytes(quorum)
        command: list[Any] = [sys.executable, program, tmp_path / "bundle", "--policy", tmp_path / "log.policy"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
        return done.returncode, done.stdout

    assert run(policy_of(log_key, "none"))[0] == 0
    code, told = run(policy_of(log_key, "two"))
    assert (code, "NO COINCIDE [quorum]" in told) == (1, True)
    assert run(b"")[0] == 1
