"""Whom a certificate names, and what a request with none, or with garbage for one, may do: nothing."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from deploy.certificates import issue_client, make_authority
from sync.central.speakers import NGINX_HEADER, Speakers, by_nginx, by_tls
from sync.contract.ids import StationId
from sync.errors import CentralRefused

NOW = datetime.now(UTC)
STATION, OTHER = StationId("MX-TIJ-01"), StationId("MX-TIJ-0")
CERTIFICATE = issue_client(make_authority("test authority", NOW), STATION, NOW).certificate
PEM, DER = CERTIFICATE.public_bytes(Encoding.PEM), CERTIFICATE.public_bytes(Encoding.DER)


def asked(*headers: tuple[str, str], certificate: bytes = b"") -> Request:
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return Request({"type": "http", "headers": raw, "state": {"certificate": certificate}})


def refused(speakers: Speakers, request: Request, station: StationId) -> str:
    with pytest.raises(CentralRefused) as error:
        speakers.may_send(request, station)
    assert error.value.code == "wrong_certificate"
    return error.value.detail


def test_each_way_reads_its_own_certificate_and_no_other() -> None:
    outside, own = Speakers(by_nginx, lambda _: True), Speakers(by_tls, lambda _: True)
    header = (NGINX_HEADER, quote(PEM))
    outside.may_send(asked(header), STATION)
    own.may_send(asked(certificate=DER), STATION)
    assert "names nobody" in refused(outside, asked(certificate=DER), STATION)
    assert "names nobody" in refused(own, asked(header), STATION)
    assert "names MX-TIJ-01, and this is said to be of MX-TIJ-0" in refused(outside, asked(header), OTHER)


@pytest.mark.parametrize("value", ["", "MX-TIJ-01", "CN=MX-TIJ-01", quote(PEM[:-40])])
def test_what_is_no_certificate_names_nobody(value: str) -> None:
    assert "names nobody" in refused(Speakers(by_nginx, lambda _: True), asked((NGINX_HEADER, value)), STATION)


@given(st.binary(max_size=400), st.sampled_from([b"", b"-----BEGIN CERTIFICATE-----\n", DER[:100]]))
def test_garbage_names_nobody(data: bytes, before: bytes) -> None:
    assert "names nobody" in refused(Speakers(by_tls, lambda _: True), asked(certificate=before + data), STATION)


def test_the_list_of_stations_is_for_no_station() -> None:
    request = asked((NGINX_HEADER, quote(PEM)))
    Speakers(by_nginx, lambda _: False).may_audit(request)
    with pytest.raises(CentralRefused, match="auditors ask with one of their own"):
        Speakers(by_nginx, lambda station: station == STATION).may_audit(request)
