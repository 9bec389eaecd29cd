"""From the post to the court: two persons export, who holds the state's key discloses, a stranger's program checks."""

import subprocess
import sys
from pathlib import Path

import pytest

from edge.approvals import Approval
from edge.casework import Casework
from edge.dossier import keep_record
from edge.errors import BadCasework, NotAllowed
from edge.export import Leaving
from edge.incoming import read_incoming
from edge.operators import Operators
from edge.station import Station
from edge.views import OperatorView, Role
from sync.contract.approval import ApprovalRecord
from sync.contract.casework import Concerned, ExportRecord
from sync.contract.ids import Seq
from sync.contract.records import parse_record
from sync.court import SEALED, CourtBundle, Export
from sync.errors import OpenError
from sync.identity import Identity
from sync.vault.disclose import Believed, Disclosed, disclose
from tests.edge.bench import PIN, Bench, finished
from tests.edge.test_imports import TRUNARC, raman
from tests.sync.vault.parts import unnoted

RECORDS = Path(__file__).parents[1] / "vectors" / "record"
VERIFY = Path(__file__).parents[2] / "sync" / "verify" / "garita_verify.py"
EXPORT = Export(time="2026-11-22T12:00:00.000000Z", persons=["A. Ruiz", "B. Soto"], reason="Causa 12/2026")
PHOTO = b"\xff\xd8\xff bytes of a photograph"


def approve(operators: Operators, leaving: Leaving, roles: tuple[Role, Role] = ("supervisor", "auditor")) -> Approval:
    """Let two persons approve an export, each with a token's worth of proof, as a demonstration takes it."""
    people = [operators.enrol(f"{role} {number}", role, PIN) for number, role in enumerate(roles)]
    operators.demo = True
    first, second = (operators.prove(person.id, PIN) for person in people)
    return Approval("release", leaving.subject, first, second)


@pytest.fixture
def journal(bench: Bench, a_station: Station, officer: OperatorView) -> Seq:
    """Measure, photograph, seal, and hand over; return where the journal ends."""
    screening = finished(a_station, a_station.screenings.start(officer)).screening
    work = Casework(a_station._database, a_station._recorder)
    exhibit = work.add_exhibit(officer, screening, "three bags, white powder")
    work.photograph(officer, exhibit, PHOTO, "image/jpeg", "front")
    work.weigh(officer, exhibit, ("1250.40", "g"), "gross", "A&D SJ-5000HS")
    work.apply_seal(officer, exhibit, "FGR-1", "bag closed")
    work.transfer(officer, exhibit, "Laboratorio", "confirmation", "FGR-1")
    return Seq(len(bench.records()))


def believed(station: Station) -> Believed:
    """Return what a vault believes that has the station's own card; nothing was sent yet."""
    sealer = station._recorder.sealer
    return Believed(
        station._logs, {sealer.station: sealer.key.card(sealer.station)}.get, lambda *_: None, unlogged=True
    )


