"""Stereoisomers in plain words: which other forms it may be, and how the lists stand to those that stand otherwise."""

from collections.abc import Mapping, Sequence

from edge.web import law_words
from edge.web.translations import Language
from edge.web.translations import mark as _
from models.catalogue import Catalogue
from models.stereoisomers import Kind
from sync.contract.listing import ListedPart
from sync.contract.stereoisomers import FormPart

KINDS: Mapping[str, str] = {
    Kind.ENANTIOMER: _("mirror form"),
    Kind.DIASTEREOMER: _("diastereomer"),
    Kind.RACEMATE: _("both mirror forms together"),
}
OFFERED: Mapping[bool, tuple[str, str]] = {
    True: (_("or a mirror form: %(names)s"), _("or a mirror form: %(names)s and %(more)s more")),
    False: (_("or a stereoisomer: %(names)s"), _("or a stereoisomer: %(names)s and %(more)s more")),
}
"""What is said of forms by whether all of them are mirror images: of one, and of more than have room."""


def called(language: Language, catalogue: Catalogue, form: FormPart) -> str:
    """Return the name of a form in the language of the screen."""
    known = {each.inchikey: each.name_es for each in catalogue.stereochemistry.forms(form.inchikey)}
    return known.get(form.inchikey, form.name) if language.code == "es" else form.name


def offered(language: Language, catalogue: Catalogue, forms: Sequence[FormPart], most: int) -> str:
    """Return what it may be instead: `most` names, and how many more; nothing where no form has a name of its own."""
    if not forms:
        return ""
    names = [called(language, catalogue, form) for form in forms]
    shown, more = ", ".join(names[:most]), len(names) - most
    mirrored = all(form.kind != Kind.DIASTEREOMER for form in forms)
    return language.say(OFFERED[mirrored][more > 0], names=shown, more=more)


def laws(
    language: Language, catalogue: Catalogue, forms: Sequence[FormPart], named: Sequence[ListedPart]
) -> tuple[str, ...]:
    """Return a line for the forms that stand on other lists than `named`, what the lists say of the substance."""
    known, said = {(each.authority, each.list) for each in named}, dict[str, list[str]]()
    for form in forms:
        other = [each for each in form.listed if (each.authority, each.list) not in known]
        if other:
            law = ", ".join(law_words.entry(language, each) for each in other)
            said.setdefault(law, []).append(called(language, catalogue, form))
    return tuple(f"{', '.join(names)}: {law}" for law, names in said.items())


def whole(language: Language, catalogue: Catalogue, form: FormPart) -> str:
    """Return all that is on record of a form: name, what it is to the others, and its own lists."""
    law = "; ".join(law_words.entry(language, each) for each in form.listed)
    name = f"{called(language, catalogue, form)} ({language.say(KINDS[form.kind])})"
    return f"{name}: {law}" if law else name
