"""What the counts of missed drugs and wrong energies are made of."""

from collections import Counter
from collections.abc import Callable

from models.catalogue import Standing
from models.conclusion import Conclusion, Reason
from models.training import energies, missed
from models.training.corpus import Measured


def test_a_pair_is_two_energies_far_enough_apart(measured: Callable[..., Measured]) -> None:
    soft, near, hard = (measured(str(energy), energy=energy) for energy in (10.0, 18.0, 40.0))
    untold = measured("none", energy=None)
    found = list(energies.pairs([[soft, near], [hard, soft, near, untold], [untold, untold]]))
    assert [pair.energies for pair in found] == [(10.0, 40.0)]
    assert found[0].bins.shape == (2, 701)


def test_the_tables_count_what_came_to_nothing() -> None:
    low = Reason.WRONG_ENERGY_TOO_LOW
    counts = Counter({("softest", low, True): 3, ("softest", low, False): 1, ("hardest", energies.NOT_SAID, False): 2})
    lines = energies.written(counts).splitlines()
    assert "| softest | wrong-energy-too-low | 4 | 3 |" in lines
    assert "| hardest | neither | 2 | 0 |" in lines
    none = Standing.UNLISTED
    kinds = Counter({("pure", none, Conclusion.NO_ALARM): 5, ("pure", none, Conclusion.INCONCLUSIVE): 2})
    assert f"| pure | {none.value} | 7 | 5 | 2 | 0 | 0 |" in missed.written(kinds).splitlines()
