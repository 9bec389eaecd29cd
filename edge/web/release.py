"""A signed seizure leaves the station in a file: for whom, by which order, and two persons who allow it."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, cast

from fastapi import APIRouter, Form, Request, Response

from edge.approvals import Approval
from edge.errors import BadCasework
from edge.export import Leaving
from edge.permissions import check
from edge.web import case_words as words
from edge.web.carrying import Parcel, Stick, keep, offer
from edge.web.case_screen import Case, Officer, TheCase, TheStation
from edge.web.screen import Page, screens_of, see
from sync.contract.ids import ScreeningId, Seq
from sync.contract.seizure import SignatureRecord

KEPT = 4
DIGITS = 8
MEDIA = "application/vnd.garita+cbor"

router = APIRouter(route_class=Page, include_in_schema=False)


@dataclass(frozen=True)
class Released:
    """A bundle of a screening that two persons let leave: for whom, and which entry is its last."""

    screening: ScreeningId
    bundle: bytes
    receiver: str
    last: Seq

    def named(self, start: str, data: bytes) -> str:
        """Return what a file of it is called, without its ending: no two that differ are called the same."""
        return f"{start}-{self.screening}-{self.receiver}-{self.last}-{sha256(data).hexdigest()[:DIGITS]}"


@router.get("/screenings/{screening_id}/export")
def ask(request: Request, case: TheCase, receiver: str = "") -> Response:
    """Ask for whom it leaves, then by which order; what was let go before and waits here is offered again."""
    check(case.operator, "release")
    say = case.checklist.language.say
    if receiver not in words.RECIPIENTS:
        choices = [(name, say(text)) for name, text in words.RECIPIENTS.items()]
        waiting = [name for name, each in _bundles(request).items() if each.screening == case.dossier.screening]
        return case.show("release.html", choices=choices, waiting=waiting[-1] if waiting else "")
    said = words.RECIPIENTS[receiver]
    return case.show("release_order.html", receiver=receiver, title=say(said))


@router.post("/screenings/{screening_id}/export")
def begin(
    request: Request,
    station: TheStation,
    case: TheCase,
    receiver: Annotated[str, Form(max_length=16)],
    order: Annotated[str, Form(min_length=1, max_length=60)],
) -> Response:
    """Let it wait for the two persons; what they allow is kept until it is saved."""
    if receiver not in words.RECIPIENTS:
        return see(f"{case.checklist.here}/export")
    name, said = secrets.token_urlsafe(16), words.RECIPIENTS[receiver]
    leaving = station.leaving(_asked(case, case.checklist.language.say(said), order))
    bundles = _bundles(request)

    def release(approval: Approval) -> None:
        bundle = station.export_evidence(leaving, approval)
        bundles[name] = Released(case.dossier.screening, bundle, receiver, leaving.last)
        for old in list(bundles)[:-KEPT]:
            del bundles[old]

    which = {"first": leaving.first, "last": leaving.last, "receiver": leaving.receiver, "order": order}
    shown = case.checklist.language.say("Entries %(first)s to %(last)s leave for %(receiver)s: %(order)s", **which)
    if leaving.also:
        shown = case.checklist.language.say(
            "Entries %(first)s to %(last)s, and %(also)s, which they name, leave for %(receiver)s: %(order)s",
            also=", ".join(map(str, leaving.also)),
            **which,
        )
    act = station.desk.begin(case.operator, "release", leaving.subject, release, shown, f"/exports/{name}")
    return see(f"/acts/{act.id}")


@router.get("/exports/{name}")
def released(request: Request, operator: Officer, name: str) -> Response:
    """Offer the file."""
    check(operator, "release")
    released_of(request, name)
    return screens_of(request).show(request, "released.html", operator, name=name)


@router.post("/exports/{name}/garita-export.bin")
def download(request: Request, operator: Officer, name: str) -> Response:
    """Answer the file."""
    check(operator, "release")
    return Response(released_of(request, name).bundle, media_type=MEDIA, headers={"Content-Disposition": "attachment"})


@router.get("/exports/{name}/stick")
def choose_stick(request: Request, operator: Officer, name: str) -> Response:
    """Offer the sticks that are plugged in."""
    check(operator, "release")
    released_of(request, name)
    return offer(request, operator, f"/exports/{name}", f"/exports/{name}/garita-export.bin")


@router.post("/exports/{name}/stick")
def write_stick(request: Request, station: TheStation, operator: Officer, name: str, stick: Stick) -> Response:
    """Write the file onto a stick."""
    check(operator, "release")
    found = released_of(request, name)
    here, file = f"/exports/{name}", f"{found.named(station.settings.station, found.bundle)}.court"
    return keep(request, operator, stick, Parcel(file, found.bundle, here, f"{here}/garita-export.bin"))


def _asked(case: Case, receiver: str, order: str) -> Leaving:
    signed = [seq for seq, record in case.dossier.records if isinstance(record, SignatureRecord)]
    if not signed:
        raise BadCasework(f"screening {case.dossier.screening} is not signed; sign it first")
    return Leaving(Seq(min(case.dossier.proofs)), Seq(max(case.dossier.proofs)), receiver, order)


def _bundles(request: Request) -> dict[str, Released]:
    return cast("dict[str, Released]", request.app.state.released)


def released_of(request: Request, name: str) -> Released:
    """Return what two persons let leave, while it waits here; raises BadCasework."""
    found = _bundles(request).get(name)
    if found is None:
        raise BadCasework("no such file waits here; export it again")
    return found
