"""Witnesses stay where the settings lose them; what changes is told on screen, on record and by the vault."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from edge import witnessing
from edge.cli import app
from edge.errors import NotAllowed
from edge.left_out import Why
from edge.station import Station
from sync.contract.approval import ApprovalRecord
from sync.contract.facts import FactRecord
from sync.cosignature import WitnessKey
from sync.errors import Malformed
from sync.note import LogKey
from sync.policy import Policy
from sync.vault.watch import Watch
from tests.edge.bench import PIN, Bench

LOG = LogKey.generate("log.example/garita")
WITNESS = WitnessKey.generate("prosecutor.example")
OTHER = WitnessKey.generate("friend.example")


def policy_of(*witnesses: WitnessKey, log: LogKey = LOG) -> bytes:
    names = [f"w{number}" for number in range(len(witnesses))]
    lines = [f"witness {name} {each.verifier.vkey}" for name, each in zip(names, witnesses, strict=True)]
    group = [f"group g all {' '.join(names)}", "quorum g"] if names else ["quorum none"]
    return "\n".join([f"log {log.verifier.vkey}", *lines, *group, ""]).encode()


@pytest.fixture
def watched(bench: Bench) -> Bench:
    """Give a station that has worked under a policy with a witness, and is off."""
    (bench.data / "log.policy").write_bytes(policy_of(WITNESS))
    bench.open(log_policy="log.policy", demo=True)
    bench.close()
    return bench


def changes(bench: Bench) -> list[FactRecord]:
    return [each for each in bench.records() if isinstance(each, FactRecord) and each.fact == "policy_changed"]


def alerts(bench: Bench) -> list[str]:
    watch = Watch()
    return [alert.kind for record in bench.records() for alert in watch.look(record)]


def quorum(station: Station) -> str:
    return station.courier._policy.quorum


def reopen_without(bench: Bench) -> Station:
    del bench.settings["log_policy"]
    return bench.open()


def test_a_policy_is_on_record_once_and_is_no_alert(watched: Bench) -> None:
    assert quorum(watched.open()) == "g"
    [change] = changes(watched)
    assert change.values["was"] == ""
    assert alerts(watched) == []


@pytest.mark.parametrize("way", ["line", "quorum"])
def test_witnesses_that_are_taken_away_stay_and_are_told(watched: Bench, way: str) -> None:
    if way == "quorum":
        (watched.data / "log.policy").write_bytes(policy_of())
    station = reopen_without(watched) if way == "line" else watched.open()
    assert quorum(station) == "g"
    assert [(each.part, each.why) for each in station.left_out] == [("witnesses", Why.MISSING)]
    assert (changes(watched)[-1].values["was"] != "", changes(watched)[-1].values["now"]) == (True, "")
    [check] = [each for each in watched.records()[-3:] if isinstance(each, FactRecord) and each.fact == "self_check"]
    assert "witnesses" in check.values["left_out"]
    assert alerts(watched) == ["policy_changed", *(["settings_changed"] if way == "line" else [])]
    watched.close()
    assert quorum(watched.open()) == "g", "the next start forgets it no more than this one"


def test_the_commands_too_hold_to_the_policy_that_was_in_use(watched: Bench) -> None:
    station = reopen_without(watched)
    database = watched.database()
    with database.read() as session:
        assert witnessing.in_force(session, station.settings) == Policy.from_bytes(policy_of(WITNESS))
    database.close()


def test_a_policy_brought_back_is_no_change(watched: Bench) -> None:
    reopen_without(watched)
    watched.close()
    station = watched.open(log_policy="log.policy")
    assert (station.left_out, quorum(station)) == ([], "g")
    assert len(changes(watched)) == 2


def test_other_witnesses_and_a_new_key_of_the_log_are_an_alert(watched: Bench) -> None:
    for number, policy in enumerate((policy_of(OTHER), policy_of(OTHER, log=LogKey.generate("log.example/2"))), 1):
        (watched.data / "log.policy").write_bytes(policy)
        assert watched.open().left_out == []
        watched.close()
        assert alerts(watched) == ["policy_changed"] * number


def test_a_station_without_a_policy_has_nothing_to_tell(bench: Bench) -> None:
    assert bench.open().left_out == []
    assert changes(bench) == []


def bring(bench: Bench, file: Path, *persons: str) -> Result:
    given = [word for person in persons for word in ("--person", person)]
    return CliRunner().invoke(
        app, ["keys", "policy", "--data", str(bench.data), str(file), *given], input=f"{PIN}\n" * 2
    )


def test_two_persons_bring_another_policy_by_which_none_must_cosign(watched: Bench, tmp_path: Path) -> None:
    station = watched.open()
    names = (("Ana Ruiz", "technician"), ("Luis Paz", "supervisor"))
    ana, luis = (station.operators.enrol(name, role, PIN).id for name, role in names)
    (tmp_path / "none").write_bytes(policy_of())
    (tmp_path / "nonsense").write_bytes(b"no policy")
    assert isinstance(bring(watched, tmp_path / "none", ana).exception, NotAllowed)
    assert isinstance(bring(watched, tmp_path / "nonsense", ana, luis).exception, Malformed)
    assert "quorum none is in place" in bring(watched, tmp_path / "none", ana, luis).output
    watched.close()
    station = watched.assemble()
    assert (quorum(station), station.left_out) == ("none", [])
    station.close()
    approval, *told = watched.records()[-3:]
    assert isinstance(approval, ApprovalRecord)
    assert len(changes(watched)) == 1
    assert all(isinstance(each, FactRecord) and each.fact == "maintenance" for each in told)
