"""Run by the Python of .venv-interop: reads a COSE_Sign1 and a raw Ed25519 key, and says what pycose thinks of them."""

import sys
from pathlib import Path

from pycose.keys import OKPKey
from pycose.keys.curves import Ed25519
from pycose.messages import CoseMessage

message = CoseMessage.decode(Path(sys.argv[1]).read_bytes())
message.key = OKPKey(crv=Ed25519, x=bytes.fromhex(sys.argv[2]))
print(type(message).__name__, message.phdr, "verified" if message.verify_signature() else "refused")  # noqa: T201
