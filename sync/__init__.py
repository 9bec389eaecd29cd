"""Evidence in transit: contract, keys, envelope, journal, outbox, relay; the centre and the vault."""
