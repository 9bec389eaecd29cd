"""`python -m models.training.energies --data DIR LABORATORY...`: when an energy is said to be wrong.

Of each compound of a laboratory that other laboratories measured too, the softest and the hardest spectrum as a field
instrument would show them, alone and together, concluded with a library without the laboratory's records.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from models.catalogue import Catalogue
from models.conclusion import Conclusion, Reason
from models.preprocessing import Prepared
from models.training.corpus import Measured
from models.training.field import energies_of, field_rows
from models.training.markdown import table
from models.training.missed import identifier_without, print_counts
from models.training.readings import by_compound, prepared_row

SEED = 31
APART = 12.0
"""Least difference of the two energies, in eV."""
NOT_SAID = "neither"
SAID = {Reason.WRONG_ENERGY_TOO_LOW, Reason.WRONG_ENERGY_TOO_HIGH}

Counts = Counter[tuple[str, str, bool]]
"""Readings of one spectrum that came to nothing: which spectrum, what was said, whether both together came to more."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Conclude and print one table over all laboratories."""
    print_counts(__doc__ or "", conclude, written, arguments)


def conclude(records: Sequence[Measured], contributor: str, catalogue: Catalogue) -> Counts:
    """Conclude from each spectrum alone and from both."""
    identifier, mine = identifier_without(records, contributor, catalogue)
    held = {entry.skeleton for entry in identifier.library.entries}
    compounds = by_compound(record for record in mine if record.skeleton in held)
    counts: Counts = Counter()
    for pair in pairs([compounds[each][contributor] for each in sorted(compounds)]):
        mended = identifier.conclude(_reading(pair, slice(2))).conclusion is not Conclusion.INCONCLUSIVE
        for name, at in (("softest", slice(1)), ("hardest", slice(1, 2))):
            answer = identifier.conclude(_reading(pair, at))
            if answer.conclusion is Conclusion.INCONCLUSIVE:
                counts[name, next(iter(SAID & {*answer.reasons}), NOT_SAID), mended] += 1
    return counts


def pairs(compounds: Sequence[Sequence[Measured]]) -> Iterator[Prepared]:
    """Yield the softest and the hardest spectrum of each compound, distorted alike."""
    rng = np.random.default_rng(SEED)
    for records in compounds:
        told = [same[0] for same in energies_of([record for record in records if record.energy is not None])]
        if len(told) > 1 and (told[-1].energy or 0) - (told[0].energy or 0) >= APART:
            whole = field_rows([told[0], told[-1]], rng)
            rows = np.stack([prepared_row(row) for row in whole])
            yield Prepared(rows, (told[0].energy, told[-1].energy), (), {}, whole=whole)


def _reading(pair: Prepared, at: slice) -> Prepared:
    whole = None if pair.whole is None else pair.whole[at]
    return Prepared(pair.bins[at], pair.energies[at], (), {}, whole=whole)


def written(counts: Counts) -> str:
    """Write the table."""
    rows = [
        (
            spectrum,
            said,
            str(counts[spectrum, said, True] + counts[spectrum, said, False]),
            str(counts[spectrum, said, True]),
        )
        for spectrum, said in dict.fromkeys((spectrum, said) for spectrum, said, _ in sorted(counts))
    ]
    return table(("spectrum", "said", "inconclusive", "not so with the other energy"), rows)


if __name__ == "__main__":
    main()
