"""Who brings the vault a bundle of their own: public keys are enough to seal one to the state, a card is soon made."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sync.central.centre import Centre
from sync.contract.records import Record
from sync.contract.submission import Submission
from sync.court import CourtBundle, Evidence, Export, make_bundle
from sync.envelope import Envelope
from sync.errors import BadReceipt, BadSignature, LogDamaged
from sync.identity import Identity
from sync.journal import Sealer
from sync.keys import Recipient, StationKey
from sync.vault.disclose import Believed, disclose
from tests.sync.vault.conftest import seal_all

EXPORT = Export(time="2026-11-22T12:00:00.000000Z", persons=["A. Ruiz", "B. Soto"], reason="Causa 12/2026")
Opens = Callable[..., tuple[bytes, list[str]]]


@pytest.fixture
def believed(centre: Centre, sealer: Sealer, other_sealer: Sealer) -> Believed:
    cards = {each.station: each.key.card(each.station) for each in (sealer, other_sealer)}
    return Believed([centre.log.verifier], cards.get, lambda *_: None)


@pytest.fixture
def sealed(centre: Centre, records: list[Record]) -> Callable[..., bytes]:
    """Make a bundle of sealed records of these stations, each with a receipt where the centre took them."""

    def run(*sealers: Sealer, logged: bool = True) -> bytes:
        evidence = list[Evidence]()
        for each in sealers:
            said = [record.model_copy(update={"station": each.station}) for record in records]
            envelopes = seal_all(each, [record.to_bytes() for record in said])
            evidence += [
                Evidence(*pair) for pair in zip(envelopes, receipts(each, envelopes, logged=logged), strict=True)
            ]
        return make_bundle(EXPORT, [centre.log.verifier], [each.key.card(each.station) for each in sealers], evidence)

    def receipts(sealer: Sealer, envelopes: list[Envelope], *, logged: bool) -> list[str | None]:
        if not logged:
            return [None] * len(envelopes)
        start = centre.log.size
        centre.ingest.submit(Submission(station=sealer.station, envelopes=[each.data for each in envelopes]))
        return list(centre.log.receipts(range(start, centre.log.size)))

    return run


@pytest.fixture
def opens(national: Identity, believed: Believed) -> Opens:
    def run(data: bytes, *wanted: str, unlogged: bool = False) -> tuple[bytes, list[str]]:
        noted = list[str]()
        who = replace(believed, unlogged=unlogged)
        return disclose(
            CourtBundle.from_bytes(data), national, who, EXPORT, set(wanted).__contains__, noted.extend
        ).bundle, noted

    return run


def test_of_two_stations_only_the_entry_that_is_named_is_opened(
    opens: Opens, sealed: Callable[..., bytes], sealer: Sealer, other_sealer: Sealer
) -> None:
    data, noted = opens(sealed(other_sealer, sealer), f"{sealer.station}/1")
    assert noted == [f"{sealer.station}/1"]
    opened = [
        Envelope.from_bytes(each.envelope).header.station for each in CourtBundle.from_bytes(data).entries if each.key
    ]
    assert opened == [sealer.station]


@pytest.mark.parametrize("name", ["MX-TIJ-01", "MX-TIJ-77"], ids=["in a station's name", "in a name of its own"])
def test_a_card_in_the_bundle_is_believed_by_nobody(
    name: str, opens: Opens, sealed: Callable[..., bytes], recipients: list[Recipient]
) -> None:
    forger = Sealer(name, StationKey.generate(), recipients)  # type: ignore[arg-type]
    with pytest.raises(BadSignature, match=f"{name}: (the bundle has key|no card of it is here)"):
        opens(sealed(forger, logged=False), f"{name}/1", unlogged=True)


def test_what_no_receipt_proves_is_opened_on_an_order_alone(
    opens: Opens, sealed: Callable[..., bytes], sealer: Sealer
) -> None:
    data = sealed(sealer, logged=False)
    with pytest.raises(BadReceipt, match="MX-TIJ-01/3: no receipt"):
        opens(data, "MX-TIJ-01/3")
    assert opens(data, "MX-TIJ-01/3", unlogged=True)[1] == ["MX-TIJ-01/3"]


def test_another_entry_than_was_filed_here_under_that_number_is_told(
    sealed: Callable[..., bytes], sealer: Sealer, believed: Believed, national: Identity
) -> None:
    """Two branches of a journal: what the log has in the bundle must be what was filed; an order opens the other."""
    data = CourtBundle.from_bytes(sealed(sealer))
    third = Envelope.from_bytes(data.entries[2].envelope)
    noted, wanted = list[str](), {"MX-TIJ-01/3"}.__contains__
    same = replace(believed, digest_of=lambda *_: third.digest)
    other = replace(believed, digest_of=lambda *_: bytes(32))
    disclose(data, national, same, EXPORT, wanted, noted.extend)
    with pytest.raises(LogDamaged, match=f"in the place of MX-TIJ-01/3, SHA-256 {bytes(32).hex()}, came MX-TIJ-01/3"):
        disclose(data, national, other, EXPORT, wanted, noted.extend)
    disclose(data, national, replace(other, unlogged=True), EXPORT, wanted, noted.extend)
    assert noted == ["MX-TIJ-01/3", f"MX-TIJ-01/3, SHA-256 {third.digest.hex()}, and another was filed"]
