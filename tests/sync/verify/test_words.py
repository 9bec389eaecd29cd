"""Every field that a record can have, and every value of its closed lists, has a word in both languages."""

import pkgutil
import tomllib
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Literal, get_args, get_origin

import pytest

import sync.contract
from sync.contract.record import Part
from tests.sync.verify.conftest import FOLDER

TABLE: dict[str, dict[str, list[str]]] = tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))
ABOVE = {"schema", "station", "operator", "recorded", "software"}
UNITS = {"ug", "mg", "g", "kg", "ct", "oz", "lb", "ozt", "dwt", "GN"}
for _module in pkgutil.iter_modules(sync.contract.__path__):
    import_module(f"sync.contract.{_module.name}")


def kinds(kind: type[Part]) -> Iterator[type[Part]]:
    for each in kind.__subclasses__():
        yield each
        yield from kinds(each)


def listed(annotation: Any) -> Iterator[str]:
    for each in get_args(annotation):
        if get_origin(annotation) is not Literal:
            yield from listed(each)
        elif isinstance(each, str) and not each.startswith("garita."):
            yield each


KINDS = sorted(set(kinds(Part)), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_field_and_each_listed_value_has_a_word(kind: type[Part]) -> None:
    names = {field.alias or name for name, field in kind.model_fields.items()} - ABOVE
    values = {value for field in kind.model_fields.values() for value in listed(field.annotation)} - UNITS
    assert sorted((names | values) - set(TABLE["words"])) == []


def test_the_kinds_are_all_there() -> None:
    assert {"TransferRecord", "ExplanationPart", "ListingPart", "StereoPart", "WeightRecord"} <= {
        kind.__name__ for kind in KINDS
    }


def test_each_line_has_both_languages() -> None:
    lines = [pair for table in TABLE.values() for pair in table.values()]
    assert all(len(pair) == 2 and all(pair) for pair in lines)
    assert all(each.isprintable() for pair in TABLE["words"].values() for each in pair)


def test_sentences_have_the_same_gaps_in_both_languages() -> None:
    def gaps(text: str) -> list[str]:
        return sorted(part.split("}")[0] for part in text.split("{")[1:])

    assert [name for name, (spanish, english) in TABLE["sentences"].items() if gaps(spanish) != gaps(english)] == []
