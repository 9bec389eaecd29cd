"""What instruments beside the analyzer told, as record vectors: good ones, and bad ones with one fault each."""

from hashlib import sha256
from typing import Any

SESSION = b"serial bytes"
WEIGHT = {"value": "100.00", "unit": "g", "grams": "100.00", "basis": "untold", "raw": b"S S     100.00 g"}
POSITION: dict[str, Any] = {
    "latitude": 27.4997,
    "longitude": -99.5075,
    "told": "2026-11-22T12:00:07.000000Z",
    "quality": "gps",
    "source": "GN",
    "satellites": 9,
    "hdop": 0.9,
    "age": 0.25,
    "doubts": [],
    "raw": [b"$GNGGA", b"$GNRMC"],
}
CODE = {
    "symbology": "data-matrix",
    "aim": "]d2",
    "data": b"0109506000134352",
    "raw": b"]d20109506000134352",
    "elements": [{"ai": "01", "title": "GTIN", "value": "09506000134352"}],
    "kind": None,
    "problem": None,
}
NOTHING: dict[str, Any] = {"weight": None, "position": None, "code": None}
OBSERVATION_1: dict[str, Any] = {
    "schema": "garita.observation/1",
    "screening": "s-1",
    "device": {"port": "mt-sics:pty", "maker": "m", "model": "x", "serial_number": "1", "firmware": "1"},
    "transcript": SESSION,
    "transcript_digest": sha256(SESSION).digest(),
}
OBSERVATION = OBSERVATION_1 | {"schema": "garita.observation/2", "exhibit": "e-1"}
SECOND = {
    "schema": "garita.second-technique/1",
    "screening": "s-1",
    "presumptive": "Presuntivo: requiere confirmación de laboratorio",
    "concerns": {"seq": 12, "digest": bytes(range(32))},
    "instrument": "TruNarc 12",
    "verdict": "ALARM: Cocaine HCl",
}

GOOD = {
    "observation-weight": OBSERVATION_1 | NOTHING | {"weight": WEIGHT},
    "observation-position": OBSERVATION_1 | NOTHING | {"position": POSITION},
    "observation-code": OBSERVATION_1 | NOTHING | {"code": CODE},
    "observation-2-weight": OBSERVATION | NOTHING | {"weight": WEIGHT},
    "observation-2-of-no-exhibit": OBSERVATION | NOTHING | {"code": CODE, "exhibit": None},
    "second-technique": SECOND,
}
BAD = {
    "observation-weight-with-exponent": OBSERVATION_1 | NOTHING | {"weight": WEIGHT | {"value": "1e2"}},
    "observation-weight-of-a-tare": OBSERVATION_1 | NOTHING | {"weight": WEIGHT | {"basis": "tare"}},
    "observation-beyond-the-pole": OBSERVATION_1 | NOTHING | {"position": POSITION | {"latitude": 90.5}},
    "observation-of-the-future": OBSERVATION_1 | NOTHING | {"position": POSITION | {"age": -1.0}},
    "observation-code-as-text": OBSERVATION_1 | NOTHING | {"code": CODE | {"data": "0109506000134352"}},
    "observation-without-position": {k: v for k, v in (OBSERVATION_1 | NOTHING).items() if k != "position"},
    "observation-2-without-exhibit": OBSERVATION_1 | NOTHING | {"schema": "garita.observation/2", "code": CODE},
    "second-technique-of-entry-zero": SECOND | {"concerns": {"seq": 0, "digest": bytes(32)}},
}
