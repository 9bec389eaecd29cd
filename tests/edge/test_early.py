"""Before the officer said what they see: a hazard to life is heard, a fault is told, all else waits."""

from pathlib import Path

import pytest

from edge.subject_records import Told
from tests.edge.bench import PIN, Bench, PutOnPty, finished


@pytest.mark.parametrize(("sample", "heard"), [("Fentanyl", True), ("Cocaine", False)])
def test_a_hazard_to_life_alone_is_heard_before_the_answer(
    bench: Bench, put_on_pty: PutOnPty, tmp_path: Path, sample: str, heard: bool
) -> None:
    program = tmp_path / "player"
    program.write_text("#!/bin/sh\ncat > /dev/null\n")
    program.chmod(0o755)
    station = bench.open(analyzer=put_on_pty(sample), player=program)
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening = station.screenings.open(officer, "parcel")
    station.subjects.tell(officer, screening, Told("post"))
    reading = station.screenings.start(officer, screening=screening)
    found = finished(station, reading)
    station.announce(reading)
    assert station.sound.ringing is heard
    assert station.subjects.unanswered(officer) == reading
    station.subjects.saw(officer, reading, "powder")
    assert station.subjects.unanswered(officer) is None
    station.announce(reading)
    assert station.sound.ringing, "an alarm is heard once it was answered"
    assert (station.hazard_to_life(found) is not None) is heard
