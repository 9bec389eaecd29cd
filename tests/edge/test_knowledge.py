"""What a station identifies with: only what the state's root holders signed, and never an older one again."""

import json
import resource
from hashlib import sha256
from itertools import product
from pathlib import Path
from string import ascii_uppercase

import pytest
from typer.testing import CliRunner, Result

from edge import knowledge
from edge.cli import app
from edge.release_commands import beside
from edge.releases import keep_release
from edge.settings import Settings
from edge.station import Station
from models.bundle import Bundle, write_bundle
from models.catalogue import DATA
from models.errors import RefusedChange
from models.golden import PART, seen, with_golden
from models.identification import DEFAULT_BUNDLE, Identifier
from models.msp import format_msp, parse_msp
from models.reading import read_samples
from sync.errors import RefusedRelease, UnusableFile
from sync.releases import MAX_REMOVED, NOTHING, Release, Taken
from sync.roots import RootKey
from tests.edge.bench import Bench

COCAINE = "ZPUCINDJVBIVPJ-LJISPDSOSA-N"
HYDROMORPHONE = "WVLOADHCBXTIJK-UHFFFAOYSA-N"


def run(*arguments: str | Path | int) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """Write the records of one sample as reference spectra of its substance."""
    records = [each for each in parse_msp((DATA / "samples.msp").read_text("utf-8")) if each.name == "Cocaine"]
    file = tmp_path / "cocaine.msp"
    file.write_text(format_msp(records), "utf-8")
    return file


@pytest.fixture
def root_key(tmp_path: Path) -> Path:
    """Write the key of one root holder."""
    file = tmp_path / "root.key"
    file.write_bytes(RootKey.generate().to_bytes())
    return file


def told(station: Station) -> list[tuple[str, str, int | None]]:
    """Return what a station does not use: part, why, and version."""
    return [(each.part, each.why, each.version) for each in station.left_out]


def first_of(file: Path, data: Path) -> dict[str, object]:
    [line] = run("identify", file, "--json", "--data", data).stdout.splitlines()
    return json.loads(line)


def test_a_substance_leaves_and_comes_back(bench: Bench, keys: list[str], reference: Path, tmp_path: Path) -> None:
    out = tmp_path / "without.signed"
    assert run("library", "sign", out, "--version", 1, "--remove", COCAINE, *keys).exit_code == 0
    removed = run("library", "remove", out, "--data", bench.data)
    assert "library release 1 is in place" in removed.stdout
    without = first_of(reference, bench.data)
    assert COCAINE not in [hit["inchikey"] for hit in without["hits"]]  # type: ignore[union-attr]
    run("library", "sign", f"{reference}.signed", "--version", 2, "--add", reference, *keys)
    assert "+ Cocaine" in run("library", "diff", reference, "--data", bench.data).stdout
    added = run("library", "add", reference, "--data", bench.data)
    assert f"+ Cocaine ({COCAINE}, stimulant-cocaine)" in added.stdout
    again = first_of(reference, bench.data)
    assert again["hits"][0]["inchikey"] == COCAINE  # type: ignore[index]
    assert again["library"] != without["library"]
    listed = run("library", "list", "--data", bench.data).stdout
    assert str(again["library"]) in listed
    assert "+ Cocaine" in listed


def test_the_groups_that_a_change_makes_and_dissolves_are_told(tmp_path: Path) -> None:
    """Hydromorphone with spectra such as morphine's is one group with it; with spectra of its own it leaves it."""
    records = [each for each in parse_msp((DATA / "samples.msp").read_text("utf-8")) if each.name == "Morphine"]
    alike, unlike = tmp_path / "alike.msp", tmp_path / "unlike.msp"
    text = format_msp(records).replace("Morphine", "Hydromorphone")
    alike.write_text(text.replace("BQJCRHHNABKAKU-KBQPJGBKSA-N", HYDROMORPHONE), "utf-8")
    head = f"Name: Hydromorphone\nInChIKey: {HYDROMORPHONE}\nPrecursorMZ: 286.1438\nCollision_energy: 20 eV\n"
    unlike.write_text(f"{head}Num Peaks: 4\n38.1 90\n47.1 100\n62.1 70\n286.1438 80\n", "utf-8")
    said = run("library", "diff", alike).stdout
    assert "~ Hydromorphone: one group with Morphine, Norcodeine\n" in said
    assert "~ Morphine: now told from Hydromorphone\n" in run("library", "diff", unlike).stdout
    assert f"- Cocaine ({COCAINE[:14]})" in run("library", "diff", "--remove", COCAINE).stdout
    assert "nothing to compare" in run("library", "diff").stderr


