"""Instruments over serial: transport, framing and one folder for each instrument family."""
