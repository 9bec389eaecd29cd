"""What a screening's subject is called: kinds, ways of travelling, causes, and what an officer can see of a sample."""

from collections.abc import Mapping

from edge.web.translations import Language
from edge.web.translations import mark as _
from sync.contract.subject import NumberPart, SubjectRecord

SHORT = 13
"""Characters of a number that fit a heading; a container's number has eleven."""

KINDS: Mapping[str, str] = {
    "vehicle": _("Vehicle"),
    "parcel": _("Parcel"),
    "luggage": _("Luggage"),
    "container": _("Container"),
    "cargo": _("Cargo"),
    "person": _("Person"),
    "unidentified": _("Unspecified"),
}

TILES = tuple(kind for kind in KINDS if kind != "unidentified")
"""The kinds that home offers; what nobody told is a quick reading."""

MODES: Mapping[str, str] = {
    "land": _("By land"),
    "bus": _("By bus"),
    "post": _("By post"),
    "air": _("By air"),
    "sea": _("By sea"),
    "river": _("By river"),
}

CAUSES: Mapping[str, str] = {
    "routine": _("Routine"),
    "dog": _("Dog alert"),
    "image": _("Scanner image"),
    "tip": _("Tip"),
    "other": _("Another cause"),
}

SEEN: Mapping[str, str] = {
    "powder": _("Powder"),
    "crystals": _("Crystals"),
    "tablets": _("Tablets"),
    "plant": _("Plant"),
    "liquid": _("Liquid"),
    "paste": _("Paste"),
    "other": _("Something else"),
    "nothing": _("Nothing"),
}

NUMBERS: Mapping[str, str] = {
    "plate": _("Plate"),
    "container": _("Container number"),
    "postal-item": _("Postal item"),
    "other": _("Number"),
}

WRONG_DIGIT = _("wrong check digit")

ASKED: Mapping[str, str] = {
    "vehicle": _("Key in the plate, or scan it."),
    "container": _("Scan or key in the number of the container."),
    "": _("Scan its label with the reader."),
    "person": _("Scan a case number. No personal data are needed, and none are kept."),
}


def kind(language: Language, code: str) -> str:
    """Return the name of a kind of subject."""
    return language.say(KINDS[code]) if code in KINDS else code


def asked(language: Language, code: str) -> str:
    """Return what to scan of a kind of subject."""
    return language.say(ASKED.get(code, ASKED[""]))


def number(language: Language, part: NumberPart) -> str:
    """Return a number with what it is, and whether its check digit is wrong."""
    return f"{language.say(NUMBERS[part.kind])} {marked(language, part)}"


def marked(language: Language, part: NumberPart) -> str:
    """Return a number, and that its check digit is wrong where it is: its record has that in English, and in detail."""
    return f"{part.text} ({language.say(WRONG_DIGIT)})" if part.problem else part.text


def subject(language: Language, record: SubjectRecord) -> str:
    """Return a short line for a subject: its kind and its first number, cut where it is long."""
    name, first = kind(language, record.subject_kind), record.numbers[0].text if record.numbers else ""
    return f"{name} {first if len(first) <= SHORT else first[:SHORT] + '...'}".strip()


def seen(language: Language) -> dict[str, str]:
    """Return what can be seen of a sample, by code."""
    return {code: language.say(text) for code, text in SEEN.items()}


def table(language: Language, name: str) -> dict[str, str]:
    """Return all words of one of the tables by code: `cause` or `mode`."""
    words = CAUSES if name == "cause" else MODES
    return {code: language.say(text) for code, text in words.items()}