def test_a_reference_that_would_clear_a_drug_is_warned_of(bench: Bench, keys: list[str], tmp_path: Path) -> None:
    """Cocaine's own spectra under a harmless name."""
    aid, drug = "Baking aid: these spectra read as Cocaine (alarm, ", tmp_path / "aid.msp"
    volts = {15: "182.1 10\n304.2 100\n", 30: "82.1 5\n182.1 60\n304.2 100\n", 50: "82.1 25\n105.1 12\n182.1 100\n"}
    head = "Name: Baking aid\nInChIKey: AAAAAAAAAAAAAA-UHFFFAOYSA-N\nFormula: C17H21NO4\nFamily: {}\n"
    for family, warned in (("benign", True), ("stimulant-cocaine", False)):
        records = (f"{head.format(family)}Collision_energy: {volt} V\nNum Peaks: {peaks.count(chr(10))}\n{peaks}\n"
                   for volt, peaks in volts.items())  # fmt: skip
        drug.write_text("".join(records), "utf-8")
        assert (f"! {aid}" in run("library", "diff", drug, "--data", bench.data).stdout) is warned
        version = 1 + (not warned)
        Path(f"{drug}.signed").unlink(missing_ok=True)
        run("library", "sign", f"{drug}.signed", "--version", version, "--add", drug, *keys)
        added = run("library", "add", drug, "--data", bench.data).stdout
        assert "is in place" in added
        assert (f"! {aid}" in added) is warned


@pytest.mark.parametrize("wrong", ["Cocaine", COCAINE.lower(), "notakey", "", f"{COCAINE}-X", "ZPUCINDJVBIVP"])
def test_what_is_no_inchikey_is_not_signed(tmp_path: Path, root_key: Path, wrong: str) -> None:
    out = tmp_path / "out.signed"
    refused = run("library", "sign", out, "--version", 1, "--remove", wrong, "--key", root_key)
    assert isinstance(refused.exception, RefusedRelease)
    assert f"cannot take out {wrong!r}: expected an InChIKey" in str(refused.exception)
    assert not out.exists()


def test_a_version_out_of_range_is_not_signed(tmp_path: Path, root_key: Path) -> None:
    version = 9007199254740993
    refused = run("library", "sign", tmp_path / "x", "--version", version, "--remove", COCAINE, "--key", root_key)
    assert refused.exit_code == 2
    assert "Usage:" in refused.stderr
    assert isinstance(refused.exception, SystemExit)


def test_more_than_a_release_takes_is_not_signed(tmp_path: Path, root_key: Path) -> None:
    more = [f"--remove={''.join(letters)}AAAAAAAAAAA" for letters in product(ascii_uppercase[:11], repeat=3)]
    refused = run("library", "sign", tmp_path / "out.signed", "--version", 1, "--key", root_key, *more)
    assert "1331 substances to take out; a release takes 1000 at most" in str(refused.exception)


def test_what_takes_nothing_out_is_said(bench: Bench, keys: list[str], tmp_path: Path) -> None:
    out, nobody = tmp_path / "out.signed", "AAAAAAAAAAAAAA"
    signed = run("library", "sign", out, "--version", 1, "--remove", COCAINE, "--remove", nobody, *keys)
    assert f"{nobody} did not come with Garita" in signed.stdout
    assert f"{COCAINE[:14]} did not come" not in signed.stdout
    removed = run("library", "remove", out, "--data", bench.data).stdout.splitlines()
    said = [f"- Cocaine ({COCAINE[:14]})", f"- {nobody}: the library did not have it; nothing was taken out"]
    assert removed[1:] == said
    listed = run("library", "list", "--data", bench.data).stdout.splitlines()
    assert {said[0], f"- {nobody}: it did not come with the bundle"} <= set(listed)


