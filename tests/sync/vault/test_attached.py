"""Attachments in the case: opened when they come, asked for until then, named when they are not as they must be."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import httpx
import psycopg
import pytest

from sync.central.centre import Centre
from sync.claims import Claim
from sync.contract.pieces import Piece
from sync.court import CourtBundle, Export
from sync.envelope import Envelope
from sync.identity import Identity
from sync.journal import Sealer
from sync.note import LogVerifier
from sync.vault.cases import Cases
from sync.vault.export import export_entries
from sync.vault.missing import tell_missing
from sync.vault.source import Source
from sync.vault.vault import Vault
from tests.sync.vault.conftest import STATION, attachment_of
from tests.sync.vault.parts import unnoted

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
EXPORT = Export(time="2026-11-22T12:00:00.000000Z", persons=["A. Ruiz", "B. Soto"], reason="Causa 12/2026")


@pytest.fixture(params=["sqlite", "postgres"])
def centre(open_centre: Callable[[str], Centre], request: pytest.FixtureRequest) -> Centre:
    """Open a centre on either engine."""
    return open_centre(request.param)


@pytest.fixture
def vault(
    sealed: list[Envelope],
    submit: Callable[[list[Envelope]], None],
    inside: httpx.Client,
    cases: Cases,
    national: Identity,
) -> Vault:
    submit(sealed)
    return Vault(Source(inside), cases, national, lambda: NOON, unnoted)


@pytest.fixture
def upload(centre: Centre, sealer: Sealer) -> Callable[[bytes, Sequence[int]], Path]:
    """Bring an attachment to the centre for entries of the journal."""

    def bring(body: bytes, seqs: Sequence[int]) -> Path:
        for seq in seqs:
            claim = Claim(STATION, seq, sha256(body).digest(), len(body))
            said = {
                "station": STATION,
                "seq": seq,
                "sealed": claim.sealed,
                "size": len(body),
                "offset": 0,
                "data": body,
            }
            centre.depot.take(Piece.from_value({**said, "claim": claim.sign(sealer.key)}))
        return centre.folder / "attachments" / STATION / sha256(body).hexdigest()

    return bring


def test_it_is_opened_when_it_comes(vault: Vault, cases: Cases, upload: Callable[..., Path]) -> None:
    vault.pull()
    assert [each.seq for each in cases.attached.missing()] == [3, 4, 5]
    upload(attachment_of(b"bytes")[1], [3])
    vault.pull()
    assert cases.attached.missing() == []
    [named] = cases.attached.of_entry(STATION, 3)
    assert (named.data, named.part.name) == (b"bytes", "transcript")
    assert cases.problems.list() == []


def test_all_that_has_not_come_is_one_question(vault: Vault, inside: httpx.Client, upload: Callable[..., Path]) -> None:
    asked = list[str]()
    inside.event_hooks["request"] = [lambda request: asked.append(request.url.path)]
    vault.pull()
    assert [path for path in asked if "attachments" in path] == ["/v1/attachments/here"]
    upload(attachment_of(b"bytes")[1], [3])
    vault.pull()
    vault.pull()
    assert asked.count("/v1/attachments/here") == 2, "and none when nothing is missing"
    assert len([path for path in asked if path.startswith(f"/v1/attachments/{STATION}/")]) == 3


def test_one_that_was_changed_at_the_centre_is_a_problem_and_the_rest_goes_on(
    vault: Vault, cases: Cases, upload: Callable[..., Path], centre: Centre
) -> None:
    file, other = upload(attachment_of(b"bytes")[1], [3]), b"something else, as long as you like"
    if centre.settings.postgres:
        with psycopg.connect(centre.settings.postgres) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("UPDATE attachment_pieces SET data = %s", (other,))
    else:
        file.write_bytes(other)
    vault.pull()
    vault.pull()
    assert [(each.seq, each.code) for each in cases.problems.list()] == [(seq, "attachment_0") for seq in (3, 4, 5)]
    assert "not the sealed bytes" in cases.problems.list()[0].detail
    assert len(cases.cases()) == 3


def test_a_court_bundle_brings_what_is_here_along(
    vault: Vault,
    cases: Cases,
    upload: Callable[..., Path],
    inside: httpx.Client,
    national: Identity,
    log: LogVerifier,
) -> None:
    def bundle() -> CourtBundle:
        about = {"export": EXPORT, "station": STATION, "note": unnoted}
        made = export_entries(Source(inside), cases, national, [log], **about, seqs=[3])
        return CourtBundle.from_bytes(made.bundle)

    vault.pull()
    assert bundle().attachments == []
    upload(attachment_of(b"bytes")[1], [3])
    vault.pull()
    assert [each.data for each in bundle().attachments] == [b"bytes"]


def test_where_one_is_that_is_not_in_the_case(
    vault: Vault, cases: Cases, inside: httpx.Client, upload: Callable[..., Path]
) -> None:
    vault.pull()
    missing, source = cases.attached.missing(), Source(inside)
    told = list(tell_missing(missing, source))
    assert told == [f"MX-TIJ-01/{seq}: attachment 1 has not come to the centre yet" for seq in (3, 4, 5)]
    upload(attachment_of(b"bytes")[1], [3])
    assert all(line.endswith("is at the centre; `garita-vault run` files it") for line in tell_missing(missing, source))
