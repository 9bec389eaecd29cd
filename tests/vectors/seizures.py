"""What ends a seizure, and later versions of exhibit, weight, seal and transfer: record vectors, good and bad ones."""

from hashlib import sha256
from typing import Any

CONCERNED = {"seq": 12, "digest": bytes(range(32))}
EXHIBIT_2 = {
    "schema": "garita.exhibit/2",
    "exhibit": "e-1",
    "screening": "s-1",
    "number": 1,
    "description": "powder, 3 pieces, bag",
    "category": "powder",
    "count": 3,
    "packing": "bag",
}
EXHIBIT = EXHIBIT_2 | {"schema": "garita.exhibit/3", "category": "crystals"}
DRAWN = {
    "name": "signature",
    "media": "image/png",
    "digest": sha256(b"png").digest(),
    "size": 3,
    "key": bytes(range(32)),
    "sealed": sha256(b"sealed").digest(),
}
TRANSFER_2 = {
    "schema": "garita.transfer/2",
    "exhibit": "e-1",
    "giver": "Ana Ruiz",
    "receiver": "Laboratorio Tijuana",
    "reason": "confirmation",
    "seal_number": "FGR-0098812",
    "accepted_by": None,
    "given": "hold",
    "drawn": DRAWN,
}
TRANSFER_3 = TRANSFER_2 | {"schema": "garita.transfer/3", "given_by": "of-22", "given_drawn": None}
TRANSFER = TRANSFER_3 | {"schema": "garita.transfer/4", "source": "scanned", "observed": CONCERNED}
TYPED = {"source": "typed", "observed": None}
SEAL = {
    "schema": "garita.seal/2",
    "exhibit": "e-1",
    "action": "applied",
    "seal_number": "FGR-0098812",
    "reason": "bag closed",
    "source": "scanned",
    "observed": CONCERNED,
}
SEAL_CHECK_1 = {
    "schema": "garita.seal-check/1",
    "exhibit": "e-1",
    "on_record": "FGR-0098812",
    "found": "FGR-0098813",
    "source": "scanned",
}
SEAL_CHECK = SEAL_CHECK_1 | {"schema": "garita.seal-check/2", "observed": CONCERNED}
WITNESS = {
    "schema": "garita.witness/1",
    "screening": "s-1",
    "role": "searched",
    "stance": "agreed",
    "reference": None,
}
REFERENCE = {
    "schema": "garita.reference/1",
    "screening": "s-1",
    "kind": "detention",
    "number": "RND/2026/000123",
}
SIGNATURE: dict[str, Any] = {
    "schema": "garita.signature/1",
    "screening": "s-1",
    "name": "Ana Ruiz",
    "role": "officer",
    "method": "hold",
    "concerns": [CONCERNED],
    "missing": [{"exhibit": "e-1", "step": "photo"}],
}
UNDO = {"schema": "garita.undo/1", "screening": "s-1", "concerns": CONCERNED}
REVIEW = {
    "schema": "garita.review/1",
    "screening": "s-1",
    "concerns": CONCERNED,
    "decision": "returned",
    "reason": "the photograph is blurred",
}

WEIGHT_2 = {
    "schema": "garita.weight/2",
    "exhibit": "e-1",
    "kind": "net",
    "value": "11.90",
    "unit": "g",
    "source": "typed",
    "scale": None,
    "occasion": "after_sampling",
}
WEIGHT = WEIGHT_2 | {"schema": "garita.weight/3", "basis": "untold", "tare": None, "observed": None}
CARATS = WEIGHT | {
    "value": "15.50",
    "unit": "ct",
    "source": "scale",
    "scale": "Mettler-Toledo MS 220 g B123",
    "basis": "net",
    "tare": {"value": "200.000", "unit": "ct"},
    "observed": CONCERNED,
}

