-- The tables of the centre's PostgreSQL as the first version laid them; never edited.
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
CREATE TABLE envelopes_00 PARTITION OF envelopes FOR VALUES WITH (MODULUS 16, REMAINDER 0);
CREATE TABLE envelopes_01 PARTITION OF envelopes FOR VALUES WITH (MODULUS 16, REMAINDER 1);
CREATE TABLE envelopes_02 PARTITION OF envelopes FOR VALUES WITH (MODULUS 16, REMAINDER 2);
CREATE TABLE envelopes_03 PARTITION OF envelopes FOR VALUES WITH (MODULUS 16, REMAINDER 3);
CREATE TABLE envelopes_04 PARTITION OF envelopes FOR VALUES WITH (MODULUS 16, REMAINDER 4);
CREATE TABLE envelopes_05 PARTITION OF envelopes FOR VALUES WITH (MODULUS 16, REMAINDER 5);
CREATE TABLE envelopes_06 PARTITION OF envelopes FOR VALUES WITH (MODULUS 16, REMAINDER 6);
CREATE TABLE envelopes_07 PARTITION OF envelopes FOR VALUES WITH (MODULUS 16, REMAINDER 7);
CREATE TABLE envelopes_08 PARTITION OF envelopes FOR VALUES WITH (MODULUS 16, REMAINDER 8);
CREATE TABLE envelopes_09 PARTITION OF envelopes FOR VALUES WITH (MODULUS 16, REMAINDER 9);
CREATE TABLE envelopes_10 PARTITION OF envelopes FOR VALUES WITH (MODULUS 16, REMAINDER 10);
CREATE TABLE envelopes_11 PARTITION OF envelopes FOR VALUES WITH (MODULUS 16, REMAINDER 11);
CREATE TABLE envelopes_12 PARTITION OF envelopes FOR VALUES WITH (MODULUS 16, REMAINDER 12);
CREATE TABLE envelopes_13 PARTITION OF envelopes FOR VALUES WITH (MODULUS 16, REMAINDER 13);
CREATE TABLE envelopes_14 PARTITION OF envelopes FOR VALUES WITH (MODULUS 16, REMAINDER 14);
CREATE TABLE envelopes_15 PARTITION OF envelopes FOR VALUES WITH (MODULUS 16, REMAINDER 15);
CREATE TABLE log_00000 PARTITION OF log FOR VALUES FROM (0) TO (10000000);
