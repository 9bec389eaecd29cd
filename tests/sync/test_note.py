import json
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sync.errors import BadSignature, Malformed, SyncError, UnusableKey
from sync.note import LogKey, LogVerifier, Note, strict_base64

VECTORS = Path(__file__).parents[1] / "vectors" / "note"
INDEX = json.loads((VECTORS / "index.json").read_text(encoding="utf-8"))
GOOD = (VECTORS / "good.note").read_text(encoding="utf-8")

# c2sp.org/signed-note: the example of the Go implementation, golang.org/x/mod/sumdb/note.
EXAMPLE_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_NOTE = (
    "This is an example message.\n\n\N{EM DASH} example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
LINES = st.text(st.characters(exclude_categories=["Cc", "Cs"]))


def outcome(data: bytes, log: LogVerifier) -> str:
    try:
        log.verify(data.decode(errors="surrogateescape"))
    except SyncError as error:
        return type(error).__name__
    return "verifies"


@pytest.mark.parametrize("case", INDEX, ids=[case["file"] for case in INDEX])
def test_vector(case: dict[str, str], log_key: LogKey) -> None:
    assert outcome((VECTORS / case["file"]).read_bytes(), log_key.verifier) == case["expect"]


def test_every_vector_is_in_the_index() -> None:
    assert {case["file"] for case in INDEX} == {path.name for path in VECTORS.glob("*.note")}


def test_the_example_of_the_first_implementation_verifies() -> None:
    assert LogVerifier.from_vkey(EXAMPLE_VKEY).verify(EXAMPLE_NOTE) == "This is an example message.\n"


@settings(max_examples=100)
@given(lines=st.lists(LINES, min_size=1, max_size=5))
def test_any_text_signs_and_verifies(lines: list[str], log_key: LogKey) -> None:
    text = "\n".join(lines) + "\n"
    assert log_key.verifier.verify(log_key.sign(text)) == text


@settings(max_examples=200)
@given(note=st.text())
@example(note="\ud800\n\n\N{EM DASH} a AAAAAAA=\n")
@example(note="\n\n\N{EM DASH} a\n")
def test_any_text_is_no_note(note: str, log_key: LogKey) -> None:
    with pytest.raises((Malformed, BadSignature)):
        log_key.verifier.verify(note)


def test_every_flipped_character_is_refused(log_key: LogKey) -> None:
    data = GOOD.encode()
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert outcome(changed, log_key.verifier) in {"Malformed", "BadSignature"}


def test_a_note_over_the_limit_is_not_read(log_key: LogKey) -> None:
    with pytest.raises(Malformed, match="more than"):
        log_key.verifier.verify("x" * 300_000 + GOOD)


def test_sixteen_signatures_are_read(log_key: LogKey) -> None:
    line = GOOD.split("\n\n")[1]
    assert len(Note.parse(GOOD + line * 15).signatures) == 16
    log_key.verifier.verify(GOOD + line * 15)


@pytest.mark.parametrize("text", ["", "no newline", "bell\a\n", "tab\t\n", "return\r\n"])
def test_what_cannot_be_a_note_is_not_signed(text: str, log_key: LogKey) -> None:
    with pytest.raises(Malformed):
        log_key.sign(text)


VKEYS = {
    "empty": "",
    "two-parts": "example.com/foo+530d903a",
    "another-id": EXAMPLE_VKEY.replace("530d903a", "530d903b"),
    "id-in-capitals": EXAMPLE_VKEY.replace("530d903a", "530D903A"),
    "another-name": EXAMPLE_VKEY.replace("foo", "bar"),
    "no-name": EXAMPLE_VKEY.removeprefix("example.com/foo"),
    "space-in-name": EXAMPLE_VKEY.replace("foo", "f o"),
    "wide-space-in-name": EXAMPLE_VKEY.replace("foo", "f\u3000o"),
    "another-type": EXAMPLE_VKEY.replace("+Ae", "+Ce"),
    "another-key": EXAMPLE_VKEY.replace("U2k", "U2o"),
    "short-key": "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
    "no-key": "example.com/foo+530d903a+",
    "not-base64": EXAMPLE_VKEY + "!",
    "newline": EXAMPLE_VKEY + "\n",
}


@pytest.mark.parametrize("vkey", VKEYS.values(), ids=VKEYS)
def test_a_bad_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(UnusableKey):
        LogVerifier.from_vkey(vkey)


@given(st.text())
@example("a+00000000+\ud800")
@example("\ud800+00000000+AAAA")
def test_any_text_is_no_verifier_key(text: str) -> None:
    with pytest.raises(UnusableKey):
        LogVerifier.from_vkey(text)


def test_a_verifier_key_comes_back(log_key: LogKey) -> None:
    assert LogVerifier.from_vkey(log_key.verifier.vkey) == log_key.verifier


@pytest.mark.parametrize(
    "name", ["", "two words", "a+b", "a\nb", "x" * 256], ids=["empty", "space", "plus", "line", "long"]
)
def test_a_log_has_a_name_that_fits_in_a_note(name: str) -> None:
    with pytest.raises(UnusableKey):
        LogKey.generate(name)


@given(st.binary(max_size=50))
def test_base64_comes_back(data: bytes) -> None:
    assert strict_base64(b64encode(data).decode()) == data