def verified(bundle: bytes, folder: Path) -> tuple[int, str]:
    """Run the expert's program on a bundle."""
    (folder / "bundle").write_bytes(bundle)
    command = [sys.executable, str(VERIFY), "--language", "en", str(folder / "bundle")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    return done.returncode, done.stdout


def test_what_leaves_is_sealed_whole_and_on_record(
    bench: Bench, a_station: Station, journal: Seq, tmp_path: Path
) -> None:
    leaving = Leaving(Seq(1), journal, "Juzgado 3", "order 45/2026")
    data = a_station.export_evidence(leaving, approve(a_station.operators, leaving))
    assert len(data) <= a_station.export_size(leaving) <= len(data) + 100_000
    bundle = CourtBundle.from_bytes(data)
    assert len(bundle.entries) == journal
    assert all(entry.key is None for entry in bundle.entries)
    assert len(bundle.attachments) == 3
    assert {each.media_type for each in bundle.attachments} == {SEALED}
    assert PHOTO not in data
    status, said = verified(data, tmp_path)
    assert status == 0
    assert f"(--pin): {journal} entries, 0 disclosed." in said
    assert said.count("Attachment sealed, not disclosed") == 3
    approval, export = bench.records()[-2:]
    assert isinstance(approval, ApprovalRecord)
    assert isinstance(export, ExportRecord)
    assert (export.first, export.last, export.receiver) == (1, journal, "Juzgado 3")


def test_disclosed_under_law_it_tells_everything_in_plain_words(
    bench: Bench, a_station: Station, officer: OperatorView, journal: Seq, tmp_path: Path
) -> None:
    leaving = Leaving(Seq(1), journal, "Juzgado 3", "order 45/2026")
    sealed = a_station.export_evidence(leaving, approve(a_station.operators, leaving))
    bundle = disclose(
        CourtBundle.from_bytes(sealed), bench.national, believed(a_station), EXPORT, lambda _: True, unnoted
    ).bundle
    assert PHOTO in [each.data for each in CourtBundle.from_bytes(bundle).attachments]
    status, said = verified(bundle, tmp_path)
    assert status == 0
    assert f"(--pin): {journal} entries, {journal} disclosed." in said
    assert said.splitlines()[-1].startswith(
        f"Not in this file: {journal} receipts, 0 entries before others, 2 last ones, 0 att"
    )
    assert "presumptive conclusion: alarm" in said
    assert "Cocaine" in said
    assert "Attachment named in a record: 25 bytes, image/jpeg" in said
    assert "not in this file" not in said
    custody = said.split("Chain of custody")[1].splitlines()
    by = f"source typed by hand, signed as giver {officer.id}"
    signed = f"given by Ana Ruiz, reason confirmation, {by}, received by Laboratorio, seal FGR-1"
    assert custody[-4].endswith(signed)


def test_of_a_bundle_only_what_is_asked_for_is_disclosed(
    bench: Bench, a_station: Station, journal: Seq, tmp_path: Path
) -> None:
    leaving = Leaving(Seq(1), journal, "Juzgado 3", "order 45/2026")
    sealed = a_station.export_evidence(leaving, approve(a_station.operators, leaving))
    with_photo = f"MX-TIJ-01/{journal - 3}"
    bundle = disclose(
        CourtBundle.from_bytes(sealed), bench.national, believed(a_station), EXPORT, with_photo.__eq__, unnoted
    ).bundle
    status, said = verified(bundle, tmp_path)
    assert status == 0
    assert f"(--pin): {journal} entries, 1 disclosed." in said
    assert said.count("Attachment sealed, not disclosed") == 2
    with pytest.raises(OpenError, match="none of the entries"):
        disclose(CourtBundle.from_bytes(sealed), bench.national, believed(a_station), EXPORT, lambda _: False, unnoted)
    with pytest.raises(OpenError, match="sealed to"):
        disclose(
            CourtBundle.from_bytes(sealed),
            Identity.generate("national"),
            believed(a_station),
            EXPORT,
            lambda _: True,
            unnoted,
        )


def test_an_attachment_that_is_not_there_is_said(
    bench: Bench, a_station: Station, journal: Seq, tmp_path: Path
) -> None:
    leaving = Leaving(Seq(1), journal, "Juzgado 3", "order 45/2026")
    sealed = CourtBundle.from_bytes(a_station.export_evidence(leaving, approve(a_station.operators, leaving)))
    without = sealed.model_copy(update={"attachments": []}).to_bytes()
    _, said = verified(
        disclose(
            CourtBundle.from_bytes(without), bench.national, believed(a_station), EXPORT, lambda _: True, unnoted
        ).bundle,
        tmp_path,
    )
    assert "attachment not in this file: photo, 25 bytes" in said


@pytest.mark.parametrize("roles", [("officer", "supervisor"), ("supervisor", "technician")])
def test_others_than_those_two_may_not(a_station: Station, journal: Seq, roles: tuple[Role, Role]) -> None:
    leaving = Leaving(Seq(1), journal, "Juzgado 3", "order 45/2026")
    with pytest.raises(NotAllowed):
        approve(a_station.operators, leaving, roles)


def test_an_approval_of_something_else_exports_nothing(bench: Bench, a_station: Station, journal: Seq) -> None:
    approved = Leaving(Seq(1), Seq(2), "Juzgado 3", "order 45/2026")
    approval = approve(a_station.operators, approved)
    before = len(bench.records())
    with pytest.raises(NotAllowed, match="was approved"):
        a_station.export_evidence(Leaving(Seq(1), journal, "Juzgado 3", "order 45/2026"), approval)
    assert len(bench.records()) == before


@pytest.mark.parametrize(("first", "last"), [(1, 999), (5, 4), (0, 2)])
def test_entries_that_are_not_there(a_station: Station, journal: Seq, first: int, last: int) -> None:
    leaving = Leaving(Seq(first), Seq(last), "Juzgado 3", "order 45/2026")
    with pytest.raises(BadCasework, match="no entries"):
        a_station.export_evidence(leaving, approve(a_station.operators, leaving))
    with pytest.raises(BadCasework, match="no entries"):
        a_station.export_size(leaving)
    assert journal


@pytest.fixture
def apart(a_station: Station, officer: OperatorView, journal: Seq, tmp_path: Path) -> list[Seq]:
    """Attach a file to a case, of whose entries neither that nor the first with the same bytes is one; return all."""
    assert journal
    received = list[Seq]()
    for name in ("first.jdx", "again.jdx"):
        (tmp_path / name).write_bytes(raman(600, 1000))
        received.append(a_station.imports.receive(read_incoming(tmp_path / name), TRUNARC, officer.id).seq)
        finished(a_station, a_station.screenings.start(officer))
    case = a_station.screenings.open(officer, "person")
    a_station.observations.link(officer, case, received[1])
    return [*received, a_station.observations.second_techniques(case)[0][0]]


def test_a_file_and_its_bytes_leave_with_the_entry_that_names_it(
    bench: Bench, a_station: Station, apart: list[Seq], tmp_path: Path
) -> None:
    first, again, link = apart
    asked = Leaving(link, link, "Juzgado 3", "order 45/2026")
    with pytest.raises(BadCasework, match=rf"name \[{first}, {again}\], which do not leave too"):
        a_station.export_evidence(asked, approve(a_station.operators, asked, ("auditor", "supervisor")))
    leaving = a_station.leaving(asked)
    assert leaving.also == (first, again)
    assert leaving.subject == f"entries {link} to {link} and {first}, {again} leave for Juzgado 3: order 45/2026"
    data = a_station.export_evidence(leaving, approve(a_station.operators, leaving))
    assert len(data) <= a_station.export_size(leaving) <= len(data) + 100_000
    *_, export = bench.records()
    assert isinstance(export, ExportRecord)
    assert (export.first, export.last, export.also) == (link, link, [first, again])
    opened = disclose(
        CourtBundle.from_bytes(data), bench.national, believed(a_station), EXPORT, lambda _: True, unnoted
    )
    assert opened.named.lines() == []
    status, said = verified(opened.bundle, tmp_path)
    assert status == 0
    assert "name: again.jdx" in said
    assert "NOT IN THIS FILE" not in said


def test_what_a_file_for_a_court_lacks_is_told_by_who_discloses_and_by_who_checks(
    bench: Bench, a_station: Station, apart: list[Seq], tmp_path: Path
) -> None:
    first, again, link = apart
    leaving = a_station.leaving(Leaving(link, link, "Juzgado 3", "order 45/2026"))
    whole = CourtBundle.from_bytes(a_station.export_evidence(leaving, approve(a_station.operators, leaving)))

    def shown(data: CourtBundle, *seqs: Seq) -> Disclosed:
        wanted = {f"MX-TIJ-01/{seq}" for seq in seqs}
        return disclose(data, bench.national, believed(a_station), EXPORT, wanted.__contains__, unnoted)

    name = f"MX-TIJ-01/{again}"
    sealed = shown(whole, link)
    assert sealed.named.lines() == [f"named by what is disclosed, and NOT disclosed; ask for them too: {name}"]
    without = whole.model_copy(update={"entries": whole.entries[2:]})
    absent = shown(without, link)
    assert absent.named.lines() == [f"named by what is disclosed, and NOT in the bundle: {name}"]
    _, said = verified(absent.bundle, tmp_path)
    assert f"NOT IN THIS FILE: entry {name}, named by MX-TIJ-01/{link}" in said.splitlines()
    _, said = verified(shown(whole.model_copy(update={"entries": whole.entries[1:]}), again, link).bundle, tmp_path)
    assert f"NOT IN THIS FILE: entry MX-TIJ-01/{first}, named by {name}" in said.splitlines()


def test_too_many_that_go_along_are_refused(a_station: Station, officer: OperatorView) -> None:
    case, signature = (
        a_station.screenings.open(officer, "person"),
        parse_record((RECORDS / "signature.record").read_bytes()),
    )
    concerns = [Concerned(seq=Seq(seq), digest=bytes(32)) for seq in range(1, 130)]
    with a_station._database.write() as session:
        keep_record(session, case, Seq(999), signature.model_copy(update={"concerns": concerns}))
    with pytest.raises(BadCasework, match="name 129 entries outside of them, from 1 on; 128 go along, so let more"):
        a_station.leaving(Leaving(Seq(999), Seq(999), "Juzgado 3", "order 45/2026"))


def test_the_head_comes_along_though_it_lies_behind_what_leaves(a_station: Station, journal: Seq) -> None:
    leaving = Leaving(Seq(1), Seq(2), "Juzgado 3", "order 45/2026")
    data = a_station.export_evidence(leaving, approve(a_station.operators, leaving))
    assert len(CourtBundle.from_bytes(data).heads) == 1
    assert journal > leaving.last
