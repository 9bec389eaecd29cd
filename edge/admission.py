"""What a station uses from now on, put on record when it opens: recipients, log policy, bundle, library and lists."""

import logging
from collections.abc import Sequence

from edge import knowledge, witnessing
from edge.database import Database
from edge.left_out import LeftOut
from edge.recorder import Recorder
from edge.records import fact, station_event
from edge.settings import Settings
from models.bundle import Bundle
from sync import accepted
from sync.recipients import RecipientList
from sync.roots import RootSet

LOG = logging.getLogger(__name__)


def admit(
    database: Database,
    recorder: Recorder,
    settings: Settings,
    *,
    recipients: RecipientList,
    roots: RootSet,
    bundle: Bundle,
    left_out: Sequence[LeftOut],
) -> list[LeftOut]:
    """Use these from now on; return `left_out` and what else is. Raises RefusedList for an older list of recipients."""
    _admit_recipients(database, recorder, recipients, roots)
    with database.write() as session:
        known = [*left_out, *witnessing.admit(session, recorder, settings)]
    known = _admit_knowledge(database, recorder, settings, roots=roots, bundle=bundle, known=known)
    for each in known:
        LOG.warning("%s", each)
    return known


def _admit_recipients(database: Database, recorder: Recorder, recipients: RecipientList, roots: RootSet) -> None:
    with database.write() as session:
        last = accepted.admit(session, recipients, roots)
        if last:
            change = f"recipient list {recipients.version} ({recipients.digest.hex()}) follows {last.version}"
            recorder.record(session, station_event(recorder.header(), "recipients_changed", change))


def _admit_knowledge(
    database: Database,
    recorder: Recorder,
    settings: Settings,
    *,
    roots: RootSet,
    bundle: Bundle,
    known: Sequence[LeftOut],
) -> list[LeftOut]:
    """Return what is `known` to be left out, and where newer releases than these were in use."""
    here = knowledge.versions_here(settings, roots, bundle)
    with database.write() as session:
        before = knowledge.admit(session, here)
        if here["schedules"] > before["schedules"]:
            change = f"schedules release {here['schedules']} follows {before['schedules']}"
            recorder.record(session, fact(recorder.header(), "maintenance", change))
    found = [*known, *knowledge.missing(here, before, known)]
    with database.write() as session:
        return [*found, *knowledge.lost(session, knowledge.whole_here(settings, roots), found)]
