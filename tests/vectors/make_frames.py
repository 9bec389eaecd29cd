"""Make tests/vectors/frames: frames of Analyzer Link in hex, good ones, and bad ones each with one fault."""

import struct

import cbor2
from vector_files import Case, write_folder

from drivers.analyzer_link.frames import (
    MAX_PAYLOAD,
    Abort,
    Aborted,
    Acquire,
    Advance,
    Checked,
    Done,
    Error,
    Failed,
    Identify,
    Identity,
    Measured,
    Message,
    Resend,
    SelfTest,
    State,
    Status,
)
from drivers.framing import encode, stuff

MZ = struct.pack("<3I", 820_650, 1_821_176, 3_041_543)
INTENSITY = struct.pack("<3f", 2048.0, 20000.0, 8192.0)
SPECTRUM = Measured(19, 1, 300, "in-source-cid", "positive", None, MZ, INTENSITY)
GOOD: tuple[tuple[Message, str], ...] = (
    (Identify(16), "opens a session"),
    (Status(17), "asks for the state"),
    (SelfTest(18), "asks for a self-check"),
    (Acquire(19, (150, 300, 500)), "15 V, 30 V, 50 V"),
    (Resend(19, 1), "from event 1 on"),
    (Abort(20), "stops the acquisition"),
    (Identity(16, 1, "Maker", "Model 1", "A-0001", "2.3.1"), "answers identify"),
    (State(17, ready=True, detail="", battery=87), "ready, 87 percent"),
    (Checked(18, (("vacuum", True), ("detector", False))), "the detector did not pass"),
    (Aborted(20), "answers abort"),
    (Error(19, "busy", "warming up"), "refuses a request"),
    (Advance(19, 0, 33, "measuring at 15 V"), "event 0"),
    (SPECTRUM, "event 1, three peaks at 30 V"),
    (Done(19, 2, (150, 500)), "event 2, two energies are missing"),
    (Failed(19, 2, "detector-fault", "no high voltage"), "event 2, the end"),
)


def bad_cases() -> list[Case]:
    """Return frames that are dropped, and good frames that hold no message."""
    good = Status(17).to_bytes()
    frame = encode(good)
    form = {"type": "status", "id": 17}

    def dropped(name: str, why: str, data: bytes) -> Case:
        return Case(name, "dropped", why, _hex(data))

    def refused(name: str, why: str, payload: object) -> Case:
        data = payload if isinstance(payload, bytes) else cbor2.dumps(payload, canonical=True)
        return Case(name, "BadFrame", why, _hex(encode(data)))

    spectrum = cbor2.loads(SPECTRUM.to_bytes())
    acquire = {"type": "acquire", "id": 19}
    error = {"type": "error", "id": 19, "code": "busy", "detail": ""}
    return [
        dropped("checksum-wrong", "last bit of the CRC", b"\x00" + stuff(good + b"\x00\x00\x00\x00") + b"\x00"),
        dropped("one-bit-flipped", "in the middle", frame[:9] + bytes([frame[9] ^ 4]) + frame[10:]),
        dropped("half-frame", "no end", frame[: len(frame) // 2]),
        dropped("block-beyond-the-end", "COBS code too large", b"\x00\xff\x01\x02\x00"),
        dropped("shorter-than-a-checksum", "three bytes", b"\x00" + stuff(b"abc") + b"\x00"),
        dropped("empty-frames", "delimiters alone", bytes(8)),
        dropped("too-long", f"more than {MAX_PAYLOAD} bytes", encode(b"\x01" * (MAX_PAYLOAD + 4))),
        refused("empty-payload", "a good checksum over nothing", b""),
        refused("not-cbor", "text", b"hello"),
        refused("not-a-map", "a list", [1, 2]),
        refused("two-items", "bytes behind the map", good + b"\x01"),
        refused("map-of-unknown-length", "not deterministic", b"\xbf" + good[1:] + b"\xff"),
        refused("id-in-two-bytes-too-many", "not deterministic", good.replace(b"\x62id\x11", b"\x62id\x19\x00\x11")),
        refused("keys-out-of-order", "not deterministic", b"\xa2\x64type\x66status\x62id\x11"),
        refused("key-twice", "two ids", b"\xa3\x62id\x11\x62id\x11\x64type\x66status"),
        refused("tagged", "a tag", cbor2.CBORTag(55_799, form)),
        refused("nested-deep", "100 lists", b"\x81" * 100 + b"\x01"),
        refused("no-type", "an id alone", {"id": 17}),
        refused("type-unknown", "a word nobody agreed on", {**form, "type": "explode"}),
        refused("type-a-number", "no text", {**form, "type": 1}),
        refused("no-id", "a type alone", {"type": "status"}),
        refused("id-zero", "ids begin at 1", {**form, "id": 0}),
        refused("id-beyond-32-bits", "2^32", {**form, "id": 2**32}),
        refused("id-negative", "-1", {**form, "id": -1}),
        refused("id-a-truth-value", "true is no number", {**form, "id": True}),
        refused("field-extra", "strict", {**form, "hello": 1}),
        refused("energies-none", "at least one", {**acquire, "energies": []}),
        refused("energies-too-many", "17", {**acquire, "energies": list(range(17))}),
        refused("energy-twice", "each once", {**acquire, "energies": [150, 150]}),
        refused("energy-too-high", "500.1 V", {**acquire, "energies": [5001]}),
        refused("energy-a-float", "15.0", {**acquire, "energies": [15.0]}),
        refused("spectrum-cut-in-a-value", "11 bytes of m/z", {**spectrum, "mz": MZ[:-1]}),
        refused("spectrum-uneven", "two m/z, three intensities", {**spectrum, "mz": MZ[:-4]}),
        refused("spectrum-too-long", "2049 peaks", {**spectrum, "mz": bytes(8196), "intensity": bytes(8196)}),
        refused("technique-unknown", "raman", {**spectrum, "technique": "raman"}),
        refused("text-with-control-characters", "an escape sequence", {**error, "detail": "\x1b[2J"}),
        refused("code-with-capitals", "a-z, 0-9 and - only", {**error, "code": "Busy"}),
        refused("text-too-long", "65 bytes of serial", {**cbor2.loads(GOOD[6][0].to_bytes()), "serial": "A" * 65}),
    ]  # fmt: skip


def _hex(data: bytes) -> bytes:
    return data.hex().encode() + b"\n"


def good_cases() -> list[Case]:
    """Return one frame of each message."""
    return [Case(f"good-{message.TYPE}", message.TYPE, why, _hex(encode(message.to_bytes()))) for message, why in GOOD]


if __name__ == "__main__":
    write_folder("frames", ".hex", [*good_cases(), *bad_cases()])
