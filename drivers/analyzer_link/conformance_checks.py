"""The checks of conformance, each on one rule of PROTOCOL.md, in an order in which later ones build on earlier ones."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from drivers import canonical
from drivers.analyzer_link.acquisition import Acquisition
from drivers.analyzer_link.frames import (
    MAX_PAYLOAD,
    VERSION,
    Abort,
    Aborted,
    Acquire,
    Advance,
    Checked,
    Done,
    Error,
    Event,
    Failed,
    Identify,
    Identity,
    Message,
    Resend,
    SelfTest,
    State,
    Status,
)
from drivers.analyzer_link.raw_host import WIRE_RATE, Heard, Nonconforming, RawHost
from drivers.errors import BadFrame
from drivers.framing import DELIMITER, encode

ANSWER_S = 0.5
SELF_CHECK_S = 20.0
EVENT_S = 1.0
ACQUISITION_S = 100.0
AFTERMATH_S = 1.5
_SLACK_S = 0.1
_FOREIGN_VERSION = 255


@dataclass
class Subject:
    """The instrument under test, and the acquisition that several checks look at."""

    host: RawHost
    energies: tuple[int, ...]
    request: Acquire = field(init=False)
    events: list[Heard] = field(default_factory=list[Heard])
    asked_at: float = 0.0


@dataclass(frozen=True)
class Check:
    """One rule; `needs` are the checks without which this one says nothing."""

    name: str
    rule: str
    run: Callable[[Subject], None]
    needs: tuple[str, ...] = ()


def _frame(subject: Subject) -> None:
    host = subject.host
    host.send(Identify(host.new_id()))
    heard = host.hear(ANSWER_S + _SLACK_S)
    if host.counts.checksum_failures:
        raise Nonconforming("frames whose COBS and CRC-32C fit", f"{host.counts.checksum_failures} came damaged")
    if heard is None:
        raise Nonconforming(f"a frame within {ANSWER_S} s of identify", "none came")


def _identity(subject: Subject) -> None:
    answer = subject.host.answer_to(Identify(subject.host.new_id()), ANSWER_S)
    if not isinstance(answer, Identity) or answer.version != VERSION:
        raise Nonconforming(f"identity of version {VERSION}", _told(answer))


def _version(subject: Subject) -> None:
    host = subject.host
    answer = host.answer_to(Identify(host.new_id(), (_FOREIGN_VERSION, VERSION)), ANSWER_S)
    if not isinstance(answer, Identity) or answer.version != VERSION:
        raise Nonconforming(f"version {VERSION}, offered beside {_FOREIGN_VERSION}", _told(answer))
    _refused(host.answer_to(Identify(host.new_id(), (_FOREIGN_VERSION,)), ANSWER_S), "version")


def _no_session(subject: Subject) -> None:
    host = subject.host
    host.answer_to(Identify(host.new_id(), (_FOREIGN_VERSION,)), ANSWER_S)
    for request in (Status(host.new_id()), Acquire(host.new_id(), subject.energies), Abort(host.new_id())):
        _refused(host.answer_to(request, ANSWER_S), "no-session")


def _status(subject: Subject) -> None:
    host = subject.host
    host.greet()
    _ready(host)


def _repeat(subject: Subject) -> None:
    host = subject.host
    host.greet()
    request = Status(host.new_id())
    for _ in range(3):
        answer = host.answer_to(request, ANSWER_S)
        if not isinstance(answer, State):
            raise Nonconforming("state, each time that the same request comes", _told(answer))


def _noise(subject: Subject) -> None:
    host = subject.host
    host.greet()
    for data in _damaged(encode(Status(host.new_id()).to_bytes())):
        host.send_bytes(data)
        host.silence(ANSWER_S)
        _ready(host)


def _damaged(frame: bytes) -> Iterable[bytes]:
    flipped = bytearray(frame)
    flipped[len(frame) // 2] ^= 0x10
    yield bytes(flipped)
    yield frame[: len(frame) // 2]
    yield DELIMITER * 64
    yield b"\x55" * (MAX_PAYLOAD + 1000)


def _strictness(subject: Subject) -> None:
    host = subject.host
    host.greet()
    for payload in _invalid(host):
        host.send_bytes(encode(payload))
        host.silence(ANSWER_S)
    _ready(host)


def _invalid(host: RawHost) -> Iterable[bytes]:
    yield canonical.encode({"type": "dance", "id": host.new_id()})
    yield canonical.encode({"type": "status", "id": host.new_id(), "extra": 1})
    yield canonical.encode({"type": "status"})
    yield canonical.encode({"type": "acquire", "id": host.new_id(), "energies": []})
    yield canonical.encode({"type": "status", "id": 0})
    yield Status(host.new_id()).to_bytes() + b"\x00"
    yield b"\xa2dtypefstatusbid\x18\x07"  # keys not sorted, 7 not in its shortest form


def _self_check(subject: Subject) -> None:
    host = subject.host
    host.greet()
    answer = host.answer_to(SelfTest(host.new_id()), SELF_CHECK_S)
    if not isinstance(answer, Checked):
        raise Nonconforming("checked", _told(answer))


def _events(subject: Subject) -> None:
    host = subject.host
    host.greet()
    subject.request = Acquire(host.new_id(), subject.energies)
    subject.asked_at = host.now
    host.send(subject.request)
    subject.events = _to_the_end(host, subject.request, subject.asked_at)
    last = subject.events[-1].message
    if not isinstance(last, Done):
        raise Nonconforming("done; put a sample in that can be measured", _told(last))
    if not isinstance(subject.events[0].message, Advance):
        raise Nonconforming("progress as event 0", _told(subject.events[0].message))


def _to_the_end(host: RawHost, request: Acquire, since: float, start: int = 0) -> list[Heard]:
    events: list[Heard] = []
    while not events or not isinstance(events[-1].message, (Done, Failed)):
        heard = host.hear(EVENT_S * 3)
        if heard is None:
            raise Nonconforming(f"event {start + len(events)}, up to done or failed", "nothing came")
        events.append(_expected(heard, request, start + len(events)))
        if host.now - since > ACQUISITION_S:
            raise Nonconforming(f"the end within {ACQUISITION_S:g} s", f"{len(events)} events and no end came")
    return events


def _expected(heard: Heard, request: Acquire, number: int) -> Heard:
    message = heard.message
    if not isinstance(message, Event) or message.id != request.id:
        raise Nonconforming(f"event {number} of acquisition {request.id}", _told(message))
    if message.number != number:
        raise Nonconforming(f"event {number}", f"event {message.number} came")
    return heard


def _event_times(subject: Subject) -> None:
    first = subject.events[0].began - subject.asked_at
    if first > ANSWER_S + _SLACK_S:
        raise Nonconforming(f"event 0 within {ANSWER_S} s of acquire", f"it came after {first:.2f} s")
    for before, after in zip(subject.events, subject.events[1:], strict=False):
        if after.began - before.at > EVENT_S + _SLACK_S:
            raise Nonconforming(
                f"the next event within {EVENT_S:g} s",
                f"event {_number(after)} began {after.began - before.at:.2f} s after event {_number(before)}",
            )


def _spectra(subject: Subject) -> None:
    acquisition = Acquisition(subject.request, "instrument")
    for heard in subject.events:
        if isinstance(heard.message, Event):
            try:
                acquisition.accept(heard.message)
            except BadFrame as error:
                raise Nonconforming("each energy once, in order, as a spectrum or in missing", error.problem) from error


def _never_again(subject: Subject) -> None:
    subject.host.send(subject.request)
    _same(subject, 0, "acquire with the id of the latest acquisition")


def _resend(subject: Subject) -> None:
    for start in (0, len(subject.events) // 2, len(subject.events) - 1):
        subject.host.send(Resend(subject.request.id, start))
        _same(subject, start, f"resend from {start}")


def _same(subject: Subject, start: int, what: str) -> None:
    began = subject.host.now
    wanted = subject.events[start:]
    again: list[Heard] = []
    while len(again) < len(wanted):
        heard = subject.host.hear(ANSWER_S + _SLACK_S)
        if heard is None:
            raise Nonconforming(f"{len(wanted)} events after {what}", f"{len(again)} came")
        again.append(_expected(heard, subject.request, start + len(again)))
    took = subject.host.now - began - sum(len(heard.payload) for heard in wanted) / WIRE_RATE
    if [heard.payload for heard in again] != [heard.payload for heard in wanted]:
        raise Nonconforming(f"the same bytes after {what}", "other events came: it measured anew")
    if took > ANSWER_S + EVENT_S:
        raise Nonconforming(f"the kept events at once after {what}", f"they took {took:.1f} s: it measured anew")


def _resend_unknown(subject: Subject) -> None:
    host = subject.host
    _refused(host.answer_to(Resend(host.new_id(), 0), ANSWER_S), "no-such-acquisition")


def _busy(subject: Subject) -> None:
    host, _ = _measuring(subject)
    _refused(host.answer_to(Acquire(host.new_id(), subject.energies), ANSWER_S), "busy")
    _refused(host.answer_to(SelfTest(host.new_id()), ANSWER_S), "busy")
    state = host.answer_to(Status(host.new_id()), ANSWER_S)
    if not isinstance(state, State) or state.ready:
        raise Nonconforming("state, not ready, while it measures", _told(state))


def _resend_while_measuring(subject: Subject) -> None:
    host, request = _measuring(subject)
    first = host.hear(EVENT_S + _SLACK_S)
    host.send(Resend(request.id, 0))
    seen: dict[int, bytes] = {0: first.payload} if first and _number(first) == 0 else {}
    returned = False
    while True:
        heard = host.hear(EVENT_S * 3)
        if heard is None:
            raise Nonconforming(
                "the acquisition to go on after resend", f"nothing came after event {max(seen, default=0)}"
            )
        number = _number(heard)
        returned |= number in seen
        if seen.setdefault(number, heard.payload) != heard.payload:
            raise Nonconforming(f"event {number} with the same bytes again", "other bytes came")
        if isinstance(heard.message, (Done, Failed)):
            break
    if sorted(seen) != list(range(len(seen))) or not returned:
        raise Nonconforming("the events sent so far again, then the others", f"events {sorted(seen)} came")


def _abort(subject: Subject) -> None:
    host, request = _measuring(subject)
    answer = host.answer_to(Abort(host.new_id()), ANSWER_S)
    if not isinstance(answer, Aborted):
        raise Nonconforming("aborted", _told(answer))
    host.silence(AFTERMATH_S)
    _refused(host.answer_to(Resend(request.id, 0), ANSWER_S), "no-such-acquisition")
    _ready(host)


def _abort_idle(subject: Subject) -> None:
    host = subject.host
    host.greet()
    answer = host.answer_to(Abort(host.new_id()), ANSWER_S)
    if not isinstance(answer, Aborted):
        raise Nonconforming("aborted, with nothing running too", _told(answer))


def _identify_ends(subject: Subject) -> None:
    host, request = _measuring(subject)
    host.greet()
    host.silence(AFTERMATH_S)
    _refused(host.answer_to(Resend(request.id, 0), ANSWER_S), "no-such-acquisition")


def _measuring(subject: Subject) -> tuple[RawHost, Acquire]:
    host = subject.host
    host.greet()
    request = Acquire(host.new_id(), subject.energies)
    host.send(request)
    return host, request


def _ready(host: RawHost) -> None:
    state = host.answer_to(Status(host.new_id()), ANSWER_S)
    if not isinstance(state, State) or not state.ready:
        raise Nonconforming("state, ready", _told(state))


def _refused(answer: Message, code: str) -> None:
    if not isinstance(answer, Error) or answer.code != code:
        raise Nonconforming(f"error {code}", _told(answer))


def _number(heard: Heard) -> int:
    return heard.message.number if isinstance(heard.message, Event) else -1


def _told(message: Message) -> str:
    if isinstance(message, (Error, Failed)):
        return f"{message.TYPE} {message.code} ({message.detail}) came"
    return f"{message.TYPE} of id {message.id} came"


CHECKS = (
    Check("frame", "section 2: COBS and CRC-32C", _frame),
    Check("identity", "section 3: identify is answered with identity", _identity, ("frame",)),
    Check("version", "section 8: version 1 is chosen, others are refused", _version, ("identity",)),
    Check("no-session", "section 4: without a session everything is refused", _no_session, ("version",)),
    Check("status", "section 3: status is answered with state", _status, ("identity",)),
    Check("repeat", "section 4: a request that comes again is answered again", _repeat, ("status",)),
    Check("noise", "section 2: damaged, half, empty and endless frames are passed over", _noise, ("status",)),
    Check("strictness", "section 4: what is no message of section 3 is passed over", _strictness, ("status",)),
    Check("self-check", "section 5: a self-check ends in 20 s", _self_check, ("identity",)),
    Check("abort-idle", "section 4: abort is answered with nothing running too", _abort_idle, ("identity",)),
    Check("events", "section 4: numbered events up to done", _events, ("identity",)),
    Check("event-times", "section 5: event 0 in 0.5 s, each next one in 1 s", _event_times, ("events",)),
    Check("spectra", "section 4: every energy in exactly one place, in order", _spectra, ("events",)),
    Check("never-again", "section 4: the same acquire never measures again", _never_again, ("events",)),
    Check("resend", "section 4: kept events come again, the same bytes", _resend, ("never-again",)),
    Check("resend-unknown", "section 6: events of no acquisition are refused", _resend_unknown, ("identity",)),
    Check("resend-while-measuring", "section 4: sent events come again, then it goes on",
          _resend_while_measuring, ("resend",)),
    Check("busy", "section 4: nothing else begins while it measures", _busy, ("status", "events")),
    Check("abort", "section 4: after aborted no event follows", _abort, ("status", "events", "resend-unknown")),
    Check("identify-ends", "section 4: identify ends what was going on", _identify_ends, ("events", "resend-unknown")),
)  # fmt: skip
"""Every check, in the order in which they are made."""
