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
OBSERVATION: dict[str, Any] = {
    "schema": "garita.observation/1",
    "screening": "s-1",
    "device": {"port": "mt-sics:pty", "maker": "m", "model": "x", "serial_number": "1", "firmware": "1"},
    "transcript": SESSION,
    "transcript_digest": sha256(SESSION).digest(),
}
SECOND = {
    "schema": "garita.second-technique/1",
    "screening": "s-1",
    "presumptive": "Presuntivo: requiere confirmación de laboratorio",
    "concerns": {"seq": 12, "digest": bytes(range(32))},
    "instrument": "TruNarc 12",
    "verdict": "ALARM: Cocaine HCl",
}

GOOD = {
    "observation-weight": OBSERVATION | NOTHING | {"weight": WEIGHT},
    "observation-position": OBSERVATION | NOTHING | {"position": POSITION},
    "observation-code": OBSERVATION | NOTHING | {"code": CODE},
    "second-technique": SECOND,
}
BAD = {
    "observation-weight-with-exponent": OBSERVATION | NOTHING | {"weight": WEIGHT | {"value": "1e2"}},
    "observation-weight-of-a-tare": OBSERVATION | NOTHING | {"weight": WEIGHT | {"basis": "tare"}},
    "observation-beyond-the-pole": OBSERVATION | NOTHING | {"position": POSITION | {"latitude": 90.5}},
    "observation-of-the-future": OBSERVATION | NOTHING | {"position": POSITION | {"age": -1.0}},
    "observation-code-as-text": OBSERVATION | NOTHING | {"code": CODE | {"data": "0109506000134352"}},
    "observation-without-position": {k: v for k, v in (OBSERVATION | NOTHING).items() if k != "position"},
    "second-technique-of-entry-zero": SECOND | {"concerns": {"seq": 0, "digest": bytes(32)}},
}