@pytest.mark.usefixtures("keys")
def test_signatures_that_are_not_there_are_told_with_what_to_do(bench: Bench, reference: Path) -> None:
    refused = run("library", "add", reference, "--data", bench.data).exception
    assert isinstance(refused, UnusableFile)
    assert str(refused).startswith(f"{reference}.signed is not there, and only what the state's root holders signed")


def test_what_the_state_added_and_took_out_again_was_there(
    bench: Bench, keys: list[str], reference: Path, tmp_path: Path
) -> None:
    """`library list` said of it that the library did not have it and that nothing was taken out."""
    new, out = tmp_path / "new.msp", tmp_path / "out.signed"
    text = reference.read_text("utf-8").replace("Name: Cocaine", "Name: Trial")
    new.write_text(text.replace(COCAINE, f"{'A' * 14}-UHFFFAOYSA-N\nFamily: stimulant-cocaine"), "utf-8")
    run("library", "sign", f"{new}.signed", "--version", 1, "--add", new, *keys)
    assert "+ Trial" in run("library", "add", new, "--data", bench.data).stdout
    run("library", "sign", out, "--version", 2, "--remove", "A" * 14, *keys)
    assert f"- Trial ({'A' * 14})" in run("library", "remove", out, "--data", bench.data).stdout
    assert f"- {'A' * 14}: it did not come with the bundle" in run("library", "list", "--data", bench.data).stdout


def test_a_change_that_leaves_no_substance_is_refused(bench: Bench, keys: list[str], tmp_path: Path) -> None:
    """The last of the releases that take everything out; those before are in place."""
    skeletons = sorted({entry.skeleton for entry in bench.identifier.base.entries})
    *parts, last = [skeletons[first : first + MAX_REMOVED] for first in range(0, len(skeletons), MAX_REMOVED)]
    roots = [RootKey.from_bytes(Path(key).read_bytes()) for key in keys[1::2]]
    for version, part in enumerate(parts, start=1):
        release = Release(kind="library", version=version, digest=NOTHING, removed=part)
        keep_release(Settings.load(bench.data), release, release.sign(roots), b"", knowledge.SPECTRA)
    out = tmp_path / "last.signed"
    run("library", "sign", out, "--version", len(parts) + 1, *(f"--remove={each}" for each in last), *keys)
    assert isinstance(run("library", "remove", out, "--data", bench.data).exception, RefusedChange)
    assert len(list((bench.data / "library").glob("*.signed"))) == len(parts)


def test_the_change_is_on_record_at_the_next_start(bench: Bench, keys: list[str], reference: Path) -> None:
    run("library", "sign", f"{reference}.signed", "--version", 1, "--add", reference, *keys)
    run("library", "add", reference, "--data", bench.data)
    bench.identifier = knowledge.open_known(Settings.load(bench.data)).identifier
    bench.open()
    facts = [record for record in bench.records() if getattr(record, "fact", None) == "library_changed"]
    assert [fact.values["now"] for fact in facts] == [bench.identifier.library.digest]  # type: ignore[attr-defined]


def test_what_fewer_root_holders_signed_is_refused(bench: Bench, keys: list[str], reference: Path) -> None:
    run("library", "sign", f"{reference}.signed", "--version", 1, "--add", reference, *keys[:2])
    refused = run("library", "add", reference, "--data", bench.data)
    assert isinstance(refused.exception, RefusedRelease)
    assert "1 of 2 root holders signed; 2 must" in str(refused.exception)


