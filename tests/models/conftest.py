"""What the tests of models/ share: the committed bundle opened once, its samples, and a small library."""

import numpy as np
import pytest

from models.catalogue import DATA, Catalogue
from models.identification import Identifier
from models.reading import Sample, read_samples
from models.spectrum import Spectrum


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
