"""JCAMP-DX written: blocks with labels, and tables in every form that the reader takes."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from models.formats.jcamp.encode import Form, encode

VERSION = "5.01"


def format_block(title: str, labels: Mapping[str, str], tables: Iterable[str] = (), version: str = VERSION) -> str:
    """Write a block; `tables` are what the other functions here return."""
    head = [f"##TITLE= {title}", f"##JCAMP-DX= {version}", *(f"##{label}= {value}" for label, value in labels.items())]
    return "\n".join([*head, *tables, "##END=\n"])


def format_link(title: str, blocks: Sequence[str]) -> str:
    """Write blocks inside a LINK block."""
    head = f"##TITLE= {title}\n##JCAMP-DX= {VERSION}\n##DATA TYPE= LINK\n##BLOCKS= {len(blocks)}\n"
    return head + "".join(blocks) + "##END=\n"


def format_even(
    first_x: float, last_x: float, ordinates: Sequence[int | None], form: Form, y_factor: float = 1.0
) -> str:
    """Write ##XYDATA= and the labels that it needs; ordinates are those of the table, before the factor."""
    xs = [float(x) for x in np.linspace(first_x, last_x, len(ordinates))]
    head = {"FIRSTX": first_x, "LASTX": last_x, "NPOINTS": len(ordinates), "XFACTOR": 1, "YFACTOR": y_factor}
    lines = [f"##{label}= {value!r}" for label, value in head.items()]
    return "\n".join([*lines, "##XYDATA= (X++(Y..Y))", *encode(ordinates, xs, form)])


def format_pairs(label: str, pairs: Sequence[tuple[float, float]]) -> str:
    """Write ##XYPOINTS= or ##PEAK TABLE=."""
    return "\n".join([f"##NPOINTS= {len(pairs)}", f"##{label}= (XY..XY)", *(f"{x!r}, {y!r}" for x, y in pairs)])


def format_mass_pages(pages: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """Write ##NTUPLES= MASS SPECTRUM: scans by what tells them apart, as `T=10.2`."""
    head = [
        "##NTUPLES= MASS SPECTRUM",
        "##VAR_NAME= MASS, INTENSITY, RETENTION TIME",
        "##SYMBOL= X, Y, T",
        "##VAR_TYPE= INDEPENDENT, DEPENDENT, INDEPENDENT",
        "##VAR_FORM= AFFN, AFFN, AFFN",
        "##UNITS= M/Z, RELATIVE ABUNDANCE, SECONDS",
    ]
    for page, peaks in pages.items():
        head += [f"##PAGE= {page}", f"##NPOINTS= {len(peaks)}", "##DATA TABLE= (XY..XY), PEAKS"]
        head += [f"{mz!r}, {height!r}" for mz, height in peaks]
    return "\n".join([*head, "##END NTUPLES= MASS SPECTRUM"])
