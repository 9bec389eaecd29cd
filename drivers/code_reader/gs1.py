"""GS1 element strings through `biip`, with errors that name the element, and no repair of what a reader lost."""

from dataclasses import dataclass

from biip import ParseError
from biip.gs1_application_identifiers import GS1ApplicationIdentifier
from biip.gs1_element_strings import GS1ElementString

from drivers.code_reader.codes import Code
from drivers.errors import DriverError

SEPARATOR = "\x1d"
MOST_ELEMENTS = 64


class BadElement(DriverError):
    """A GS1 element that does not follow the GS1 General Specifications; `ai` names it, empty where none is known."""

    def __init__(self, ai: str, position: int, problem: str) -> None:
        super().__init__("GS1 code", f"element ({ai or '?'}) at character {position + 1}: {problem}")
        self.ai = ai
        self.position = position


@dataclass(frozen=True)
class Element:
    """One element: application identifier, its title, and its value without the separator."""

    ai: str
    title: str
    value: str


def elements(code: Code) -> tuple[Element, ...]:
    """Return the elements, in order, of a code whose AIM identifier says GS1. Raises BadElement at the first fault."""
    if not code.is_gs1:
        raise BadElement(
            "", 0, f"the identifier {code.aim or '(none)'} does not say GS1; let the reader send AIM identifiers"
        )
    try:
        rest = code.data.decode("ascii").removeprefix(SEPARATOR)
    except UnicodeDecodeError as error:
        raise BadElement("", error.start, "GS1 data are ASCII; check the reader's character set") from error
    if not rest:
        raise BadElement("", 0, "the code is empty")
    whole, found = len(rest), list[Element]()
    while rest:
        if len(found) == MOST_ELEMENTS:
            raise BadElement("", whole - len(rest), f"more than {MOST_ELEMENTS} elements")
        element, rest = _first(rest, whole - len(rest))
        found.append(element)
    return tuple(found)


def _first(rest: str, position: int) -> tuple[Element, str]:
    try:
        ai = GS1ApplicationIdentifier.extract(rest)
    except ParseError as error:
        raise BadElement("", position, f"no application identifier begins with {rest[:4]!r}") from error
    until = rest.partition(SEPARATOR)[0]
    try:
        parsed = GS1ElementString.extract(until)
    except (ParseError, ValueError) as error:
        raise BadElement(ai.ai, position, f"{until[len(ai.ai) :][:90]!r} is not {ai.format}") from error
    _require_sound(parsed, position)
    length = len(parsed)
    if ai.separator_required and length < len(until):
        raise BadElement(
            ai.ai, position, f"{until[len(ai.ai) :][:90]!r} is longer than {ai.format}; a separator is lost"
        )
    after = rest[length:].removeprefix(SEPARATOR)
    return Element(ai.ai, ai.data_title, parsed.value), after


def _require_sound(parsed: GS1ElementString, position: int) -> None:
    for problem in (parsed.gtin_error, parsed.sscc_error, parsed.gln_error):
        if problem:
            raise BadElement(parsed.ai.ai, position, problem)
