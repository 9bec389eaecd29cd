"""The signed recipient list: what is used, and each way in which it is refused."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, create_engine

from sync.accepted import admit, check, newest
from sync.contract import canonical
from sync.cose import COSE_SIGN, Statement
from sync.errors import RefusedList, UnusableKey
from sync.identity import Identity
from sync.keys import Recipient
from sync.recipients import WHAT, RecipientList, countersign
from sync.roots import RootKey, RootSet

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def roots() -> list[RootKey]:
    return [RootKey.generate() for _ in range(3)]


@pytest.fixture(scope="module")
def pinned(roots: list[RootKey]) -> RootSet:
    return RootSet(2, tuple(root.public for root in roots))


@pytest.fixture(scope="module")
def listed(recipients: list[Recipient]) -> RecipientList:
    return RecipientList(7, NOON, NOON, tuple(recipients))


@pytest.fixture(scope="module")
def file(listed: RecipientList, roots: list[RootKey]) -> bytes:
    return listed.sign(roots[:2])


def signed(body: object, roots: Sequence[RootKey]) -> bytes:
    payload = canonical.encode(body)
    return Statement(payload, tuple(each for root in roots for each in root.sign(payload))).to_bytes()


def body_of(file: bytes) -> dict[str, object]:
    return canonical.decode(Statement.from_bytes(file, WHAT).payload, "body")


def refuses(file: bytes, pinned: RootSet, words: str) -> None:
    with pytest.raises(RefusedList, match=words):
        RecipientList.read(file, pinned)


def test_a_list_that_two_of_three_signed_is_read(
    file: bytes, listed: RecipientList, pinned: RootSet, roots: list[RootKey]
) -> None:
    assert RecipientList.read(file, pinned) == listed
    assert RecipientList.read(listed.sign(roots[1:]), pinned) == listed
    assert RecipientList.read(listed.sign(roots), pinned) == listed


def test_root_holders_sign_one_after_the_other(listed: RecipientList, pinned: RootSet, roots: list[RootKey]) -> None:
    first = listed.sign(roots[:1])
    refuses(first, pinned, "1 of 3 root holders signed; 2 must")
    assert RecipientList.read(countersign(first, roots[2]), pinned) == listed


def test_an_oversight_key_opens_no_record(recipients: list[Recipient], stranger: Identity) -> None:
    outside = replace(stranger.recipient, purpose="oversight")
    listed = RecipientList(1, NOON, NOON, (*recipients, outside))
    assert listed.for_records == tuple(recipients)
    assert listed.for_oversight == (outside,)


class TestRefused:
    def test_without_a_signature(self, listed: RecipientList, pinned: RootSet) -> None:
        refuses(listed.sign([]), pinned, "0 of 3 root holders signed")

    def test_signed_by_one_of_two(self, listed: RecipientList, pinned: RootSet, roots: list[RootKey]) -> None:
        refuses(listed.sign(roots[:1]), pinned, "1 of 3 root holders signed; 2 must")

    def test_signed_by_one_and_a_stranger(self, listed: RecipientList, pinned: RootSet, roots: list[RootKey]) -> None:
        refuses(listed.sign([roots[0], RootKey.generate()]), pinned, "1 of 3 root holders signed")

    def test_signed_by_the_same_one_twice(self, listed: RecipientList, pinned: RootSet, roots: list[RootKey]) -> None:
        refuses(listed.sign([roots[0], roots[0]]), pinned, "one key signs it twice")

    @pytest.mark.parametrize("half", [0, 1], ids=["only-ml-dsa-65", "only-ed25519"])
    def test_signed_with_one_half(self, half: int, file: bytes, pinned: RootSet) -> None:
        statement = Statement.from_bytes(file, WHAT)
        kept = tuple(each for place, each in enumerate(statement.signatures) if place != half)
        refuses(Statement(statement.payload, kept).to_bytes(), pinned, "there is no signature by key")

    def test_with_another_lists_signatures(self, file: bytes, listed: RecipientList, pinned: RootSet) -> None:
        newer = replace(listed, version=8).sign([])
        payload = Statement.from_bytes(newer, WHAT).payload
        moved = Statement(payload, Statement.from_bytes(file, WHAT).signatures)
        refuses(moved.to_bytes(), pinned, "the signature is not by key")

    def test_under_other_roots(self, file: bytes) -> None:
        refuses(file, RootSet(1, (RootKey.generate().public,)), "0 of 1 root holders signed")

    @pytest.mark.parametrize("purpose", ["national", "escrow"])
    def test_with_a_key_of_another_purpose(self, purpose: str, recipients: list[Recipient]) -> None:
        both = tuple(replace(each, purpose=purpose) for each in recipients)  # type: ignore[arg-type]
        with pytest.raises(RefusedList, match="no key of purpose"):
            RecipientList(1, NOON, NOON, both)

    def test_with_purposes_swapped_after_signing(self, file: bytes, pinned: RootSet) -> None:
        refuses(file.replace(b"hnational", b"hXXXXXXXX"), pinned, "the signature is not by key")

    def test_with_the_same_key_for_two_purposes(self, recipients: list[Recipient]) -> None:
        with pytest.raises(RefusedList, match="the same key stands in it twice"):
            RecipientList(1, NOON, NOON, (recipients[0], replace(recipients[0], purpose="escrow")))

    def test_with_one_half_in_two_keys(self, recipients: list[Recipient]) -> None:
        one, two = recipients
        with pytest.raises(RefusedList, match="the same key stands in it twice"):
            RecipientList(1, NOON, NOON, (one, replace(two, post_quantum=one.post_quantum)))

    def test_with_keys_of_two_suites(self, national: Identity, escrow_768: Identity) -> None:
        with pytest.raises(RefusedList, match="more than one suite"):
            RecipientList(1, NOON, NOON, (national.recipient, escrow_768.recipient))

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"version": 0}, "version"),
            ({"version": True}, "version"),
            ({"format": "garita.recipients/2"}, "format"),
            ({"issued": "2026-02-30T00:00:00.000000Z"}, "issued"),
            ({"not_before": "soon"}, "not_before"),
            ({"recipients": []}, "recipients"),
            ({"expires": "never"}, "expires"),
        ],
        ids=["version-0", "version-true", "format-2", "30-february", "no-date", "nobody", "unknown-field"],
    )
    def test_signed_with_a_field_that_is_wrong(
        self, change: dict[str, object], words: str, file: bytes, pinned: RootSet, roots: list[RootKey]
    ) -> None:
        refuses(signed(body_of(file) | change, roots), pinned, words)

    def test_signed_with_a_key_under_anothers_id(self, file: bytes, pinned: RootSet, roots: list[RootKey]) -> None:
        body = body_of(file)
        body["recipients"] = [each | {"kid": bytes(8)} for each in body["recipients"]]  # type: ignore[attr-defined]
        refuses(signed(body, roots), pinned, "the file says key 0000000000000000")

    def test_before_its_first_day(self, listed: RecipientList) -> None:
        listed.check_time(NOON)
        with pytest.raises(RefusedList, match="from 2026-11-22 12:00 UTC on, and the clock here says 2026-11-22 11:59"):
            listed.check_time(NOON - timedelta(seconds=1))

    def test_with_any_byte_flipped(self, file: bytes, pinned: RootSet) -> None:
        for at in range(len(file)):
            with pytest.raises(RefusedList):
                RecipientList.read(file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :], pinned)

    @settings(max_examples=100)
    @given(data=st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(COSE_SIGN.__add__)))
    def test_any_bytes(self, data: bytes, pinned: RootSet) -> None:
        with pytest.raises(RefusedList):
            RecipientList.read(data, pinned)


class TestRoots:
    def test_files_read_and_write_back_the_same_bytes(self, roots: list[RootKey], pinned: RootSet) -> None:
        assert RootSet.from_bytes(pinned.to_bytes()) == pinned
        assert RootKey.from_bytes(roots[0].to_bytes()).public == roots[0].public

    def test_every_flipped_byte_of_a_root_key_is_refused(self, roots: list[RootKey]) -> None:
        file = roots[0].to_bytes()
        for at in range(len(file)):
            with pytest.raises(UnusableKey):
                RootKey.from_bytes(file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :])

    @pytest.mark.parametrize("threshold", [0, 4])
    def test_a_threshold_that_cannot_be_is_refused(self, threshold: int, roots: list[RootKey]) -> None:
        with pytest.raises(UnusableKey, match="that cannot be"):
            RootSet(threshold, tuple(root.public for root in roots))

    def test_one_holder_with_two_seats_is_refused(self, roots: list[RootKey]) -> None:
        one, two, _ = (root.public for root in roots)
        for keys in ((one, one), (one, replace(two, ed25519=one.ed25519))):
            with pytest.raises(UnusableKey, match="two root holders have the same key"):
                RootSet(1, keys)

    @settings(max_examples=50)
    @given(data=st.binary(max_size=200))
    def test_any_bytes_are_no_root_keys(self, data: bytes) -> None:
        for kind in (RootSet, RootKey):
            with pytest.raises(UnusableKey):
                kind.from_bytes(data)


class TestUsed:
    @pytest.fixture
    def session(self) -> Session:
        engine = create_engine("sqlite://")
        SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables["recipient_list"]])
        return Session(engine)

    def test_the_first_list_follows_none_and_the_same_again_changes_nothing(
        self, session: Session, listed: RecipientList, pinned: RootSet
    ) -> None:
        assert admit(session, listed, pinned) is None
        assert admit(session, listed, pinned) is None

    def test_a_newer_list_follows_the_one_before(
        self, session: Session, listed: RecipientList, pinned: RootSet
    ) -> None:
        admit(session, listed, pinned)
        last = admit(session, replace(listed, version=9), pinned)
        assert last
        assert last.version == 7

    def test_an_older_list_is_refused_for_ever(self, session: Session, listed: RecipientList, pinned: RootSet) -> None:
        for version in (7, 9):
            admit(session, replace(listed, version=version), pinned)
        with pytest.raises(RefusedList, match="recipient list 7 is older than 9"):
            admit(session, listed, pinned)

    def test_another_list_of_the_same_number_is_refused(
        self, session: Session, listed: RecipientList, pinned: RootSet
    ) -> None:
        admit(session, listed, pinned)
        with pytest.raises(RefusedList, match="not the one of that number"):
            admit(session, replace(listed, recipients=listed.recipients[::-1]), pinned)

    def test_other_root_keys_than_those_pinned_are_refused(
        self, session: Session, listed: RecipientList, pinned: RootSet, roots: list[RootKey]
    ) -> None:
        admit(session, listed, pinned)
        with pytest.raises(RefusedList, match="provision it again"):
            check(listed, RootSet(1, (roots[0].public,)), newest(session))