def test_another_file_than_was_signed_is_refused(bench: Bench, keys: list[str], reference: Path) -> None:
    run("library", "sign", f"{reference}.signed", "--version", 1, "--add", reference, *keys)
    reference.write_text(reference.read_text("utf-8").replace("Name: Cocaine", "Name: Sugar"), "utf-8")
    refused = run("library", "add", reference, "--data", bench.data)
    assert "was signed, the file is" in str(refused.exception)


def test_an_older_change_is_refused(bench: Bench, keys: list[str], reference: Path, tmp_path: Path) -> None:
    for version in (5, 5, 4):
        Path(f"{reference}.signed").unlink(missing_ok=True)
        run("library", "sign", f"{reference}.signed", "--version", version, "--add", reference, *keys)
        done = run("library", "add", reference, "--data", bench.data)
        assert done.exit_code == (0 if not (tmp_path / "seen").exists() else 1)
        (tmp_path / "seen").touch()
    assert "is not newer than 5" in str(done.exception)


def test_a_change_that_was_put_back_is_found(bench: Bench, keys: list[str], reference: Path) -> None:
    run("library", "sign", f"{reference}.signed", "--version", 3, "--add", reference, *keys)
    run("library", "add", reference, "--data", bench.data)
    bench.open()
    bench.close()
    (bench.data / "library" / "000003.signed").unlink()
    assert told(bench.open()) == [("library", "missing", 3)]
    bench.close()
    assert "library release 3 is in place" in run("library", "add", reference, "--data", bench.data).stdout
    assert told(bench.open()) == []


def test_spectra_that_were_changed_in_place_are_found(bench: Bench, keys: list[str], reference: Path) -> None:
    run("library", "sign", f"{reference}.signed", "--version", 1, "--add", reference, *keys)
    run("library", "add", reference, "--data", bench.data)
    (bench.data / "library" / "000001.msp").write_text("Name: x\n", "utf-8")
    known = knowledge.open_known(Settings.load(bench.data))
    assert known.identifier.library.digest == known.identifier.base.digest
    [left_out] = known.left_out
    assert (left_out.part, left_out.why, left_out.version) == ("library", "damaged", 1)
    assert "was signed, the file is" in left_out.detail


@pytest.fixture(scope="session")
def newer(identifier: Identifier) -> bytes:
    """Garita's own bundle as a version 9, with its golden set."""
    readings = seen(identifier.bundle, read_samples(DATA / "samples.msp"), identifier.catalogue)
    golden = Bundle.from_bytes(with_golden(identifier.bundle, readings))
    return write_bundle({**golden.manifest, "version": 9}, golden.parts)


