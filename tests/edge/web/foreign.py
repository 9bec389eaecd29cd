"""Languages that nobody ships: words a good deal longer than English, and words written from right to left."""

import re
from gettext import NullTranslations

from fastapi import FastAPI

from edge.web.screen import Screens
from edge.web.translations import Language

LONGER = 0.4
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_WORD = re.compile(r"%\(\w+\)[a-z]|%%|\w+")


class _Altered(NullTranslations):
    def gettext(self, message: str) -> str:
        return _WORD.sub(lambda word: word[0] if word[0].startswith("%") else self.word(word[0]), message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def word(self, word: str) -> str:
        raise NotImplementedError


class Long(_Altered):
    """Each word 40 % longer."""

    def word(self, word: str) -> str:
        return word + "ö" * round(len(word) * LONGER)


class Arabic(_Altered):
    """Each letter an Arabic one: no language, but its shapes and its direction."""

    def word(self, word: str) -> str:
        return "".join(ARABIC[ord(letter) % len(ARABIC)] for letter in word)


def teach(app: FastAPI) -> None:
    """Let an app speak both: `de` is the long one, `ar` the one from right to left."""
    screens: Screens = app.state.screens
    taught = Screens.speaking({"de": Language("de", Long()), "ar": Language("ar", Arabic())}, screens.static)
    screens.languages.update(taught.languages)
    screens.environments.update(taught.environments)
