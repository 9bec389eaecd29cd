"""Form: a frozen, strict shape with one byte form."""

from typing import Any, ClassVar, Self

from pydantic import BaseModel, ValidationError

from sync.contract import canonical
from sync.errors import Malformed


class Form(BaseModel, frozen=True, strict=True, populate_by_name=True):
    """Anything that travels as deterministic CBOR; more than MAX_BYTES or MAX_VALUES of it are not read."""

    MAX_BYTES: ClassVar[int] = canonical.MAX_BYTES
    MAX_VALUES: ClassVar[int] = canonical.MAX_VALUES

    def to_bytes(self) -> bytes:
        """Return the one byte form."""
        return canonical.encode(self.model_dump(by_alias=True), self.MAX_VALUES)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the byte form; raises Malformed with the fields that are wrong."""
        return cls.from_value(canonical.decode(data, cls.__name__, cls.MAX_BYTES, cls.MAX_VALUES))

    @classmethod
    def from_value(cls, value: Any) -> Self:  # noqa: ANN401 - any CBOR value
        """Check a decoded value; raises Malformed with the fields that are wrong."""
        try:
            return cls.model_validate(value)
        except ValidationError as error:
            faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:5])
            raise Malformed(f"{cls.__name__}: {faults}") from error
