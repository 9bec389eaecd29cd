"""What records say of earlier ones: that they count no more, were taken back, or should have said something else."""

# pyright: basic
import json
from base64 import urlsafe_b64encode
from contextlib import suppress
from hashlib import sha256
from typing import Any

import strict_cbor
from checks import Entry, need, values

SENTENCES = {"garita.void/1": "voided", "garita.undo/1": "undone", "garita.amendment/1": "amended"}
STATEMENT = "garita.approval-statement/1"


def check(entry: Entry, record: dict[str, Any], records: dict[bytes, Any], known: tuple[Any, Any, Any]) -> Any:  # noqa: ANN401
    """Compare all that a record names with what is known; of what it strikes or corrects return place and sentences."""
    places, names, named = known
    for part in (each for each in values(record) if isinstance(each, dict)):
        seq, digest = part.get("seq", part.get("same_as")), part.get("digest")
        if isinstance(seq, int) and (isinstance(digest, bytes) or (digest is None and "same_as" in part)):
            place = entry.station, seq
            same = digest in (None, places.get(place, digest))
            need(same, "concerns", f"entry {seq} has another SHA-256 than it names")
            station, number = names.get(digest, place)
            need((station, number) == place, "concerns", f"it names entry {seq} by the SHA-256 of {station}/{number}")
            named[place].append(f"{entry.station}/{entry.seq}")
    if (sentence := SENTENCES.get(str(record.get("schema")))) is None:
        return None
    place = entry.station, record["concerns"]["seq"], record["concerns"]["digest"]
    need([*map(type, place)] == [str, int, bytes], "concerns", "it names no entry by number and SHA-256")
    approval = check_approval(entry, record, records) if sentence == "voided" else ""
    return place, sentence, approval


def check_approval(entry: Entry, record: dict[str, Any], records: dict[bytes, Any]) -> str:
    """Compare a void with the approval before it; return the sentence that tells how two persons stand behind it."""
    approval = records.get(entry.header["prev"])
    if approval is None:
        return "unseen"
    seq, said = record["concerns"]["seq"], (approval["schema"], approval.get("action"), approval.get("subject"))
    right = said == ("garita.approval/1", "void", f"entry {seq} no longer counts: {record['reason']}")
    persons = [each["operator"] for each in approval["persons"]] if right else []
    apart = len(persons) == 2 and persons[1] != persons[0] == record["operator"]
    need(apart, "void", f"the entry before it is no approval of two persons that entry {seq} no longer counts")
    return "touched" if all(_touched(approval, each) for each in approval["persons"]) else "untouched"


def _touched(approval: dict[str, Any], person: dict[str, Any]) -> bool:
    """Tell whether a FIDO2 token was asked for this very approval (WebAuthn): the SHA-256 of what both were told."""
    statement = {"format": STATEMENT} | {key: approval[key] for key in ("station", "action", "subject", "nonce")}
    challenge = urlsafe_b64encode(sha256(strict_cbor.encode(statement)).digest()).decode().rstrip("=")
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        return json.loads(person["token"]["client_data"])["challenge"] == challenge
    return False
