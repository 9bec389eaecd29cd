"""What commands ask of persons at the machine: a token for an account, and two persons behind an act."""

from collections.abc import Callable, Sequence
from pathlib import Path

from edge.approvals import Approval
from edge.errors import NotAllowed, UnknownOperator
from edge.keyfile import Ask
from edge.permissions import Action
from edge.station import Station
from edge.token_device import TokenDevice, plugged
from edge.unlock import ask_for_secret
from edge.views import OperatorView
from sync.contract.ids import OperatorId

PERSONS = 2
Plug = Callable[[Ask], TokenDevice]


def approve(
    station: Station,
    action: Action,
    subject: str,
    perform: Callable[[Approval], object],
    persons: Sequence[str],
    ask: Ask = ask_for_secret,
    plug: Plug = plugged,
) -> None:
    """Let two persons, by their ids, stand behind an act with their tokens, and do it.

    A demonstration asks for PINs. Raises NotAllowed, TokenRefused, and what the act raises.
    """
    if len(persons) != PERSONS:
        raise NotAllowed(
            f"{action}: two persons stand behind it, one who asks and one who allows, and {len(persons)} came: give"
            " --person ID twice; `garita operators list` tells the ids"
        )
    first, second = (_person(station, each) for each in persons)
    act = station.desk.begin(first, action, subject, perform)
    for person in (first, second):
        if station.desk.takes_pin(act):
            station.desk.enter(act, person, ask(f"PIN of {person.name}"))
        else:
            options = station.desk.options(act, person)
            ask(f"{subject}. {person.name}: plug in your token, press Enter, then touch it")
            station.desk.touch(act, person, plug(ask).sign(options))


def add_token(data: Path, operator: str, ask: Ask = ask_for_secret, plug: Plug = plugged) -> str:
    """Give a person the token that is plugged in, as provisioning does, and return a line that says so."""
    station = Station.open(data)
    try:
        return enrol_token(station, operator, plug(ask))
    finally:
        station.close()


def enrol_token(station: Station, operator: str, token: TokenDevice) -> str:
    """Give a person a token without an approval, and return a line that says so."""
    person, challenge = _person(station, operator), bytes(32)
    answer = token.make(station.tokens.new_options(person, challenge))
    station.accounts.provision_token(person.id, station.tokens.read_new(challenge, answer))
    return f"{person.name} has a token more; the centre is told that it was added here, by hand"


def _person(station: Station, operator: str) -> OperatorView:
    for each in station.operators.list():
        if each.id == OperatorId(operator):
            return each
    raise UnknownOperator(f"nobody of the id {operator} is enrolled at this station")
