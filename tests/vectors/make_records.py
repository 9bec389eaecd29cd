"""Make tests/vectors/record: good records, and bad ones each with one fault. A published version keeps its vectors."""

import copy
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Any

import cbor2
from after_readings import BAD as BAD_AFTER
from after_readings import GOOD as GOOD_AFTER
from observations import BAD as BAD_OBSERVATIONS
from observations import GOOD as GOOD_OBSERVATIONS
from seizures import BAD as BAD_SEIZURES
from seizures import GOOD as GOOD_SEIZURES
from subjects import BAD as BAD_SUBJECTS
from subjects import GOOD as GOOD_SUBJECTS
from vector_files import Case, write_folder

dumps = partial(cbor2.dumps, canonical=True)
WHEN = {"wall": "2026-11-22T06:30:00.000000Z", "monotonic_ns": 7, "boot": "b-1", "trust": "synchronised"}
COMMON = {"station": "MX-NLD-01", "operator": "of-22", "recorded": WHEN, "software": "garita 0.1.0"}
TRANSCRIPT = b"serial bytes"
HIT = {"name": "cocaine", "inchikey": "ZPUCINDJVBIVPJ-LJISPDSOSA-N", "probability": 0.5, "score": 1.0, "isomers": []}
SPECTRUM = {
    "technique": "esi-ms",
    "collision_energy": 20.0,
    "precursor_mz": 304.15,
    "polarity": "positive",
    "mz": (3041543).to_bytes(4, "little"),
    "intensity": bytes.fromhex("0000803f"),
}
READING = {
    "reading": "r-1",
    "started": WHEN,
    "ended": WHEN,
    "outcome": "measured",
    "problem": None,
    "instrument": {"port": "pty", "maker": "m", "model": "x", "serial_number": "1", "firmware": "1"},
    "spectra": [SPECTRUM],
    "transcript": TRANSCRIPT,
    "transcript_digest": sha256(TRANSCRIPT).digest(),
    "identification": {
        "conclusion": "alarm",
        "reasons": ["controlled-substance"],
        "hits": [HIT],
        "families": [{"family": "tropane", "probability": 0.75}],
        "unknown": False,
        "library": "ab" * 32,
        "bundle": "cd" * 32,
    },
}
SCREENING = COMMON | {
    "schema": "garita.screening/1",
    "screening": "s-1",
    "subject_kind": "vehicle",
    "presumptive": "Presuntivo: requiere confirmación de laboratorio",
    "conclusion": "alarm",
    "readings": [READING],
}
OPERATOR = COMMON | {"schema": "garita.operator/1", "event": "signed_in"}
STATION = COMMON | {"schema": "garita.station/1", "operator": None, "event": "started", "detail": "power on"}
CHECK = {"schema": "garita.check/1", "check": "reference", "expected": "Caffeine", "passed": True, "problems": []}
CONCERNED = {"seq": 12, "digest": bytes(range(32))}
PHOTO = {
    "name": "photo",
    "media": "image/jpeg",
    "digest": sha256(b"jpeg").digest(),
    "size": 4,
    "key": bytes(range(32)),
    "sealed": sha256(b"sealed").digest(),
}
IN_THE_RECORD = {"spectra", "transcript", "transcript_digest"}
ATTACHED = {"attachments": [PHOTO | {"name": "transcript", "media": "application/vnd.garita+cbor"}]}
TAKEN_APART = {
    "components": [{"name": "cocaine", "inchikey": "K", "isomers": [], "share": 0.5, "probability": 0.75}],
    "residual": {"share": 0.25, "mz": [110]},
}
READING_2 = {key: item for key, item in READING.items() if key not in IN_THE_RECORD} | ATTACHED
READING_2["identification"] = READING["identification"] | TAKEN_APART
SCREENING_2 = SCREENING | {"schema": "garita.screening/2", "readings": [READING_2]}
LISTED = {"substance": "K-2", "authority": "UN", "list": "SC1961 I", "standing": "controlled", "since": None,
          "until": None, "source": "memory", "verified": False}  # fmt: skip
