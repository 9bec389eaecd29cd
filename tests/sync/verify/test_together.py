"""What contradicts itself across a bundle: receipts of two histories, heads of a fork, false voids, other media."""

import resource
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from sync import receipts
from sync.chain import Head, empty
from sync.checkpoint import Checkpoint
from sync.contract import canonical
from sync.contract.ids import Seq
from sync.contract.records import StationRecord
from sync.court import SEALED, Attachment, Evidence, make_bundle
from sync.envelope import Envelope
from sync.heads import SignedHead
from sync.identity import Identity
from sync.journal import Sealer
from sync.merkle import leaf_hash, node_hash
from sync.note import LogKey
from sync.opening import unwrap
from tests.sync.verify.conftest import AT, EXPORT, NOON, PHOTO, Fields, Made, changed

Check = Callable[..., tuple[int, str]]


def receipt(log_key: LogKey, leaves: list[bytes], place: int) -> str:
    """Return the receipt of a log that has just these two leaves."""
    note = Checkpoint(log_key.verifier.name, 2, node_hash(*leaves)).sign(log_key)
    return receipts.write_proof(place, [leaves[1 - place]], note)


def with_receipts(*proofs: str | None) -> Callable[[Fields], None]:
    def change(bundle: Fields) -> None:
        for entry, proof in zip(bundle["entries"], proofs, strict=False):
            entry["receipt"] = proof

    return change


def test_receipts_of_two_histories(made: Made, check: Check, log_key: LogKey) -> None:
    leaves = [leaf_hash(each.digest) for each in made.envelopes]
    proofs = [receipt(log_key, [leaves[0], leaves[2]], 0), receipt(log_key, [leaves[3], leaves[1]], 1), None, None]
    faults, text = check(changed(made.data, with_receipts(*proofs)))
    assert faults == 1
    assert "FAULT [receipts] MX-TIJ-01/2: the log of 2 entries has two histories" in text


def test_two_entries_at_one_place(made: Made, check: Check, log_key: LogKey) -> None:
    leaves = [leaf_hash(each.digest) for each in made.envelopes]
    _, text = check(changed(made.data, with_receipts(None, receipt(log_key, leaves[1:3], 0))))
    assert "two histories" not in text
    alone = Checkpoint(log_key.verifier.name, 1, leaves[0]).sign(log_key)
    proofs = (receipts.write_proof(0, [], alone), receipt(log_key, leaves[1:3], 0))
    _, text = check(changed(made.data, with_receipts(*proofs)))
    assert "FAULT [receipts] MX-TIJ-01/2: another entry stands at place 0 too" in text


def test_a_journal_in_another_order_than_its_own(made: Made, check: Check, log_key: LogKey) -> None:
    leaves = [leaf_hash(each.digest) for each in made.envelopes]
    turned = [leaves[1], leaves[0]]
    proofs = (receipt(log_key, turned, 1), receipt(log_key, turned, 0), None, None)
    _, text = check(changed(made.data, with_receipts(*proofs)))
    assert "FAULT [receipts] MX-TIJ-01/2: place 0 lies before that of an earlier entry" in text


def signed(sealer: Sealer, seq: int, digest: bytes) -> bytes:
    return SignedHead.sign(sealer.key, sealer.station, Head(Seq(seq), digest), NOON, 8).data


def test_heads_of_a_fork(made: Made, check: Check, sealer: Sealer) -> None:
    forked = sorted(signed(sealer, 40, bytes([each]) * 32) for each in (1, 2))
    faults, text = check(changed(made.data, lambda bundle: bundle.update(heads=forked)))
    assert faults == 1
    assert "FAULT [head]" in text


def test_a_tail_that_is_not_here_is_counted(made: Made, check: Check, sealer: Sealer) -> None:
    heads = [signed(sealer, 40, bytes(32))]
    faults, text = check(changed(made.data, lambda bundle: bundle.update(heads=heads)))
    assert faults == 0
    assert text.endswith("0 entries before others, 36 last ones, 0 attachments, 0 named entries, 0 signed heads.")


def test_each_entry_that_is_not_here_is_counted(made: Made, check: Check) -> None:
    def cut(bundle: Fields) -> None:
        bundle["entries"] = [bundle["entries"][0], bundle["entries"][3]]

    faults, text = check(changed(made.data, cut))
    assert faults == 0
    assert "0 receipts, 2 entries before others, 0 last ones" in text


def test_an_attachment_of_another_media_than_its_record_says(
    check: Check, sealer: Sealer, national: Identity, log_key: LogKey
) -> None:
    part = {"name": "photo", "media": "image/jpeg", "digest": sha256(PHOTO).digest(), "size": 20, "sealed": bytes(32)}
    record = canonical.decode(said(sealer).to_bytes(), "record") | {"photo": part}
    envelope = sealer.seal_after(empty(sealer.station, sealer.key.public), canonical.encode(record))
    for media, faults in (("image/jpeg", 0), ("application/pdf", 1), (SEALED, 1)):
        data = make_bundle(
            EXPORT,
            [log_key.verifier],
            [sealer.key.card(sealer.station)],
            [Evidence(envelope, None, unwrap(envelope, national)), *sealed_behind(sealer, envelope)],
            attachments=[Attachment(media_type=media, data=PHOTO)],
        )
        found, text = check(data)
        assert (found, f"as {media}" in text) == (faults, bool(faults))


def said(sealer: Sealer) -> StationRecord:
    about = {"station": sealer.station, "operator": None, "recorded": AT, "software": "garita 0.1.0"}
    return StationRecord.model_validate(about | {"event": "started", "detail": "garita"})


def sealed_behind(sealer: Sealer, envelope: Envelope) -> list[Evidence]:
    """Return an entry that stays sealed: its attachments could be anything."""
    return [Evidence(sealer.seal_after(Head(envelope.header.seq, envelope.digest), said(sealer).to_bytes()))]


@pytest.mark.parametrize(("size", "told"), [(3 << 30, "more than 1 GiB"), (1 << 30, "not enough memory")])
def test_a_file_that_is_too_big_is_one_line(size: int, told: str, program: Path, tmp_path: Path) -> None:
    """A file of holes, which takes no room, and 768 MiB of memory to read it."""
    path, limit = tmp_path / "bundle", 768 * 1024 * 1024
    with path.open("wb") as file:
        file.truncate(size)
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, program, path],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    [line] = done.stderr.splitlines()
    assert (done.returncode, told in line) == (1, True)
