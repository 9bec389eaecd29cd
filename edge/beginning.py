"""What a station looks at when it starts and ends, and puts on record."""

from sqlmodel import Session

from edge.recorder import Recorder
from edge.records import fact, station_event
from edge.tables import StationState
from edge.views import SpaceState
from sync.chain import Head


def begin(session: Session, recorder: Recorder, *, bundle: str, library: str, head: Head, space: SpaceState) -> None:
    """Record the start and what was found at it: lost power, another model or library, and the self-check's values.

    `head` is the journal's, verified before; `bundle` and `library` are digests in hex.
    """
    header = recorder.header()
    recorder.record(session, station_event(header, "started", header.software))
    before = session.get(StationState, 1)
    if before:
        _compare(session, recorder, before, bundle, library)
    found = {"seq": str(head.seq), "head": head.digest.hex(), "bundle": bundle, "library": library, "space": space}
    recorder.record(
        session, fact(header, "self_check", "journal, model, library and disk are as they must be", **found)
    )
    now = before or StationState(bundle=bundle, library=library, closed=False)
    now.bundle, now.library, now.closed = bundle, library, False
    session.add(now)


def end(session: Session) -> None:
    """Note that the station ended in order; no record says so, since the next start's absence of a loss does."""
    state = session.get(StationState, 1)
    if state:
        state.closed = True
        session.add(state)


def _compare(session: Session, recorder: Recorder, before: StationState, bundle: str, library: str) -> None:
    header = recorder.header()
    if not before.closed:
        recorder.record(session, fact(header, "power_lost", "the station did not end in order before this start"))
    if before.bundle != bundle:
        change = fact(header, "model_changed", "another model than at the last start", was=before.bundle, now=bundle)
        recorder.record(session, change)
    if before.library != library:
        change = fact(header, "library_changed", "another library than before", was=before.library, now=library)
        recorder.record(session, change)