FORM = {"name": "levomethorphan", "inchikey": "K-2", "kind": "enantiomer", "listed": [LISTED]}
STEREOISOMERS = {"format": "garita.stereoisomers/1", "of": [{"substance": "K", "elements": 3, "forms": [FORM]}]}
READING_OF_FORMS = READING_2 | {"identification": READING_2["identification"] | {"stereoisomers": STEREOISOMERS}}
SUSPECT = {"name": "fentanyl", "inchikey": "F", "probability": 0.875, "score": 0.5, "isomers": []}
SUSPECTS = {"format": "garita.suspects/1", "of": [SUSPECT]}
READING_OF_SUSPECTS = READING_2 | {"identification": READING_2["identification"] | {"suspects": SUSPECTS}}
HELD = {"conclusion": "inconclusive", "held": "daily-check-missing"}
CASEWORK: dict[str, dict[str, Any]] = {
    "ExhibitRecord1": {"exhibit": "e-1", "screening": "s-1", "number": 1, "description": "three bags, white powder"},
    "WeightRecord1": {
        "exhibit": "e-1",
        "kind": "gross",
        "value": "1250.40",
        "unit": "g",
        "source": "scale",
        "scale": "A&D SJ-5000HS",
    },
    "PhotoRecord": {"exhibit": "e-1", "caption": "front", "photo": PHOTO},
    "SealRecord1": {"exhibit": "e-1", "action": "applied", "seal_number": "FGR-0098812", "reason": "bag closed"},
    "TransferRecord1": {
        "exhibit": "e-1",
        "giver": "Ana Ruiz",
        "receiver": "Laboratorio Tijuana",
        "reason": "confirmation",
        "seal_number": "FGR-0098812",
        "accepted_by": None,
    },
    "VoidRecord": {"concerns": CONCERNED, "reason": "training sample"},
    "AmendmentRecord": {
        "concerns": CONCERNED,
        "reason": "typed wrongly",
        "changes": [{"field": "subject_kind", "was": "vehicle", "should_be": "parcel"}],
    },
    "ExportRecord1": {
        "first": 1,
        "last": 12,
        "receiver": "Juzgado 3",
        "reason": "order 45/2026",
        "digest": bytes(32),
    },
}
EXPORT = {"schema": "garita.export/2"}
EXPORT_2 = COMMON | CASEWORK["ExportRecord1"] | EXPORT | {"also": [3, 7]}
OBSERVED = {
    "garita.observation/2": "ObservationRecord",
    "garita.observation/1": "ObservationRecord1",
    "garita.second-technique/1": "SecondTechniqueRecord",
}
FACT = {"fact": "power_lost", "detail": "the station was not closed before this start", "values": {"since": "x"}}


def short(kind: str) -> str:
    """Return the middle of a schema's name."""
    return kind.partition("Record")[0].lower()


def named(kind: str, **changes: object) -> bytes:
    """Return one of CASEWORK as a record."""
    schema = f"garita.{short(kind)}/1"
    return dumps(COMMON | CASEWORK[kind] | {"schema": schema} | changes)


def changed(change: Callable[[Any], object]) -> bytes:
    """Return the screening after `change`."""
    value = copy.deepcopy(SCREENING)
    change(value)
    return dumps(value)


