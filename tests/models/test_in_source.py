"""The report on a real in-source instrument counts what is named, told and said wrongly."""

from pathlib import Path

from models.sample import Sample
from models.training import in_source


def test_every_sample_is_counted_by_what_it_holds(tmp_path: Path, samples: dict[str, Sample]) -> None:
    spectrum = min(samples["Methamphetamine"].spectra, key=lambda each: each.collision_energy or 0.0)
    peaks = zip(spectrum.mz.tolist(), spectrum.intensity.tolist(), strict=True)
    columns = "".join(f"{mz:.6f}\t{height:.6f}\n" for mz, height in peaks)
    for name in in_source.HELD:
        for energy in in_source.ENERGIES:
            (tmp_path / f"{name}_{energy}V.txt").write_text(columns)
    in_source.main(["--data", str(tmp_path), "--out", str(tmp_path / "report.md")])
    lines = (tmp_path / "report.md").read_text().splitlines()
    without = sum(in_source.METHAMPHETAMINE not in held for held in in_source.HELD.values())
    assert f"| 30 V | 0 of 8 | 0 of 8 | 0 of 8 | 8 of 8 | {without} | 0 |" in lines
    assert sum(line.startswith("| Mixture11 |") for line in lines) == 1 + len(in_source.ENERGIES)
