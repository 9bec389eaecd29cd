-- The tables of the centre's SQLite file as the first version laid them; never edited.
CREATE TABLE IF NOT EXISTS stations (
    station  TEXT PRIMARY KEY,
    card     BLOB NOT NULL,
    admitted TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS envelopes (
    log_index INTEGER PRIMARY KEY,
    station   TEXT NOT NULL REFERENCES stations (station),
    seq       INTEGER NOT NULL,
    digest    BLOB NOT NULL,
    received  TEXT NOT NULL,
    envelope  BLOB NOT NULL,
    UNIQUE (station, seq)
) STRICT;
CREATE TABLE IF NOT EXISTS equivocations (
    station  TEXT NOT NULL REFERENCES stations (station),
    seq      INTEGER NOT NULL,
    digest   BLOB NOT NULL,
    received TEXT NOT NULL,
    envelope BLOB NOT NULL,
    PRIMARY KEY (station, seq, digest)
) STRICT;
CREATE TRIGGER IF NOT EXISTS envelopes_stay BEFORE DELETE ON envelopes
    BEGIN SELECT RAISE(ABORT, 'a stored envelope is never deleted'); END;
CREATE TRIGGER IF NOT EXISTS envelopes_are_final BEFORE UPDATE ON envelopes
    BEGIN SELECT RAISE(ABORT, 'a stored envelope is never changed'); END;
