"""Checks of acquisitions: events, their times and spectra, resend, abort, and that nothing is ever measured twice."""

from drivers.analyzer_link.acquisition import Acquisition
from drivers.analyzer_link.conformance_subject import (
    ANSWER_S,
    SLACK_S,
    Subject,
    number_of,
    require_ready,
    require_refused,
    told,
)
from drivers.analyzer_link.frames import (
    Abort,
    Aborted,
    Acquire,
    Advance,
    Done,
    Event,
    Failed,
    Resend,
    SelfTest,
    State,
    Status,
)
from drivers.analyzer_link.raw_host import WIRE_RATE, Heard, Nonconforming, RawHost
from drivers.errors import BadFrame

EVENT_S = 1.0
ACQUISITION_S = 100.0
AFTERMATH_S = 1.5


def events(subject: Subject) -> None:
    host = subject.host
    host.greet()
    subject.request = Acquire(host.new_id(), subject.energies)
    subject.asked_at = host.now
    host.send(subject.request)
    subject.events = _to_the_end(host, subject.request, subject.asked_at)
    last = subject.events[-1].message
    if not isinstance(last, Done):
        raise Nonconforming("done; put a sample in that can be measured", told(last))
    if not isinstance(subject.events[0].message, Advance):
        raise Nonconforming("progress as event 0", told(subject.events[0].message))


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
        raise Nonconforming(f"event {number} of acquisition {request.id}", told(message))
    if message.number != number:
        raise Nonconforming(f"event {number}", f"event {message.number} came")
    return heard


def event_times(subject: Subject) -> None:
    first = subject.events[0].began - subject.asked_at
    if first > ANSWER_S + SLACK_S:
        raise Nonconforming(f"event 0 within {ANSWER_S} s of acquire", f"it came after {first:.2f} s")
    for before, after in zip(subject.events, subject.events[1:], strict=False):
        if after.began - before.at > EVENT_S + SLACK_S:
            raise Nonconforming(
                f"the next event within {EVENT_S:g} s",
                f"event {number_of(after)} began {after.began - before.at:.2f} s after event {number_of(before)}",
            )


def spectra(subject: Subject) -> None:
    acquisition = Acquisition(subject.request, "instrument")
    for heard in subject.events:
        if isinstance(heard.message, Event):
            try:
                acquisition.accept(heard.message)
            except BadFrame as error:
                raise Nonconforming("each energy once, in order, as a spectrum or in missing", error.problem) from error


def never_again(subject: Subject) -> None:
    subject.host.send(subject.request)
    _same(subject, 0, "acquire with the id of the latest acquisition")


def resend(subject: Subject) -> None:
    for start in (0, len(subject.events) // 2, len(subject.events) - 1):
        subject.host.send(Resend(subject.request.id, start))
        _same(subject, start, f"resend from {start}")


def _same(subject: Subject, start: int, what: str) -> None:
    began = subject.host.now
    wanted = subject.events[start:]
    again: list[Heard] = []
    while len(again) < len(wanted):
        heard = subject.host.hear(ANSWER_S + SLACK_S)
        if heard is None:
            raise Nonconforming(f"{len(wanted)} events after {what}", f"{len(again)} came")
        again.append(_expected(heard, subject.request, start + len(again)))
    took = subject.host.now - began - sum(len(heard.payload) for heard in wanted) / WIRE_RATE
    if [heard.payload for heard in again] != [heard.payload for heard in wanted]:
        raise Nonconforming(f"the same bytes after {what}", "other events came: it measured anew")
    if took > ANSWER_S + EVENT_S:
        raise Nonconforming(f"the kept events at once after {what}", f"they took {took:.1f} s: it measured anew")


def resend_unknown(subject: Subject) -> None:
    host = subject.host
    require_refused(host.answer_to(Resend(host.new_id(), 0), ANSWER_S), "no-such-acquisition")


def busy(subject: Subject) -> None:
    host, _ = _measuring(subject)
    require_refused(host.answer_to(Acquire(host.new_id(), subject.energies), ANSWER_S), "busy")
    require_refused(host.answer_to(SelfTest(host.new_id()), ANSWER_S), "busy")
    state = host.answer_to(Status(host.new_id()), ANSWER_S)
    if not isinstance(state, State) or state.ready:
        raise Nonconforming("state, not ready, while it measures", told(state))


def resend_while_measuring(subject: Subject) -> None:
    host, request = _measuring(subject)
    first = host.hear(EVENT_S + SLACK_S)
    host.send(Resend(request.id, 0))
    seen: dict[int, bytes] = {0: first.payload} if first and number_of(first) == 0 else {}
    returned = False
    while True:
        heard = host.hear(EVENT_S * 3)
        if heard is None:
            raise Nonconforming(
                "the acquisition to go on after resend", f"nothing came after event {max(seen, default=0)}"
            )
        number = number_of(heard)
        returned |= number in seen
        if seen.setdefault(number, heard.payload) != heard.payload:
            raise Nonconforming(f"event {number} with the same bytes again", "other bytes came")
        if isinstance(heard.message, (Done, Failed)):
            break
    if sorted(seen) != list(range(len(seen))) or not returned:
        raise Nonconforming("the events sent so far again, then the others", f"events {sorted(seen)} came")


def abort(subject: Subject) -> None:
    host, request = _measuring(subject)
    answer = host.answer_to(Abort(host.new_id()), ANSWER_S)
    if not isinstance(answer, Aborted):
        raise Nonconforming("aborted", told(answer))
    host.silence(AFTERMATH_S)
    require_refused(host.answer_to(Resend(request.id, 0), ANSWER_S), "no-such-acquisition")
    require_ready(host)


def identify_ends(subject: Subject) -> None:
    host, request = _measuring(subject)
    host.greet()
    host.silence(AFTERMATH_S)
    require_refused(host.answer_to(Resend(request.id, 0), ANSWER_S), "no-such-acquisition")


def _measuring(subject: Subject) -> tuple[RawHost, Acquire]:
    host = subject.host
    host.greet()
    request = Acquire(host.new_id(), subject.energies)
    host.send(request)
    return host, request
