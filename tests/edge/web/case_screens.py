"""Every screen of a seizure by name: cases at each stage, made without the screens, and where to look at them."""

from collections.abc import Iterator
from dataclasses import dataclass

from edge.approvals import Approval, Proof
from edge.views import OperatorView
from sync.contract.acts import void_subject
from sync.contract.ids import ReadingId, ScreeningId
from tests.edge.bench import finished
from tests.edge.web.officer import Officer
from tests.edge.web.post import PIN, Post
from tests.edge.web.sample_screens import sample_screens, sampled

PICTURE = b"\xff\xd8\xff\xe0 a picture \xff\xd9"


@dataclass(frozen=True)
class Cases:
    """Screenings by stage: one with nothing, one begun, one with two exhibits, one signed; and exhibits of them.

    `returned` was signed and returned by its review, its exhibit is `opened`. Of `away` a colleague has the first
    of five exhibits, `reported`, whose bag was found with another seal, and a laboratory the second. `corrected` was
    approved before a reading of it was made `void`. `crowded` has more readings and exhibits than a page shows,
    `sampled` readings of exhibits.
    """

    empty: ScreeningId
    begun: ScreeningId
    several: ScreeningId
    signed: ScreeningId
    exhibit: str
    sealed: str
    signed_for: str
    weighed: int
    returned: ScreeningId
    opened: str
    away: ScreeningId
    reported: str
    corrected: ScreeningId
    void: ReadingId
    crowded: ScreeningId
    judged: ScreeningId
    sampled: ScreeningId

    @classmethod
    def make(cls, post: Post, reading: str) -> "Cases":
        """Make them; the first one is the screening of `reading`."""
        station, operator = post.station, post.station.operators.list()[0]
        empty = station.screenings.view(ReadingId(reading)).screening
        station.drafts.keep(operator, empty, exhibit_category="powder")
        begun, several = (station.screenings.open(operator, "vehicle") for _ in range(2))
        signed = station.screenings.view(ReadingId(post.measure())).screening
        exhibit = add_exhibit(post, operator, begun)
        station.casework.weigh(operator, exhibit, ("1012.37", "g"), "gross", "A&D SJ-5000HS")
        station.casework.photograph(operator, exhibit, PICTURE, "image/jpeg")
        sealed, _ = (add_exhibit(post, operator, several) for _ in range(2))
        station.casework.weigh(operator, sealed, ("12.5", "g"))
        station.casework.apply_seal(operator, sealed, f"FGR-{several[-6:].upper()}", "La bolsa se cerró")
        last = add_exhibit(post, operator, signed)
        weighed = station.casework.weigh(operator, last, ("1012.37", "g"), "gross", "A&D SJ-5000HS")
        station.casework.photograph(operator, last, PICTURE, "image/jpeg")
        station.casework.apply_seal(operator, last, f"FGR-{signed[-6:].upper()}", "La bolsa se cerró")
        station.seizures.witness(operator, signed, "searched", "agreed")
        officer = next(each for each in station.operators.list() if each.role == "officer")
        station.seizures.sign(officer, signed, "hold")
        station.casework.amend(officer, weighed, "Se leyó mal", [("value", "1012.37", "1012.73")])
        returned, opened = _returned(post, operator, officer)
        away = _away(post, officer)
        reported = station.casework.dossier(away).exhibits[0].id
        corrected, void = _corrected(post, operator, officer)
        made = empty, begun, several, signed, exhibit, sealed, last, weighed, returned, opened, away, reported
        crowded, judged = (_crowded(post, each) for each in (operator, officer))
        station.seizures.sign(officer, judged, "hold")
        return cls(*made, corrected, void, crowded, judged, sampled(post))


def _returned(post: Post, operator: OperatorView, officer: OperatorView) -> tuple[ScreeningId, str]:
    station = post.station
    screening = station.screenings.view(ReadingId(post.measure())).screening
    exhibit, seal = add_exhibit(post, operator, screening), f"FGR-{screening[-6:].upper()}"
    station.casework.weigh(operator, exhibit, ("11.90", "g"), "net")
    station.casework.apply_seal(operator, exhibit, seal, "La bolsa se cerró")
    station.seizures.sign(officer, screening, "hold")
    station.casework.break_seal(operator, exhibit, seal, "Se toma una muestra")
    station.seizures.review(operator, screening, "returned", "La fotografía no lo muestra")
    return screening, exhibit


