"""Sample: what one reading consists of, and MSP records joined into readings."""

from dataclasses import dataclass

from numpy.typing import ArrayLike

from models.acquisition import Acquisition
from models.errors import MalformedSpectrum
from models.msp import MspRecord, by_height, falls, scattered
from models.spectrum import Spectrum


@dataclass(frozen=True)
class Sample:
    """One reading: what it is called and its spectra, one for each energy.

    `problem` says why a spectrum of it could not be taken, None where all could; such a reading never gets a name.
    `notes` say what was put right, and what was taken for granted.
    """

    name: str
    spectra: tuple[Spectrum, ...]
    problem: str | None = None
    notes: tuple[str, ...] = ()


FELL = "m/z came falling and was put in rising order"
BY_HEIGHT = "peaks came by their height and were put in the order of m/z"
OTHER_ION = "it tells its ion as %s; all that it is compared with is [M+H]+ or [M]+, so a name would be by chance"
POLARITY_NOT_TOLD = "the file does not say the polarity of its ions; taken for positive"
TOLD_BOTH_WAYS = "the file tells its ions as negative and as positive; taken for negative, of which nothing is named"
SCATTERED = "peaks came in no order and were put in the order of m/z"


def join_records(records: list[MspRecord]) -> list[Sample]:
    """Bring records that share a `Sample:` field together, in the order in which they first come."""
    return [join(name, group) for name, group in group_records(records)]


def group_records(records: list[MspRecord]) -> list[tuple[str, list[MspRecord]]]:
    """Return the names of readings, and the records of each."""
    groups: dict[tuple[str, int], list[MspRecord]] = {}
    for record in records:
        sample = record.text("sample")
        name = sample or record.name or f"record on line {record.line}"
        groups.setdefault((name, 0 if sample else record.line), []).append(record)
    return [(name, group) for (name, _), group in groups.items()]


def join(name: str, records: list[MspRecord]) -> Sample:
    """Return the records of one reading as one."""
    spectra: list[Spectrum] = []
    problem = None
    for record in records:
        try:
            spectra.append(record.spectrum)
        except MalformedSpectrum as malformed:
            problem = problem or f"record on line {record.line}: {malformed}"
    notes = tuple(
        f"record on line {record.line}: {note}"
        for record in records
        for note in (*rearranged(record.mz, record.intensity), *_told_otherwise(record))
    )
    told = dict.fromkeys(note for record in records for note in of_polarity(record.acquisition))
    return Sample(name, tuple(spectra), problem, (*notes, *told))


def of_polarity(acquisition: Acquisition) -> tuple[str, ...]:
    """Say where a polarity was taken for granted, or told both ways."""
    if acquisition.both_told:
        return (TOLD_BOTH_WAYS,)
    return (POLARITY_NOT_TOLD,) if acquisition.is_of_untold_polarity else ()


def rearranged(mz: ArrayLike, intensity: ArrayLike) -> tuple[str, ...]:
    """Say in which other order peaks came that were put in rising order, if any."""
    if falls(mz):
        return (FELL,)
    if by_height(mz, intensity):
        return (BY_HEIGHT,)
    return (SCATTERED,) if scattered(mz) else ()


def _told_otherwise(record: MspRecord) -> tuple[str, ...]:
    return (OTHER_ION % record.other_ion,) if record.other_ion else ()
