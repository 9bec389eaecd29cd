"""The wire contract: what a record says and what may be seen of it on the way."""
