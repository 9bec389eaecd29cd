"""Checks of single requests: greeting, status, self-check, noise and what is no message."""

from collections.abc import Iterable

from drivers import canonical
from drivers.analyzer_link.conformance_subject import ANSWER_S, SLACK_S, Subject, require_ready, require_refused, told
from drivers.analyzer_link.frames import (
    MAX_PAYLOAD,
    VERSION,
    Abort,
    Aborted,
    Acquire,
    Checked,
    Identify,
    Identity,
    SelfTest,
    State,
    Status,
)
from drivers.analyzer_link.raw_host import Nonconforming, RawHost
from drivers.framing import DELIMITER, encode

SELF_CHECK_S = 20.0
_FOREIGN_VERSION = 255


def frame(subject: Subject) -> None:
    host = subject.host
    host.send(Identify(host.new_id()))
    heard = host.hear(ANSWER_S + SLACK_S)
    if host.counts.checksum_failures:
        raise Nonconforming("frames whose COBS and CRC-32C fit", f"{host.counts.checksum_failures} came damaged")
    if heard is None:
        raise Nonconforming(f"a frame within {ANSWER_S} s of identify", "none came")


def identity(subject: Subject) -> None:
    answer = subject.host.answer_to(Identify(subject.host.new_id()), ANSWER_S)
    if not isinstance(answer, Identity) or answer.version != VERSION:
        raise Nonconforming(f"identity of version {VERSION}", told(answer))


def version(subject: Subject) -> None:
    host = subject.host
    answer = host.answer_to(Identify(host.new_id(), (_FOREIGN_VERSION, VERSION)), ANSWER_S)
    if not isinstance(answer, Identity) or answer.version != VERSION:
        raise Nonconforming(f"version {VERSION}, offered beside {_FOREIGN_VERSION}", told(answer))
    require_refused(host.answer_to(Identify(host.new_id(), (_FOREIGN_VERSION,)), ANSWER_S), "version")


def no_session(subject: Subject) -> None:
    host = subject.host
    host.answer_to(Identify(host.new_id(), (_FOREIGN_VERSION,)), ANSWER_S)
    for request in (Status(host.new_id()), Acquire(host.new_id(), subject.energies), Abort(host.new_id())):
        require_refused(host.answer_to(request, ANSWER_S), "no-session")


def status(subject: Subject) -> None:
    host = subject.host
    host.greet()
    require_ready(host)


def repeat(subject: Subject) -> None:
    host = subject.host
    host.greet()
    request = Status(host.new_id())
    for _ in range(3):
        answer = host.answer_to(request, ANSWER_S)
        if not isinstance(answer, State):
            raise Nonconforming("state, each time that the same request comes", told(answer))


def noise(subject: Subject) -> None:
    host = subject.host
    host.greet()
    for data in _damaged(encode(Status(host.new_id()).to_bytes())):
        host.send_bytes(data)
        host.silence(ANSWER_S)
        require_ready(host)


def _damaged(frame: bytes) -> Iterable[bytes]:
    flipped = bytearray(frame)
    flipped[len(frame) // 2] ^= 0x10
    yield bytes(flipped)
    yield frame[: len(frame) // 2]
    yield DELIMITER * 64
    yield b"\x55" * (MAX_PAYLOAD + 1000)


def strictness(subject: Subject) -> None:
    host = subject.host
    host.greet()
    for payload in _invalid(host):
        host.send_bytes(encode(payload))
        host.silence(ANSWER_S)
    require_ready(host)


def _invalid(host: RawHost) -> Iterable[bytes]:
    yield canonical.encode({"type": "dance", "id": host.new_id()})
    yield canonical.encode({"type": "status", "id": host.new_id(), "extra": 1})
    yield canonical.encode({"type": "status"})
    yield canonical.encode({"type": "acquire", "id": host.new_id(), "energies": []})
    yield canonical.encode({"type": "status", "id": 0})
    yield Status(host.new_id()).to_bytes() + b"\x00"
    yield b"\xa2dtypefstatusbid\x18\x07"  # keys not sorted, 7 not in its shortest form


def self_check(subject: Subject) -> None:
    host = subject.host
    host.greet()
    answer = host.answer_to(SelfTest(host.new_id()), SELF_CHECK_S)
    if not isinstance(answer, Checked):
        raise Nonconforming("checked", told(answer))


def abort_idle(subject: Subject) -> None:
    host = subject.host
    host.greet()
    answer = host.answer_to(Abort(host.new_id()), ANSWER_S)
    if not isinstance(answer, Aborted):
        raise Nonconforming("aborted, with nothing running too", told(answer))
