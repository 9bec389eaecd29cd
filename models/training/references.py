"""The measured records that may be learnt from and kept as references."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from models.catalogue import Catalogue
from models.training.corpus import Measured, read_corpus
from models.training.published import fentanyl_ions, fentanyls
from models.training.samples import without_held
from models.training.sound import sound

LEAST_SHARE = 1 / 6
"""Of a record's ion current its compound's whole and reported ions make at least this; of noise they make a tenth."""


def references(data: Path, catalogue: Catalogue) -> list[Measured]:
    """Read what was measured, without what is held for the samples and what is no reference."""
    told = fentanyls(data) if fentanyl_ions(data).is_file() else ()
    reported = {(each.skeleton, each.ion_mz): each.ions for each in told}
    return with_own_ions(sound(without_held(read_corpus(data)), catalogue), reported)


def with_own_ions(records: Iterable[Measured], reported: Mapping[tuple[str, int], Sequence[int]]) -> list[Measured]:
    """Leave out records that show nothing of their compound, of those whose ions were `reported`, by key and whole."""
    return [each for each in records if (each.skeleton, each.ion_mz) not in reported or _shows(each, reported)]


def _shows(record: Measured, reported: Mapping[tuple[str, int], Sequence[int]]) -> bool:
    own = np.isin(record.bins, [record.ion_mz, *reported[record.skeleton, record.ion_mz]])
    return float(record.intensity[own].sum()) >= LEAST_SHARE
