"""Offline work on the bench: building the library, training, calibration and evaluation."""
