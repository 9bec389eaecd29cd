"""The officer's screens: server-rendered pages for a touch panel, Spanish first, usable before any script runs."""
