"""What each screen is for, in three sentences: its middle, its big button, and its other buttons."""

import re
from dataclasses import dataclass

from edge.web.translations import mark as _


@dataclass(frozen=True)
class Topic:
    """A screen: its picture, its name, and what its three parts are for."""

    picture: str
    title: str
    middle: str
    primary: str
    others: str


_HOME = Topic(
    "home",
    _("Home"),
    _("What you can begin, and what was done last."),
    _("Starts a reading at once: put the sample in first. Or it leads to what comes before, or to what is yours."),
    _("Choose what you inspect to keep its numbers with the reading. A touch on a reading opens it."),
)
_SUBJECT = Topic(
    "code",
    _("What is inspected"),
    _("What it is, why it is inspected, and the numbers that tell it from others."),
    _("Goes on. What you gave is already saved: nothing is lost if the power fails."),
    _("Scan a number with the code reader, or leave it unidentified: no personal data are needed."),
)
_PREPARE = Topic(
    "sample",
    _("Prepare the sample"),
    _("Protect yourself first, then prepare the sample as the pictures show."),
    _("Starts the reading. Leave the sample in place until it ends."),
    _("A little of the sample is enough. Keep the rest for the laboratory."),
)
_READING = Topic(
    "plot",
    _("Reading and result"),
    _("While it measures: how far it is. Afterwards: the conclusion, how sure, and what to do."),
    _("What usually comes next. While it measures, it stops the reading, and nothing is concluded."),
    _("Detail shows the peaks and why; Record shows the sealed evidence. Only a laboratory is certain."),
)
_DETAIL = Topic(
    "plot",
    _("Behind the result"),
    _("Peaks of the sample, what the library knows, and what else it may be."),
    _("Back to the result."),
    _("Other views of the same reading. Nothing here changes the result."),
)
_COMPARE = Topic(
    "compare",
    _("Readings compared"),
    _("What each reading of the same thing said, and whether they agree. None takes an alarm away."),
    _("What usually comes next: where they contradict one another nothing is accepted."),
    _("A touch on a reading opens it. Of other exhibits the readings are compared apart."),
)
_HAZARD = Topic(
    "warning",
    _("Protection and first aid"),
    _("How to protect yourself and what to do if somebody feels unwell."),
    _("Back to where you were."),
    _("Read it before you open or weigh anything."),
)
_SEIZURE = Topic(
    "list",
    _("The seizure step by step"),
    _("What is done and what is missing. Each step can be left and taken up again."),
    _("Takes you to the next missing step."),
    _("A touch on a step opens it. Until it is signed, a step can be undone."),
)
_STEP = Topic(
    "add",
    _("One step of the seizure"),
    _("What to give: choose by picture, scan, weigh or photograph. Typing is for exceptions."),
    _("Keeps it and goes on."),
    _("Without scale, camera or reader there is another way on the same screen; the record says so."),
)
_SIGN = Topic(
    "sign",
    _("Review and sign"),
    _("All that will be signed. Check it: afterwards nothing is changed, only amended."),
    _("Hold it until the ring is full, then let go. Whoever cannot hold signs with the PIN."),
    _("Go back to correct what is wrong."),
)
_ENTRIES = Topic(
    "list",
    _("What is on record"),
    _("What was put on record, with who and when. Nothing is ever removed."),
    _("Back to the list, or to the record."),
    _("A touch on a line opens it. An entry that is wrong is amended, or made void by two persons; both stay."),
)
_LEAVING = Topic(
    "queue",
    _("Evidence that leaves"),
    _("Who asks for it, and by which order. The file stays sealed: only who holds the state's key opens it."),
    _("Goes on: two persons approve it."),
    _("Leaves it: nothing goes out."),
)
_PRINT = Topic(
    "record",
    _("Print"),
    _("The papers of this screening. Each page says that the result is presumptive."),
    _("Prints, or opens the paper."),
    _("A slip for the person searched carries no personal data."),
)
_LISTS = Topic(
    "list",
    _("Lists"),
    _("Six at a time, the newest first; unfinished ones come before all others."),
    _("Goes on with what is offered first."),
    _("Newer and Older turn the page. A touch on a line opens it."),
)
_SHIFT = Topic(
    "clock",
    _("Start of the shift"),
    _("Battery, clock, instruments, and the daily check with a blank and a reference sample."),
    _("Does the next check, or begins the shift."),
    _("Without today's check a reading concludes nothing; what to wear is told all the same."),
)
_DEVICE = Topic(
    "device",
    _("Device"),
    _("How instruments, clock, disk and key are. A thick border wants somebody to act."),
    _("Home."),
    _("Sending shows what waits for the national centre; Instruments shows each cable."),
)
_STICK = Topic(
    "stick",
    _("USB stick"),
    _("The sticks that are plugged in, and how much room each has."),
    _("Leaves it: nothing is written."),
    _("A touch on a stick writes onto it. What is written stays sealed; only who holds the state's key opens it."),
)
_SETTINGS = Topic(
    "language",
    _("Settings"),
    _("Language, light, volume, discreet mode and practice. Each takes effect at once."),
    _("Back to the screen you came from."),
    _("Automatic light follows the sensor of the device until you choose yourself."),
)
_ACCOUNT = Topic(
    "person",
    _("Persons"),
    _("Who works here, and with what PIN or token."),
    _("Goes on."),
    _("Whatever changes somebody's account takes a second person."),
)

TOPICS: tuple[tuple[str, Topic], ...] = (
    (r"/", _HOME),
    (r"/shift.*", _SHIFT),
    (r"/screenings/[^/]+/prepare.*", _PREPARE),
    (r"/screenings/[^/]+/seizure", _SEIZURE),
    (r"/screenings/[^/]+/(review|record|sign|decision.*)|/exhibits/[^/]+/handover", _SIGN),
    (r"/screenings/[^/]+/compare", _COMPARE),
    (r"/screenings/[^/]+/(entries|exhibits)|/entries/.+", _ENTRIES),
    (r"/screenings/[^/]+/export", _LEAVING),
    (r"/screenings/[^/]+/print.*|/exhibits/[^/]+/label", _PRINT),
    (
        r"/screenings/[^/]+/(exhibits/new|(witnesses|references|papers|sample).*)|/exhibits/.+|/readings/[^/]+/beside.*",
        _STEP,
    ),
    (r"/screenings.*", _SUBJECT),
    (r"/readings/[^/]+/hazard", _HAZARD),
    (r"/readings/[^/]+(/coach)?", _READING),
    (r"/readings/[^/]+/.+", _DETAIL),
    (r"/readings|/cases.*|/reviews", _LISTS),
    (r"/exports/.+|/sync/stick", _STICK),
    (r"/device.*|/sync|/troubles", _DEVICE),
    (r"/settings", _SETTINGS),
    (r"/sign-in.*|/me.*|/staff.*|/acts.*|/letter", _ACCOUNT),
)


def topic_of(place: str) -> Topic:
    """Return the topic of the screen at `place`; home's where none is meant for it."""
    return next((topic for pattern, topic in TOPICS if re.fullmatch(pattern, place)), _HOME)
