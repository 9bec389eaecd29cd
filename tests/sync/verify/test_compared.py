"""What an expert compares a bundle with may be the wrong thing: then that is what differs, and no fault of the file."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sync.cosignature import WitnessKey
from sync.journal import Sealer
from sync.note import LogKey
from tests.sync.verify.conftest import Made, changed
from tests.sync.verify.test_garita_verify import entry, flip
from tests.sync.verify.test_policy import BAD, KEYS, cosigned, policy_of

Check = Callable[..., tuple[int, str]]
VERDICT = "NOTHING IN THE FILE ITSELF IS WRONG, BUT IT IS NOT WHAT YOU COMPARED IT WITH (differences above: 1)"


def only_differs(found: tuple[int, str]) -> str:
    faults, text = found
    assert faults > 0
    assert ("FAULT" in text, "ALL GOOD" in text) == (False, False), text
    return text


def test_a_wrong_pin_is_named_beside_the_key_of_the_file(made: Made, check: Check, sealer: Sealer) -> None:
    station, wrong = sealer.key.card(sealer.station).fingerprint, "ab" * 32
    text = only_differs(check(made.data, "en", made.vkey, wrong))
    assert f"DIFFERS [pinned-key] the file has {station}, which is not among what you gave: {wrong}" in text
    assert VERDICT in text
    assert made.vkey not in text.partition("DIFFERS")[2], "the key that is the same is no difference"


def test_the_key_that_was_not_given_at_all_is_told(made: Made, check: Check, sealer: Sealer) -> None:
    text = only_differs(check(made.data, "en", made.vkey))
    assert f"the file has {sealer.key.card(sealer.station).fingerprint}, which is not among what you gave: -" in text


def test_the_policy_of_another_log_is_named_beside_the_key_of_the_file(
    made: Made, check: Check, other_log_key: LogKey
) -> None:
    other = other_log_key.verifier.vkey
    text = only_differs(check(made.data, policy=policy_of(other_log_key, "none")))
    assert f"the file has {made.vkey}, which is not among what you gave: {other}" in text


def test_a_policy_of_other_witnesses_names_who_signed_and_who_should_have(
    made: Made, check: Check, log_key: LogKey
) -> None:
    new = WitnessKey.generate("w1.example")
    policy = policy_of(log_key, "judge").replace(KEYS[1].verifier.vkey.encode(), new.verifier.vkey.encode())
    text = only_differs(check(changed(made.data, cosigned(KEYS[1])), policy=policy))
    assert text.count("DIFFERS [quorum] MX-TIJ-01/") == 4
    assert "signed by garita.example/log, w1.example, of whom the policy knows as witnesses: -" in text
    assert "it asks for judge" in text


@pytest.mark.parametrize("name", [*BAD, "bytes", "a key of the log misspelt"])
def test_a_file_that_is_no_policy_is_not_a_fault_of_the_bundle(
    name: str, made: Made, check: Check, log_key: LogKey
) -> None:
    lines = policy_of(log_key, "two").decode().split("\n")
    more = {"bytes": lambda _: ["\udcff"], "a key of the log misspelt": lambda _: ["log x+y", *lines[2:]]}
    policy = "\n".join((BAD | more)[name](lines)).encode(errors="surrogateescape")
    text = only_differs(check(changed(made.data, cosigned(KEYS[1], KEYS[2])), policy=policy))
    assert "DIFFERS [policy] what you gave as --policy is not one: " in text


def test_a_fault_of_the_file_is_one_whatever_else_differs(made: Made, check: Check) -> None:
    spoilt = changed(made.data, entry(1, envelope=flip(made.envelopes[1].data, 900)))
    faults, text = check(spoilt, "en", "another", policy=b"jury")
    assert "DIFFERS [policy]" in text
    assert "DIFFERS [pinned-key]" in text
    assert text.endswith(f"{faults - 2} FAULTS: do not rely on this file.")


def test_the_program_says_it_in_spanish_and_ends_with_1(made: Made, program: Path, tmp_path: Path) -> None:
    (tmp_path / "bundle").write_bytes(made.data)
    command: list[Any] = [sys.executable, program, tmp_path / "bundle", "--pin", "ab" * 32]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    assert done.returncode == 1
    assert "NO COINCIDE [pinned-key] el archivo tiene " in done.stdout
    assert "publica el Estado" in done.stdout.splitlines()[-1]


@pytest.mark.parametrize("flags", [["-I"], ["-P"], ["-E", "-s"]], ids=" ".join)
def test_it_runs_apart_from_what_lies_around_it(flags: list[str], made: Made, program: Path, tmp_path: Path) -> None:
    (tmp_path / "bundle").write_bytes(made.data)
    for name in ("checks", "policy", "words", "cryptography"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(7)\n")
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *flags, program, "bundle"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")
