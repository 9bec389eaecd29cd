"""What of station.toml is on record: a digest and the post's name at each start, and what was changed before it.

What only the screens, the printer and this machine's own folders need is left out.
"""

import json
from collections.abc import Mapping
from hashlib import sha256

from sqlmodel import Session, col, select

from edge.settings import Settings
from edge.tables import ToldSettings
from sync.contract import canonical
from sync.contract.ids import Seq

UNTOLD = {
    "data",
    "language",
    "printer",
    "panel",
    "sensors",
    "backlight",
    "night_brightness",
    "sticks",
    "player",
    "host",
    "port",
}
Told = Mapping[str, str]
"""The settings by name: texts as they are, all else as JSON writes it."""
Change = tuple[str, str]
"""What a setting was, and what it is."""


def told(settings: Settings) -> Told:
    """Return the settings that evidence may depend on."""
    values = settings.model_dump(mode="json", exclude=UNTOLD)
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}


def digest(settings: Settings) -> str:
    """Return SHA-256, in hex, of these settings as deterministic CBOR."""
    return sha256(canonical.encode(dict(told(settings)))).hexdigest()


def changes(session: Session, settings: Settings) -> dict[str, Change]:
    """Return what is not as it was at the last start, of the settings that there were then."""
    last, now = _last(session), told(settings)
    before: Told = json.loads(last.told) if last else {}
    return {name: (was, now[name]) for name, was in before.items() if name in now and now[name] != was}


def keep(session: Session, settings: Settings, since: Seq) -> None:
    """Remember the settings that are in force from entry `since` on, where they are other ones than the last."""
    last, text = _last(session), json.dumps(told(settings))
    if last is None or last.told != text:
        session.add(ToldSettings(since=since, told=text))


def post_at(session: Session, seq: Seq) -> str | None:
    """Return what the post was called when entry `seq` was made, as far back as that is known; None before any start.

    For an entry of before the first that is known it is that one.
    """
    rows = select(ToldSettings).order_by(col(ToldSettings.since).desc())
    row = session.exec(rows.where(col(ToldSettings.since) <= seq)).first()
    row = row or session.exec(select(ToldSettings).order_by(col(ToldSettings.since))).first()
    return str(json.loads(row.told)["post"]) if row else None


def _last(session: Session) -> ToldSettings | None:
    return session.exec(select(ToldSettings).order_by(col(ToldSettings.since).desc())).first()
