"""A hand-over on paper: who gave, who received, and how both signed."""

from collections.abc import Iterator

from edge.paper.exhibit_words import MANUAL, number_read
from edge.paper.sheet import Line
from edge.paper.teller import METHODS, Teller
from edge.views import OperatorView
from edge.web import hand_words, seal_words
from sync.contract.casework import (
    GivenTransfer,
    SignedTransfer,
    TransferCore,
)


def tell_transfer(teller: Teller, record: TransferCore) -> Iterator[Line]:
    yield Line(teller.say("Handed over"))
    yield Line(teller.say("Given by"), _given(teller, record))
    receiver = hand_words.receiver(teller.language, record.receiver)
    yield Line(teller.say("Received by"), f"{receiver} ({_accepted(teller, record)})")
    yield Line(teller.say("Reason"), teller.reason(record.reason))
    yield from number_read(teller, record, seal_words.handed(teller.language, record, MANUAL))


def signed_for(teller: Teller, record: TransferCore) -> OperatorView | None:
    """Return who signed for a giver who was absent."""
    known = teller.names.get(record.given_by or "") if isinstance(record, GivenTransfer) else None
    return known if known and known.name != record.giver else None


def _given(teller: Teller, record: TransferCore) -> str:
    """Return who gave it, and how they signed; of older versions nobody knows who signed."""
    giver = hand_words.receiver(teller.language, record.giver)
    if not isinstance(record, GivenTransfer):
        return giver
    absent = signed_for(teller, record)
    how = teller.say(METHODS[record.given]) if record.given else teller.say("in their own session")
    if record.given_drawn:
        how = teller.say("with a drawn signature")
    if absent:
        who = teller.person(absent.id)
        return teller.say("%(name)s, absent; %(person)s signed for them: %(how)s", name=giver, person=who, how=how)
    return f"{giver} ({how})"


def _accepted(teller: Teller, record: TransferCore) -> str:
    if record.accepted_by:
        return teller.say("with the PIN of %(person)s", person=teller.person(record.accepted_by))
    drawn = isinstance(record, SignedTransfer) and record.drawn
    return teller.say("with a drawn signature") if drawn else teller.say("without a PIN at this station")
