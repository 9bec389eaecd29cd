"""Plain words for the seal of a bag: its number and how it was read, another one found, a bag that lies open."""

from edge.exhibit_file import ExhibitFile
from edge.web.case_words import MANUAL, corrected
from edge.web.translations import Language
from sync.contract.casework import NumberRead, SealCheckCore, SealCore, TransferCore
from sync.contract.record import Record


def closing(language: Language, exhibit: ExhibitFile, manual: str = MANUAL) -> str:
    """Return the number of the seal that closes an exhibit's bag now, and how it was told; or nothing."""
    found = exhibit.closing
    return seal(language, found[0], manual, amended=found[1]) if found else exhibit.seal_number or ""


def seal(language: Language, record: SealCore, manual: str = MANUAL, *, amended: bool = False) -> str:
    """Return the number of a seal; what a person typed, or amended, says so by `manual`."""
    said = read(language, record.seal_number, manual, typed=amended or is_typed(record))
    return corrected(language, said) if amended else said


def read(language: Language, number: str, manual: str = MANUAL, *, typed: bool) -> str:
    """Return the number of a seal; one that was typed by hand says so by `manual`."""
    return f"{number} · {language.say(manual)}" if typed else number


def is_typed(record: Record) -> bool:
    """Tell whether a record says that the number of a seal was typed by hand."""
    return isinstance(record, NumberRead | SealCheckCore) and record.source == "typed"


def found_seal(language: Language, record: SealCheckCore, manual: str = MANUAL) -> str:
    """Return the number that was found on a bag in place of the one on record."""
    return read(language, record.found, manual, typed=is_typed(record))


def other_seal(language: Language, record: SealCheckCore, manual: str = MANUAL) -> str:
    """Return what was found on a bag, and what is on record."""
    number = found_seal(language, record, manual)
    return language.say("%(found)s; on record: %(number)s", found=number, number=record.on_record)


def handed(language: Language, record: TransferCore, manual: str = MANUAL) -> str:
    """Return the number of the seal under which an exhibit changed hands."""
    return read(language, record.seal_number, manual, typed=is_typed(record))


def seal_doubts(language: Language, exhibit: ExhibitFile) -> list[str]:
    """Return each report of another seal that nobody else answered; and that the bag lies open, if it does."""
    found = [
        language.say("found with another seal: %(number)s", number=each) for each in found_seals(language, exhibit)
    ]
    number = _broken(language, exhibit)
    return [*found, language.say("the bag is open: seal %(number)s was broken", number=number)] if number else found


def found(language: Language, exhibit: ExhibitFile) -> str:
    """Return all of those reports in one line, for who has the bag in hand; or nothing."""
    told = ", ".join(found_seals(language, exhibit))
    return language.say("found with another seal: %(number)s", number=told) if told else ""


def found_seals(language: Language, exhibit: ExhibitFile) -> list[str]:
    """Return each number of those reports once, and what was on record then, where that is another one now."""
    records = [each.record for each in exhibit.reports]
    told = ((found_seal if it.on_record == exhibit.seal_number else other_seal)(language, it) for it in records)
    return list(dict.fromkeys(told))


def broken(language: Language, exhibit: ExhibitFile) -> str:
    """Return that its seal was broken and which it was, where the bag lies open; or nothing."""
    number = _broken(language, exhibit)
    return language.say("broken: %(seal)s", seal=number) if number else ""


def _broken(language: Language, exhibit: ExhibitFile) -> str:
    found = exhibit.broken
    return seal(language, found[0], amended=found[1]) if found else ""
