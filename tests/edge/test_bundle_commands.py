"""`garita bundle`: a state's own bundle from a trained one, and one that was calibrated for an instrument."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from edge import knowledge
from edge.cli import app
from edge.settings import Settings
from models.bundle import Bundle, write_bundle
from models.calibration import Decision
from models.catalogue import DATA, Catalogue
from models.errors import RefusedChange, UnreadableFile, UnusableBundle
from models.golden import FEWEST, read_golden
from models.grouping import neighbours_of
from models.identification import DEFAULT_BUNDLE, Identifier
from models.instrument_calibration import Known, _contests, read_known
from models.manifest import Manifest
from models.msp import MspRecord, format_msp, parse_msp
from models.recalibration import UNKNOWN_SHARE
from tests.edge.bench import Bench

SAMPLES = DATA / "samples.msp"
NOBODY = "AAAAAAAAAAAAAA-UHFFFAOYSA-N"
Readings = Callable[..., Path]


def run(*arguments: str | Path | int) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def known(file: Path) -> list[Known]:
    return read_known(file.read_bytes(), file.name, Catalogue.load())


@pytest.fixture
def readings(tmp_path: Path) -> Readings:
    """Write the samples as an instrument measured them `times`, each with the key that is told of it."""

    def write(times: int = 2, told: Callable[[int, str], str] = lambda _, key: key, seed: int = 1) -> Path:
        rng = np.random.default_rng(seed)
        records = list(parse_msp(SAMPLES.read_text("utf-8")))
        names = sorted({each.text("sample") for each in records})
        keys = {each.text("sample"): each.text("inchikey") for each in records}

        def measured(record: MspRecord, time: int) -> MspRecord:
            name = record.text("sample")
            key = told(names.index(name) + time, keys[name])
            height = np.array(record.intensity) * np.exp(rng.normal(0, 0.3, len(record.mz)))
            label = {"name": (f"vial {names.index(name)}",), "inchikey": (key,)} if key != keys[name] else {}
            fields = {**record.fields, "sample": (f"{name} {time}",), **label}
            return replace(record, fields=fields, intensity=height.tolist())

        file = tmp_path / "known.msp"
        file.write_text(format_msp([measured(each, time) for time in range(times) for each in records]), "utf-8")
        return file

    return write


def test_a_state_builds_its_own_bundle_and_its_station_takes_it(bench: Bench, keys: list[str], tmp_path: Path) -> None:
    trained, one, other = DEFAULT_BUNDLE, tmp_path / "one.bundle", tmp_path / "other.bundle"
    built = run("bundle", "build", trained, "--golden", SAMPLES, "--version", 4, "--out", one, *keys)
    assert "version 4" in built.stdout
    assert "signed by 2 root holders" in built.stdout
    unsigned = run("bundle", "build", trained, "--golden", SAMPLES, "--version", 4, "--out", other)
    assert f"garita bundle sign {other}" in unsigned.stdout
    assert one.read_bytes() == other.read_bytes()
    assert "bundle release 4 is in place" in run("bundle", "install", one, "--data", bench.data).stdout


def test_too_few_readings_prove_no_bundle(tmp_path: Path) -> None:
    golden, out = tmp_path / "golden.msp", tmp_path / "out.bundle"
    blocks = SAMPLES.read_text("utf-8").split("\n\n")
    golden.write_text("\n\n".join(block for block in blocks if "Sample: Cocaine" in block) + "\n", "utf-8")
    refused = run("bundle", "build", DEFAULT_BUNDLE, "--golden", golden, "--version", 4, "--out", out)
    assert isinstance(refused.exception, UnusableBundle)
    assert f"has 1 readings; at least {FEWEST} must prove a bundle" in str(refused.exception)
    assert not out.exists()


def test_a_bundle_without_a_key_is_refused_by_every_command(bench: Bench, keys: list[str], tmp_path: Path) -> None:
    whole, file = Bundle.open(DEFAULT_BUNDLE), tmp_path / "cut.bundle"
    manifest = {key: value for key, value in whole.manifest.items() if key != "calibration"}
    file.write_bytes(write_bundle({**manifest, "version": 9}, whole.parts))
    build = ("bundle", "build", file, "--golden", SAMPLES, "--version", 9, "--out", tmp_path / "x")
    for command in (("bundle", "show", file), ("bundle", "verify", file), ("bundle", "sign", file, *keys), build):
        refused = run(*command)
        assert isinstance(refused.exception, UnusableBundle), command
        assert "manifest, calibration: field required, came nothing" in str(refused.exception)
    assert not (bench.data / "bundle").exists()


def test_a_bundle_calibrated_for_an_instrument_is_on_record(
    bench: Bench, keys: list[str], readings: Readings, tmp_path: Path
) -> None:
    out = tmp_path / "new.bundle"
    told = run("bundle", "calibrate", readings(), "--instrument", "A 7", "--version", 5, "--out", out, *keys).stdout
    assert "0 readings of substances that the library lacks; fewer than 3: taken as standards" in told
    assert "calibrated for A 7 with 56 readings of 28 substances: surprise 0." in told
    bundle, before = Bundle.open(out), Bundle.open(DEFAULT_BUNDLE)
    made = Manifest.of(bundle).recalibrated
    assert made is not None
    assert (made.instrument, made.of) == ("A 7", before.digest)
    assert made.surprise[1] < made.surprise[0]
    old, new = (Decision.from_bytes(each.part("decision.json")).calibration for each in (before, bundle))
    assert abs(new.none_bias - old.none_bias) <= 0.5, "known substances alone taught that there are no others"
    assert {name for name in before.parts if before.part(name) != bundle.part(name)} == {"decision.json", "golden.json"}
    assert [each.sample.name for each in read_golden(bundle)] == [each.sample.name for each in read_golden(before)]
    assert "calibrated for A 7" in run("bundle", "show", out).stdout
    assert "bundle release 5 is in place" in run("bundle", "install", out, "--data", bench.data).stdout
    bench.identifier = knowledge.open_known(Settings.load(bench.data)).identifier
    assert bench.identifier.bundle.digest == bundle.digest
    again = run(
        "bundle",
        "calibrate",
        readings(),
        "--instrument",
        "A",
        "--version",
        6,
        "--out",
        tmp_path / "again.bundle",
        "--bundle",
        out,
    )
    assert "begin with the one it was made of" in str(again.exception)


def test_a_calibration_that_is_no_better_is_not_written(readings: Readings, tmp_path: Path) -> None:
    out = tmp_path / "new.bundle"
    wrong = readings(told=lambda at, key: key if at % 3 else NOBODY)
    refused = run("bundle", "calibrate", wrong, "--instrument", "A", "--version", 5, "--out", out)
    assert isinstance(refused.exception, RefusedChange)
    assert "the other half is judged no better" in str(refused.exception)
    assert not out.exists()


def test_a_name_of_the_catalogue_under_another_key_is_refused(readings: Readings) -> None:
    file = readings(times=1)
    caffeine = b"RYYVLZVUVIJVGH-UHFFFAOYSA-N"
    file.write_bytes(file.read_bytes().replace(caffeine, b"ZPUCINDJVBIVPJ-LJISPDSOSA-N", 1))
    with pytest.raises(UnreadableFile, match=r"Caffeine: InChIKey ZPUC.*; the catalogue's Caffeine is RYYVLZVUVIJVGH"):
        known(file)


def test_labels_that_slipped_by_a_row_calibrate_no_alarm_away(readings: Readings, tmp_path: Path) -> None:
    """Wrong labels are least surprising where nothing is ever sure: the half held back, labelled as wrongly, agrees."""
    out = tmp_path / "new.bundle"
    keys = sorted({each.text("inchikey") for each in parse_msp(SAMPLES.read_text("utf-8"))})

    def next_row(_: int, key: str) -> str:
        return keys[(keys.index(key) + 1) % len(keys)]

    slipped = readings(told=next_row)
    refused = run("bundle", "calibrate", slipped, "--instrument", "A", "--version", 5, "--out", out)
    assert isinstance(refused.exception, RefusedChange)
    assert "Fentanyl: alarm, PJMPHNIQZUBGLI-UHFFFAOYSA-N at 0.9" in str(refused.exception)
    assert "does each reading in the file carry the InChIKey of what was measured?" in str(refused.exception)
    assert not out.exists()


def test_readings_as_they_come_tell_how_often_a_substance_is_unknown(
    identifier: Identifier, readings: Readings
) -> None:
    """Standards count once as they are and once as unknown, together as one; where some are unknown the mix counts."""
    standards = known(readings(times=1))[:6]
    twice = _contests(identifier, standards)
    assert (len(twice), sum(each.weight for each in twice)) == (12, pytest.approx(6))
    unknown = sum(each.weight for each in twice if each.right < 0)
    assert unknown == pytest.approx(6 * UNKNOWN_SHARE)
    mixed = [*standards[:3], *(replace(each, skeleton=NOBODY[:14]) for each in standards[3:])]
    assert [(each.right < 0, each.weight) for each in _contests(identifier, mixed)] == [(False, 1)] * 3 + [
        (True, 1)
    ] * 3


def test_an_unknown_one_is_scored_without_what_cannot_be_told_from_it(
    identifier: Identifier, readings: Readings
) -> None:
    standards = known(readings(times=1))[:2]
    whole, without = (_contests(identifier, standards)[at] for at in (0, 2))
    at = whole.right
    assert whole.scores[at] > -np.inf
    assert without.scores[[at, *neighbours_of(identifier.library)[at]]].max() == -np.inf


def test_too_few_readings_calibrate_nothing(readings: Readings, tmp_path: Path) -> None:
    out = tmp_path / "new.bundle"
    refused = run("bundle", "calibrate", readings(times=1), "--instrument", "A", "--version", 5, "--out", out)
    assert "28 readings of 28 substances can be used; a calibration takes 50 of 10" in str(refused.exception)


def test_a_reading_of_two_substances_is_refused(tmp_path: Path) -> None:
    record = "Name: A\nSample: x\nInChIKey: {}\nNum Peaks: 1\n50 1\n\n"
    file = tmp_path / "two.msp"
    file.write_text(record.format(NOBODY) + record.format(NOBODY.replace("A", "B", 14)), "utf-8")
    refused = run("bundle", "calibrate", file, "--instrument", "A", "--version", 5, "--out", tmp_path / "x")
    assert isinstance(refused.exception, UnreadableFile)
    assert "two.msp, line 1: reading 'x'; expected one substance, found AAAAAAAAAAAAAA, BBBBBBBBBBBBBB" in str(
        refused.exception
    )
