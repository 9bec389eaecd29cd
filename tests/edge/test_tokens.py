"""Tokens: only one's own, only for this act, only verified, never a second time; and provable without the station."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fido2.client import ClientError
from fido2.utils import websafe_decode, websafe_encode

from edge.errors import NotAllowed, TokenRefused
from edge.station import Station
from edge.tokens import Options
from edge.views import OperatorView
from sync.assertion import verify_assertion
from sync.contract.account import AccountRecord
from sync.contract.approval import AssertionPart
from sync.errors import BadSignature
from tests.edge.authenticator import Authenticator, client
from tests.edge.bench import PIN, Bench

CHALLENGE, OTHER = bytes(range(32)), bytes(32)


@pytest.fixture
def station(bench: Bench) -> Station:
    return bench.open()


@pytest.fixture
def ana(station: Station) -> OperatorView:
    return station.operators.enrol("Ana Ruiz", "supervisor", PIN)


@pytest.fixture
def token(station: Station, ana: OperatorView) -> Authenticator:
    """Provide Ana's token, enrolled."""
    token = Authenticator()
    enrol(station, ana, token)
    return token


def enrol(station: Station, person: OperatorView, token: Authenticator) -> None:
    credential = station.tokens.read_new(CHALLENGE, make(station.tokens.new_options(person, CHALLENGE), token))
    station.accounts.provision_token(person.id, credential)


def make(options: Options, token: Authenticator) -> str:
    return json.dumps(dict(client(token).make_credential(options["publicKey"])))


def sign(options: Options, token: Authenticator, **how: str) -> str:
    return json.dumps(dict(client(token, **how).get_assertion(options["publicKey"]).get_response(0)))


def touched(station: Station, person: OperatorView, token: Authenticator, challenge: bytes = CHALLENGE) -> str:
    return sign(station.tokens.options(person, challenge), token)


def test_ones_own_token_proves_it_and_the_record_proves_it_again(
    bench: Bench, station: Station, ana: OperatorView, token: Authenticator
) -> None:
    proof = station.tokens.prove(ana, CHALLENGE, touched(station, ana, token))
    assert (proof.operator, proof.method) == (ana, "token")
    [added] = [each for each in bench.records() if isinstance(each, AccountRecord) and each.event == "token_added"]
    assert added.token
    assert proof.token
    assert proof.token.credential == added.token.credential
    verify_assertion(proof.token, CHALLENGE, added.token.public_key)
    with pytest.raises(BadSignature, match="something else"):
        verify_assertion(proof.token, OTHER, added.token.public_key)


@pytest.mark.parametrize("part", ["authenticator_data", "client_data", "signature"])
def test_no_changed_byte_of_an_assertion_verifies(
    bench: Bench, station: Station, ana: OperatorView, token: Authenticator, part: str
) -> None:
    proof = station.tokens.prove(ana, CHALLENGE, touched(station, ana, token))
    added = next(each.token for each in bench.records() if isinstance(each, AccountRecord) and each.token)
    assert proof.token
    whole: bytes = getattr(proof.token, part)
    for place in range(len(whole)):
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        with pytest.raises(BadSignature):
            verify_assertion(proof.token.model_copy(update={part: changed}), CHALLENGE, added.public_key)


def test_an_answer_proves_its_own_challenge_alone(station: Station, ana: OperatorView, token: Authenticator) -> None:
    answer = touched(station, ana, token)
    with pytest.raises(TokenRefused, match="challenge"):
        station.tokens.prove(ana, OTHER, answer)


def test_an_answer_counts_once(station: Station, ana: OperatorView, token: Authenticator) -> None:
    answer = touched(station, ana, token)
    station.tokens.prove(ana, CHALLENGE, answer)
    with pytest.raises(TokenRefused, match="there may be a copy"):
        station.tokens.prove(ana, CHALLENGE, answer)


def test_a_token_that_does_not_verify_its_person_is_refused(
    station: Station, ana: OperatorView, token: Authenticator
) -> None:
    token.verifies = False
    with pytest.raises(TokenRefused, match="verif"):
        station.tokens.prove(ana, CHALLENGE, touched(station, ana, token))
    with pytest.raises(TokenRefused, match="Verif"):
        enrol(station, ana, Authenticator(verifies=False))


