"""`python -m models.training.in_source --data DIR`: readings of a real instrument that isolates nothing.

DIR holds `NAME_30V.txt`, `NAME_60V.txt` and `NAME_90V.txt` of the folder `ExampleMixtureSpectra_Measured_ForPaper` in
NIST's public repository `asm3-nist/DART-MS-DST`: two columns each, m/z and height.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from models.answer import Identification
from models.conclusion import Conclusion
from models.identification import Identifier
from models.reading import read_samples
from models.spectrum import Spectrum
from models.training.markdown import table

REPORT = Path("docs/evaluation/in-source.md")
ENERGIES = (30, 60, 90)
ACETYL, BENZYL, AMPHETAMINE, METHAMPHETAMINE = "Acetylfentanyl", "Benzylfentanyl", "Amphetamine", "Methamphetamine"
HELD = {
    "AcetylFentanyl": (ACETYL,),
    "BenzylFentanyl": (BENZYL,),
    "Amphetamine": (AMPHETAMINE,),
    "Methamphetamine": (METHAMPHETAMINE,),
    "Mixture1": (ACETYL, BENZYL),
    "Mixture2": (ACETYL, AMPHETAMINE),
    "Mixture3": (ACETYL, METHAMPHETAMINE),
    "Mixture4": (BENZYL, AMPHETAMINE),
    "Mixture5": (BENZYL, METHAMPHETAMINE),
    "Mixture6": (AMPHETAMINE, METHAMPHETAMINE),
    "Mixture7": (ACETYL, BENZYL, AMPHETAMINE),
    "Mixture8": (ACETYL, BENZYL, METHAMPHETAMINE),
    "Mixture9": (ACETYL, AMPHETAMINE, METHAMPHETAMINE),
    "Mixture10": (BENZYL, AMPHETAMINE, METHAMPHETAMINE),
    "Mixture11": (ACETYL, BENZYL, AMPHETAMINE, METHAMPHETAMINE),
}
FAMILY = {
    ACETYL: "opioid-fentanyl",
    BENZYL: "opioid-fentanyl",
    AMPHETAMINE: "stimulant-amphetamine",
    METHAMPHETAMINE: "stimulant-amphetamine",
}
REFERENCES = (AMPHETAMINE, METHAMPHETAMINE)
"""Those of which the library has a spectrum."""
FLAGGED = 0.6
"""Least probability of a family that is told, as in families.md."""
_HEAD = """# A real in-source instrument

Written by `python -m models.training.in_source --data DIR`; do not edit by hand.

Fifteen samples that NIST measured by DART and a time-of-flight instrument without isolating anything, at 30, 60 and
90 V of its orifice, each alone and the three together: acetylfentanyl, benzylfentanyl, amphetamine, methamphetamine
and their eleven mixtures (Moorthy and Sisco, J. Am. Soc. Mass Spectrom. 2021, 32, 1725). Nothing was fitted to them.
The library has **no spectrum of either fentanyl**; they are isomers of m/z 323. Which mixture holds what is not told
there: four substances have eleven mixtures, and the ions 136, 150, 174 and 188 fit their usual order. Proportions are
not told. The voltages are told to the station as energies. The numbers come from a copy typed by hand, so a digit may
be wrong; the files are not kept here.

*named*: among the components that the conclusion names; *family*: told with {flagged} or more. *suspects*: what a
conclusion rests on though it does not name it.

"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory with NAME_30V.txt and the others")
    parser.add_argument("--out", type=Path, default=REPORT)
    options = parser.parse_args(arguments)
    identifier = Identifier.open()
    answers = {key: identifier.identify(spectra) for key, spectra in readings(options.data)}
    options.out.write_text(
        _HEAD.format(flagged=FLAGGED) + summary(answers) + "\n## Each reading\n\n" + _each(answers), encoding="utf-8"
    )


def readings(folder: Path) -> Iterator[tuple[tuple[str, str], list[Spectrum]]]:
    """Yield each sample and its energies with the spectra, softest first: all together, then each alone."""
    for name in HELD:
        spectra = [_read(folder / f"{name}_{energy}V.txt", energy) for energy in ENERGIES]
        yield (name, "three"), spectra
        for energy, spectrum in zip(ENERGIES, spectra, strict=True):
            yield (name, f"{energy} V"), [spectrum]


def _read(path: Path, energy: int) -> Spectrum:
    [spectrum] = read_samples(path)[0].spectra
    return replace(spectrum, collision_energy=float(energy))


def summary(answers: Mapping[tuple[str, str], Identification]) -> str:
    """Count by energies how often each substance was named or its family told, and what was said wrongly."""
    rows: list[Sequence[str]] = []
    for energies in dict.fromkeys(energies for _, energies in answers):
        of = {name: answers[name, energies] for name in HELD}
        cells = [_named(of, drug) if drug in REFERENCES else _flagged(of, drug) for drug in FAMILY]
        wrong = sum(bool(_names(answer) - {*HELD[name]}) for name, answer in of.items())
        rows.append(
            (energies, *cells, str(wrong), str(sum(answer.conclusion is Conclusion.NO_ALARM for answer in of.values())))
        )
    told = [f"{drug}: {'named' if drug in REFERENCES else 'family'}" for drug in FAMILY]
    return table(("energies", *told, "a wrong name", "nothing listed"), rows)


def _named(of: Mapping[str, Identification], drug: str) -> str:
    there = _holding(of, drug)
    return f"{sum(drug in _names(answer) for answer in there)} of {len(there)}"


def _flagged(of: Mapping[str, Identification], drug: str) -> str:
    there = _holding(of, drug)
    return f"{sum(FAMILY[drug] in _families(answer) for answer in there)} of {len(there)}"


def _holding(of: Mapping[str, Identification], drug: str) -> list[Identification]:
    return [answer for name, answer in of.items() if drug in HELD[name]]


def _names(answer: Identification) -> set[str]:
    return {each.name for each in answer.components}


def _families(answer: Identification) -> set[str]:
    return {each.family for each in answer.families if each.probability >= FLAGGED}


def _each(answers: Mapping[tuple[str, str], Identification]) -> str:
    rows = [
        (
            name,
            ", ".join(HELD[name]),
            energies,
            answer.conclusion.value,
            ", ".join(f"{each.name} {each.probability:.2f}" for each in answer.components),
            ", ".join(sorted(_families(answer))),
            ", ".join(each.name for each in answer.suspects),
        )
        for (name, energies), answer in answers.items()
    ]
    return table(("sample", "holds", "energies", "conclusion", "named", "families", "suspects"), rows)


if __name__ == "__main__":
    main()
