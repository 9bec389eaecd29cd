"""The device: casework, operators, the touchscreen and the command line of one station."""
