"""What records say of earlier ones: told beside those in the chain of custody, and never of another entry."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest

from sync.chain import check_next, empty
from sync.contract import canonical
from sync.contract.acts import void_subject
from sync.contract.approval import ApprovalRecord
from sync.contract.ids import Seq
from sync.court import Evidence, make_bundle
from sync.envelope import Envelope
from sync.identity import Identity
from sync.journal import Sealer
from sync.note import LogKey
from sync.opening import unwrap
from tests.sync.verify.conftest import AT, EXPORT, Fields, Written, changed

Check = Callable[..., tuple[int, str]]
Bundle = Callable[..., bytes]
MOMENT = "22 Nov 2026 12:00:00 UTC (clock synchronised)"
WHO = {"station": "MX-TIJ-01", "operator": "op-1", "recorded": AT.model_dump(by_alias=True), "software": "garita 0.1.0"}
WEIGHT = {"kind": "net", "unit": "g", "source": "typed", "scale": None, "occasion": "found", "basis": "untold"}
PHOTO = {"name": "photo", "media": "image/jpeg", "digest": bytes(32), "size": 9, "key": bytes(32), "sealed": b"\1" * 32}
SLIP = [{"field": "seal_number", "was": "70012", "should_be": "70021"}]


def said(schema: str, **fields: Any) -> Written:
    return lambda _: canonical.encode(WHO | {"schema": f"garita.{schema}"} | fields)


def weight(value: str) -> Written:
    return said("weight/3", exhibit="e-1", value=value, tare=None, observed=None, **WEIGHT)


def of_entry(schema: str, seq: int, digest: bytes | None = None, **fields: Any) -> Written:
    """Write what is said of entry `seq`, by its own SHA-256 or another."""

    def write(before: list[Envelope]) -> bytes:
        concerns = {"seq": seq, "digest": digest or before[seq - 1].digest}
        return said(schema, concerns=concerns, **fields)(before)

    return write


def approval(touch: Callable[[ApprovalRecord, int], Any], seq: int = 1, second: str = "op-2") -> Written:
    persons = [("op-1", "supervisor"), (second, "officer")]
    parts = [{"operator": name, "role": role, "method": "pin", "token": None} for name, role in persons]
    fields: Fields = {"action": "void", "subject": void_subject(Seq(seq), "mistake"), "nonce": bytes(32)}
    record = ApprovalRecord.from_value(WHO | {"schema": "garita.approval/1", "persons": parts} | fields)
    touched = [part | {"token": touch(record, at)} for at, part in enumerate(parts)]
    return said("approval/1", persons=touched, **fields)


def token(record: ApprovalRecord, challenge: bytes | None = None) -> Fields:
    asked = urlsafe_b64encode(challenge or record.statement.challenge).decode().rstrip("=")
    client = json.dumps({"type": "webauthn.get", "challenge": asked}).encode()
    return {"credential": b"c", "authenticator_data": bytes(37), "client_data": client, "signature": b"s"}


def history(text: str) -> list[str]:
    return text.partition("Chain of custody\n")[2].partition("\n\n")[0].splitlines()


def test_a_weight_that_was_taken_back_is_marked_in_the_chain_of_custody(disclosed: Bundle, check: Check) -> None:
    data = disclosed(weight("912.5"), of_entry("undo/1", 1, screening="s-1"), weight("12.5"))
    faults, text = check(data)
    first, mark, second = history(text)
    assert faults == 0
    assert first.startswith(f"  MX-TIJ-01/1 {MOMENT} weight, exhibit e-1: ")
    assert "weight 912.5" in first
    assert mark == "    UNDONE: entry 1 by MX-TIJ-01/2, op-1"
    assert "weight 12.5" in second
    assert "\n\nUNDONE: entry 1 by MX-TIJ-01/2, op-1" in text
    assert "DESHECHA la entrada 1 por MX-TIJ-01/2, op-1" in check(data, "es")[1]


def test_what_should_have_been_said_stands_beside_what_was(disclosed: Bundle, check: Check) -> None:
    seal = said("seal/1", exhibit="e-1", action="applied", seal_number="70012", reason="found")
    faults, text = check(disclosed(seal, of_entry("amendment/1", 1, reason="misread", changes=SLIP)))
    assert faults == 0
    assert history(text)[1] == (
        "    AMENDED: entry 1 by MX-TIJ-01/2, op-1: misread (was 70012, field seal, should be 70021)"
    )


def test_an_amendment_that_was_taken_back_is_marked_too(disclosed: Bundle, check: Check) -> None:
    amendment = of_entry("amendment/1", 1, reason="misread", changes=SLIP)
    _, text = check(disclosed(weight("1"), amendment, of_entry("undo/1", 2, screening="s-1")))
    assert [line.strip()[:7] for line in history(text)[1:]] == ["AMENDED", "UNDONE:"]


def test_a_photograph_is_named_by_its_kind_and_digest(disclosed: Bundle, check: Check) -> None:
    _, text = check(disclosed(said("photo/1", exhibit="e-1", caption="", photo=PHOTO)))
    assert history(text)[0] == f"  MX-TIJ-01/1 {MOMENT} photograph, exhibit e-1: photograph {'00' * 32}"


@pytest.mark.parametrize("schema", ["void/1", "undo/1", "amendment/1", "signature/1", "review/1"])
def test_an_entry_that_is_named_by_another_digest_is_a_fault(schema: str, disclosed: Bundle, check: Check) -> None:
    wrong = of_entry(schema, 1, bytes(32), reason="mistake", changes=[])
    faults, text = check(disclosed(weight("912.5"), wrong))
    assert faults == 1
    assert "FAULT [concerns] MX-TIJ-01/2: entry 1 has another SHA-256 than it names" in text
    assert len(history(text)) == 1


@pytest.mark.parametrize("schema", ["void/1", "undo/1", "amendment/1", "signature/1"])
def test_an_absent_number_with_the_digest_of_another_entry_is_a_fault(
    schema: str, disclosed: Bundle, check: Check
) -> None:
    def wrong(before: list[Envelope]) -> bytes:
        return of_entry(schema, 99, before[0].digest, reason="mistake", changes=[])(before)

    faults, text = check(disclosed(weight("912.5"), wrong))
    assert faults == 1
    assert "FAULT [concerns] MX-TIJ-01/2: it names entry 99 by the SHA-256 of MX-TIJ-01/1" in text
    assert "VOIDED" not in text
    assert len(history(text)) == 1


def test_a_signature_names_every_entry(disclosed: Bundle, check: Check) -> None:
    def sign(before: list[Envelope], *digests: bytes) -> bytes:
        named = [{"seq": seq, "digest": each} for seq, each in enumerate(digests, start=1)]
        return said("signature/1", concerns=named)(before)

    good = disclosed(weight("1"), weight("2"), lambda before: sign(before, *(each.digest for each in before)))
    bad = disclosed(weight("1"), weight("2"), lambda before: sign(before, before[0].digest, bytes(32)))
    assert check(good)[0] == 0
    assert "entry 2 has another SHA-256" in check(bad)[1]


def of_file(seq: int) -> Written:
    return of_entry("second-technique/1", seq, screening="s-1", instrument="TruNarc 12", verdict=None)


def without(data: bytes, *places: int) -> bytes:
    """Return a bundle that lacks entries."""

    def cut(bundle: Fields) -> None:
        bundle["entries"] = [each for at, each in enumerate(bundle["entries"], start=1) if at not in places]

    return changed(data, cut)


def test_an_entry_that_others_name_and_the_file_has_not_is_named(disclosed: Bundle, check: Check) -> None:
    again = said("import/1", same_as=1, file={"name": "bag.jdx"})
    whole = disclosed(said("import/1"), again, of_file(2), of_file(2), weight("1"))
    assert "NOT IN THIS FILE" not in check(whole)[1]
    assert "0 named entries" in check(whole)[1].splitlines()[-1]
    faults, text = check(without(whole, 2))
    assert faults == 0
    assert "NOT IN THIS FILE: entry MX-TIJ-01/2, named by MX-TIJ-01/3, MX-TIJ-01/4" in text.splitlines()
    assert "1 named entries" in text.splitlines()[-1]
    _, text = check(without(whole, 2), "es")
    assert "NO ESTÁ EN ESTE ARCHIVO: entrada MX-TIJ-01/2, nombrada por MX-TIJ-01/3, MX-TIJ-01/4" in text.splitlines()
    assert "1 entradas nombradas" in text.splitlines()[-1]
    assert "NOT IN THIS FILE: entry MX-TIJ-01/1, named by MX-TIJ-01/2" in check(without(whole, 1))[1].splitlines()


def test_an_entry_that_is_there_sealed_is_in_the_file(disclosed: Bundle, check: Check) -> None:
    _, text = check(disclosed(said("import/1"), of_file(1), sealed={1}))
    assert "NOT IN THIS FILE" not in text


def test_another_station_strikes_nothing(
    check: Check, sealer: Sealer, other_sealer: Sealer, national: Identity, log_key: LogKey
) -> None:
    mine = sealer.seal_after(empty(sealer.station, sealer.key.public), weight("1")([]))
    head = empty(other_sealer.station, other_sealer.key.public)
    first = other_sealer.seal_after(head, said("station/1", station=other_sealer.station)([]))
    record = WHO | {"schema": "garita.undo/1", "station": other_sealer.station}
    theirs = canonical.encode(record | {"concerns": {"seq": 99, "digest": mine.digest}})
    second = other_sealer.seal_after(check_next(head, first), theirs)
    cards = [each.key.card(each.station) for each in (sealer, other_sealer)]
    entries = [Evidence(each, None, unwrap(each, national)) for each in (mine, first, second)]
    faults, text = check(make_bundle(EXPORT, [log_key.verifier], cards, entries))
    assert faults == 1
    assert f"{other_sealer.station}/2: it names entry 99 by the SHA-256 of {sealer.station}/1" in text
    assert len(history(text)) == 1


VOID = of_entry("void/1", 1, reason="mistake")
BEHIND = {
    "with tokens": (lambda record, _: token(record), "with FIDO2 tokens, whose keys are not verified here"),
    "with PINs": (lambda *_: None, "WITHOUT FIDO2 TOKENS: it is not proven"),
    "with one token": (lambda record, at: None if at else token(record), "WITHOUT FIDO2 TOKENS: it is not proven"),
    "with tokens for another act": (lambda record, _: token(record, bytes(32)), "WITHOUT FIDO2 TOKENS"),
    "with a token of any form": (lambda *_: {"client_data": b"[" * 4096}, "WITHOUT FIDO2 TOKENS"),
}


@pytest.mark.parametrize(("touch", "told"), BEHIND.values(), ids=BEHIND)
def test_a_void_tells_how_two_persons_stand_behind_it(touch: Any, told: str, disclosed: Bundle, check: Check) -> None:
    faults, text = check(disclosed(weight("912.5"), approval(touch), VOID))
    assert faults == 0
    assert "VOIDED: entry 1 by MX-TIJ-01/3, op-1: mistake (two persons approved " in text
    assert told in text
    assert history(text)[1].startswith("    VOIDED: entry 1")


def test_a_void_whose_approval_stays_sealed(disclosed: Bundle, check: Check) -> None:
    faults, text = check(disclosed(weight("1"), approval(lambda *_: None), VOID, sealed={2}))
    assert faults == 0
    assert "(the approval of two persons is not in this file)" in text


@pytest.mark.parametrize("change", [{"seq": 2}, {"second": "op-1"}], ids=["of another entry", "of one person"])
def test_an_approval_that_is_none(change: Fields, disclosed: Bundle, check: Check) -> None:
    faults, text = check(disclosed(weight("1"), approval(lambda *_: None, **change), VOID))
    assert faults == 1
    assert "FAULT [void] MX-TIJ-01/3: the entry before it is no approval of two persons that entry 1" in text