def _away(post: Post, officer: OperatorView) -> ScreeningId:
    station, screening = post.station, post.station.screenings.open(officer, "vehicle")
    with_colleague, with_laboratory, *_ = [add_exhibit(post, officer, screening) for _ in range(5)]
    for number, exhibit in enumerate((with_colleague, with_laboratory), start=1):
        seal = f"FGR-{screening[-6:].upper()}{number}"
        station.casework.apply_seal(officer, exhibit, seal, "La bolsa se cerró")
        for name, told in (("receiver", "outside-prosecutor"), ("name", "Abc"), ("reason", "court")):
            station.drafts.keep(officer, screening, **{f"{exhibit}_to_{name}": told})
    laboratory = "Q.F.B. Inés Duarte Montaño, Laboratorio"
    station.casework.transfer(officer, with_laboratory, laboratory, "Análisis de laboratorio", seal)
    station.seizures.sign(officer, screening, "hold")
    station.casework.report_seal(officer, with_colleague, "FGR-0099999")
    return screening


def _crowded(post: Post, operator: OperatorView) -> ScreeningId:
    station, screening = post.station, post.station.screenings.open(operator, "vehicle")
    for names in (["Cocaine", "Ketamine"], ["Fentanyl"], ["Methamphetamine"], ["Mephedrone"], ["Caffeine"]):
        post.programme.mixture(*names)
        with post.lasting(0.05):
            finished(station, station.screenings.start(operator, screening=screening))
    for number in range(6):
        exhibit = add_exhibit(post, operator, screening)
        station.casework.weigh(operator, exhibit, ("1012.37", "g"), "gross", "A&D SJ-5000HS")
        seal = f"SELLO-{screening[-6:].upper()}-{number}"
        station.casework.apply_seal(operator, exhibit, seal, "La bolsa se cerró")
    for role in ("searched", "counsel"):
        station.seizures.witness(operator, screening, role, "refused" if role == "searched" else "agreed")
    return screening


def _corrected(post: Post, supervisor: OperatorView, officer: OperatorView) -> tuple[ScreeningId, ReadingId]:
    station = post.station
    screening = station.screenings.open(officer, "parcel")
    for sample in ("Cocaine", "Caffeine"):
        post.programme.sample(sample)
        finished(station, station.screenings.start(officer, screening=screening))
    add_exhibit(post, officer, screening)
    station.seizures.sign(officer, screening, "hold")
    station.seizures.review(supervisor, screening, "approved")
    last, reason = station.casework.dossier(screening).readings[-1], "Es de otra cosa"
    assert last.seq is not None
    first, second = (Proof(each, "demonstration_pin") for each in (supervisor, officer))
    station.casework.void(Approval("void", void_subject(last.seq, reason), first, second), last.seq, reason)
    return screening, last.id


def add_exhibit(post: Post, operator: OperatorView, screening: ScreeningId) -> str:
    """Make a bag of powder an exhibit."""
    described = "Polvo · 3 piezas · Bolsa"
    return post.station.casework.add_exhibit(operator, screening, described, "powder", 3, "bag")


