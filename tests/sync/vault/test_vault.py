"""The vault: it opens what is signed, files each entry once, and names what it could not believe."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from sync.central.centre import Centre
from sync.chain import Head, empty
from sync.contract.card import StationCard
from sync.contract.ids import StationId
from sync.contract.inside import LoggedEnvelope, Page, SealedNames, StationList
from sync.contract.records import HitPart, Record
from sync.contract.submission import Submission
from sync.contract.suspects import SuspectsPart
from sync.envelope import Envelope
from sync.errors import CentralUnreachable, LogDamaged
from sync.identity import Identity
from sync.journal import Sealer
from sync.keys import Recipient, StationKey
from sync.vault.cases import Cases
from sync.vault.source import Source
from sync.vault.vault import PullReport, Vault
from tests.sync.vault.conftest import screening, seal_all
from tests.sync.vault.parts import unnoted

Submit = Callable[[list[Envelope]], None]
Change = Callable[[list[LoggedEnvelope]], list[LoggedEnvelope]]


def now() -> datetime:
    return datetime(2026, 11, 22, 13, tzinfo=UTC)


@pytest.fixture
def vault(inside: httpx.Client, cases: Cases, national: Identity) -> Vault:
    return Vault(Source(inside), cases, national, now, unnoted)


@pytest.fixture
def hostile(inside: httpx.Client, cases: Cases, national: Identity) -> Callable[[Change], Vault]:
    """Make a vault whose centre changes its pages."""

    def central(request: httpx.Request, change: Change) -> httpx.Response:
        path, media = request.url.raw_path.decode(), {"Content-Type": request.headers.get("content-type", "")}
        answer = inside.request(request.method, path, content=request.content, headers=media)
        if request.url.path != "/v1/envelopes":
            return answer
        page = Page.from_bytes(answer.content)
        return httpx.Response(200, content=Page(size=page.size, envelopes=change(page.envelopes)).to_bytes())

    def make(change: Change) -> Vault:
        transport = httpx.MockTransport(lambda request: central(request, change))
        return Vault(
            Source(httpx.Client(transport=transport, base_url="http://central")), cases, national, now, unnoted
        )

    return make


def replaced(page: list[LoggedEnvelope], seq: int, data: bytes) -> list[LoggedEnvelope]:
    return [each.model_copy(update={"envelope": data}) if each.seq == seq else each for each in page]


def problems(cases: Cases) -> list[tuple[int, str]]:
    return [(problem.seq, problem.code) for problem in cases.problems.list()]


def test_files_what_the_records_say(vault: Vault, cases: Cases, submit: Submit, sealed: list[Envelope]) -> None:
    submit(sealed)
    assert vault.pull() == PullReport(seen=5, problems=0)
    found = [(case.seq, case.log_index, case.conclusion, case.top_hit) for case in cases.cases()]
    assert found == [(3, 2, "alarm", "cocaine"), (4, 3, "fault", None), (5, 4, "alarm", "fentanyl")]
    assert cases.cases()[0].recorded == "2026-11-22T12:02:00.000000Z"
    assert cases.cases()[0].opened == "2026-11-22T13:00:00.000000Z"


def test_keeps_every_record_byte_for_byte(
    vault: Vault, cases: Cases, submit: Submit, sealed: list[Envelope], records: list[Record]
) -> None:
    submit(sealed)
    vault.pull()
    assert [cases.record("MX-TIJ-01", seq) for seq in range(1, 6)] == records
    assert cases.record("MX-TIJ-01", 6) is None


def test_rows_for_readings_and_hits(
    vault: Vault, cases: Cases, submit: Submit, sealed: list[Envelope], cases_file: Path
) -> None:
    submit(sealed)
    vault.pull()
    cases.close()
    database = sqlite3.connect(cases_file)
    readings = database.execute("SELECT seq, reading, outcome, problem, conclusion FROM readings").fetchall()
    assert readings == [
        (3, "reading-2", "measured", None, "alarm"),
        (4, "reading-5", "failed", "no-response", None),
        (5, "reading-8", "measured", None, "alarm"),
    ]
    hits = database.execute("SELECT rank, name, probability, isomers, stereoisomers FROM hits WHERE seq = 3").fetchall()
    assert hits == [(1, "cocaine", 0.9, '["pseudococaine"]', '["mirrored"]'), (2, "second", None, "[]", "[]")]
    database.close()


def test_a_case_goes_by_the_name_of_whom_it_suspects(
    vault: Vault, cases: Cases, submit: Submit, sealer: Sealer, cases_file: Path
) -> None:
    suspect = HitPart(name="fentanyl", inchikey="F", probability=0.8, score=0.5, isomers=[])
    suspecting = screening("creatine", 2, SuspectsPart(of=[suspect]))
    submit(seal_all(sealer, [suspecting.to_bytes()]))
    vault.pull()
    assert [each.top_hit for each in cases.cases()] == ["fentanyl"]
    cases.close()
    with closing(sqlite3.connect(cases_file)) as database:
        hits = database.execute("SELECT name, suspected FROM hits ORDER BY rank").fetchall()
    assert hits == [("creatine", 0), ("second", 0), ("fentanyl", 1)]


def test_goes_on_where_it_stopped(
    vault: Vault, inside: httpx.Client, cases: Cases, national: Identity, submit: Submit, sealed: list[Envelope]
) -> None:
    submit(sealed[:3])
    assert vault.pull().seen == 3
    submit(sealed[3:])
    again = Vault(Source(inside), cases, national, now, unnoted)
    assert again.pull().seen == 2
    assert again.pull() == PullReport(seen=0, problems=0)
    assert [case.seq for case in cases.cases()] == [3, 4, 5]


def test_the_escrow_key_opens_the_same(
    inside: httpx.Client, cases: Cases, escrow: Identity, submit: Submit, sealed: list[Envelope]
) -> None:
    submit(sealed)
    Vault(Source(inside), cases, escrow, now, unnoted).pull()
    assert [case.top_hit for case in cases.cases()] == ["cocaine", None, "fentanyl"]


def test_another_key_opens_nothing_and_says_so(
    inside: httpx.Client, cases: Cases, stranger: Identity, submit: Submit, sealed: list[Envelope]
) -> None:
    submit(sealed)
    assert Vault(Source(inside), cases, stranger, now, unnoted).pull() == PullReport(seen=5, problems=5)
    assert problems(cases) == [(seq, "unopenable") for seq in range(1, 6)]


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda data: data[:-1] + bytes([data[-1] ^ 1]), "bad_signature"),
        (lambda data: data[:-1], "malformed"),
        (lambda data: data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :], None),
    ],
    ids=["signature bit flipped", "cut", "bit flipped in the middle"],
)
def test_a_damaged_envelope_is_kept_and_named_and_the_rest_goes_on(
    damage: Callable[[bytes], bytes],
    code: str | None,
    hostile: Callable[[Change], Vault],
    cases: Cases,
    submit: Submit,
    sealed: list[Envelope],
) -> None:
    submit(sealed)
    bad = damage(sealed[2].data)
    report = hostile(lambda page: replaced(page, 3, bad)).pull()
    assert report == PullReport(seen=5, problems=2)
    (seq, found), after = problems(cases)
    assert seq == 3
    assert code in {found, None}
    assert after == (4, "broken_chain")
    assert [case.seq for case in cases.cases()] == [4, 5]
    assert cases._database.execute("SELECT envelope FROM problems WHERE seq = 3").fetchall() == [(bad,)]


def test_a_fork_is_named(
    hostile: Callable[[Change], Vault], cases: Cases, submit: Submit, sealed: list[Envelope], sealer: Sealer
) -> None:
    """Show, in place of entry 4, another one that the station signed, too: the next one does not follow it."""
    submit(sealed)
    other = sealer.seal_after(Head(sealed[2].header.seq, sealed[2].digest), sealed[3].data[:10])
    hostile(lambda page: replaced(page, 4, other.data)).pull()
    assert problems(cases) == [(4, "malformed"), (5, "broken_chain")]


def test_a_record_of_another_schema_is_kept_as_an_entry(
    vault: Vault,
    cases: Cases,
    submit: Submit,
    seal_records: Callable[[list[bytes]], list[Envelope]],
    records: list[Record],
) -> None:
    future = records[0].model_dump(by_alias=True) | {"schema": "garita.custody/7", "bag": "A-1"}
    record = Record.from_value(future)
    submit(seal_records([record.to_bytes()]))
    assert vault.pull() == PullReport(seen=1, problems=0)
    assert cases.record("MX-TIJ-01", 1) == record
    assert cases.cases() == []


@pytest.mark.parametrize("record", [b"", b"\x00", b"\xa1", b"not cbor at all"])
def test_what_is_no_record_is_named(
    record: bytes, vault: Vault, cases: Cases, submit: Submit, seal_records: Callable[[list[bytes]], list[Envelope]]
) -> None:
    submit(seal_records([record or b"\xf6"]))
    vault.pull()
    assert problems(cases) == [(1, "malformed")]


def test_a_record_of_another_station_is_named(
    vault: Vault,
    cases: Cases,
    submit: Submit,
    seal_records: Callable[[list[bytes]], list[Envelope]],
    records: list[Record],
) -> None:
    submit(seal_records([records[0].model_copy(update={"station": "MX-MEX-02"}).to_bytes()]))
    vault.pull()
    assert problems(cases) == [(1, "malformed")]


def test_a_key_swapped_at_the_centre_after_the_first_sight_is_not_believed(
    inside: httpx.Client,
    cases: Cases,
    national: Identity,
    submit: Submit,
    sealed: list[Envelope],
    other_sealer: Sealer,
    sealer: Sealer,
) -> None:
    forger = Sealer(sealer.station, other_sealer.key, sealer.recipients)
    forged = forger.seal_after(empty(sealer.station, forger.key.public), b"planted")
    card = forger.key.card(sealer.station)

    def central(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/stations":
            return httpx.Response(200, content=StationList(cards=[card]).to_bytes())
        if request.url.path == "/v1/attachments/here":
            return httpx.Response(200, content=SealedNames(names=[]).to_bytes())
        after = int(request.url.params["after"])
        planted = LoggedEnvelope(index=after + 1, station=sealer.station, seq=1, envelope=forged.data)
        page = Page(size=6, envelopes=[planted] if after < 5 else [])
        return httpx.Response(200, content=page.to_bytes())

    submit(sealed)
    Vault(Source(inside), cases, national, now, unnoted).pull()
    swapped = httpx.Client(transport=httpx.MockTransport(central), base_url="http://central")
    Vault(Source(swapped), cases, national, now, unnoted).pull()
    assert problems(cases) == [(1, "bad_signature")]


def test_a_log_that_was_cut_is_not_followed(
    vault: Vault, hostile: Callable[[Change], Vault], submit: Submit, sealed: list[Envelope]
) -> None:
    submit(sealed)
    with pytest.raises(LogDamaged, match="gave entry 1 of the log where 0 comes next"):
        hostile(lambda page: page[1:]).pull()
    vault.pull()
    empty_page = Page(size=2, envelopes=[]).to_bytes()
    cards = StationList(cards=[]).to_bytes()
    short = httpx.MockTransport(
        lambda request: httpx.Response(200, content=cards if request.url.path == "/v1/stations" else empty_page)
    )
    cut = Vault(
        Source(httpx.Client(transport=short, base_url="http://central")), vault._cases, vault._identity, now, unnoted
    )
    with pytest.raises(LogDamaged, match="has 2 entries, and 5 were filed here"):
        cut.pull()


class Late(Source):
    """Before its `late`-th page is given, something happens at the centre."""

    def __init__(self, http: httpx.Client, late: int, happens: Callable[[], None]) -> None:
        super().__init__(http)
        self.late, self.happens = late, happens

    def page(self, after: int) -> Page:
        self.late -= 1
        if self.late == 0:
            self.happens()
        return super().page(after)


def records_of(station: str, records: list[Record]) -> list[bytes]:
    return [record.model_copy(update={"station": StationId(station)}).to_bytes() for record in records]


@pytest.fixture
def newcomer(recipients: list[Recipient]) -> Sealer:
    return Sealer(StationId("MX-NEW-03"), StationKey.generate(), recipients)


def arrive(centre: Centre, newcomer: Sealer, envelopes: list[Envelope]) -> None:
    centre.store.admit(newcomer.key.card(newcomer.station), now())
    submission = Submission(station=newcomer.station, envelopes=[each.data for each in envelopes])
    assert centre.ingest.submit(submission).refusal is None


def test_a_station_that_is_admitted_in_the_middle_of_a_pull(
    centre: Centre,
    inside: httpx.Client,
    cases: Cases,
    national: Identity,
    submit: Submit,
    sealed: list[Envelope],
    newcomer: Sealer,
    records: list[Record],
) -> None:
    theirs = seal_all(newcomer, records_of(newcomer.station, records))
    submit(sealed)
    source = Late(inside, 2, lambda: arrive(centre, newcomer, theirs))
    assert Vault(source, cases, national, now, unnoted).pull() == PullReport(seen=10, problems=0)
    assert cases.record(newcomer.station, 5) is not None


def test_what_came_before_its_stations_card_is_filed_when_the_card_comes(
    centre: Centre,
    cases: Cases,
    inside: httpx.Client,
    national: Identity,
    newcomer: Sealer,
    records: list[Record],
) -> None:
    """The centre hides the card at first; each opening is noted, the second time by what waited."""
    theirs = seal_all(newcomer, records_of(newcomer.station, records))
    arrive(centre, newcomer, theirs[:3])
    hidden, noted = [True], list[list[int]]()

    class Hiding(Source):
        def cards(self) -> list[StationCard]:
            return [] if hidden[0] else super().cards()

    def open_with(source: Source) -> PullReport:
        note = lambda page: noted.append([each.index for each in page])  # noqa: E731
        return Vault(source, cases, national, now, note).pull()

    assert open_with(Hiding(inside)) == PullReport(seen=3, problems=3)
    assert problems(cases) == [(seq, "no_card") for seq in (1, 2, 3)]
    assert open_with(Hiding(inside)) == PullReport(seen=0, problems=0)
    hidden[0] = False
    arrive(centre, newcomer, theirs[3:])
    assert open_with(Hiding(inside)) == PullReport(seen=5, problems=0)
    assert problems(cases) == []
    assert [cases.record_bytes(newcomer.station, seq) for seq in range(1, 6)] == records_of(newcomer.station, records)
    assert noted == [[0, 1, 2], [0, 1, 2], [3, 4]]


def test_what_waited_is_filed_before_what_came_later_though_its_opening_could_not_be_noted(
    centre: Centre,
    cases: Cases,
    inside: httpx.Client,
    national: Identity,
    newcomer: Sealer,
    records: list[Record],
) -> None:
    theirs = seal_all(newcomer, records_of(newcomer.station, records))
    arrive(centre, newcomer, theirs[:3])
    hidden, noted = [True], list[list[int]]()

    class Hiding(Source):
        def cards(self) -> list[StationCard]:
            return [] if hidden[0] else super().cards()

    def note(page: list[LoggedEnvelope]) -> None:
        if not hidden[0] and not noted:
            noted.append([])
            raise CentralUnreachable("the centre is down")
        noted.append([each.index for each in page])

    vault = Vault(Hiding(inside), cases, national, now, note)
    vault.pull()
    hidden[0] = False
    noted.clear()
    arrive(centre, newcomer, theirs[3:])
    with pytest.raises(CentralUnreachable):
        vault.pull()
    vault.pull()
    assert noted == [[], [0, 1, 2], [3, 4]]
    assert problems(cases) == []


def test_what_an_earlier_version_set_aside_is_taken_up_as_well(
    centre: Centre,
    inside: httpx.Client,
    cases: Cases,
    national: Identity,
    newcomer: Sealer,
    records: list[Record],
) -> None:
    """A database of form 2 has what no card was shown for as `bad_signature`."""
    theirs = seal_all(newcomer, records_of(newcomer.station, records))
    detail = f"{theirs[0]}: the centre shows no card of that station"
    logged = LoggedEnvelope(index=0, station=newcomer.station, seq=1, envelope=theirs[0].data)
    cases.problems.add(logged, "bad_signature", detail, "2026-11-22T12:00:00.000000Z")
    cases.advance(0)
    cases._database.execute("ALTER TABLE hits DROP COLUMN stereoisomers")
    cases._database.execute("ALTER TABLE hits DROP COLUMN suspected")
    cases._database.execute("DROP INDEX waiting_for_card")
    cases._database.execute("DROP TABLE proven")
    cases._database.execute("DROP INDEX voiding")
    cases._database.execute("DROP TABLE proven_voids")
    cases._database.execute("ALTER TABLE stations DROP COLUMN laid")
    cases._database.execute("PRAGMA user_version = 2")
    path = Path(cases._database.execute("PRAGMA database_list").fetchone()[2])
    cases.close()
    arrive(centre, newcomer, theirs[:1])
    again = Cases(path)
    assert Vault(Source(inside), again, national, now, unnoted).pull() == PullReport(seen=1, problems=0)
    assert again.record(newcomer.station, 1) is not None
    again.close()


@pytest.mark.parametrize("body", [b"", b"\xff", StationList(cards=[]).to_bytes()])
def test_an_answer_that_is_none(body: bytes, cases: Cases, national: Identity) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    vault = Vault(Source(httpx.Client(transport=transport, base_url="http://central")), cases, national, now, unnoted)
    with pytest.raises(CentralUnreachable, match="no usable answer"):
        vault.pull()
