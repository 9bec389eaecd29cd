"""The national centre's server: it receives, orders, logs and answers receipts, and cannot open an envelope."""
