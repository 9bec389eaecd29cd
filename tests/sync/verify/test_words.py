"""Every field that a record can have, and every value of its closed lists, has a word in both languages."""

import pkgutil
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Literal, get_args, get_origin

import pytest

import drivers.nmea.fix
import models.explanation
import sync.contract
from edge.views import Interruption
from edge.web.subject_words import KINDS as SUBJECTS
from edge.web.words import FAMILIES
from models.agreement import MASS
from models.conclusion import Reason
from models.spectrum import Polarity, Technique
from models.vibrational import Method, Quantity
from sync.contract.acts import BEHIND, CHANGES, Role, account_subject, release_subject, void_subject
from sync.contract.ids import Seq
from sync.contract.record import Part, Record
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


RECORDS = [kind for kind in kinds(Part) if issubclass(kind, Record) and "SCHEMA" in vars(kind)]
KINDS = sorted(set(kinds(Part)), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_field_and_each_listed_value_has_a_word(kind: type[Part]) -> None:
    names = {field.alias or name for name, field in kind.model_fields.items()} - ABOVE
    values = {value for field in kind.model_fields.values() for value in listed(field.annotation)} - UNITS
    assert sorted((names | values) - set(TABLE["words"])) == []


WRITTEN = {
    "a reading's reasons": [*Reason, *Interruption],
    "doubts of an explanation": [*models.explanation.Doubt],
    "doubts of a position": [*drivers.nmea.fix.Doubt],
    "techniques": [*Technique, *Method, MASS],
    "spectra": [*Polarity, *Quantity],
    "subjects": [*SUBJECTS],
    "families": [*FAMILIES],
    "acts": [*BEHIND],
    "roles": [*get_args(Role)],
    "of an exhibit": [
        kind.SCHEMA.partition("/")[0].removeprefix("garita.") for kind in RECORDS if "exhibit" in kind.model_fields
    ],
}
"""What stands in records as open text, of lists that the station closes."""


@pytest.mark.parametrize("codes", WRITTEN.values(), ids=WRITTEN)
def test_each_code_that_a_station_writes_has_a_word(codes: list[str]) -> None:
    assert sorted({str(code) for code in codes} - set(TABLE["words"])) == []


ACTS = [
    void_subject(Seq(22), "x"),
    release_subject(Seq(1), Seq(2), "x", "y"),
    *(account_subject(event, "x", "officer") for event in CHANGES),
]


@pytest.mark.parametrize("subject", ACTS)
def test_each_act_of_two_persons_is_told_in_spanish(subject: str) -> None:
    [form] = [form for form in TABLE["subjects"] if re.fullmatch(form, subject)]
    spanish, english = TABLE["subjects"][form]
    found = re.fullmatch(form, subject)
    assert found
    assert english.format(*found.groups()) == subject
    assert spanish.count("{}") == english.count("{}") == len(found.groups())


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
