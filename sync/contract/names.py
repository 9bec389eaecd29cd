"""Names of persons: screens, records and papers show nothing else of them, so no two may look the same."""

import re
import unicodedata
from collections.abc import Sequence

from sync.errors import Malformed

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Default_Ignorable_Code_Point (Unicode 15, DerivedCoreProperties.txt), and the Braille cell without a dot."""


def unseen(name: str) -> str | None:
    """Return the first letter of a name that shows nothing, as `U+FE0F`; None where every one is seen."""
    found = _UNSEEN.search(name)
    return f"U+{ord(found[0]):04X}" if found else None


def alike(name: str) -> str:
    """Return what all names have in common that look the same: neither width, case, spaces nor unseen letters count."""
    return " ".join(unicodedata.normalize("NFKC", _UNSEEN.sub("", name)).casefold().split())


def twice(names: Sequence[str]) -> str | None:
    """Return the first name that looks like one before it; None where all look different."""
    said = [alike(name) for name in names]
    return next((name for place, name in enumerate(names) if said[place] in said[:place]), None)


def shows(text: str) -> bool:
    """Tell whether a text has a letter that is seen."""
    return any(each.isprintable() for each in "".join(alike(text).split()))


def seen(what: str, texts: Sequence[str]) -> list[str]:
    """Return the texts without blanks around them; raises Malformed where one of them shows nothing."""
    for text in texts:
        if not shows(text):
            raise Malformed(f"{what} {text!r} shows nothing; give letters that can be read")
    return [text.strip() for text in texts]
