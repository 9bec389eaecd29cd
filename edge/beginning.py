"""What a station looks at when it starts and ends, and puts on record."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from edge import settings_told
from edge.left_out import LeftOut, on_record
from edge.recorder import Recorder
from edge.records import fact, station_event
from edge.settings import Settings
from edge.tables import StationState
from edge.views import SpaceState
from sync.chain import Head

WHOLE = "journal, model, library and disk are as they must be"


@dataclass(frozen=True)
class Found:
    """What a start finds: digests in hex of bundle and library in use, and the journal's `head`, verified before."""

    bundle: str
    library: str
    head: Head
    space: SpaceState
    left_out: Sequence[LeftOut]
    settings: Settings

    @property
    def values(self) -> dict[str, str]:
        """The self-check's values; `left_out` only where something is."""
        known = {"bundle": self.bundle, "library": self.library, "space": self.space}
        place = {"post_name": self.settings.post, "settings": settings_told.digest(self.settings)}
        told = {"left_out": on_record(self.left_out)} if self.left_out else {}
        return {"seq": str(self.head.seq), "head": self.head.digest.hex(), **known, **place, **told}


def begin(session: Session, recorder: Recorder, found: Found) -> None:
    """Record the start and what was found at it: lost power, another model, library or settings, the self-check."""
    header = recorder.header()
    since = recorder.record(session, station_event(header, "started", header.software))
    before = session.get(StationState, 1)
    if before:
        _compare(session, recorder, before, found)
    _tell_settings(session, recorder, found.settings)
    settings_told.keep(session, found.settings, since)
    said = "of model, library and lists something is left out" if found.left_out else WHOLE
    recorder.record(session, fact(header, "self_check", said, **found.values))
    now = before or StationState(bundle=found.bundle, library=found.library, closed=False)
    now.bundle, now.library, now.closed = found.bundle, found.library, False
    session.add(now)


def end(session: Session) -> None:
    """Note that the station ended in order; no record says so, since the next start's absence of a loss does."""
    state = session.get(StationState, 1)
    if state:
        state.closed = True
        session.add(state)


def _compare(session: Session, recorder: Recorder, before: StationState, found: Found) -> None:
    header = recorder.header()
    if not before.closed:
        recorder.record(session, fact(header, "power_lost", "the station did not end in order before this start"))
    if before.bundle != found.bundle:
        was, now = before.bundle, found.bundle
        change = fact(header, "model_changed", "another model than at the last start", was=was, now=now)
        recorder.record(session, change)
    if before.library != found.library:
        was, now = before.library, found.library
        change = fact(header, "library_changed", "another library than before", was=was, now=now)
        recorder.record(session, change)


def _tell_settings(session: Session, recorder: Recorder, settings: Settings) -> None:
    changed = settings_told.changes(session, settings)
    if changed:
        detail = "; ".join(f"{name}: {was} -> {now}" for name, (was, now) in changed.items())
        values = {f"{name}_was": was for name, (was, _) in changed.items()}
        values |= {f"{name}_now": now for name, (_, now) in changed.items()}
        recorder.record(session, fact(recorder.header(), "settings_changed", detail, **values))