def case_screens(officer: Officer, cases: Cases) -> Iterator[str]:
    """Go to one screen after the other and yield its name."""
    pages = {
        "seizure-new": f"/screenings/{cases.empty}/seizure",
        "exhibit-category": f"/screenings/{cases.empty}/exhibits/new?ask=category",
        "exhibit-packing": f"/screenings/{cases.empty}/exhibits/new?ask=packing",
        "seizure": f"/screenings/{cases.begun}/seizure",
        "seizure-several": f"/screenings/{cases.several}/seizure",
        "exhibit": f"/exhibits/{cases.sealed}",
        "weight": f"/exhibits/{cases.exhibit}/weight",
        "weight-by-hand": f"/exhibits/{cases.exhibit}/weight/typed",
        "photo": f"/exhibits/{cases.exhibit}/photo",
        "seal": f"/exhibits/{cases.exhibit}/seal",
        "witnesses": f"/screenings/{cases.begun}/witnesses",
        "witness-searched": f"/screenings/{cases.begun}/witnesses/searched",
        "witness-colleague": f"/screenings/{cases.begun}/witnesses/colleague",
        "witness-badge": f"/screenings/{cases.begun}/witnesses/colleague?stance=agreed",
        "reference": f"/screenings/{cases.begun}/references/detention",
        "review": f"/screenings/{cases.several}/review",
        "review-incomplete": f"/screenings/{cases.several}/review?incomplete=yes",
        "sign-by-pin": f"/screenings/{cases.begun}/sign",
        "case-record": f"/screenings/{cases.signed}/record",
        "entries": f"/screenings/{cases.signed}/entries",
        "exhibits": f"/screenings/{cases.several}/exhibits",
        "seal-by-hand": f"/exhibits/{cases.exhibit}/seal/typed",
    }
    signed, entry = f"/screenings/{cases.signed}", f"/entries/{cases.weighed}"
    pages |= {
        "cases": "/cases",
        "cases-none": "/cases?q=NADA",
        "search-cases": "/cases/search",
        "reviews": "/reviews",
        "review-decision": f"{signed}/decision",
        "review-decision-of-many": f"/screenings/{cases.away}/decision",
        "review-decision-of-many-last": f"/screenings/{cases.away}/decision?page=3",
        "compare-many": f"/screenings/{cases.crowded}/compare",
        "compare-many-last": f"/screenings/{cases.crowded}/compare?page=2",
        "review-many": f"/screenings/{cases.crowded}/review",
        **{f"review-many-{at}": f"/screenings/{cases.crowded}/review?incomplete=yes&page={at}" for at in range(1, 6)},
        "review-decision-many-last": f"/screenings/{cases.judged}/decision?page=9",
        "decision-return": f"{signed}/decision/return",
        "decision-approve": f"{signed}/decision/approve",
        "entry": entry,
        "amend-field": f"{entry}/amend",
        "amend-value": f"{entry}/amend/value",
        "void": f"{entry}/void",
        "export": f"{signed}/export",
        "result-void": f"/readings/{cases.void}",
        "record-void": f"/readings/{cases.void}/record",
        "review-corrected": f"/screenings/{cases.corrected}/decision",
        "case-record-corrected": f"/screenings/{cases.corrected}/record",
        "export-order": f"{signed}/export?receiver=court",
    }
    for name, path in pages.items():
        officer.open(path)
        yield name
    officer.open(f"/exhibits/{cases.exhibit}/weight/typed")
    officer.page.locator("#value").fill("55.5")
    officer.tap(".primary")
    officer.page.locator("[name=way]").first.wait_for()
    yield "weight-again"
    officer.open(f"/exhibits/{cases.exhibit}/weight/typed")
    officer.page.locator("#value").fill("999999999")
    officer.tap(".primary")
    officer.page.locator(".pick").wait_for()
    yield "weight-heavy"
    officer.open(f"/exhibits/{cases.exhibit}/weight/typed")
    officer.page.locator("#value").fill("0.0000000000000")
    officer.tap(".primary")
    officer.page.get_by_role("alert").wait_for()
    yield "weight-refused"
    yield from _amended(officer, cases)
    yield from _count(officer, cases)
    yield from _handed_over(officer, cases)
    yield from sample_screens(officer, cases.sampled)


def _count(officer: Officer, cases: Cases) -> Iterator[str]:
    station = officer.post.station
    station.drafts.keep(station.operators.list()[0], cases.empty, exhibit_packing="bag", exhibit_count="3")
    officer.open(f"/screenings/{cases.empty}/exhibits/new")
    yield "exhibit-count"


def _amended(officer: Officer, cases: Cases) -> Iterator[str]:
    station, draft = officer.post.station, f"amend_{cases.weighed}_"
    operator, path = station.operators.list()[0], f"/entries/{cases.weighed}/amend/value"
    station.drafts.keep(operator, cases.signed, **{f"{draft}value": "1012.74"})
    officer.open(path)
    yield "amend-why"
    station.drafts.keep(operator, cases.signed, **{f"{draft}why": "misread"})
    officer.open(path)
    yield "amend"
    station.drafts.forget(cases.signed, draft)
    act = _send(officer, f"/entries/{cases.weighed}/void", why="misread")
    _send(officer, act, person=operator.id, pin=PIN)
    officer.open(act)
    yield "act-second-person"
    officer.tap(".tiles a")
    officer.page.locator("[name=pin]").wait_for()
    yield "act-approval"


