"""The centre's depot: it takes what a station claims, whole and once, and refuses the rest with its reason."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import httpx
import psycopg
import pytest

from sync.attachments import MAX_ATTACHMENT
from sync.central.attachments import Added, FolderAttachments
from sync.central.centre import Centre
from sync.central.engine import Revocation
from sync.central.gate import Busy
from sync.claims import Claim
from sync.contract.ids import Seq, StationId
from sync.contract.pieces import Held, Piece
from sync.contract.submission import MEDIA_TYPE, Submission
from sync.envelope import Envelope
from sync.errors import BadReceipt, CentralRefused, Malformed
from sync.journal import Sealer
from sync.keys import StationKey

STATION = StationId("MX-TIJ-01")
BODY = bytes(range(256)) * 40


@pytest.fixture(params=["sqlite", "postgres"])
def centre(open_centre: Callable[[str], Centre], request: pytest.FixtureRequest) -> Centre:
    """Open a centre on either engine."""
    return open_centre(request.param)


@pytest.fixture
def piece(sealer: Sealer, centre: Centre, entries: list[Envelope]) -> Callable[..., Piece]:
    """Make pieces of BODY, attached to entry 2 of three that the centre holds."""
    centre.ingest.submit(Submission(station=STATION, envelopes=[each.data for each in entries[:3]]))

    def make(
        start: int = 0, stop: int = len(BODY), key: StationKey = sealer.key, seq: int = 2, size: int = len(BODY)
    ) -> Piece:
        claim = Claim(STATION, seq, sha256(BODY).digest(), size)
        said = {"station": STATION, "seq": seq, "sealed": claim.sealed, "size": claim.size, "claim": claim.sign(key)}
        return Piece.from_value({**said, "format": "garita.piece/1", "offset": start, "data": BODY[start:stop]})

    return make


def test_pieces_in_order_become_the_whole_and_a_receipt(centre: Centre, piece: Callable[..., Piece]) -> None:
    assert centre.depot.take(piece(0, 100)) == Held(sealed=sha256(BODY).digest(), held=100, receipt=None)
    assert centre.depot.take(piece(100, 5000)).held == 5000
    whole = centre.depot.take(piece(5000))
    assert whole.held == len(BODY)
    assert whole.receipt
    claim = Claim(STATION, 2, whole.sealed, len(BODY))
    claim.verify_receipt(whole.receipt, [centre.log.verifier])
    with pytest.raises(BadReceipt):
        Claim(STATION, 3, whole.sealed, len(BODY)).verify_receipt(whole.receipt, [centre.log.verifier])
    assert centre.depot.read(STATION, whole.sealed) == BODY


def test_the_same_again_gives_the_same_receipt(centre: Centre, piece: Callable[..., Piece]) -> None:
    assert centre.depot.take(piece()) == centre.depot.take(piece()) == centre.depot.take(piece(7, 7))


def test_what_does_not_continue_is_not_taken_and_the_place_is_told(centre: Centre, piece: Callable[..., Piece]) -> None:
    centre.depot.take(piece(0, 100))
    for start, stop in ((0, 50), (0, 100), (200, 300), (100, 100)):
        assert centre.depot.take(piece(start, stop)).held == 100
    assert centre.depot.take(piece(50, 150)).held == 150, "what is new in a piece is taken"


def test_a_whole_with_another_digest_is_dropped(centre: Centre, piece: Callable[..., Piece]) -> None:
    wrong = piece(0, 9).model_copy(update={"data": b"something"})
    centre.depot.take(wrong)
    assert centre.depot.take(piece(9)).held == 0
    assert centre.depot.read(STATION, piece().sealed) is None
    assert centre.depot.take(piece()).receipt


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("bad_signature", {"claim": bytes(64)}),
        ("bad_signature", {"size": len(BODY) + 1}),
        ("bad_signature", {"seq": 1}),
        ("bad_signature", {"sealed": bytes(32)}),
        ("unknown_station", {"station": StationId("MX-NOWHERE")}),
        ("bad_signature", {"station": StationId("MX-MEX-02")}),
    ],
    ids=["no-signature", "another-size", "another-entry", "another-digest", "stranger", "another-station"],
)
def test_what_the_station_did_not_claim_is_refused(
    centre: Centre, piece: Callable[..., Piece], code: str, change: dict[str, object]
) -> None:
    with pytest.raises(CentralRefused) as refused:
        centre.depot.take(piece().model_copy(update=change))
    assert refused.value.code == code
    assert centre.depot.take(piece(0, 0)).held == 0


def test_records_go_first(centre: Centre, piece: Callable[..., Piece]) -> None:
    with pytest.raises(CentralRefused, match="records go first") as refused:
        centre.depot.take(piece(seq=4))
    assert refused.value.code == "entry_missing"


def test_each_entry_that_claims_it_gets_a_receipt_of_its_own(centre: Centre, piece: Callable[..., Piece]) -> None:
    for seq in (2, 3):
        receipt = centre.depot.take(piece(seq=seq)).receipt
        Claim(STATION, seq, piece().sealed, len(BODY)).verify_receipt(receipt or "", [centre.log.verifier])


@pytest.mark.parametrize("damaged", [b"", BODY[:100], bytes([BODY[0] ^ 1]) + BODY[1:]], ids=["empty", "cut", "flipped"])
def test_what_was_damaged_here_is_told_as_absent_and_taken_again(
    open_centre: Callable[[str], Centre], sealer: Sealer, entries: list[Envelope], damaged: bytes
) -> None:
    """As a restore onto a full disk leaves it: a receipt would let the station drop the only good one."""
    centre = open_centre("sqlite")
    centre.ingest.submit(Submission(station=STATION, envelopes=[each.data for each in entries[:3]]))
    claim = Claim(STATION, Seq(2), sha256(BODY).digest(), len(BODY))
    said = {"station": STATION, "seq": 2, "sealed": claim.sealed, "size": len(BODY), "claim": claim.sign(sealer.key)}
    whole, question = (
        Piece.from_value({**said, "format": "garita.piece/1", "offset": 0, "data": data}) for data in (BODY, b"")
    )
    assert centre.depot.take(whole).receipt
    file = centre.folder / centre.settings.attachments / STATION / claim.sealed.hex()
    file.write_bytes(damaged)
    assert centre.depot.take(question) == Held(sealed=claim.sealed, held=0, receipt=None)
    assert file.with_suffix(".damaged").read_bytes() == damaged
    assert centre.depot.take(whole).receipt
    assert centre.depot.read(STATION, claim.sealed) == BODY


def test_a_damaged_one_is_put_aside_by_one_of_those_who_ask_at_once(tmp_path: Path, sealer: Sealer) -> None:
    """A stick and the line may ask after the same one."""
    body = os.urandom(MAX_ATTACHMENT // 8)
    claim = Claim(STATION, Seq(2), sha256(body).digest(), len(body))
    said = {"station": STATION, "seq": 2, "sealed": claim.sealed, "size": len(body), "claim": claim.sign(sealer.key)}
    question = Piece.from_value({**said, "format": "garita.piece/1", "offset": 0, "data": b""})
    file = tmp_path / STATION / claim.sealed.hex()
    file.parent.mkdir()
    file.write_bytes(body[:-1])
    with ThreadPoolExecutor(6) as askers:
        assert list(askers.map(FolderAttachments(tmp_path).add, [question] * 6)) == [Added(0, 0)] * 6
    assert file.with_suffix(".damaged").read_bytes() == body[:-1]
    assert not file.exists()


@pytest.mark.parametrize("size", [16, len(BODY) - 1, len(BODY) + 1, 60_000_000])
def test_a_claim_of_another_size_gets_no_receipt(centre: Centre, piece: Callable[..., Piece], size: int) -> None:
    centre.depot.take(piece())
    with pytest.raises(CentralRefused, match=f"has {len(BODY)} bytes, not {size}") as refused:
        centre.depot.take(piece(0, 0, seq=3, size=size))
    assert refused.value.code == "wrong_size"
    assert centre.depot.take(piece(0, 0, seq=3)).receipt


def test_a_whole_that_ends_early_or_late_gets_no_receipt_of_another_size(
    centre: Centre, piece: Callable[..., Piece]
) -> None:
    late = centre.depot.take(piece(0, size=60_000_000))
    assert (late.held, late.receipt) == (len(BODY), None)
    with pytest.raises(CentralRefused, match="wrong_size"):
        centre.depot.take(piece(0, 0, size=16))
    assert centre.depot.take(piece(0, 0)).receipt


def test_pieces_that_are_here_take_nothing_of_the_hour(centre: Centre, piece: Callable[..., Piece]) -> None:
    centre.gate._quota = len(BODY) + 100
    centre.depot.take(piece(0, len(BODY) - 100))
    for _ in range(5):
        centre.depot.take(piece(0, 100))
    assert centre.depot.take(piece(len(BODY) - 100)).receipt


@pytest.mark.parametrize("centre", ["sqlite"], indirect=True)
@pytest.mark.parametrize("start", [0, len(BODY)], ids=["sent-again", "asked-for"])
@pytest.mark.parametrize(("there", "held"), [(BODY, len(BODY)), (BODY[::-1], 0), (BODY + b"more", 0)])
def test_a_crash_between_the_last_byte_and_its_name_leaves_no_receipt_without_the_whole(
    centre: Centre, piece: Callable[..., Piece], there: bytes, held: int, start: int
) -> None:
    centre.depot.take(piece(0, 100))
    path = centre.folder / "attachments" / STATION / piece().sealed.hex()
    path.with_suffix(".part").write_bytes(there)
    answer = centre.depot.take(piece(start))
    assert (answer.held, answer.receipt is not None, path.exists()) == (held, held > 0, held > 0)
    assert centre.depot.take(piece()).receipt
    assert path.read_bytes() == BODY


@pytest.mark.parametrize(
    "change", [{"station": "../x"}, {"data": b"x" * (2**20 + 1)}, {"size": 15}, {"claim": b""}, {"offset": -1}]
)
def test_pieces_out_of_bounds_are_malformed(piece: Callable[..., Piece], change: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        Piece.from_value({**piece().model_dump(), **change})


def test_by_http(outside: httpx.Client, inside: httpx.Client, piece: Callable[..., Piece]) -> None:
    where = f"/v1/attachments/{STATION}/{sha256(BODY).hexdigest()}"
    assert inside.get(where).status_code == 404
    answer = outside.post("/v1/attachments", content=piece().to_bytes(), headers={"Content-Type": MEDIA_TYPE})
    assert Held.from_bytes(answer.content).receipt
    assert inside.get(where).content == BODY
    assert outside.get(where).status_code in {404, 405}, "stations get no attachment back"
    refused = outside.post("/v1/attachments", content=piece(seq=9).to_bytes(), headers={"Content-Type": MEDIA_TYPE})
    assert (refused.status_code, refused.json()["code"]) == (409, "entry_missing")
    for path in ("/v1/attachments/..%2Fx/" + "0" * 64, f"/v1/attachments/{STATION}/zz"):
        assert inside.get(path).status_code in {400, 404}


def test_a_revoked_station_brings_what_belongs_to_a_record_of_the_log_and_nothing_else(
    centre: Centre, piece: Callable[..., Piece]
) -> None:
    centre.store.revoke(STATION, Revocation("2026-11-22T12:00:00.000000Z", "stolen"))
    assert centre.depot.take(piece(seq=3)).receipt
    with pytest.raises(CentralRefused, match="revoked since 2026-11-22"):
        centre.depot.take(piece(seq=4))


def test_pieces_count_against_the_hour_of_their_station_and_those_of_a_stick_do_not(
    centre: Centre, piece: Callable[..., Piece]
) -> None:
    centre.gate._quota = 150
    centre.depot.take(piece(0, 100))
    with pytest.raises(Busy, match="of this hour"):
        centre.depot.take(piece(100))
    assert centre.stick_depot.take(piece(100)).receipt


def test_a_stranger_has_no_hour(centre: Centre, piece: Callable[..., Piece]) -> None:
    stranger = piece().model_copy(update={"station": StationId("MX-QRO-09")})
    with pytest.raises(CentralRefused, match="not admitted"):
        centre.depot.take(stranger)
    assert stranger.station not in centre.gate._spent


@pytest.mark.parametrize("centre", ["postgres"], indirect=True)
def test_whichever_host_gets_a_piece_every_host_has_the_whole(centre: Centre, piece: Callable[..., Piece]) -> None:
    other = Centre.open(shutil.copytree(centre.folder, centre.folder.with_name("another-host")))
    try:
        for turn, start in enumerate(range(0, len(BODY), 2000)):
            held = (centre, other)[turn % 2].depot.take(piece(start, start + 2000))
        assert held.receipt
        assert other.depot.take(piece(0, 0)) == centre.depot.take(piece(0, 0)) == held
        assert other.depot.read(STATION, held.sealed) == centre.depot.read(STATION, held.sealed) == BODY
    finally:
        other.close()


@pytest.mark.parametrize("centre", ["postgres"], indirect=True)
@pytest.mark.parametrize(
    "harm",
    ["DELETE FROM attachments", "DELETE FROM attachment_pieces", "UPDATE attachment_pieces SET data = 'x'"],
)
def test_the_database_keeps_a_whole_attachment(centre: Centre, piece: Callable[..., Piece], harm: str) -> None:
    centre.depot.take(piece())
    with psycopg.connect(centre.settings.postgres) as connection, pytest.raises(psycopg.Error, match="never changed"):
        connection.execute(harm.encode())
