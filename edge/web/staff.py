"""Accounts, for an administrator: every change waits for a second person."""

import json
from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response

from edge.access import signed_in, station_of
from edge.accounts import MAX_NAME
from edge.approvals import Approval
from edge.errors import TokenRefused, UnknownOperator
from edge.permissions import check
from edge.station import Station
from edge.views import AccountView, OperatorView
from edge.web import words
from edge.web.acts import MAX_ANSWER, plain
from edge.web.screen import Page, screens_of, see
from sync.contract.acts import account_subject
from sync.contract.ids import OperatorId

PER_PAGE, BELOW_NOTICE = 6, 3

router = APIRouter(prefix="/staff", route_class=Page, include_in_schema=False)
TheStation = Annotated[Station, Depends(station_of)]


def administrator(operator: Annotated[OperatorView, Depends(signed_in)]) -> OperatorView:
    """Return who is signed in; raises NotAllowed unless accounts are theirs to change."""
    check(operator, "accounts")
    return operator


Admin = Annotated[OperatorView, Depends(administrator)]


@router.get("")
def staff(
    request: Request, station: TheStation, admin: Admin, page: Annotated[int, Query(ge=1, le=1000)] = 1
) -> Response:
    """Show every account there ever was; before all others those of one name, and what to do about them."""
    everybody = sorted(station.accounts.everybody(), key=lambda each: not each.shares_name)
    shared = ", ".join(dict.fromkeys(each.operator.name for each in everybody if each.shares_name))
    most = BELOW_NOTICE if shared else PER_PAGE
    pages = max(1, -(-len(everybody) // most))
    shown = everybody[(min(page, pages) - 1) * most :][:most]
    values = {"accounts": shown, "page": min(page, pages), "pages": pages, "roles": words.ROLES, "shared": shared}
    return screens_of(request).show(request, "staff.html", admin, 200, **values)


@router.get("/new")
def new(request: Request, admin: Admin, role: str = "") -> Response:
    """Ask for a role, then for a name."""
    chosen = role if role in words.ROLES else ""
    return screens_of(request).show(request, "enrol.html", admin, roles=words.ROLES, role=chosen)


@router.post("/new")
def enrol(
    request: Request,
    station: TheStation,
    admin: Admin,
    name: Annotated[str, Form(max_length=MAX_NAME)],
    role: Annotated[str, Form(max_length=32)],
    pin: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Ask for the first PIN, then let the enrolment wait; what cannot be taken is said at once."""
    written = name.title() if name.isupper() else name
    station.accounts.check_name(written)
    if not pin:
        return screens_of(request).show(request, "new_pin.html", admin, name=written, role=role)
    station.accounts.check_new(written, role, pin)
    language = screens_of(request).language(request)
    shown = language.say("%(name)s may work here as %(role)s.", name=written, role=language.say(words.ROLES[role]))
    subject = account_subject("enrolled", written.strip(), role)
    return _begin(station, admin, subject, shown, lambda by: station.accounts.enrol(by, written, role, pin))


@router.get("/{person}")
def person(request: Request, station: TheStation, admin: Admin, person: str) -> Response:
    """Offer what can be changed of an account."""
    return screens_of(request).show(request, "person.html", admin, account=_account(station, person), roles=words.ROLES)


@router.post("/{person}/role")
def change_role(
    request: Request, station: TheStation, admin: Admin, person: str, role: Annotated[str, Form(max_length=32)]
) -> Response:
    """Let another role wait for the second person."""
    who = _account(station, person).operator
    station.accounts.check_role(role)
    language = screens_of(request).language(request)
    shown = language.say(
        "%(name)s has the role %(role)s from now on.", name=who.name, role=language.say(words.ROLES[role])
    )
    subject = account_subject("role_changed", who.name, role)
    return _begin(station, admin, subject, shown, lambda by: station.accounts.change_role(by, who.id, role))


@router.get("/{person}/pin")
def ask_pin(request: Request, station: TheStation, admin: Admin, person: str) -> Response:
    """Ask the person for a new PIN."""
    return screens_of(request).show(
        request, "new_pin.html", admin, name=_account(station, person).operator.name, role=""
    )


@router.post("/{person}/pin")
def replace_pin(
    request: Request, station: TheStation, admin: Admin, person: str, pin: Annotated[str, Form(max_length=64)]
) -> Response:
    """Let a new PIN wait for the second person."""
    who = _account(station, person).operator
    station.accounts.check_pin(pin)
    shown = screens_of(request).language(request).say("%(name)s gets a new PIN.", name=who.name)
    subject = account_subject("pin_replaced", who.name, who.role)
    return _begin(station, admin, subject, shown, lambda by: station.accounts.replace_pin(by, who.id, pin))


@router.post("/{person}/leave")
def leave(request: Request, station: TheStation, admin: Admin, person: str) -> Response:
    """Let the end of an account wait for the second person, or its return."""
    account, language = _account(station, person), screens_of(request).language(request)
    who = account.operator
    if account.left:
        station.accounts.check_apart(who.name)
        shown = language.say("%(name)s may sign in here again.", name=who.name)
        subject = account_subject("returned", who.name, who.role)
        return _begin(station, admin, subject, shown, lambda by: station.accounts.come_back(by, who.id))
    shown = language.say("%(name)s may sign in here no more.", name=who.name)
    subject = account_subject("left", who.name, who.role)
    return _begin(station, admin, subject, shown, lambda by: station.accounts.leave(by, who.id))


@router.post("/{person}/lost")
def lost(request: Request, station: TheStation, admin: Admin, person: str) -> Response:
    """Let the loss of a person's tokens wait for the second person."""
    who = _account(station, person).operator
    shown = screens_of(request).language(request).say("The tokens of %(name)s count no more.", name=who.name)
    subject = account_subject("token_removed", who.name, who.role)
    return _begin(station, admin, subject, shown, lambda by: station.accounts.remove_tokens(by, who.id))


@router.get("/{person}/token")
def ask_token(request: Request, station: TheStation, admin: Admin, person: str) -> Response:
    """Ask the person's new token for a credential; the act that adds it waits from now on."""
    who, language = _account(station, person).operator, screens_of(request).language(request)

    def add(by: Approval) -> None:
        if act.new_token is None:
            raise TokenRefused("no new token answered yet")
        station.accounts.add_token(by, who.id, act.new_token)

    shown = language.say("%(name)s gets a token.", name=who.name)
    act = station.desk.begin(admin, "accounts", account_subject("token_added", who.name, who.role), add, shown)
    options = json.dumps(plain(station.desk.new_options(act, who)))
    return screens_of(request).show(request, "new_token.html", admin, person=who, waiting=act, options=options)


@router.post("/{person}/token")
def take_token(
    station: TheStation,
    admin: Admin,  # noqa: ARG001 - only an administrator adds one
    person: str,
    act_id: Annotated[str, Form(max_length=64)],
    answer: Annotated[str, Form(max_length=MAX_ANSWER)],
) -> Response:
    """Take the new token's answer, and go on to the two persons."""
    act, who = station.desk.act(act_id), _account(station, person).operator
    station.desk.new_token(act, answer, partial(account_subject, "token_added", who.name, who.role))
    return see(f"/acts/{act.id}")


def _begin(
    station: Station, admin: OperatorView, subject: str, shown: str, perform: Callable[[Approval], object]
) -> Response:
    return see(f"/acts/{station.desk.begin(admin, 'accounts', subject, perform, shown).id}")


def _account(station: Station, person: str) -> AccountView:
    for account in station.accounts.everybody():
        if account.operator.id == OperatorId(person):
            return account
    raise UnknownOperator("nobody of that id is or was enrolled at this station")
