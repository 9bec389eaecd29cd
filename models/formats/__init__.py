"""Files of instruments: strict, bounded readers, one for each format, and writers where a test needs the way back."""
