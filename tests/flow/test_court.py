"""From a reading at the post to a bundle that an expert's program checks; and a recipient list that is brought anew."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.demo import STATION
from deploy.errors import ProcessFailed
from deploy.officer import wait_for
from deploy.processes import run
from sync.recipients import RecipientList
from sync.roots import RootKey, RootSet
from tests.flow.parts import PATIENCE, SignIn, StartDemo, case_of

pytestmark = pytest.mark.flow
PIN = "314159"


def test_a_reading_becomes_a_bundle_that_an_expert_checks_alone(
    open_demo: StartDemo, sign_in: SignIn, tmp_path: Path
) -> None:
    demo = open_demo("cocaine")
    demo.start_all()
    officer = sign_in(demo)
    view = officer.receipted(officer.finished(officer.start_reading(), PATIENCE)["reading"], PATIENCE)
    seq, out = case_of(demo, view)["seq"], tmp_path / "case.court"
    vault = ["--data", str(demo.state.vault)]
    asked = ["garita-vault", "attachments", *vault, "--out", str(tmp_path / "raw"), STATION, str(seq)]
    wait_for("transcript and spectra", PATIENCE, lambda: "not here yet" not in run(asked) or None)
    run([
        "garita-vault", "export", "--data", str(demo.state.vault), "--out", str(out), "--person", "A. Ruiz",
        "--person", "B. Soto", "--reason", "Causa 12/2026", STATION, str(seq - 1), str(seq),
    ])  # fmt: skip
    said = run(["garita-verify", "--language", "en", str(out)])
    assert re.search(r"THE KEYS WERE NOT COMPARED \(--pin\): [0-9]+ entries, 2 disclosed\.", said)
    log, station = re.findall(r"^Key of .*: (\S+)$", said, re.MULTILINE)
    pinned = run(["garita-verify", "--language", "en", "--pin", log, "--pin", station, str(out)])
    assert re.search(r"ALL GOOD: [0-9]+ entries, 2 disclosed\.", pinned)
    assert "Cocaine" in said
    assert "presumptive conclusion: alarm" in said
    assert said.count("Attachment named in a record") == 2
    assert "attachment not in this file" not in said
    assert len(list((tmp_path / "raw").iterdir())) == 2


def test_a_newer_recipient_list_is_taken_and_the_older_one_never_again(open_demo: StartDemo, tmp_path: Path) -> None:
    demo = open_demo("cocaine")
    keys, station = demo.state.keys, demo.data
    roots = [RootKey.from_bytes((keys / f"root-{number}.key").read_bytes()) for number in (2, 3)]
    old = (keys / "recipients.list").read_bytes()
    listed = RecipientList.read(old, RootSet.from_bytes((keys / "root.keys").read_bytes()))
    newer, poor = tmp_path / "newer", tmp_path / "poor"
    second = replace(listed, version=2, issued=datetime.now(UTC))
    newer.write_bytes(second.sign(roots))
    poor.write_bytes(replace(listed, version=3).sign(roots[:1]))
    persons = [word for role in ("technician", "supervisor") for word in ("--person", enrol(station, role))]
    update = ["garita", "keys", "update", "--data", str(station), *persons]
    with pytest.raises(ProcessFailed, match="1 of 3 root holders signed; 2 must"):
        run([*update, str(poor)])
    assert "recipient list 2 is in place" in run([*update, str(newer)], f"{PIN}\n{PIN}\n")
    demo.start_station()
    (tmp_path / "old").write_bytes(old)
    with pytest.raises(ProcessFailed, match="recipient list 1 is older than 2"):
        run([*update, str(tmp_path / "old")])


def enrol(data: Path, role: str) -> str:
    """Enrol a person of this role and return their id."""
    said = run(["garita", "operators", "add", "--data", str(data), "--name", role, "--role", role], f"{PIN}\n")
    return said.split()[-1]
