"""The tables of the national case database: how the first version made them, and each step since.

Every row of casework points to its entry (station, seq), and each entry keeps the record's own bytes: the tables are
only a projection of them. `problems` names every envelope that could not be believed or opened, with its bytes.
"""

from sync.vault.alerts import Alerts
from sync.vault.attached import Attached
from sync.vault.proven import ProvenTrees
from sync.vault.voids import Voids
from sync.vault.waiting import Waiting

SCHEMA = """
CREATE TABLE IF NOT EXISTS progress (one INTEGER PRIMARY KEY CHECK (one = 1), log_index INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO progress VALUES (1, -1);
CREATE TABLE IF NOT EXISTS stations (
    station TEXT PRIMARY KEY, card BLOB NOT NULL, seq INTEGER NOT NULL DEFAULT 0, digest BLOB
) STRICT;
CREATE TABLE IF NOT EXISTS entries (
    station   TEXT NOT NULL,
    seq       INTEGER NOT NULL,
    log_index INTEGER NOT NULL UNIQUE,
    digest    BLOB NOT NULL,
    schema    TEXT NOT NULL,
    recorded  TEXT NOT NULL,
    operator  TEXT,
    opened    TEXT NOT NULL,
    record    BLOB NOT NULL,
    PRIMARY KEY (station, seq)
) STRICT;
CREATE TABLE IF NOT EXISTS screenings (
    station      TEXT NOT NULL,
    seq          INTEGER NOT NULL,
    screening    TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    conclusion   TEXT NOT NULL,
    PRIMARY KEY (station, seq),
    FOREIGN KEY (station, seq) REFERENCES entries
) STRICT;
CREATE TABLE IF NOT EXISTS readings (
    station           TEXT NOT NULL,
    seq               INTEGER NOT NULL,
    place             INTEGER NOT NULL,
    reading           TEXT NOT NULL,
    started           TEXT NOT NULL,
    ended             TEXT NOT NULL,
    outcome           TEXT NOT NULL,
    problem           TEXT,
    instrument        TEXT,
    conclusion        TEXT,
    transcript_digest BLOB NOT NULL,
    PRIMARY KEY (station, seq, place),
    FOREIGN KEY (station, seq) REFERENCES screenings
) STRICT;
CREATE TABLE IF NOT EXISTS hits (
    station     TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    place       INTEGER NOT NULL,
    rank        INTEGER NOT NULL,
    name        TEXT NOT NULL,
    inchikey    TEXT NOT NULL,
    probability REAL,
    score       REAL NOT NULL,
    isomers     TEXT NOT NULL,
    PRIMARY KEY (station, seq, place, rank),
    FOREIGN KEY (station, seq, place) REFERENCES readings
) STRICT;
CREATE TABLE IF NOT EXISTS problems (
    log_index INTEGER NOT NULL,
    station   TEXT NOT NULL,
    seq       INTEGER NOT NULL,
    code      TEXT NOT NULL,
    detail    TEXT NOT NULL,
    found     TEXT NOT NULL,
    envelope  BLOB NOT NULL,
    PRIMARY KEY (log_index, code)
) STRICT;
CREATE TABLE IF NOT EXISTS exports (
    made    TEXT NOT NULL,
    persons TEXT NOT NULL,
    reason  TEXT NOT NULL,
    entries TEXT NOT NULL,
    digest  BLOB NOT NULL
) STRICT;
"""
NO_TRANSCRIPT = """
CREATE TABLE readings_2 (
    station           TEXT NOT NULL,
    seq               INTEGER NOT NULL,
    place             INTEGER NOT NULL,
    reading           TEXT NOT NULL,
    started           TEXT NOT NULL,
    ended             TEXT NOT NULL,
    outcome           TEXT NOT NULL,
    problem           TEXT,
    instrument        TEXT,
    conclusion        TEXT,
    transcript_digest BLOB,
    PRIMARY KEY (station, seq, place),
    FOREIGN KEY (station, seq) REFERENCES screenings
) STRICT;
INSERT INTO readings_2 SELECT * FROM readings;
DROP TABLE readings;
ALTER TABLE readings_2 RENAME TO readings;
"""
"""A reading without a transcript of its own (`garita.screening/2`)."""
FORMS = "ALTER TABLE hits ADD COLUMN stereoisomers TEXT NOT NULL DEFAULT '[]';"
"""Names of the stereoisomers that a reading did not tell from what it named (`garita.stereoisomers/1`)."""
LAID = "ALTER TABLE stations ADD COLUMN laid INTEGER NOT NULL DEFAULT 0;"
"""Whether the card was brought from the station by hand, or is the one that the centre showed first."""
SUSPECTS = "ALTER TABLE hits ADD COLUMN suspected INTEGER NOT NULL DEFAULT 0;"
"""Whether the conclusion rests on it though it was not named (`garita.suspects/1`); such stand first in a list."""
STEPS = (
    SCHEMA + Attached.SCHEMA + Alerts.SCHEMA,
    NO_TRANSCRIPT,
    Waiting.SCHEMA,
    FORMS,
    ProvenTrees.SCHEMA,
    Voids.SCHEMA + LAID,
    SUSPECTS,
    Voids.PROVEN,
)
