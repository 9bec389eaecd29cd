"""The tables of the SQLite engine, form by form: what is stored is neither deleted nor changed nor replaced."""

SCHEMA = """
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
CREATE TABLE IF NOT EXISTS quarantine (
    station  TEXT NOT NULL REFERENCES stations (station),
    seq      INTEGER NOT NULL,
    digest   BLOB NOT NULL,
    received TEXT NOT NULL,
    envelope BLOB NOT NULL,
    PRIMARY KEY (station, seq, digest)
) STRICT;
CREATE TABLE IF NOT EXISTS revocations (
    station TEXT PRIMARY KEY REFERENCES stations (station), since TEXT NOT NULL, reason TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS gaps (
    station  TEXT PRIMARY KEY REFERENCES stations (station),
    expected INTEGER NOT NULL,
    offered  INTEGER NOT NULL,
    since    TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS statements (
    station   TEXT PRIMARY KEY REFERENCES stations (station),
    seq       INTEGER NOT NULL,
    statement BLOB NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS envelopes_stay BEFORE DELETE ON envelopes
    BEGIN SELECT RAISE(ABORT, 'a stored envelope is never deleted'); END;
CREATE TRIGGER IF NOT EXISTS envelopes_are_final BEFORE UPDATE ON envelopes
    BEGIN SELECT RAISE(ABORT, 'a stored envelope is never changed'); END;
"""
ASIDE_STAYS = """
CREATE TRIGGER equivocations_stay BEFORE DELETE ON equivocations
    BEGIN SELECT RAISE(ABORT, 'a stored envelope is never deleted'); END;
CREATE TRIGGER equivocations_are_final BEFORE UPDATE ON equivocations
    BEGIN SELECT RAISE(ABORT, 'a stored envelope is never changed'); END;
CREATE TRIGGER quarantine_stays BEFORE DELETE ON quarantine
    BEGIN SELECT RAISE(ABORT, 'a stored envelope is never deleted'); END;
CREATE TRIGGER quarantine_is_final BEFORE UPDATE ON quarantine
    BEGIN SELECT RAISE(ABORT, 'a stored envelope is never changed'); END;
"""
NOT_REPLACED = """
CREATE TRIGGER envelopes_are_not_replaced BEFORE INSERT ON envelopes
    WHEN EXISTS (SELECT 1 FROM envelopes
        WHERE log_index = NEW.log_index OR (station, seq) = (NEW.station, NEW.seq))
    BEGIN SELECT RAISE(ABORT, 'a stored envelope is never changed'); END;
CREATE TRIGGER equivocations_are_not_replaced BEFORE INSERT ON equivocations
    WHEN EXISTS (SELECT 1 FROM equivocations WHERE (station, seq, digest) = (NEW.station, NEW.seq, NEW.digest))
    BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER quarantine_is_not_replaced BEFORE INSERT ON quarantine
    WHEN EXISTS (SELECT 1 FROM quarantine WHERE (station, seq, digest) = (NEW.station, NEW.seq, NEW.digest))
    BEGIN SELECT RAISE(IGNORE); END;
"""
STEPS = (SCHEMA, ASIDE_STAYS, NOT_REPLACED)