def good() -> list[Case]:
    """Return records that read and write back the same bytes."""
    stopped = {"outcome": "stopped", "instrument": None, "identification": None, "spectra": [], "problem": "stopped"}
    deep = changed(lambda r: r["readings"][0]["identification"]["hits"][0].update(cas="50-36-2"))
    return [
        Case("screening", "ScreeningRecord1", "all fields", dumps(SCREENING)),
        Case("screening-stopped", "ScreeningRecord1", "no result", changed(lambda r: r["readings"][0].update(stopped))),
        Case("screening-unknown-field", "ScreeningRecord1", "kept", dumps(SCREENING | {"weather": {"rain": True}})),
        Case("screening-unknown-field-inside", "ScreeningRecord1", "kept", deep),
        Case("screening-2", "ScreeningRecord", "its bytes are attached", dumps(SCREENING_2)),
        Case(
            "screening-stereoisomers",
            "ScreeningRecord",
            "a field that a reader may not know",
            dumps(SCREENING_2 | {"readings": [READING_OF_FORMS]}),
        ),
        Case(
            "screening-suspects",
            "ScreeningRecord",
            "it rests on what is not named",
            dumps(SCREENING_2 | {"readings": [READING_OF_SUSPECTS]}),
        ),
        Case("screening-held-back", "ScreeningRecord", "concludes nothing", dumps(SCREENING_2 | HELD)),
        Case("check", "CheckRecord", "the reference sample", dumps(SCREENING_2 | CHECK)),
        Case("operator", "OperatorRecord", "signed in", dumps(OPERATOR)),
        Case("station", "StationRecord", "started", dumps(STATION)),
        Case("fact", "FactRecord", "power was lost", dumps(COMMON | FACT | {"schema": "garita.fact/1"})),
        *(Case(short(kind), kind, "all fields", named(kind)) for kind in CASEWORK),
        Case("export-2", "ExportRecord", "with what it names", dumps(EXPORT_2)),
        Case("export-2-of-nothing-else", "ExportRecord", "none", dumps(EXPORT_2 | {"also": []})),
        *(
            Case(name, OBSERVED[value["schema"]], name, dumps(COMMON | value))
            for name, value in GOOD_OBSERVATIONS.items()
        ),
        *(Case(name, kind, name, dumps(COMMON | value)) for name, (kind, value) in GOOD_SUBJECTS.items()),
        *(Case(name, kind, name, dumps(COMMON | value)) for name, (kind, value) in GOOD_SEIZURES.items()),
        *(Case(name, kind, name, dumps(COMMON | value)) for name, (kind, value) in GOOD_AFTER.items()),
        Case("unknown-schema", "Record", "kept whole", dumps(COMMON | {"schema": "garita.weather/1", "grams": 1250})),
    ]


