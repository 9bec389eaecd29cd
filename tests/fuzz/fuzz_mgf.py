"""Any bytes as a file of MGF: spectra or UnreadableFile."""

from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["models"]):
    from models.errors import UnreadableFile
    from models.formats.content import MGF

from tests.fuzz.harness import fuzz


def one_input(data: bytes) -> None:
    with suppress(UnreadableFile):
        found = MGF.read(data, "fuzz")
        assert all(sample.spectra or sample.problem for sample in found.samples)


if __name__ == "__main__":
    fuzz("mgf", one_input)
