"""Policies of witnesses: how they are read, and which checkpoints they let pass."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.checkpoint import Checkpoint
from sync.cosignature import WitnessKey, WitnessVerifier
from sync.errors import BadSignature, Malformed, UnusableKey
from sync.note import EM_DASH, LogKey
from sync.policy import Policy

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMES = ["prosecutor.example", "ombudsman.example", "university.example"]

WITNESSES = [WitnessKey.generate(name) for name in NAMES]


def policy_text(log_key: LogKey, quorum: str = "two") -> str:
    lines = [f"log {log_key.verifier.vkey}"]
    lines += [f"witness {key.verifier.name} {key.verifier.vkey} http://{key.verifier.name}/" for key in WITNESSES]
    return "\n".join([*lines, f"group two 2 {' '.join(NAMES)}", f"quorum {quorum}", ""])


@pytest.fixture
def policy(log_key: LogKey) -> Policy:
    return Policy.from_bytes(policy_text(log_key).encode())


def signed(log_key: LogKey, cosigners: Sequence[WitnessKey]) -> str:
    checkpoint = Checkpoint(log_key.verifier.name, 7, bytes(32))
    return checkpoint.sign(log_key) + "".join(each.cosign(checkpoint.to_text(), NOW) for each in cosigners)


@pytest.mark.parametrize("count", range(4))
def test_two_of_three_must_cosign(count: int, policy: Policy, log_key: LogKey) -> None:
    for cosigners in combinations(WITNESSES, count):
        note = signed(log_key, cosigners)
        if count >= 2:
            assert policy.verify(note).size == 7
        else:
            with pytest.raises(BadSignature, match="not the quorum two"):
                policy.verify(note)


def test_one_witness_twice_is_one(policy: Policy, log_key: LogKey) -> None:
    with pytest.raises(BadSignature, match="not the quorum"):
        policy.verify(signed(log_key, [WITNESSES[0], WITNESSES[0]]))


def test_a_stranger_does_not_count(policy: Policy, log_key: LogKey) -> None:
    strangers = [WitnessKey.generate(name) for name in NAMES]
    with pytest.raises(BadSignature, match="nobody"):
        policy.verify(signed(log_key, strangers))


def test_a_cosignature_of_another_checkpoint_is_refused(policy: Policy, log_key: LogKey) -> None:
    other = Checkpoint(log_key.verifier.name, 8, bytes(32)).to_text()
    with pytest.raises(BadSignature, match="does not verify"):
        policy.verify(signed(log_key, WITNESSES) + WITNESSES[0].cosign(other, NOW))


def test_the_log_itself_must_sign(policy: Policy, other_log_key: LogKey) -> None:
    with pytest.raises(BadSignature, match="is not signed by"):
        policy.verify(signed(other_log_key, WITNESSES))


def test_a_cosignature_says_its_time(log_key: LogKey) -> None:
    text = Checkpoint(log_key.verifier.name, 7, bytes(32)).to_text()
    lines = {WITNESSES[0].cosign(text, NOW.replace(second=second)) for second in (0, 1)}
    assert len(lines) == 2
    for line in lines:
        WITNESSES[0].verifier.verify(f"{text}\n{line}")


def test_a_cosignature_of_another_length(log_key: LogKey) -> None:
    text = Checkpoint(log_key.verifier.name, 7, bytes(32)).to_text()
    with pytest.raises(BadSignature, match="of 64 bytes"):
        WITNESSES[0].verifier.verify(f"{text}\n{WITNESSES[0].line(bytes(64))}")


def test_key_files_and_kinds(log_key: LogKey) -> None:
    again = WitnessKey.from_bytes(WITNESSES[0].to_bytes())
    assert again.verifier == WITNESSES[0].verifier
    assert isinstance(again.verifier, WitnessVerifier)
    with pytest.raises(UnusableKey, match="witness-key"):
        WitnessKey.from_bytes(log_key.to_bytes())
    with pytest.raises(UnusableKey, match="04 was expected"):
        WitnessVerifier.from_vkey(log_key.verifier.vkey)


def test_groups_of_groups_comments_and_blanks(log_key: LogKey) -> None:
    text = policy_text(log_key, "all").replace("quorum", "# nested\n\n\tgroup  all\tall two extra \nquorum")
    extra = WitnessKey.generate("extra.example")
    text = text.replace("group two", f"witness extra {extra.verifier.vkey}\ngroup two")
    policy = Policy.from_bytes(text.encode())
    assert policy.verify(signed(log_key, [*WITNESSES[:2], extra])).size == 7
    with pytest.raises(BadSignature):
        policy.verify(signed(log_key, WITNESSES))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("quorum two", ""), "no quorum line"),
        (("quorum two", "quorum two\nquorum none"), "a second quorum line"),
        (("quorum two", "quorum three"), "no witness or group three"),
        (("group two 2", "group two 4"), "1 to 3"),
        (("group two 2", "group two 0"), "1 to 3"),
        (("group two 2", "group two 02"), "1 to 3"),
        (("group two 2", "group none 2"), "taken"),
        (("group two 2", f"group two 2 {NAMES[0]}"), "member of a group already"),
        (("group two 2", "group two 2 nobody"), "no witness or group nobody"),
        (("witness ", "witless "), "was expected"),
        (("quorum two", "quorum"), "line 6: `quorum NAME` was expected; 0 words stand behind quorum"),
        (("quorum two", "quorum two none"), "`quorum NAME` was expected; 2 words"),
        (("group two 2", "group two 2\ngroup"), "`group NAME THRESHOLD MEMBER ...` was expected"),
        ((f"http://{NAMES[0]}/", "http://127.0.0.1:84S0"), "line 2: 'http://127.0.0.1:84S0' is no address"),
        ((f"http://{NAMES[0]}/", "http://[bad"), "line 2: .*is no address"),
        ((f"http://{NAMES[0]}/", "ftp://x"), "line 2: .*is no address"),
        ((f"http://{NAMES[0]}/", "http:///x"), "line 2: .*is no address"),
        ((f"http://{NAMES[0]}/", "http://x:0"), "line 2: .*is no address"),
        ((f"http://{NAMES[0]}/", "http://x http://y"), "`witness NAME VKEY .URL.` was expected; 4 words"),
        (("quorum two", "quorum two\x00"), "no control characters"),
        (("quorum two", "quorum\r"), "no control characters"),
    ],
)
def test_bad_policies_name_the_line(change: tuple[str, str], problem: str, log_key: LogKey) -> None:
    with pytest.raises(Malformed, match=problem):
        Policy.from_bytes(policy_text(log_key).replace(*change).encode())


def test_the_same_key_under_two_names_is_refused(log_key: LogKey) -> None:
    text = policy_text(log_key)
    witness = text.splitlines()[1].replace(f"witness {NAMES[0]}", "witness again")
    with pytest.raises(Malformed, match="stands there already"):
        Policy.from_bytes(text.replace("group", f"{witness}\ngroup").encode())
    with pytest.raises(Malformed, match="stands there already"):
        Policy.from_bytes(f"{text.splitlines()[0]}\n{text}".encode())


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=200) | st.text("logwitnesgrupqam 123\n\t#").map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        policy = Policy.from_bytes(data)
    except Malformed:
        return
    with pytest.raises((BadSignature, Malformed)):
        policy.verify(f"a\n1\n{'A' * 43}=\n\n{EM_DASH} a AAAAAAA=\n")
