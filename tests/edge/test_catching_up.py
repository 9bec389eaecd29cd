"""What a program before this one put on record is known to this one: whose a file is, and what is to be reviewed."""

from pathlib import Path

import pytest
from sqlmodel import col, delete, select

from edge.errors import FileOfAnother
from edge.station import Station
from edge.tables import CaseState, CaughtUp, Exhibit, FileUse
from edge.views import OperatorView
from sync.contract.ids import ScreeningId
from tests.edge.bench import PIN, Bench
from tests.edge.test_after_signature import measure, told
from tests.edge.test_second_technique import bring, encounter, offered, raman, void
from tests.edge.test_voided_readings import approved, waiting


@pytest.fixture
def supervisor(a_station: Station) -> OperatorView:
    return a_station.operators.enrol("Eva Sol", "supervisor", PIN)


def forget_files(bench: Bench, *, all_known: bool = False) -> None:
    """Leave the rows as a program leaves them that knows none of a file's use; `all_known`: it came after this one."""
    database = bench.database()
    with database.write() as session:
        session.exec(delete(FileUse))
        if not all_known:
            session.exec(delete(CaughtUp))
    database.close()


def approve_unasked(bench: Bench, screening: ScreeningId) -> None:
    """Leave a review as a program leaves it that asks for none again after a reading."""
    database = bench.database()
    with database.write() as session:
        state = session.get_one(CaseState, screening)
        state.decision = "approved"
        session.add(state)
    database.close()


def leave_holder(bench: Bench, exhibit: str) -> None:
    """Leave an exhibit's row as nothing on record makes it."""
    database = bench.database()
    with database.write() as session:
        row = session.get_one(Exhibit, exhibit)
        row.holder = "nobody"
        session.add(row)
    database.close()


def known(bench: Bench, exhibit: str) -> tuple[int, str, list[int]]:
    """Return up to which entry all is known, who has an exhibit, and the entries that made files evidence."""
    database = bench.database()
    with database.read() as session:
        mark, row = session.exec(select(col(CaughtUp.seq))).one(), session.get_one(Exhibit, exhibit)
        told = mark, row.holder, list(session.exec(select(col(FileUse.seq))))
    database.close()
    return told


def reopened(bench: Bench) -> Station:
    bench.close()
    return bench.open()


@pytest.mark.parametrize("came_after", [False, True])
def test_a_file_that_an_older_program_attached_is_offered_to_no_other_case(
    bench: Bench, a_station: Station, officer: OperatorView, tmp_path: Path, came_after: bool
) -> None:
    mine, other = (encounter(a_station, officer) for _ in range(2))
    file = bring(a_station, officer, tmp_path / "bag.jdx", raman(600, 1000))
    a_station.observations.link(officer, mine, file.seq)
    forget_files(bench, all_known=came_after)
    station = reopened(bench)
    assert offered(station, other) == offered(station, mine) == []
    with pytest.raises(FileOfAnother, match=f"is evidence of screening {mine}, by entry"):
        station.observations.link(officer, other, file.seq)
    void(station, station.observations.second_techniques(mine)[0][0])
    assert offered(reopened(bench), other) == ["bag.jdx"]


def test_what_is_known_is_looked_at_once(
    bench: Bench, a_station: Station, officer: OperatorView, tmp_path: Path
) -> None:
    """What a second look would put right stays as it was left since the first."""
    mine = encounter(a_station, officer)
    exhibit = a_station.casework.add_exhibit(officer, mine, "three bags")
    made = a_station.casework.dossier(mine).records[-1][0]
    a_station.casework.amend(officer, made, "typed wrongly", [("description", "three bags", "four bags")])
    last = a_station.observations.link(officer, mine, bring(a_station, officer, tmp_path / "a.jdx", raman(600)).seq)
    for come_to in ((last, "Ana Ruiz", [last]), (last, "nobody", [])):
        forget_files(bench, all_known=True)
        leave_holder(bench, exhibit)
        reopened(bench)
        assert known(bench, exhibit) == come_to


def test_an_approval_that_an_older_program_left_over_a_later_reading_waits_for_a_review_again(
    bench: Bench, a_station: Station, officer: OperatorView, supervisor: OperatorView
) -> None:
    screening = approved(a_station, officer, supervisor, readings=1)
    assert waiting(reopened(bench)) == []
    measure(bench.open_stations[0], officer, screening)
    approve_unasked(bench, screening)
    station = reopened(bench)
    assert waiting(station) == ["corrected"]
    assert told(station, screening)[0]
    station.seizures.sign(officer, screening, "hold")
    station.seizures.review(supervisor, screening, "approved")
    assert waiting(reopened(bench)) == []


def test_an_approval_of_a_reading_that_nobody_signed_waits_too(
    bench: Bench, a_station: Station, officer: OperatorView, supervisor: OperatorView, tmp_path: Path
) -> None:
    screening = approved(a_station, officer, supervisor, readings=1)
    a_station.seizures.review(supervisor, screening, "returned", "no photograph")
    a_station.seizures.sign(officer, screening, "hold")
    file = bring(a_station, officer, tmp_path / "bag.jdx", raman(600, 1000))
    a_station.observations.link(officer, screening, file.seq)
    approve_unasked(bench, screening)
    forget_files(bench)
    assert waiting(reopened(bench)) == ["corrected"]


def test_a_reading_that_was_voided_before_the_approval_asks_for_no_other(
    bench: Bench, a_station: Station, officer: OperatorView, supervisor: OperatorView
) -> None:
    screening = approved(a_station, officer, supervisor, readings=1)
    void(a_station, measure(a_station, officer, screening))
    auditor = a_station.operators.enrol("Au Dit", "auditor", PIN)
    a_station.seizures.review(auditor, screening, "approved")
    assert waiting(reopened(bench)) == []
