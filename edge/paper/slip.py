"""The slip for who was searched: where, when, a code, how to check it. Nothing of a person, nothing of a result."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from edge.dossier import Dossier
from edge.errors import NotPrinted
from edge.marks import mark_of
from edge.paper.sheet import Line
from edge.paper.teller import Teller
from edge.views import HealthView
from edge.web.comparing import numbered, reading_name
from edge.web.translations import Language
from sync.contract.ids import StationId


@dataclass(frozen=True)
class Text:
    """The slip's words in one language."""

    language: str
    title: str
    facts: Sequence[Line]
    steps: Sequence[str]
    presumptive: str


@dataclass(frozen=True)
class Slip:
    """The slip in every language, and its code."""

    texts: Sequence[Text]
    code: str


def slip(languages: Iterable[Language], station: HealthView, dossier: Dossier) -> Slip:
    """Return the slip of a screening; raises NotPrinted where nothing of it is sealed yet."""
    mark = mark_of(StationId(station.station), dossier)
    if mark is None:
        raise NotPrinted("nothing of this screening is on record yet; take a reading first")
    return Slip([_text(each, station, dossier, f"{mark.first}-{mark.last}") for each in languages], mark.text)


def _text(language: Language, station: HealthView, dossier: Dossier, numbers: str) -> Text:
    teller = Teller(language, names={}, voided={})
    say = teller.say
    times = [record.recorded for _, record in dossier.records] + [each.started for each in dossier.readings]
    return Text(
        language=language.code,
        title=say("You were at an inspection"),
        facts=[
            Line(say("Post"), station.post),
            Line(say("Date and time"), teller.moment(min(times, key=lambda each: each.wall))),
            Line(say("Station"), station.station),
            Line(say("Entries when printed"), numbers),
            *_read(language, dossier),
        ],
        steps=[
            say("Keep this paper. It says nothing about you, and nobody needs your name for it."),
            say("The code names the record that was made. Show it to your lawyer, to a judge or to the outside body."),
            say("With it they can ask for the record, and check at the national log that nobody changed it since."),
        ],
        presumptive=say("A reading is presumptive: only a laboratory confirms."),
    )


def _read(language: Language, dossier: Dossier) -> Iterator[Line]:
    """Yield which readings are of exhibits, and of which."""
    told = [(number, dossier.exhibit_of(each)) for number, each in numbered(dossier)]
    if named := [reading_name(language, number, exhibit) for number, exhibit in told if exhibit]:
        yield Line(language.say("Readings of exhibits"), "; ".join(named))
