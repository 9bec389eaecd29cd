"""How a moment is written: UTC in RFC 3339 with six decimals, one spelling."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, Field

FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def format_wall(moment: datetime) -> str:
    """Return the one spelling of a moment that knows its time zone."""
    return moment.astimezone(UTC).strftime(FORMAT)


def parse_wall(text: str) -> datetime:
    """Return the moment; raises ValueError for any other spelling."""
    return datetime.strptime(text, FORMAT).replace(tzinfo=UTC)


def _check(text: str) -> str:
    if format_wall(parse_wall(text)) != text:
        raise ValueError("a second spelling of a moment")
    return text


Wall = Annotated[
    str,
    Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$"),
    AfterValidator(_check),
]
