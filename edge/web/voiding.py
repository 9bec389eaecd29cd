"""What is said of an entry that counts no more: why, since when, and which two persons say so."""

from edge.dossier import Voided
from edge.station import Station
from edge.views import ReadingView
from edge.web import case_words, forms
from edge.web.translations import Language


def void_of(station: Station, language: Language, reading: ReadingView) -> str:
    """Return what is said of a reading that counts no more; nothing of any other."""
    if reading.seq is None or not station.casework.is_void(reading.seq):
        return ""
    return void_words(station, language, station.casework.dossier(reading.screening).voids[reading.seq])


def void_words(station: Station, language: Language, void: Voided) -> str:
    """Return why an entry counts no more, who says so, and since when."""
    people = {str(each.operator.id): each.operator.name for each in station.accounts.everybody()}
    named = [people.get(each, each) for each in void.persons]
    if len(named) < 2:  # noqa: PLR2004 - a void takes two
        named.append(language.say("a second person, whom entry %(seq)s names", seq=void.seq - 1))
    said = language.say("%(first)s and %(second)s", first=named[0], second=named[1])
    when = forms.moment(language, forms.wall(void.record.recorded.wall))
    return f"{case_words.reason(language, void.reason)} ({said}, {when})"
