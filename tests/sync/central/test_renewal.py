"""Certificates and revocation lists are renewed before they end, and somebody is told."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from deploy import cli
from deploy.certificates import (
    Certified,
    issue_client,
    issue_server,
    make_authority,
    renew,
    renew_list,
    revocation_list,
)
from deploy.cluster import write_cluster_certificates
from deploy.errors import AlreadyProvisioned, NotIssued
from sync.central.ends import ends, warnings
from sync.central.settings import CentralSettings
from sync.errors import UnusableKey
from sync.expiry import certificate_term, list_term

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
        renew_list(authority, [revocation_list(other, [], NOW)], [], LATER)
    with pytest.raises(NotIssued):
        renew_list(authority, [], [issue_client(other, "MX-TIJ-01", NOW).certificate], LATER)


def test_a_renewed_list_keeps_who_was_on_it(authority: Certified) -> None:
    one, two = (issue_client(authority, name, NOW).certificate for name in ("MX-TIJ-01", "MX-MEX-02"))
    new = x509.load_pem_x509_crl(renew_list(authority, [revocation_list(authority, [one], NOW)], [one, two], LATER))
    since = {each.serial_number: each.revocation_date_utc for each in new}
    assert since == {one.serial_number: NOW, two.serial_number: LATER}


@pytest.mark.parametrize("now", [datetime(2019, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)])
def test_by_a_clock_outside_the_authoritys_own_time_nothing_is_signed(authority: Certified, now: datetime) -> None:
    """A certificate or list of 2019 would end in 2020 and shut everybody out, and lie where a good one lay."""
    said = f"clock says {now:%Y}-01-01 00:00 UTC, and the authority is good from 2026-11-24 12:00 to 2036-11-23 12:00"
    with pytest.raises(NotIssued, match=said):
        renew(authority, issue_client(authority, "MX-TIJ-01", NOW).certificate, now)
    with pytest.raises(NotIssued, match=said):
        revocation_list(authority, [], now)


@pytest.mark.skipif(not shutil.which("faketime"), reason="Debian's faketime package is not installed")
def test_a_laptop_whose_clock_stands_years_behind_leaves_the_old_certificate_where_it_is(
    authority: Certified, tmp_path: Path
) -> None:
    authority.write(tmp_path, "authority")
    issue_client(authority, "MX-TIJ-01", NOW).write(tmp_path, "client")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    image = Path(sys.executable).with_name("garita-image")
    for words in (["renew-certificate", tmp_path / "client.crt"], ["revocation-list", tmp_path / "a.crl", "--new"]):
        done = subprocess.run(  # noqa: S603 - our own program
            ["/usr/bin/faketime", "2019-01-01 00:00:00", image, *words, "--authority", tmp_path],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        [line] = done.stderr.splitlines()
        assert (done.returncode, "put the clock right" in line) == (1, True), line
        assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


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
        certificate_term(tmp_path / "nothing")


def test_the_centre_tells_what_is_not_valid_yet_by_its_clock(authority: Certified, tmp_path: Path) -> None:
    settings = CentralSettings(port=0)
    (tmp_path / "tls").mkdir()
    issue_server(authority, "127.0.0.1", NOW).write(tmp_path / "tls", "server")
    authority.write(tmp_path / "tls", "authority")
    (tmp_path / settings.tls_revoked).write_bytes(revocation_list(authority, [], NOW))
    assert warnings(tmp_path, settings, NOW) == []
    told = warnings(tmp_path, settings, NOW - timedelta(days=3))
    assert [line.split(f" {tmp_path}")[0] for line in told] == ["certificate", "authority", "revocation list"]
    for line in told:
        assert "NOT VALID before 2026-11-24 12:00 UTC, and this machine's clock says 2026-11-23 12:00" in line
        assert "put the clock right" in line


@pytest.fixture
def image(
    authority: Certified, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int | str | None, str]]:
    """Type a command of `garita-image` at the authority; gives its exit code, and what it said."""
    authority.write(tmp_path, "authority")
    issue_client(authority, "MX-TIJ-01", NOW - timedelta(days=300)).write(tmp_path, "client")

    def type_one(*words: object) -> tuple[int | str | None, str]:
        monkeypatch.setattr(sys, "argv", ["garita-image", *map(str, words), "--authority", str(tmp_path)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capsys.readouterr()
        return end.value.code, said.out + said.err

    return type_one


def serials(file: Path) -> set[int]:
    return {each.serial_number for each in x509.load_pem_x509_crl(file.read_bytes())}


def serial(file: Path) -> int:
    return x509.load_pem_x509_certificate(file.read_bytes()).serial_number


def test_the_commands(image: Callable[..., tuple[int | str | None, str]], tmp_path: Path) -> None:
    client, crl = tmp_path / "client.crt", tmp_path / "lists/revoked.crl"
    crl.parent.mkdir()
    before, first = certificate_term(client), serial(client)
    assert image("renew-certificate", client)[0] == 0
    assert certificate_term(client) > before
    code, said = image("revocation-list", crl, "--revoke", client)
    assert (code, crl.exists()) == (1, False)
    assert "a new one would let in who was revoked" in said
    code, said = image("revocation-list", crl, "--revoke", client, "--new")
    assert (code, "2 certificates are revoked" in said) == (0, True)
    assert said.count("CN=MX-TIJ-01, serial ") == 2
    assert serials(crl) == {first, serial(client)}, "the one before the renewal is of the same key"
    assert (list_term(crl).end or NOW) > datetime.now(UTC) + timedelta(days=399)


def test_nobody_who_was_revoked_comes_back(image: Callable[..., tuple[int | str | None, str]], tmp_path: Path) -> None:
    client, crl = tmp_path / "client.crt", tmp_path / "elsewhere.crl"
    image("revocation-list", tmp_path / "first.crl", "--revoke", client, "--new")
    before = client.read_bytes()
    code, said = image("renew-certificate", client)
    assert (code, client.read_bytes()) == (1, before)
    assert "is revoked, and a new one would let who has the key in again" in said
    code, said = image("revocation-list", crl)
    assert (code, "1 certificates are revoked" in said) == (0, True)
    assert serials(crl) == {serial(client)}, "the list was lost, the authority's copy was not"


@pytest.mark.parametrize("whose", ["another authority's", "the authority itself", "a key", "a list"])
def test_what_is_no_certificate_of_this_authority_is_neither_renewed_nor_revoked(
    image: Callable[..., tuple[int | str | None, str]], tmp_path: Path, whose: str
) -> None:
    issue_client(make_authority("test", NOW), "MX-TIJ-01", NOW).write(tmp_path, "foreign")
    image("revocation-list", tmp_path / "first.crl", "--new")
    file, words = {
        "another authority's": (tmp_path / "foreign.crt", "this authority did not issue that certificate"),
        "the authority itself": (tmp_path / "authority.crt", "that is an authority's own certificate"),
        "a key": (tmp_path / "client.key", f"{tmp_path}/client.key: no certificate in PEM form"),
        "a list": (tmp_path / "first.crl", f"{tmp_path}/first.crl: no certificate in PEM form"),
    }[whose]
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    for command in (("renew-certificate", file), ("revocation-list", tmp_path / "second.crl", "--revoke", file)):
        code, said = image(*command)
        assert (code, words in said, len(said.splitlines())) == (1, True, 1), said
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


RSA = rsa.generate_private_key(65537, 2048)
PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("authority.key", RSA.private_bytes(PEM, PKCS8, serialization.NoEncryption())),
        ("authority.key", RSA.private_bytes(PEM, PKCS8, serialization.BestAvailableEncryption(b"secret"))),
        ("authority.key", b"garbage"),
        ("authority.crt", b""),
        ("issued.pem", b"garbage"),
        ("revoked.crl", b"garbage"),
        ("client.crt", b"garbage"),
    ],
)
def test_a_file_that_is_no_such_thing_is_one_line_with_its_name(
    image: Callable[..., tuple[int | str | None, str]], tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    code, said = image("renew-certificate", tmp_path / "client.crt")
    [line] = said.splitlines()
    assert (code, line.startswith(f"garita-image: {tmp_path / name}: ")) == (1, True)
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_a_clusters_certificates_need_a_new_folder(tmp_path: Path) -> None:
    hosts = {"pg1": "10.1.0.1", "pg2": "10.1.0.2", "pg3": "10.1.0.3"}
    write_cluster_certificates(tmp_path / "new", hosts, NOW)
    assert (tmp_path / "new/authority.key").stat().st_mode & 0o777 == 0o600
    before = (tmp_path / "new/authority.crt").read_bytes()
    with pytest.raises(AlreadyProvisioned, match="holds files already, and nothing was changed"):
        write_cluster_certificates(tmp_path / "new", hosts, NOW)
    assert (tmp_path / "new/authority.crt").read_bytes() == before


def test_who_stands_on_a_list_is_named_as_openssl_names_them(
    image: Callable[..., tuple[int | str | None, str]], tmp_path: Path
) -> None:
    client, crl = tmp_path / "client.crt", tmp_path / "revoked.crl"
    _, _, number = openssl("x509", "-in", client, "-noout", "-serial").strip().partition("=")
    _, said = image("revocation-list", crl, "--revoke", client, "--new")
    assert said.splitlines()[0] == f"CN=MX-TIJ-01, serial {number}, revoked {datetime.now(UTC):%Y-%m-%d}"
    assert f"Serial Number: {number}" in openssl("crl", "-in", crl, "-noout", "-text")
    (tmp_path / "issued.pem").unlink()
    _, said = image("revocation-list", crl)
    assert said.startswith(f"serial {number}, of a name that is not kept here, revoked ")


def openssl(*words: object) -> str:
    command = [shutil.which("openssl") or "/usr/bin/openssl", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - Debian's own program


def test_the_centre_tells_which_key_others_may_read_and_that_nginx_lacks_its_list(tmp_path: Path) -> None:
    settings = CentralSettings(port=0, outside_socket=Path("outside.sock"))
    (tmp_path / "log.key").write_bytes(b"")
    (tmp_path / "log.key").chmod(0o644)
    key, listed = warnings(tmp_path, settings, NOW)
    assert f"chmod 600 {tmp_path}/log.key" in key
    assert "NOT THERE, and nginx does not start without it" in listed
    (tmp_path / "log.key").chmod(0o600)
    assert warnings(tmp_path, CentralSettings(port=0), NOW) == []