def bad() -> list[Case]:
    """Return bytes that are no record."""

    def case(name: str, why: str, data: bytes) -> Case:
        return Case(name, "Malformed", why, data)

    def reading(name: str, why: str, **changes: object) -> Case:
        return case(name, why, changed(lambda r: r["readings"][0].update(changes)))

    hit = ["readings", 0, "identification", "hits", 0]

    def at(path: list[Any], **changes: object) -> bytes:
        def change(value: Any) -> None:
            for step in path:
                value = value[step]
            value.update(changes)

        return changed(change)

    whole = dumps(OPERATOR)
    deep: list[Any] = []
    for _ in range(40):
        deep = [deep]
    return [
        case("empty-file", "no byte at all", b""),
        case("not-a-map", "an array", dumps([1, 2])),
        case("no-schema", "a record names its schema", dumps(COMMON)),
        case("trailing-byte", "a byte after the end", whole + b"\0"),
        case("truncated", "the last byte is missing", whole[:-1]),
        case("indefinite-map", "a map of indefinite length", b"\xbf" + whole[1:] + b"\xff"),
        case("fields-unsorted", "two fields in another order", cbor2.dumps(dict(reversed(cbor2.loads(whole).items())))),
        case("field-twice", "the event stands twice", b"\xa7" + whole[1:] + dumps("event") + dumps("locked")),
        case(
            "long-float", "0.5 in 9 bytes", changed(lambda _: None).replace(b"\xf9\x38\x00", b"\xfb\x3f\xe0" + bytes(6))
        ),
        case(
            "tagged-date",
            "a tag in an unknown field",
            dumps(OPERATOR | {"weather": 0}).replace(dumps("weather") + b"\0", dumps("weather") + b"\xc1\0"),
        ),
        case("key-is-a-number", "a map key that is no text", dumps(OPERATOR | {"weather": {1: 2}})),
        case("undefined", "CBOR undefined", dumps(OPERATOR | {"weather": cbor2.undefined})),
        case("integer-of-65-bits", "a number beyond 64 bits", dumps(OPERATOR | {"weather": 2**64})),
        case("nested-too-deep", "40 arrays in one another", dumps(OPERATOR | {"weather": deep})),
        case("operator-unknown-event", "an event nobody knows", dumps(OPERATOR | {"event": "danced"})),
        case(
            "operator-without-software",
            "a field is missing",
            dumps({k: v for k, v in OPERATOR.items() if k != "software"}),
        ),
        case(
            "wall-without-zone",
            "a local time",
            dumps(OPERATOR | {"recorded": WHEN | {"wall": "2026-11-22T06:30:00.000000"}}),
        ),
        case(
            "wall-with-newline",
            "a line break after the time",
            dumps(OPERATOR | {"recorded": WHEN | {"wall": WHEN["wall"] + "\n"}}),
        ),
        case(
            "wall-in-other-digits",
            "the year in Arabic-Indic digits",
            dumps(OPERATOR | {"recorded": WHEN | {"wall": "\u0662\u0660\u0662\u0666-11-22T06:30:00.000000Z"}}),
        ),
        case("monotonic-negative", "a counter below zero", dumps(OPERATOR | {"recorded": WHEN | {"monotonic_ns": -1}})),
        case("trust-unknown", "a trust nobody knows", dumps(OPERATOR | {"recorded": WHEN | {"trust": "sure"}})),
        case("probability-above-one", "1.5", at(hit, probability=1.5)),
        case("probability-nan", "not a number", at(hit, probability=float("nan"))),
        case("probability-is-text", "a number as text", at(hit, probability="0.5")),
        case("conclusion-clear", "never said", dumps(SCREENING | {"conclusion": "clear"})),
        reading("digest-of-31-bytes", "not a SHA-256", transcript_digest=bytes(31)),
        case(
            "screening-2-without-attachments",
            "version 2 attaches the bytes",
            dumps(SCREENING_2 | {"readings": [READING]}),
        ),
        reading("transcript-is-text", "bytes as text", transcript="serial"),
        case(
            "fact-unknown", "a fact nobody knows", dumps(COMMON | FACT | {"schema": "garita.fact/1", "fact": "bored"})
        ),
        case("void-without-a-reason", "an empty reason", named("VoidRecord", reason="")),
        case("void-of-entry-zero", "entries count from 1", named("VoidRecord", concerns=CONCERNED | {"seq": 0})),
        case("amendment-of-nothing", "no change", named("AmendmentRecord", changes=[])),
        case("weight-with-a-comma", "1250,40", named("WeightRecord1", value="1250,40")),
        case("weight-in-pounds", "another unit", named("WeightRecord1", unit="lb")),
        case("photo-digest-of-31-bytes", "not a SHA-256", named("PhotoRecord", photo=PHOTO | {"digest": bytes(31)})),
        case("photo-key-of-16-bytes", "not an AES-256 key", named("PhotoRecord", photo=PHOTO | {"key": bytes(16)})),
        case("seal-number-missing", "an empty number", named("SealRecord1", seal_number="")),
        case("exhibit-number-zero", "exhibits count from 1", named("ExhibitRecord1", number=0)),
        case("export-2-without-also", "what else left is told", dumps(COMMON | CASEWORK["ExportRecord1"] | EXPORT)),
        case("export-2-of-entry-zero", "entries count from 1", dumps(EXPORT_2 | {"also": [0]})),
        case("transfer-to-nobody", "an empty receiver", named("TransferRecord1", receiver="")),
        *(
            case(name, name.replace("-", " "), dumps(COMMON | value))
            for name, value in (BAD_OBSERVATIONS | BAD_SUBJECTS | BAD_SEIZURES | BAD_AFTER).items()
        ),
        case("too-many-values", "1,048,577 beside its fields", dumps(STATION | {"more": [0] * 2**20})),
        case("check-of-a-cat", "a check of nothing known", dumps(SCREENING_2 | CHECK | {"check": "cat"})),
        reading("outcome-unknown", "an outcome nobody knows", outcome="lost"),
    ]


if __name__ == "__main__":
    write_folder("record", ".record", [*good(), *bad()])
