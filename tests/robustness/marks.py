"""What a shift writes everywhere, so that plain bytes on the disk are found."""

MARK = "MARKER-c0ffee-2026"