def test_another_persons_token_is_refused(station: Station, ana: OperatorView, token: Authenticator) -> None:
    luis = station.operators.enrol("Luis Paz", "officer", PIN)
    enrol(station, luis, other := Authenticator())
    with pytest.raises(TokenRefused, match="Unknown credential"):
        station.tokens.prove(ana, CHALLENGE, touched(station, luis, other))
    assert token


def test_a_page_of_another_origin_gets_nothing(station: Station, ana: OperatorView, token: Authenticator) -> None:
    answer = sign(station.tokens.options(ana, CHALLENGE), token, origin="https://garita.example")
    with pytest.raises(TokenRefused, match="origin"):
        station.tokens.prove(ana, CHALLENGE, answer)


def test_a_copied_token_is_noticed(station: Station, ana: OperatorView, token: Authenticator) -> None:
    copy = Authenticator()
    copy.keys, copy.counter = dict(token.keys), token.counter
    for _ in range(2):
        station.tokens.prove(ana, CHALLENGE, touched(station, ana, token))
    with pytest.raises(TokenRefused, match="there may be a copy"):
        station.tokens.prove(ana, CHALLENGE, touched(station, ana, copy))


def test_who_has_no_token_is_told(station: Station, ana: OperatorView) -> None:
    with pytest.raises(NotAllowed, match="Ana Ruiz has no token"):
        station.tokens.options(ana, CHALLENGE)


def test_one_token_is_enrolled_once(station: Station, ana: OperatorView, token: Authenticator) -> None:
    with pytest.raises(ClientError, match="DEVICE_INELIGIBLE"):
        make(station.tokens.new_options(ana, CHALLENGE), token)


def _without(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda answer: answer.pop(name, None) or answer["response"].pop(name)


def _flipped(name: str) -> Callable[[dict[str, Any]], None]:
    def flip(answer: dict[str, Any]) -> None:
        whole = bytearray(websafe_decode(answer["response"][name]))
        whole[-1] ^= 1
        answer["response"][name] = websafe_encode(bytes(whole))

    return flip


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(_without("rawId"), id="no-id"),
        pytest.param(_without("signature"), id="no-signature"),
        pytest.param(_without("clientDataJSON"), id="no-client-data"),
        pytest.param(_flipped("signature"), id="signature-flipped"),
        pytest.param(_flipped("authenticatorData"), id="counter-flipped"),
        pytest.param(_flipped("clientDataJSON"), id="client-data-broken"),
    ],
)
def test_a_spoilt_answer_is_refused(
    station: Station, ana: OperatorView, token: Authenticator, spoil: Callable[[dict[str, Any]], None]
) -> None:
    answer = json.loads(touched(station, ana, token))
    spoil(answer)
    with pytest.raises(TokenRefused):
        station.tokens.prove(ana, CHALLENGE, json.dumps(answer))


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "7", '{"rawId": []}', "[" * 20_000, "x" * 20_000])
def test_no_answer_of_a_stranger_does_more_than_be_refused(
    station: Station, ana: OperatorView, token: Authenticator, answer: str
) -> None:
    with pytest.raises(TokenRefused):
        station.tokens.prove(ana, CHALLENGE, answer)
    with pytest.raises(TokenRefused):
        station.tokens.read_new(CHALLENGE, answer)
    assert token


@pytest.mark.parametrize("client_data", [b"{", b"[]", b"7", b"[" * 4000, b"{}"])
def test_no_client_data_crashes_the_verifier(client_data: bytes) -> None:
    assertion = AssertionPart(credential=b"c", authenticator_data=bytes(37), client_data=client_data, signature=b"s")
    with pytest.raises(BadSignature):
        verify_assertion(assertion, CHALLENGE, b"no key")


def test_a_token_serves_one_person_once(station: Station, ana: OperatorView) -> None:
    token = Authenticator()
    credential = station.tokens.read_new(CHALLENGE, make(station.tokens.new_options(ana, CHALLENGE), token))
    station.accounts.provision_token(ana.id, credential)
    with pytest.raises(TokenRefused, match="in use here already"):
        station.accounts.provision_token(station.operators.enrol("Eva Sol", "auditor", PIN).id, credential)
