"""What outsiders run: a witness that cosigns the national log's checkpoints, and an audit that replays the log.

Neither sees content: a witness gets sizes and roots, an auditor hashes of sealed envelopes.
"""
