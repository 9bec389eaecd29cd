"""What was corrected, for who signs or approves it: what an entry said, what it should say, by whom and why."""

from collections.abc import Iterator, Mapping

from edge.amendable import amendable
from edge.dossier import Dossier
from edge.web import case_words as words
from edge.web import forms, hand_words, record_words
from edge.web.translations import Language
from sync.contract.casework import AmendmentRecord, ChangePart, VoidRecord
from sync.contract.ids import Seq
from sync.contract.record import Record


def changed(language: Language, change: ChangePart) -> tuple[str, str]:
    """Return what a field said and what it should say, in this language where it was picked."""
    again = {"reason": words.reason, "receiver": hand_words.receiver}.get(change.field)
    if again is None:
        return change.was, change.should_be
    return again(language, change.was), again(language, change.should_be)


def field_of(language: Language, record: Record | None, change: ChangePart) -> str:
    """Return which field of a record is amended; of one that nobody may amend, that it stays.

    A program before this one let it. A record that is not one of the case is none that may be amended.
    """
    said = language.say(words.FIELDS.get(change.field, change.field))
    amended = record is not None and change.field in amendable(record)
    return said if amended else language.say("%(field)s (stays as it was made)", field=said)


def corrections(language: Language, dossier: Dossier, people: Mapping[str, str]) -> Iterator[str]:
    """Yield one line for each field that was amended and each entry made void; `people` are names by id."""
    entries = dict(dossier.entries)
    for seq, each in dossier.records:
        if isinstance(each, AmendmentRecord) and seq not in dossier.voids:
            about, by = _about(language, dossier, entries, each.concerns.seq), people.get(each.operator or "", "")
            concerned = entries.get(each.concerns.seq)
            for change in each.changes:
                was, now = changed(language, change)
                field, why = field_of(language, concerned, change), words.reason(language, each.reason)
                said = f"{about} · {field}: {was} → {now} ({why})"
                yield ", ".join(filter(None, [said, by]))
        elif isinstance(each, VoidRecord):
            about, why = _about(language, dossier, entries, each.concerns.seq), words.reason(language, each.reason)
            yield f"{about} · {language.say('VOID: %(reason)s', reason=why)}"


def _about(language: Language, dossier: Dossier, entries: Mapping[Seq, Record], seq: Seq) -> str:
    """Return which entry is meant: the exhibit that it is of, or what it is."""
    file = next((each for each in dossier.exhibits if seq in dict(each.records)), None)
    if file is not None:
        return language.say("Exhibit %(number)s", number=file.number)
    return record_words.said(language, entries[seq])[0] if seq in entries else forms.number(seq)
