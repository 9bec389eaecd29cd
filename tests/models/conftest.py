"""What the tests of models/ share: the committed bundle opened once, its samples, and a small library."""

from collections.abc import Callable

import numpy as np
import pytest

from models.catalogue import DATA, Catalogue
from models.identification import Identifier
from models.msp import MspRecord
from models.reading import read_samples
from models.sample import Sample
from models.spectrum import Spectrum
from models.training.corpus import Measured


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture(scope="session")
def identifier(catalogue: Catalogue) -> Identifier:
    return Identifier.open(catalogue=catalogue)


@pytest.fixture(scope="session")
def samples() -> dict[str, Sample]:
    return {sample.name: sample for sample in read_samples(DATA / "samples.msp")}


@pytest.fixture
def a_spectrum() -> Spectrum:
    return Spectrum(np.array([50.0, 77.04, 105.03, 182.12, 304.15]), np.array([3.0, 8.0, 30.0, 100.0, 60.0]))


@pytest.fixture
def measured() -> Callable[..., Measured]:
    """Make records by hand: peaks as {bin: intensity}."""

    def make(
        accession: str,
        contributor: str = "lab A",
        skeleton: str = "AAAAAAAAAAAAAA",
        peaks: dict[int, float] | None = None,
        *,
        formula: str = "C10H15N",
        energy: float | None = 20.0,
    ) -> Measured:
        held = peaks or {91: 0.7, 119: 0.3}
        intensity = np.array(list(held.values()), dtype=np.float32)
        return Measured(
            accession=accession,
            contributor=contributor,
            licence="CC0",
            name=f"name {skeleton[0]}",
            inchikey=f"{skeleton}-UHFFFAOYSA-N",
            formula=formula,
            ion_mz=150,
            energy=energy,
            bins=np.array(list(held)),
            intensity=intensity / intensity.sum(),
            record=MspRecord({"name": (accession,)}, (), ()),
        )

    return make
