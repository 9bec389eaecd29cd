"""How a program gets the secret that opens the station's key."""

import getpass
import os
import sys
from pathlib import Path

from sync.commands import plain

CREDENTIAL = "garita-unlock"


def ask_for_secret(words: str) -> str:
    """Return the secret that systemd was given for this service, or that a person types, or the next line of stdin."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if folder and (Path(folder) / CREDENTIAL).exists():
        return (Path(folder) / CREDENTIAL).read_text("utf-8").rstrip("\n")
    if sys.stdin.isatty():
        return getpass.getpass(f"{plain(words)}: ")
    return sys.stdin.readline().rstrip("\n")
