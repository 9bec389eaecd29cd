"""Certificates and revocation lists are renewed before they end, and somebody is told."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from deploy import cli
from deploy.certificates import Certified, issue_client, make_authority, renew, renew_list, revocation_list
from deploy.errors import NotIssued
from sync.central.ends import ends, warnings
from sync.central.settings import CentralSettings
from sync.errors import UnusableKey
from sync.expiry import certificate_end, list_end

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=364)


@pytest.fixture(scope="module")
def authority() -> Certified:
    return make_authority("test", NOW)


def test_a_renewed_certificate_has_the_same_name_key_and_purposes(authority: Certified) -> None:
    old = issue_client(authority, "MX-TIJ-01", NOW).certificate
    new = renew(authority, old, LATER)
    new.verify_directly_issued_by(authority.certificate)
    assert (new.subject, new.public_key()) == (old.subject, old.public_key())
    assert [each.oid for each in new.extensions] == [each.oid for each in old.extensions]
    assert new.not_valid_after_utc > old.not_valid_after_utc + timedelta(days=300)
    assert new.serial_number != old.serial_number


def test_of_another_authority_nothing_is_renewed(authority: Certified) -> None:
    other = make_authority("test", NOW)
    with pytest.raises(NotIssued):
        renew(authority, issue_client(other, "MX-TIJ-01", NOW).certificate, LATER)
    with pytest.raises(NotIssued):
        renew_list(authority, revocation_list(other, [], NOW), [], LATER)


def test_a_renewed_list_keeps_who_was_on_it(authority: Certified) -> None:
    one, two = (issue_client(authority, name, NOW).certificate for name in ("MX-TIJ-01", "MX-MEX-02"))
    new = x509.load_pem_x509_crl(renew_list(authority, revocation_list(authority, [one], NOW), [one, two], LATER))
    since = {each.serial_number: each.revocation_date_utc for each in new}
    assert since == {one.serial_number: NOW, two.serial_number: LATER}


def test_the_centre_tells_from_sixty_days_before(authority: Certified, tmp_path: Path) -> None:
    settings = CentralSettings(port=0)
    (tmp_path / "tls").mkdir()
    (tmp_path / settings.tls_revoked).write_bytes(revocation_list(authority, [], NOW))
    assert warnings(tmp_path, settings, NOW + timedelta(days=339)) == []
    [line] = warnings(tmp_path, settings, NOW + timedelta(days=341))
    assert line.startswith("revocation list ")
    assert "2027-12-31; RENEW" in line
    assert [each.soon for each in ends(tmp_path, settings, NOW + timedelta(days=500))] == [True]
    (tmp_path / settings.tls_revoked).write_bytes(b"no list")
    [line] = warnings(tmp_path, settings, NOW)
    assert "no revocation list" in line
    with pytest.raises(UnusableKey):
        certificate_end(tmp_path / "nothing")


def test_the_commands(authority: Certified, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority.write(tmp_path, "authority")
    issue_client(authority, "MX-TIJ-01", NOW - timedelta(days=300)).write(tmp_path, "client")
    before = certificate_end(tmp_path / "client.crt")
    for words in (
        ["renew-certificate", tmp_path / "client.crt"],
        ["revocation-list", tmp_path / "revoked.crl", "--revoke", tmp_path / "client.crt"],
        ["revocation-list", tmp_path / "revoked.crl"],
    ):
        monkeypatch.setattr(sys, "argv", ["garita-image", *map(str, words), "--authority", str(tmp_path)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert end.value.code == 0
    assert certificate_end(tmp_path / "client.crt") > before
    assert (list_end(tmp_path / "revoked.crl") or before) > datetime.now(UTC) + timedelta(days=399)
    assert len(list(x509.load_pem_x509_crl((tmp_path / "revoked.crl").read_bytes()))) == 1