def _send(officer: Officer, path: str, **fields: str) -> str:
    """Send a form without its screen; return the path of the screen that answers."""
    post = officer.post
    answer = officer.page.request.post(f"{post.url}{path}", form=dict(fields), headers={"Origin": post.url})
    return answer.url.removeprefix(post.url)


def _handed_over(officer: Officer, cases: Cases) -> Iterator[str]:
    station, screening = officer.post.station, cases.signed
    operator = station.operators.list()[0]
    receiver = next(each for each in station.operators.list() if each.role == "officer")
    here, draft = f"/exhibits/{cases.signed_for}/handover", f"{cases.signed_for}_to_"

    def tell(**fields: str) -> None:
        station.drafts.keep(operator, screening, **{f"{draft}{name}": value for name, value in fields.items()})

    def asked(name: str) -> str:
        officer.open(here)
        return f"handover-{name}"

    def give() -> None:
        officer.open(here)
        _send(officer, str(officer.page.locator("garita-hold form").get_attribute("action")), held="yes")

    officer.open(f"/exhibits/{cases.signed_for}")
    yield "exhibit-signed"
    station.drafts.forget(screening, draft)
    yield asked("number")
    officer.open(f"{here}/number")
    yield "handover-number-by-hand"
    officer.open(f"/exhibits/{cases.signed_for}/handover/other?number=FGR-0099999")
    yield "other-seal"
    officer.open(f"/exhibits/{cases.reported}")
    yield "exhibit-with-another-seal"
    seal = station.casework.dossier(screening).exhibits[0].seal_number
    _send(officer, here, number=str(seal))
    yield asked("receiver")
    tell(receiver="outside-laboratory")
    yield asked("name")
    tell(name="Q.F.B. Inés Duarte Montaño")
    yield asked("reason")
    tell(reason="analysis")
    yield asked("given")
    give()
    yield asked("drawn")
    tell(receiver=receiver.id)
    give()
    yield asked("accept")
    yield from _cut_off(officer, cases, str(seal))
    for name, exhibit in zip(("absent", "outside"), station.casework.dossier(cases.away).exhibits, strict=False):
        _send(officer, f"/exhibits/{exhibit.id}/handover", number=str(exhibit.seal_number))
        officer.open(f"/exhibits/{exhibit.id}/handover")
        yield f"handover-{name}"
    yield from _opened(officer, cases, str(seal))


def _cut_off(officer: Officer, cases: Cases, seal: str) -> Iterator[str]:
    """Go on with a hand-over that its giver signed before the power was cut."""
    station, exhibit = officer.post.station, f"/exhibits/{cases.signed_for}"
    station.seals_read.forget(cases.signed_for)
    station.casework.offers.forget(cases.signed_for)
    for name, path in (("home", "/"), ("exhibit", exhibit), ("handover", f"{exhibit}/handover")):
        officer.open(path)
        yield f"{name}-cut-off"
    _send(officer, f"{exhibit}/handover", number=seal)
    officer.open(f"{exhibit}/handover")
    yield "handover-again"


def _opened(officer: Officer, cases: Cases, seal: str) -> Iterator[str]:
    station, screening, exhibit = officer.post.station, cases.signed, cases.signed_for
    station.drafts.forget(screening, f"{exhibit}_open_")
    station.seals_read.forget(exhibit)
    for name, fields in (("number", {}), ("why", {"number": seal}), ("confirm", {"why": "sampling"})):
        _send(officer, f"/exhibits/{exhibit}/open", **fields)
        officer.open(f"/exhibits/{exhibit}/open")
        yield f"open-{name}"
    officer.open(f"/exhibits/{cases.opened}")
    yield "exhibit-opened"
    officer.open(f"/exhibits/{cases.opened}/weight?occasion=before_sampling")
    yield "weight-before-sampling"
    officer.open(f"/screenings/{cases.returned}/record")
    yield "case-record-returned"
