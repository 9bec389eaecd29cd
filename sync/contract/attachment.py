"""What a record says of bytes that are sealed beside it."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from sync.contract.record import Digest, Part

Label = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class AttachmentPart(Part, frozen=True):
    """Bytes that are sealed beside the record: SHA-256 and size of the plain ones, their key, SHA-256 of the sealed."""

    name: Label
    media: Label
    digest: Digest
    size: Annotated[int, Field(ge=0, le=2**40)]
    key: Annotated[bytes, Field(min_length=32, max_length=32)]
    sealed: Digest


def attachments_in(value: object) -> Iterator[AttachmentPart]:
    """Yield every attachment that a record, or a piece of one, names; in the order of its fields."""
    if isinstance(value, AttachmentPart):
        yield value
    elif isinstance(value, BaseModel):
        for _, item in value:
            yield from attachments_in(item)
    elif isinstance(value, list):
        for item in value:  # pyright: ignore[reportUnknownVariableType] - any list of a record
            yield from attachments_in(item)  # pyright: ignore[reportUnknownArgumentType]
