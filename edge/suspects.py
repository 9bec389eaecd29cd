"""Between whom a reading suspects and what a record says of them."""

from typing import Any

from edge.records import hit_part
from models.answer import Identification
from sync.contract.suspects import FIELD, SuspectsPart


def suspected(identification: Identification) -> dict[str, Any]:
    """Return the further fields of an identification: none where all that its conclusion rests on is named."""
    of = [hit_part(each) for each in identification.suspects]
    return {FIELD: SuspectsPart(of=of).model_dump()} if of else {}
