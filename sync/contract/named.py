"""Which other entries of its journal a record names."""

from collections.abc import Iterator

from pydantic import BaseModel

from sync.contract.casework import Concerned
from sync.contract.ids import Seq
from sync.contract.imports import ImportRecord


def named_in(value: object) -> Iterator[Seq]:
    """Yield the seq of every entry that a record, or a piece of one, names; in the order of its fields."""
    if isinstance(value, Concerned):
        yield value.seq
    elif isinstance(value, BaseModel):
        if isinstance(value, ImportRecord) and value.same_as is not None:
            yield Seq(value.same_as)
        for _, item in value:
            yield from named_in(item)
    elif isinstance(value, list):
        for item in value:  # pyright: ignore[reportUnknownVariableType] - any list of a record
            yield from named_in(item)  # pyright: ignore[reportUnknownArgumentType]
