"""NMEA 0183: where the post is, and when."""
