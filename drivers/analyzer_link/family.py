"""Analyzer Link among the instrument families."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace

from drivers.analyzer_link.driver import MAX_FIRST_ID, AnalyzerLink
from drivers.analyzer_link.plays import Fault, Play
from drivers.analyzer_link.simulator import Simulator
from drivers.family import Family, Role, Simulation
from drivers.instrument import InstrumentIdentity
from drivers.pty import Simulated
from drivers.transport import LineSettings, Transport
from models.spectrum import Spectrum


def greet(transport: Transport, monotonic_ns: Callable[[], int]) -> InstrumentIdentity:
    """Ask who it is; this ends what the analyzer was doing, as every new session does."""
    return AnalyzerLink(transport, monotonic_ns, random.SystemRandom().randint(1, MAX_FIRST_ID)).identify()


ANALYZER_LINK = Family(
    name="analyzer-link",
    about="handheld mass spectrometers with Garita's open protocol",
    role=Role.ANALYZER,
    line=LineSettings(115_200),
    greet=greet,
)


def with_samples(samples: Mapping[str, tuple[Spectrum, ...]]) -> Family:
    """Return the family with a simulation that plays `samples`; spectra come from above this floor."""

    def begin(sample: str, fault: str | None, rng: random.Random) -> Simulated:
        return Simulator([Play(sample, samples[sample], Fault(fault) if fault else None)], rng)

    return replace(ANALYZER_LINK, simulation=Simulation(tuple(samples), tuple(Fault), begin))
