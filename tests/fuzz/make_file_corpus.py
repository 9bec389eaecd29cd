"""Writes the seeds of file formats from tests/vectors/spectra: `python -m tests.fuzz.make_file_corpus`."""

from tests.fuzz.harness import HERE, LONGEST

VECTORS = HERE.parent / "vectors" / "spectra"
ENDINGS = {
    "jcamp": ".jdx",
    "spc": ".spc",
    "massbank": ".mb",
    "mzml": ".mzML",
    "columns": ".csv",
    "msp": ".msp",
    "mgf": ".mgf",
}


def main() -> None:
    for name, ending in ENDINGS.items():
        folder = HERE / "corpus" / name
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(VECTORS.glob(f"*{ending}")):
            if path.stat().st_size <= LONGEST:
                (folder / f"seed-{path.stem}").write_bytes(path.read_bytes())


if __name__ == "__main__":
    main()
