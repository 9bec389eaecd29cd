"""What travels between station, centre and vault: one byte form, and nothing else is read."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract import canonical
from sync.contract.aside import AsideEntry, AsidePage
from sync.contract.card import StationCard
from sync.contract.ids import StationId
from sync.contract.inside import LoggedEnvelope, Page, SealedName, SealedNames, StationList
from sync.contract.submission import MAX_BODY, Answer, Message, ReceiptPart, Refusal
from sync.errors import Malformed

STATIONS = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
SEQS = st.integers(1, 2**63 - 1)
CARDS = st.builds(
    StationCard,
    station=STATIONS,
    public_key=st.binary(min_size=32, max_size=32),
    head_key=st.binary(min_size=61, max_size=61).map(lambda piece: piece * 32),
)
REFUSALS = st.builds(Refusal, seq=st.none() | SEQS, code=st.sampled_from(["gap", "malformed"]), detail=st.text())
RECEIPTS = st.builds(ReceiptPart, seq=SEQS, proof=st.text())
LOGGED = st.builds(LoggedEnvelope, index=st.integers(0, 2**62), station=STATIONS, seq=SEQS, envelope=st.binary())
ASIDE = st.builds(
    AsideEntry,
    kind=st.sampled_from(["contested", "quarantined"]),
    station=STATIONS,
    seq=SEQS,
    received=st.text(),
    envelope=st.binary(),
)
SEALED = st.builds(SealedName, station=STATIONS, sealed=st.binary(min_size=32, max_size=32))
MESSAGES: dict[type[Message], st.SearchStrategy[Any]] = {
    StationCard: CARDS,
    Answer: st.builds(
        Answer,
        station=STATIONS,
        contiguous=st.integers(0, 2**62),
        receipts=st.lists(RECEIPTS, max_size=4),
        refusal=st.none() | REFUSALS,
    ),
    Page: st.builds(Page, size=st.integers(0, 2**62), envelopes=st.lists(LOGGED, max_size=3)),
    StationList: st.builds(StationList, cards=st.lists(CARDS, max_size=3)),
    AsidePage: st.builds(AsidePage, size=st.integers(0, 2**62), entries=st.lists(ASIDE, max_size=3)),
    SealedNames: st.builds(SealedNames, names=st.lists(SEALED, max_size=3)),
}
KINDS = list(MESSAGES)
GOOD = {"format": "garita.answer/1", "station": "S", "contiguous": 0, "receipts": [], "refusal": None}


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_there_and_back(kind: type[Message], data: st.DataObject) -> None:
    message = data.draw(MESSAGES[kind])
    assert kind.from_bytes(message.to_bytes()) == message
    assert kind.from_bytes(message.to_bytes()).to_bytes() == message.to_bytes()


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_malformed(kind: type[Message], data: bytes) -> None:
    with contextlib.suppress(Malformed):
        assert kind.from_bytes(data).to_bytes() == data


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data(), place=st.integers(0, 10**6), change=st.integers(1, 255))
def test_a_changed_byte_is_another_message_or_malformed(
    kind: type[Message], data: st.DataObject, place: int, change: int
) -> None:
    sent = bytearray(data.draw(MESSAGES[kind]).to_bytes())
    sent[place % len(sent)] ^= change
    with contextlib.suppress(Malformed):
        assert kind.from_bytes(bytes(sent)).to_bytes() == sent


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(GOOD | {"contiguous": -1}, id="less than nothing"),
        pytest.param(GOOD | {"receipts": ["text"]}, id="a receipt that is text"),
        pytest.param(GOOD | {"format": "garita.answer/2"}, id="another format"),
        pytest.param(GOOD | {"urgent": True}, id="an unknown field"),
        pytest.param({"format": "garita.answer/1", "station": "S"}, id="missing fields"),
        pytest.param([GOOD], id="an array"),
        pytest.param(None, id="null"),
    ],
)
def test_what_is_no_answer(value: object) -> None:
    with pytest.raises(Malformed):
        Answer.from_bytes(canonical.encode(value))


def test_a_page_may_be_bigger_than_a_record_but_has_a_limit() -> None:
    logged = LoggedEnvelope(index=0, station=StationId("S"), seq=1, envelope=bytes(canonical.MAX_BYTES))
    big = Page(size=1, envelopes=[logged])
    assert Page.from_bytes(big.to_bytes()) == big
    with pytest.raises(Malformed, match="at most"):
        Page.from_bytes(bytes(MAX_BODY + 1))


@pytest.mark.parametrize(
    "names",
    [
        [{"station": "../etc", "sealed": bytes(32)}],
        [{"station": "S", "sealed": bytes(31)}],
        [{"station": "S", "sealed": bytes(32), "more": 1}],
        [{"station": "S", "sealed": bytes(32)}] * 1001,
    ],
    ids=["no-station", "no-digest", "one-field-more", "too-many"],
)
def test_names_of_attachments_that_are_none(names: list[dict[str, object]]) -> None:
    with pytest.raises(Malformed):
        SealedNames.from_value({"format": "garita.sealed-names/1", "names": names})