GOOD: dict[str, tuple[str, dict[str, Any]]] = {
    "exhibit-3": ("ExhibitRecord", EXHIBIT),
    "exhibit-2": ("ExhibitRecord2", EXHIBIT_2),
    "exhibit-2-untold": ("ExhibitRecord2", EXHIBIT_2 | {"category": None, "count": None, "packing": None}),
    "transfer-2": ("TransferRecord2", TRANSFER_2),
    "transfer-3": ("TransferRecord3", TRANSFER_3),
    "transfer-3-drawn": ("TransferRecord3", TRANSFER_3 | {"given": None, "given_by": None, "given_drawn": DRAWN}),
    "transfer-4": ("TransferRecord", TRANSFER),
    "transfer-4-typed": ("TransferRecord", TRANSFER | TYPED),
    "seal-2": ("SealRecord", SEAL),
    "seal-2-typed": ("SealRecord", SEAL | {"action": "broken"} | TYPED),
    "seal-check": ("SealCheckRecord1", SEAL_CHECK_1),
    "seal-check-2": ("SealCheckRecord", SEAL_CHECK),
    "seal-check-2-typed": ("SealCheckRecord", SEAL_CHECK | TYPED),
    "weight-2": ("WeightRecord2", WEIGHT_2),
    "weight-3": ("WeightRecord", CARATS),
    "weight-3-typed": ("WeightRecord", WEIGHT),
    "witness": ("WitnessRecord", WITNESS),
    "witness-badge": ("WitnessRecord", WITNESS | {"role": "colleague", "reference": "PF-4471"}),
    "reference": ("ReferenceRecord", REFERENCE),
    "signature": ("SignatureRecord", SIGNATURE),
    "undo": ("UndoRecord", UNDO),
    "review": ("ReviewRecord", REVIEW),
}
BAD: dict[str, dict[str, Any]] = {
    "exhibit-3-of-unknown-look": EXHIBIT | {"category": "cocaine"},
    "exhibit-2-of-crystals": EXHIBIT_2 | {"category": "crystals"},
    "exhibit-2-of-no-pieces": EXHIBIT_2 | {"count": 0},
    "exhibit-2-of-unknown-look": EXHIBIT_2 | {"category": "cocaine"},
    "weight-2-without-occasion": {key: value for key, value in WEIGHT_2.items() if key != "occasion"},
    "weight-2-of-a-holiday": WEIGHT_2 | {"occasion": "christmas"},
    "weight-2-in-carats": WEIGHT_2 | {"unit": "ct"},
    "weight-3-in-tolas": WEIGHT | {"unit": "t"},
    "weight-3-without-basis": {key: value for key, value in WEIGHT.items() if key != "basis"},
    "weight-3-of-half-a-tare": WEIGHT | {"tare": {"value": "1.0"}},
    "transfer-2-without-drawn": {key: value for key, value in TRANSFER_2.items() if key != "drawn"},
    "transfer-3-without-giver": {key: value for key, value in TRANSFER_3.items() if key != "given_by"},
    "transfer-4-without-source": {key: value for key, value in TRANSFER.items() if key != "source"},
    "transfer-4-scanned-nowhere": TRANSFER | {"observed": None},
    "transfer-4-typed-and-scanned": TRANSFER | {"source": "typed"},
    "seal-2-guessed": SEAL | {"source": "guessed"},
    "seal-2-without-source": {key: value for key, value in SEAL.items() if key != "source"},
    "seal-2-scanned-nowhere": SEAL | {"observed": None},
    "seal-2-typed-and-scanned": SEAL | {"source": "typed"},
    "seal-check-guessed": SEAL_CHECK_1 | {"source": "guessed"},
    "seal-check-of-no-number": SEAL_CHECK_1 | {"found": ""},
    "seal-check-2-scanned-nowhere": SEAL_CHECK | {"observed": None},
    "witness-with-a-name": WITNESS | {"reference": "Juan Mora"},
    "witness-of-unknown-role": WITNESS | {"role": "suspect"},
    "reference-with-a-newline": REFERENCE | {"number": "RND\n"},
    "signature-of-nothing": SIGNATURE | {"concerns": []},
    "signature-by-nobody": SIGNATURE | {"name": ""},
    "undo-of-entry-zero": UNDO | {"concerns": {"seq": 0, "digest": bytes(32)}},
    "review-undecided": REVIEW | {"decision": "perhaps"},
}
