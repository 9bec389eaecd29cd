"""A PKCS#11 token in software (Debian's softhsm2), in a folder of its own."""

import os
import subprocess
from pathlib import Path

import pkcs11

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")
LABEL, PIN = "garita", "271828"
MAKE = ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--so-pin", "12345678", "--pin", PIN]


def make_token(folder: Path) -> dict[str, str]:
    """Make a token labelled garita in `folder`; return what the environment must say for SOFTHSM to find it."""
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    environment = {"SOFTHSM2_CONF": str(settings)}
    subprocess.run(MAKE, check=True, capture_output=True, env=os.environ | environment)  # noqa: S603 - from this file
    return environment


def make_another() -> None:
    """Make one more token of the same label beside it."""
    subprocess.run(MAKE, check=True, capture_output=True)  # noqa: S603 - from this file
    look_again()


def look_again() -> None:
    """Let this process see the tokens that its environment names now: the module holds those of its first look."""
    pkcs11.lib(str(SOFTHSM)).reinitialize()
