"""The command line: its lines are for programs and people, and an expected error is one line."""

import json
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from drivers.transcript import Direction, Event, Transcript
from edge.cli import app
from edge.identify_files import PRESUMPTIVE_EN, json_line
from edge.release_commands import sign_release
from edge.simulate import SAMPLES, choose_plays
from edge.software import software
from models.answer import FamilyHit, Hit, Identification
from models.conclusion import Conclusion, Reason
from models.errors import UnreadableFile
from models.identification import DEFAULT_BUNDLE
from models.sample import FELL, POLARITY_NOT_TOLD
from sync import outbox
from sync.contract.ids import Seq
from sync.contract.records import PRESUMPTIVE
from sync.errors import RefusedRelease, UnusableKey
from sync.releases import NOTHING, Release
from sync.roots import RootKey
from tests.edge.bench import PIN, Bench

ERASE = "\r\x1b[2K\N{RIGHT-TO-LEFT OVERRIDE}"
GARITA = [sys.executable, "-c", "from edge.cli import main; main()"]
KEYS = ["file", "sample", "notes", "conclusion", "reasons", "hits", "families", "unknown", "library", "bundle"]
KEYS += ["elapsed_ms", "components", "residual", "explanation", "stereoisomers", "suspects", "presumptive"]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def garita(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [*GARITA, *(str(argument) for argument in arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - our own program


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    """Write two readings of one substance each: the first records of two samples."""
    blocks = SAMPLES.read_text("utf-8").split("\n\n")
    chosen = [block for block in blocks if "Sample: Cocaine" in block or "Sample: Caffeine" in block]
    file = tmp_path / "two.msp"
    file.write_text("\n\n".join(chosen) + "\n", "utf-8")
    return file


def test_a_line_of_json_has_the_agreed_keys() -> None:
    hit = Hit("Cocaine", "ZPUCINDJVBIVPJ-LJISPDSOSA-N", 0.97, 0.91, ("Pseudococaine",))
    found = Identification(
        Conclusion.ALARM, (Reason.CONTROLLED_SUBSTANCE,), (hit,), (FamilyHit("tropane", 0.99),), False, "aa", "bb", 1.5
    )
    line = json.loads(json_line("bag 1", found))
    assert list(line) == KEYS
    assert line["conclusion"] == "alarm"
    assert line["reasons"] == ["controlled-substance"]
    assert line["hits"] == [
        {
            "name": "Cocaine",
            "inchikey": "ZPUCINDJVBIVPJ-LJISPDSOSA-N",
            "probability": 0.97,
            "score": 0.91,
            "isomers": ["Pseudococaine"],
        }
    ]
    assert line["families"] == [{"family": "tropane", "probability": 0.99}]


def test_one_line_for_each_reading(samples: Path) -> None:
    result = run("identify", samples, "--json")
    assert result.exit_code == 0
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert sorted(line["sample"] for line in lines) == ["Caffeine", "Cocaine"]
    assert all(list(line) == KEYS for line in lines)


def test_what_was_put_right_is_told(tmp_path: Path) -> None:
    file = tmp_path / "falling.csv"
    file.write_text("m/z,intensity\n304.15,100\n182.12,80\n82.07,20\n", "utf-8")
    [line] = map(json.loads, run("identify", file, "--json").stdout.splitlines())
    assert line["notes"] == [FELL, POLARITY_NOT_TOLD]
    assert line["hits"][0]["name"] == "Cocaine"
    assert "falling and" in run("identify", file).stdout


def test_peaks_of_mascot_generic_format_are_identified(tmp_path: Path) -> None:
    file = tmp_path / "cocaine.mgf"
    file.write_text("BEGIN IONS\nTITLE=bag 3\n82.07 20\n182.12 80\n304.15 100\nEND IONS\n", "utf-8")
    [line] = map(json.loads, run("identify", file, "--json").stdout.splitlines())
    assert (line["sample"], line["hits"][0]["name"]) == ("bag 3", "Cocaine")


def test_a_name_is_printed_as_it_is(samples: Path, tmp_path: Path) -> None:
    """Brackets are no markup, and no mark steers the terminal."""
    strange = tmp_path / "strange.msp"
    strange.write_text(samples.read_text("utf-8").replace("Sample: Cocaine", "Sample: [/1][red]\x1b[2J"), "utf-8")
    said = run("identify", strange, samples).output
    assert "[/1][red]·[2J" in said
    assert "\x1b" not in said


def test_a_table_for_people_says_that_it_is_presumptive(samples: Path) -> None:
    result = run("identify", samples)
    assert result.exit_code == 0
    assert "Caffeine" in result.stdout
    assert PRESUMPTIVE in result.stdout
    assert PRESUMPTIVE_EN in result.stdout


def test_a_table_tells_what_speaks_against_it(tmp_path: Path) -> None:
    """Half of 5-MeO-DMT's ions in lidocaine, one energy: what lidocaine leaves stands beside its name."""
    file = tmp_path / "half.csv"
    file.write_text("m/z,intensity\n58,83\n86,100\n174,40\n219,12\n235,30\n", "utf-8")
    told = run("identify", file).output
    assert "but 20%" in told
    assert "one-energy" in told


def test_a_spectrum_that_cannot_be_is_a_fault_and_never_a_name(tmp_path: Path) -> None:
    file = tmp_path / "negative.csv"
    file.write_text("m/z,intensity\n100,-5\n", "utf-8")
    [line] = run("identify", file, "--json").stdout.splitlines()
    found = json.loads(line)
    assert (found["conclusion"], found["reasons"], found["hits"]) == ("fault", ["malformed-input"], [])


def test_an_unreadable_file_is_named_and_the_others_are_read(samples: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.msp"
    damaged.write_bytes(b"\x00\xff\x00garbage")
    done = garita("identify", tmp_path / "missing.msp", damaged, samples, "--json")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2
    missing, broken = done.stderr.splitlines()
    assert "missing.msp" in missing
    assert "damaged.msp" in broken


def test_an_unusable_bundle_is_one_line(samples: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "other.bundle"
    bundle.write_bytes(b"no bundle")
    done = garita("identify", samples, "--bundle", bundle)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "other.bundle" in done.stderr


def test_a_person_is_enrolled_and_the_journal_verifies(bench: Bench) -> None:
    bench.open()
    bench.close()
    add = ["operators", "add", "--data", str(bench.data), "--name", "Ana Ruiz"]
    assert CliRunner().invoke(app, [*add, "--pin", PIN]).exit_code == 2, "who lists processes would read it"
    added = CliRunner().invoke(app, add, input=f"{PIN}\n")
    assert "Ana Ruiz (officer) is enrolled as op-" in added.stdout
    verified = run("journal", "verify", "--data", bench.data)
    assert "journal of MX-TIJ-01: " in verified.stdout
    status = run("sync", "status", "--data", bench.data)
    assert "waiting: " in status.stdout


def test_people_are_listed_with_the_ids_that_other_commands_take(bench: Bench) -> None:
    station = bench.open()
    assert run("operators", "list", "--data", bench.data).stdout == "nobody is enrolled at this station\n"
    people = [
        station.operators.enrol(name, role, PIN) for name, role in (("Luis Paz", "supervisor"), ("Ana", "officer"))
    ]
    listed = run("operators", "list", "--data", bench.data).stdout
    assert listed == f"{people[1].id}  Ana (officer)\n{people[0].id}  Luis Paz (supervisor)\n"


def test_nothing_that_an_instrument_a_file_or_a_centre_says_commands_the_terminal(
    bench: Bench, samples: Path, tmp_path: Path
) -> None:
    said = Transcript(f"nmea:{ERASE}")
    said.add(Event(0, Direction.LOST, f"{ERASE}self-check: all well".encode()))
    session = tmp_path / "evil.transcript"
    session.write_bytes(said.to_bytes())
    named = tmp_path / f"two{ERASE}.msp"
    named.write_bytes(samples.read_bytes())
    station = bench.open()
    with station._database.write() as database:
        outbox.postpone(database, Seq(1), f"refused{ERASE}nothing waits", station._times.moment().wall)
    bench.close()
    for told in (
        run("instruments", "replay", session),
        run("sync", "status", "--data", bench.data),
        run("identify", named, "--json"),
        run("identify", tmp_path / f"none{ERASE}.msp"),
        garita("instruments", "probe", f"nobody{ERASE}:/dev/null"),
    ):
        shown = told.stdout + told.stderr
        assert "\\u001b[2K" in shown
        assert "".join(shown.split("\n")).isprintable()


@pytest.mark.parametrize("typed", ["0x02000000", "0x00ffffff", "-1", "01500016", "free"])
def test_what_is_no_index_of_the_tpm_is_refused(tmp_path: Path, typed: str) -> None:
    refused = run("keys", "anchor", "--data", tmp_path, "--index", typed)
    assert (refused.exit_code, "0x01fffffe" in refused.output) == (2, True)


def test_who_enrols_a_person_is_told_which_pins_are_refused() -> None:
    helped = " ".join(run("operators", "add", "--help").output.split())
    assert "no row, no figure on the keys and no date, unlike 123456, 147258 or 150890" in helped


def test_a_changed_journal_is_one_line(bench: Bench) -> None:
    station = bench.open()
    station.operators.enrol("Ana Ruiz", "officer", PIN)
    bench.close()
    database = bench.database()
    with database.write() as session:
        session.connection().exec_driver_sql("DROP TRIGGER journal_keeps_delete")
        session.connection().exec_driver_sql("DELETE FROM journal WHERE seq = 1")
    database.close()
    done = garita("journal", "verify", "--data", bench.data)
    assert done.returncode == 1
    assert "entries 1 to 1 are missing" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", [["serve"], ["journal", "verify"], ["sync", "status"]])
def test_a_directory_that_is_no_station_is_one_line(tmp_path: Path, command: list[str]) -> None:
    done = garita(*command, "--data", tmp_path)
    assert done.returncode == 1
    assert "station.toml: not found" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_plays_are_samples_or_faults_by_name() -> None:
    plays = choose_plays(["cocaine", " Caffeine", "caffeine:bit-flip", "unplug"], SAMPLES)
    assert [play.sample for play in plays[:3]] == ["Cocaine", "Caffeine", "Caffeine"]
    assert [play.fault for play in plays] == [None, None, "bit-flip", "unplug"]


@pytest.mark.parametrize("name", ["sugar", "", "cocaine:sugar", "unplug:unplug"])
def test_a_play_of_no_known_name_is_refused(name: str) -> None:
    with pytest.raises(UnreadableFile, match=r"no sample .*Cocaine.*detector-fault"):
        choose_plays([name], SAMPLES)


def test_the_simulated_analyzer_is_on_its_link_until_it_is_told_to_end(tmp_path: Path) -> None:
    link = tmp_path / "analyzer"
    command = [*GARITA, "simulate", "analyzer-link", "--link", str(link), "--play", "cocaine"]
    with subprocess.Popen(command) as process:  # noqa: S603 - our own program
        while not link.is_symlink():
            assert process.poll() is None
            time.sleep(0.05)
        assert link.exists()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert not link.is_symlink()


def test_the_version_is_said() -> None:
    said = run("--version").stdout.strip()
    assert said == software()
    assert said.startswith(f"garita {version('garita')} (")


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = garita("bundle", "install", DEFAULT_BUNDLE, "--data", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("garita: ")
    assert len(done.stderr.splitlines()) == 1, done.stderr


def test_a_file_that_is_no_root_key_is_named(tmp_path: Path) -> None:
    good, bad = tmp_path / "root-1.key", tmp_path / "root-2.key"
    good.write_bytes(RootKey.generate().to_bytes())
    bad.write_bytes(b"garbage")
    release = Release(kind="library", version=1, digest=NOTHING, removed=["A" * 14])
    with pytest.raises(UnusableKey, match=r"^/.*root-2\.key: not a usable key file"):
        sign_release(release, [good, bad], tmp_path / "out.signed")
    assert not (tmp_path / "out.signed").exists()


def test_one_key_signs_once(tmp_path: Path) -> None:
    key = tmp_path / "root-1.key"
    key.write_bytes(RootKey.generate().to_bytes())
    release = Release(kind="library", version=1, digest=NOTHING, removed=["A" * 14])
    with pytest.raises(RefusedRelease, match=r"root-1\.key is given twice"):
        sign_release(release, [key, key], tmp_path / "out.signed")
