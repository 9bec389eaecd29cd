"""Readers of barcodes and two-dimensional codes over serial."""
