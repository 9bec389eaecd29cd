"""The screens of a USB stick by name, for the rules that hold on every screen."""

from collections.abc import Iterator

from playwright.sync_api import expect

from edge.approvals import Approval
from edge.export import Leaving
from edge.web.release import Released
from sync.contract.ids import Seq
from tests.edge.usb import plugged, possible
from tests.edge.web.case_screens import Cases
from tests.edge.web.officer import Officer
from tests.edge.web.post import PIN, Post


def stick_screens(officer: Officer, cases: Cases) -> Iterator[str]:
    """Go to what leaves, to no stick, and where this machine can mount them to two of them."""
    officer.open(release(officer.post, cases))
    yield "released"
    officer.tap(".primary")
    expect(officer.page.locator(".message h2")).to_be_visible()
    yield "sticks-none"
    media = officer.post.station.settings.sticks
    if possible(media.parent):
        with plugged(media / "FGR-EVIDENCIA-07"), plugged(media / "KINGSTON"), plugged(media / "LLENA", kib=4):
            expect(officer.page.locator(".pick")).to_have_count(3)
            yield "sticks"
            officer.tap(".pick >> nth=2")
            expect(officer.page.get_by_role("alert")).to_be_visible()
            yield "sticks-full"
            officer.tap(".pick >> nth=0")
            expect(officer.page.locator(".message h1")).to_be_visible()
            yield "carried"
            officer.open("/sync/stick")
            officer.tap(".pick >> nth=1")
            expect(officer.page.locator(".message h1")).to_be_visible()
            yield "carried-to-centre"


def release(post: Post, cases: Cases) -> str:
    """Let two persons release the signed seizure, and return where it waits."""
    station = post.station
    seqs = station.casework.dossier(cases.signed).proofs
    leaving = Leaving(Seq(min(seqs)), Seq(max(seqs)), "Juzgado", "45/2026")
    people = {each.role: each for each in station.operators.list()}
    first, second = (station.operators.prove(people[role].id, PIN) for role in ("supervisor", "officer"))
    bundle = station.export_evidence(leaving, Approval("release", leaving.subject, first, second))
    post.app.state.released["seen"] = Released(cases.signed, bundle, "court", leaving.last)
    return "/exports/seen"
