"""A PKCS#11 token in software (Debian's softhsm2), in a folder of its own."""

import os
import subprocess
from pathlib import Path

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")
LABEL, PIN = "garita", "271828"


def make_token(folder: Path) -> dict[str, str]:
    """Make a token labelled garita in `folder`; return what the environment must say for SOFTHSM to find it."""
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    environment = {"SOFTHSM2_CONF": str(settings)}
    make = ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--so-pin", "12345678", "--pin", PIN]
    subprocess.run(make, check=True, capture_output=True, env=os.environ | environment)  # noqa: S603 - from this file
    return environment
