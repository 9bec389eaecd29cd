"""Numbers on documents, containers and parcels: one validator each, which says what is wrong where."""
