"""The tables of the PostgreSQL engine, form by form.

`envelopes` is partitioned by hash of the station, `log` by ranges of its index, which is arrival time.
"""

from sync.central.pool import Connection
from sync.errors import UnusableDatabase
from sync.tables_form import missing_steps

HASHES = 16
SCHEMA_LOCK = (0, 0)

ENTRIES = """
CREATE TABLE stations (station text PRIMARY KEY, card bytea NOT NULL, admitted text NOT NULL);
CREATE TABLE envelopes (
    station  text NOT NULL REFERENCES stations,
    seq      bigint NOT NULL,
    digest   bytea NOT NULL,
    received timestamptz NOT NULL,
    envelope bytea NOT NULL,
    PRIMARY KEY (station, seq)
) PARTITION BY HASH (station);
ALTER TABLE envelopes ALTER COLUMN envelope SET STORAGE EXTERNAL; -- sealed bytes do not shrink
CREATE TABLE pending (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    station text NOT NULL, seq bigint NOT NULL, digest bytea NOT NULL
);
CREATE TABLE log (
    log_index bigint PRIMARY KEY, station text NOT NULL, seq bigint NOT NULL, digest bytea NOT NULL
) PARTITION BY RANGE (log_index);
CREATE INDEX log_by_journal ON log (station, seq);
CREATE TABLE log_files (name text PRIMARY KEY, data bytea NOT NULL);
CREATE TABLE equivocations (
    station text NOT NULL REFERENCES stations, seq bigint NOT NULL, digest bytea NOT NULL,
    received timestamptz NOT NULL, envelope bytea NOT NULL, PRIMARY KEY (station, seq, digest)
);
CREATE TABLE quarantine (LIKE equivocations INCLUDING ALL);
CREATE TABLE revocations (
    station text PRIMARY KEY REFERENCES stations, since text NOT NULL, reason text NOT NULL
);
CREATE TABLE gaps (
    station text PRIMARY KEY REFERENCES stations, expected bigint NOT NULL, offered bigint NOT NULL, since text NOT NULL
);
CREATE TABLE statements (
    station text PRIMARY KEY REFERENCES stations, seq bigint NOT NULL, statement bytea NOT NULL
);
CREATE FUNCTION garita_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'a stored envelope is never changed or deleted'; END $$;
CREATE TRIGGER envelopes_stay BEFORE UPDATE OR DELETE ON envelopes
    FOR EACH ROW EXECUTE FUNCTION garita_stays();
CREATE TRIGGER log_stays BEFORE UPDATE OR DELETE ON log FOR EACH ROW EXECUTE FUNCTION garita_stays();
"""
PARTITIONS = "".join(
    f"CREATE TABLE envelopes_{part:02} PARTITION OF envelopes FOR VALUES WITH (MODULUS {HASHES}, REMAINDER {part});"
    for part in range(HASHES)
)
ATTACHMENTS = """
CREATE TABLE attachments (
    station text NOT NULL REFERENCES stations, sealed bytea NOT NULL, size bigint NOT NULL,
    PRIMARY KEY (station, sealed)
);
CREATE TABLE attachment_pieces (
    station text NOT NULL REFERENCES stations, sealed bytea NOT NULL, start bigint NOT NULL, data bytea NOT NULL,
    PRIMARY KEY (station, sealed, start)
);
ALTER TABLE attachment_pieces ALTER COLUMN data SET STORAGE EXTERNAL;
CREATE TRIGGER attachments_stay BEFORE UPDATE OR DELETE ON attachments
    FOR EACH ROW EXECUTE FUNCTION garita_stays();
CREATE FUNCTION garita_whole_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM attachments AS a WHERE a.station = OLD.station AND a.sealed = OLD.sealed) THEN
        RAISE EXCEPTION 'a stored attachment is never changed or deleted';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER whole_attachments_stay BEFORE UPDATE OR DELETE ON attachment_pieces
    FOR EACH ROW EXECUTE FUNCTION garita_whole_stays();
"""
NUMBERED = """
ALTER TABLE log_files ALTER COLUMN name TYPE text COLLATE "C";
CREATE TABLE form (number integer PRIMARY KEY, since timestamptz NOT NULL DEFAULT now());
"""
"""Log files are found by the start of their names in every locale; the database tells its own form."""