def test_a_newer_bundle_is_taken_after_its_golden_set(
    bench: Bench, keys: list[str], newer: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "newer.bundle"
    file.write_bytes(newer)
    assert "version 9" in run("bundle", "show", file).stdout
    assert run("bundle", "sign", file, *keys).exit_code == 0
    assert "signed by the state's roots" in run("bundle", "verify", file, "--data", bench.data).stdout
    assert "bundle release 9 is in place" in run("bundle", "install", file, "--data", bench.data).stdout
    bench.identifier = knowledge.open_known(Settings.load(bench.data)).identifier
    assert knowledge.version_of(bench.identifier.bundle) == 9
    assert "is not newer than 9" in str(run("bundle", "install", file, "--data", bench.data).exception)
    bench.open()
    bench.close()
    bench.identifier = Identifier.open()
    assert told(bench.open()) == [("bundle", "missing", 9)]


def test_a_bundle_for_which_there_is_no_room_leaves_the_one_in_use(
    bench: Bench, keys: list[str], newer: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "newer.bundle"
    file.write_bytes(newer)
    run("bundle", "sign", file, *keys)
    run("bundle", "install", file, "--data", bench.data)
    bundle = Bundle.from_bytes(newer)
    file.write_bytes(write_bundle({**bundle.manifest, "version": 10}, bundle.parts))
    beside(file).unlink()
    run("bundle", "sign", file, *keys)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(newer) // 2, before[1]))
    try:
        done = run("bundle", "install", file, "--data", bench.data)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert isinstance(done.exception, OSError)
    known = knowledge.open_known(Settings.load(bench.data))
    assert (knowledge.version_of(known.identifier.bundle), known.left_out) == (9, ())
    assert not [*bench.data.glob("bundle/*.new")]


def test_a_cut_while_a_bundle_is_brought_leaves_the_one_that_was_there(
    bench: Bench, keys: list[str], newer: bytes
) -> None:
    """The signatures take their place last: before, nothing of the new one counts; older ones go only after that."""
    bundle, settings, folder = Bundle.from_bytes(newer), Settings.load(bench.data), bench.data / "bundle"
    roots = [RootKey.from_bytes(Path(key).read_bytes()) for key in keys[1::2]]
    signed, data = b"", b""
    for version in (9, 10, 11):
        data = write_bundle({**bundle.manifest, "version": version}, bundle.parts)
        signed = Release(kind="bundle", version=version, digest=sha256(data).digest(), removed=[]).sign(roots)
        knowledge.take_bundle(settings, signed, data, Taken(version - 1))
    kept = ["000010.bundle", "000010.signed", "000011.bundle", "000011.signed"]
    assert sorted(each.name for each in folder.iterdir()) == kept
    (folder / "000011.signed").rename(folder / "000011.signed.new")
    known = knowledge.open_known(settings)
    assert (knowledge.version_of(known.identifier.bundle), known.left_out) == (10, ())
    assert knowledge.take_bundle(settings, signed, data, Taken(10)).version == 11


@pytest.mark.parametrize("lost", [".signed", ".bundle"], ids=["signatures-missing", "bundle-damaged"])
def test_a_bundle_cut_off_while_it_was_brought_is_brought_again(
    bench: Bench, keys: list[str], newer: bytes, tmp_path: Path, lost: str
) -> None:
    file = tmp_path / "newer.bundle"
    file.write_bytes(newer)
    run("bundle", "sign", file, *keys)
    run("bundle", "install", file, "--data", bench.data)
    there = bench.data / f"bundle/000009{lost}"
    there.write_bytes(b"")
    known = knowledge.open_known(Settings.load(bench.data))
    assert known.identifier.bundle.digest == Bundle.open(DEFAULT_BUNDLE).digest
    assert [(each.part, each.why) for each in known.left_out] == [("bundle", "damaged")]
    assert "bundle release 9 is in place" in run("bundle", "install", file, "--data", bench.data).stdout
    assert knowledge.version_of(knowledge.open_known(Settings.load(bench.data)).identifier.bundle) == 9


def test_a_bundle_that_answers_otherwise_is_refused(
    bench: Bench, keys: list[str], newer: bytes, tmp_path: Path
) -> None:
    bundle = Bundle.from_bytes(newer)
    golden = json.loads(bundle.part(PART))
    golden[0]["conclusion"] = "no_alarm"
    file = tmp_path / "other.bundle"
    file.write_bytes(write_bundle(bundle.manifest, {**bundle.parts, PART: json.dumps(golden).encode()}))
    run("bundle", "sign", file, *keys)
    refused = run("bundle", "install", file, "--data", bench.data)
    assert "golden set, Cocaine" in str(refused.exception)
    assert not (bench.data / "bundle").exists()


def test_a_bundle_without_signatures_is_refused(bench: Bench, keys: list[str], newer: bytes, tmp_path: Path) -> None:
    file, signed = tmp_path / "newer.bundle", tmp_path / "library.signed"
    file.write_bytes(newer)
    run("library", "sign", signed, "--version", 9, "--remove", COCAINE, *keys)
    refused = run("bundle", "install", file, "--data", bench.data, "--signed", signed)
    assert "expected a bundle release, this one is of kind library" in str(refused.exception)


def test_the_bundle_that_came_with_garita_tells_its_card() -> None:
    said = run("bundle", "show").stdout
    assert Bundle.open(DEFAULT_BUNDLE).digest in said
    assert "limit: " in said
