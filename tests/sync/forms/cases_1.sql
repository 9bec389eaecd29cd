-- The tables of the case database as the first version laid them; never edited.
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
