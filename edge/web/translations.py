"""Words of the screens in each language: gettext catalogues, read from .po files when the station starts.

Messages are written in plain English where they are used. `python -m edge.web.translations check` fails on a message
that a language lacks, left fuzzy, or no longer needs; `update` writes the catalogues anew with what the code says now.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.support import NullTranslations, Translations

from edge.errors import BadSettings

WEB = Path(__file__).parent
LOCALES = WEB / "locale"
SAID_IN = (WEB, WEB.parent / "paper")
SOURCE = "en"
TRANSLATED = ("es",)
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
_KEYWORDS = {**DEFAULT_KEYWORDS, "say": None, "count": (1, 2)}


@dataclass(frozen=True)
class Language:
    """One language of the screens."""

    code: str
    translations: NullTranslations = field(repr=False, compare=False)

    @cached_property
    def locale(self) -> Locale:
        """Babel's knowledge of the language."""
        return Locale.parse(self.code)

    @property
    def name(self) -> str:
        """The language's name in itself."""
        return (self.locale.get_display_name() or self.code).capitalize()

    @property
    def direction(self) -> str:
        """Which way it is written: ltr or rtl."""
        return self.locale.text_direction

    def say(self, message: str, **values: object) -> str:
        """Return `message` in this language, with its %(name)s filled in."""
        said = str(self.translations.gettext(message))
        return said % values if values else said

    def again(self, text: str, among: Iterable[str]) -> str:
        """Return what was said in any language, in this one, where it is one of the messages `among`; else as it is."""
        return next((self.say(each) for each in among if text in {known.say(each) for known in spoken()}), text)

    def count(self, one: str, many: str, number: int) -> str:
        """Return the form that `number` of things needs, with its %(number)s filled in."""
        return str(self.translations.ngettext(one, many, number)) % {"number": number}


def mark(message: str) -> str:
    """Return `message` as it is: so that a text kept in a table is found by the extraction."""
    return message


def load_languages() -> dict[str, Language]:
    """Read every catalogue; Spanish comes first. Raises BadSettings where one cannot be read."""
    languages = {code: Language(code, _translations(code)) for code in TRANSLATED}
    return {**languages, SOURCE: Language(SOURCE, NullTranslations())}


@cache
def spoken() -> tuple[Language, ...]:
    """Return every language in which a record may have been made."""
    return tuple(load_languages().values())


def faults(needed: Catalog, kept: Catalog) -> Iterator[str]:
    """Name each message of `needed` that `kept` lacks or left fuzzy or empty, and each that is no longer needed."""
    wanted = {_key(message.id) for message in needed if message.id}
    found = {_key(message.id): message for message in kept if message.id}
    yield from (f"missing: {key}" for key in sorted(wanted - found.keys()))
    yield from (f"unused: {key}" for key in sorted(found.keys() - wanted))
    for key, message in sorted(found.items()):
        if message.fuzzy:
            yield f"fuzzy: {key}"
        elif not all(message.string if isinstance(message.string, tuple) else [message.string]):
            yield f"empty: {key}"
        yield from (f"{error}: {key}" for error in message.check())


def update(code: str) -> None:
    """Write the catalogue of `code` anew: what the code says now, with the words that were there."""
    catalogue = read(code)
    catalogue.project, catalogue.copyright_holder = "Garita", "Garita"
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with _file(code).open("wb") as file:
        write_po(file, catalogue, omit_header=False, sort_by_file=True, width=110)


def _file(code: str) -> Path:
    return LOCALES / code / "LC_MESSAGES" / "garita.po"


def read(code: str) -> Catalog:
    """Read the catalogue of a language; raises BadSettings."""
    try:
        with _file(code).open("rb") as file:
            return read_po(file, locale=code, abort_invalid=True)
    except Exception as error:
        raise BadSettings(f"{_file(code)}: not a usable catalogue of words ({error}); install it again") from error


@cache
def _translations(code: str) -> NullTranslations:
    compiled = BytesIO()
    write_mo(compiled, read(code))
    compiled.seek(0)
    return Translations(compiled)


def extracted() -> Catalog:
    """Return every message that code and templates use."""
    catalogue = Catalog(project="garita")
    for folder in SAID_IN:
        options = {"templates/**.html": {"silent": "false"}}
        for file, _line, message, _comments, _context in extract_from_dir(
            folder, _METHODS, keywords=_KEYWORDS, options_map=options
        ):
            catalogue.add(message, locations=[(file, 0)])
    return catalogue


def _key(message: Any) -> str:  # noqa: ANN401 - Babel gives one text, or one for each plural form
    return message if isinstance(message, str) else " / ".join(message)


def main(command: str = "check") -> int:
    """Check the catalogues, or update them; return the exit status."""
    if command == "update":
        for code in TRANSLATED:
            update(code)
    found = [f"{code}: {fault}" for code in TRANSLATED for fault in faults(extracted(), read(code))]
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
