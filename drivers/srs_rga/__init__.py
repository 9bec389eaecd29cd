"""SRS RGA100, RGA200 and RGA300: residual gas analyzers, quadrupole mass spectrometers of a vacuum chamber."""
