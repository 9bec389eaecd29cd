"""What a record says of the program that made it."""

from functools import cache
from importlib.metadata import version

from models.fingerprint import fingerprint

DIGITS = 16


@cache
def software() -> str:
    """Return name and version, and the first digits of the digest of all code and data that concludes."""
    return f"garita {version('garita')} ({fingerprint()[:DIGITS]})"