WAITING_AS_A_WHOLE = "ALTER TABLE pending DROP CONSTRAINT pending_pkey;"
"""What waits for its place in the log is read all at once; its index was a fifth of the blocks that a batch touched."""

NEVER_EMPTIED = "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION garita_stays();"
ALL_STAY = f"""
CREATE TRIGGER equivocations_stay BEFORE UPDATE OR DELETE ON equivocations
    FOR EACH ROW EXECUTE FUNCTION garita_stays();
CREATE TRIGGER quarantine_stays BEFORE UPDATE OR DELETE ON quarantine
    FOR EACH ROW EXECUTE FUNCTION garita_stays();
DO $$ DECLARE kept regclass; BEGIN
    FOR kept IN SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
        AND relname ~ '^(envelopes|log|equivocations|quarantine|attachments|attachment_pieces)(_[0-9]+)?$'
    LOOP EXECUTE format('{NEVER_EMPTIED}', kept); END LOOP;
END $$;
"""  # noqa: S608 - of this file's own words
"""What contests a journal stays too, and nothing of all that is emptied as a whole: triggers of rows miss that."""

BURIED = """
CREATE TABLE buried (
    station text NOT NULL REFERENCES stations, seq bigint NOT NULL, found timestamptz NOT NULL,
    PRIMARY KEY (station, seq)
);
CREATE TRIGGER buried_stays BEFORE UPDATE OR DELETE ON buried FOR EACH ROW EXECUTE FUNCTION garita_stays();
""" + (NEVER_EMPTIED % "buried")
"""Entries that were stored and kept out of the log: found when their station sent them again, and told ever after."""

STEPS = (ENTRIES + PARTITIONS, ATTACHMENTS, NUMBERED, WAITING_AS_A_WHOLE, ALL_STAY, BURIED)
LOG_SPAN = 10_000_000
FIRST_NUMBERED = 3
NO_CENTRE = (
    "the PostgreSQL in central.toml holds no centre, and none was made in it. Correct the address, or bring the newest"
    " dump back; a new centre on it is made with `garita-central init --postgres ADDRESS`, in a folder of its own"
)


def lay_tables(connection: Connection, *, new: bool) -> None:
    """Bring the tables to the newest form, inside a transaction.

    Raises UnusableDatabase where they are newer, and where there are none, unless they are to be `new`.
    """
    connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", SCHEMA_LOCK)
    found = _form(connection)
    if not found and not new:
        raise UnusableDatabase(NO_CENTRE)
    for form, step in missing_steps(found, STEPS, "the PostgreSQL of the centre"):
        connection.execute(step.encode())
        if form >= FIRST_NUMBERED:
            connection.execute("INSERT INTO form VALUES (%s)", (form,))


def lay_log_part(connection: Connection, number: int) -> None:
    """Make the part of `log` with that number, for LOG_SPAN entries, if it is not there."""
    name, first = f"log_{number:05}", number * LOG_SPAN
    if not _has(connection, name):
        table = f"CREATE TABLE {name} PARTITION OF log FOR VALUES FROM ({first}) TO ({first + LOG_SPAN});"
        connection.execute((table + NEVER_EMPTIED % name).encode())


def _form(connection: Connection) -> int:
    """Return the form, 0 for no tables at all. Before the third, tables did not tell it."""
    if _has(connection, "form"):
        [number] = connection.execute("SELECT max(number) FROM form").fetchone() or (0,)
        return int(number)
    return 2 if _has(connection, "attachments") else int(_has(connection, "envelopes"))


def _has(connection: Connection, table: str) -> bool:
    return connection.execute("SELECT to_regclass(%s)", (table,)).fetchone() != (None,)
