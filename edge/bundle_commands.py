"""What the commands on bundles do: build, calibrate, sign, show, verify and install."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from edge import knowledge
from edge.keys import read_roots
from edge.release_commands import NEXT_START, beside, read_signed, sign_release, taken_here
from edge.settings import Settings
from models.bundle import Bundle, write_bundle
from models.calibration import Decision
from models.catalogue import Catalogue
from models.errors import RefusedChange
from models.golden import seen, verify, with_golden
from models.identification import DEFAULT_BUNDLE, Identifier
from models.instrument_calibration import FEWEST_UNKNOWN, Outcome, calibrate, calibrated, read_known
from models.manifest import DECISION, Manifest, Recalibrated
from models.reading import read_samples
from sync.files import refuse_taken, write_new
from sync.releases import Release


def build_bundle(trained: Path, golden: Path, version: int, keys: Sequence[Path], out: Path) -> Iterator[str]:
    """Make a state's bundle of a trained one: its version, and a golden set of the readings in a file.

    Raises UnusableBundle, UnreadableFile, UnusableFile.
    """
    _refuse_taken(keys, out)
    bundle = Bundle.open(trained)
    Manifest.of(bundle)
    numbered = Bundle.from_bytes(write_bundle({**bundle.manifest, "version": version}, bundle.parts), trained.name)
    yield from _written(with_golden(numbered, seen(numbered, read_samples(golden), Catalogue.load())), keys, out)


def calibrate_bundle(
    readings: Path, instrument: str, version: int, of: Path | Settings, keys: Sequence[Path], out: Path
) -> Iterator[str]:
    """Calibrate a bundle, or the one that a station uses with the state's changes, for an instrument.

    Raises UnreadableFile, RefusedChange, UnusableBundle, UnusableFile.
    """
    _refuse_taken(keys, out)
    identifier = knowledge.open_known(of).identifier if isinstance(of, Settings) else Identifier.open(of)
    bundle, data = identifier.bundle, readings.read_bytes()
    if Manifest.of(bundle).recalibrated:
        raise RefusedChange("this bundle was calibrated for an instrument already; begin with the one it was made of")
    catalogue = Catalogue.load()
    outcome = calibrate(identifier, read_known(data, readings.name, catalogue))
    made = _made(outcome, instrument, sha256(data).hexdigest(), bundle.digest)
    yield from (f"left out: {name}; such a reading never gets a name" for name in outcome.left_out)
    yield f"{outcome.unknown} readings of substances that the library lacks; {_taken_as(outcome)}"
    yield f"temperature {outcome.calibration.temperature:g}, bias {outcome.calibration.none_bias:g}"
    yield _recalibrated(made)
    yield from _written(calibrated(bundle, outcome.calibration, made, version, catalogue), keys, out)


def _taken_as(outcome: Outcome) -> str:
    if outcome.unknown >= FEWEST_UNKNOWN:
        return "taken as a post meets them"
    return f"fewer than {FEWEST_UNKNOWN}: taken as standards, each counts once more with its substance unknown"


def _made(outcome: Outcome, instrument: str, file: str, of: str) -> Recalibrated:
    return Recalibrated(
        instrument=instrument,
        readings=outcome.readings,
        compounds=outcome.compounds,
        file=file,
        of=of,
        surprise=(round(outcome.before.surprise, 4), round(outcome.after.surprise, 4)),
        error=(round(outcome.before.error, 4), round(outcome.after.error, 4)),
    )


def _recalibrated(made: Recalibrated) -> str:
    (surprise, less), (error, smaller) = made.surprise, made.error
    return (
        f"calibrated for {made.instrument} with {made.readings} readings of {made.compounds} substances: surprise "
        f"{surprise:g} -> {less:g}, calibration error {error:g} -> {smaller:g} on substances held back"
    )


def _refuse_taken(keys: Sequence[Path], out: Path) -> None:
    """Raise UnusableFile before the work, where its bundle or the signatures of it are there already."""
    for path in (out, *([beside(out)] if keys else [])):
        refuse_taken(path)


def _written(data: bytes, keys: Sequence[Path], out: Path) -> Iterator[str]:
    write_new(out, data)
    bundle = Bundle.from_bytes(data, out.name)
    yield f"{out}: version {knowledge.version_of(bundle)}, {len(data)} bytes, SHA-256 {bundle.digest}"
    yield sign_bundle(out, keys, beside(out)) if keys else f"not signed; where the keys are: garita bundle sign {out}"


def sign_bundle(file: Path, keys: Sequence[Path], out: Path) -> str:
    """Sign a bundle with root holders' keys, as the version that it states, and return a line that says so."""
    data = file.read_bytes()
    version = knowledge.version_of(Bundle.from_bytes(data, file.name))
    return sign_release(Release(kind="bundle", version=version, digest=sha256(data).digest(), removed=[]), keys, out)


def show_bundle(file: Path | None) -> Iterator[str]:
    """Yield what a bundle says of itself; raises UnusableBundle."""
    bundle = Bundle.open(file or DEFAULT_BUNDLE)
    manifest = Manifest.of(bundle)
    yield f"version {manifest.version}, made by garita {manifest.software}, SHA-256 {bundle.digest}"
    yield f"library: {manifest.data.compounds} substances, SHA-256 {manifest.library.digest}"
    yield f"made from {manifest.data.records} records, accessions {manifest.data.accessions_digest}"
    yield from (f"{name}: {value:g}" for name, value in manifest.metrics.items())
    decision = Decision.from_bytes(bundle.part(DECISION))
    yield from (f"{name}: {value:g}" for name, value in asdict(decision.calibration).items())
    if manifest.recalibrated:
        yield _recalibrated(manifest.recalibrated)
    yield from (f"{name}: {value:g}" for name, value in asdict(decision.thresholds).items())
    yield f"for: {manifest.card.intended_use}"
    yield from (f"limit: {limit}" for limit in manifest.card.known_limits)


def verify_bundle(file: Path | None, data: Path | None, signed: Path | None) -> str:
    """Check a bundle's parts, its golden set, and with a station's roots its signatures; raises what is wrong."""
    path = file or DEFAULT_BUNDLE
    bundle = Bundle.open(path)
    Manifest.of(bundle)
    count = verify(bundle, Catalogue.load())
    said = f"{path.name}: version {knowledge.version_of(bundle)}, every part as listed, {count} golden readings as told"
    if data is None:
        return f"{said}; signatures not checked: name a station with --data"
    roots = read_roots(Settings.load(data))
    release = knowledge.checked_bundle(roots, read_signed(signed or beside(path)), path.read_bytes())
    return f"{said}; {release.what} is signed by the state's roots"


def install_bundle(data: Path, file: Path, signed: Path) -> str:
    """Bring a newer bundle after its golden set was run; raises RefusedRelease, UnusableBundle."""
    settings = Settings.load(data)
    content = file.read_bytes()
    knowledge.checked_bundle(read_roots(settings), read_signed(signed), content)
    count = verify(Bundle.from_bytes(content, file.name), Catalogue.load())
    release = knowledge.take_bundle(settings, signed.read_bytes(), content, taken_here(settings, "bundle"))
    return f"{release.what} is in place, {count} golden readings as told; {NEXT_START}"
