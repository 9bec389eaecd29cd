"""Measured records kept out of library and training, to be played by the simulator and tried by the tests."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.msp import MspRecord, format_msp
from models.training.corpus import Measured
from models.training.field import MOST_ENERGY


@dataclass(frozen=True)
class Held:
    """Which records of a substance are held: a contributor's, all or every second where nobody else measured it."""

    name: str
    skeleton: str
    contributor: str
    every_second: bool = False


HELD = (
    Held("Cocaine", "ZPUCINDJVBIVPJ", "Eawag"),
    Held("Fentanyl", "PJMPHNIQZUBGLI", "Eawag"),
    Held("Methamphetamine", "MYWUZJCMWCOHBA", "Eawag_Additional_Specs"),
    Held("Caffeine", "RYYVLZVUVIJVGH", "LCSB"),
    Held("Heroin", "GVGLGOZIDCSQPN", "Athens_Univ", every_second=True),
    Held("MDMA", "SHXWCVYOXRDMCX", "Eawag"),
    Held("MDA", "NGBBVGZWCFBOGO", "Eawag"),
    Held("Amphetamine", "KWTSXDURSIMDCE", "Eawag", every_second=True),
    Held("Ketamine", "YQEZLKZALYSWHR", "Athens_Univ"),
    Held("Oxycodone", "BRUQQQPBMZOVGD", "Univ_Connecticut"),
    Held("Morphine", "BQJCRHHNABKAKU", "Athens_Univ"),
    Held("Codeine", "OROGSEYTTFOCAN", "Athens_Univ"),
    Held("Methadone", "USSIQXCVUWKGNF", "LCSB"),
    Held("Sufentanil", "GGCSSNBKKAUURC", "Univ_Connecticut"),
    Held("Tramadol", "TVYLLZQTGLZFBW", "Env_Anal_Chem_U_Tuebingen"),
    Held("Diazepam", "AAOVKJBEBIDNHE", "UFZ"),
    Held("Midazolam", "DDLIGBOFAVUZHB", "Athens_Univ"),
    Held("JWH-018", "JDNLPKCAXICMBW", "Athens_Univ", every_second=True),
    Held("Mephedrone", "YELGFTGWJGBAQU", "Eawag", every_second=True),
    Held("LSD", "VAYOSLLFUXYJDT", "Athens_Univ"),
    Held("Ephedrine", "KWGRBVOPPLSCSI", "Univ_Connecticut"),
    Held("Norfentanyl", "PMCBDBWCQQBSRJ", "Eawag"),
    Held("Paracetamol", "RZVAJINKPMORJF", "UFZ"),
    Held("Lidocaine", "NNJVILVZKWQKPM", "Env_Anal_Chem_U_Tuebingen"),
    Held("Levamisole", "HLFSDGLLUJUHTE", "Univ_Connecticut"),
    Held("Xylazine", "BPICBUSOMSTKRF", "Eawag", every_second=True),
    Held("Phenacetin", "CPJSUEIXXCENMM", "BAFG", every_second=True),
    Held("Nicotinamide", "DFPAKSUCGFBDDF", "BGC_Munich"),
)


def held_records(records: Sequence[Measured]) -> dict[Held, list[Measured]]:
    """Choose the records of each held substance, those whose energy was told."""
    return {held: _chosen(held, records) for held in HELD}


def _chosen(held: Held, records: Sequence[Measured]) -> list[Measured]:
    found = [
        record
        for record in records
        if (record.skeleton, record.contributor) == (held.skeleton, held.contributor) and record.energy is not None
    ]
    return found[1::2] if held.every_second else found


def without_held(records: Sequence[Measured]) -> list[Measured]:
    """Every record that library and training may see."""
    held = {record.accession for chosen in held_records(records).values() for record in chosen}
    return [record for record in records if record.accession not in held]


def format_samples(records: Sequence[Measured]) -> str:
    """Write the held records as MSP, each substance one reading."""
    chosen = held_records(records)
    return format_msp(_labelled(held, record) for held, group in chosen.items() for record in _one_an_energy(group))


def _one_an_energy(group: Sequence[Measured]) -> list[Measured]:
    """Keep the first record at each energy that a field instrument has, softest first."""
    first: dict[float, Measured] = {}
    for record in group:
        if record.energy is not None and record.energy <= MOST_ENERGY:
            first.setdefault(round(record.energy, 1), record)
    return [record for _, record in sorted(first.items())]


def _labelled(held: Held, measured: Measured) -> MspRecord:
    record = measured.record
    kept = {name: value for name, value in record.fields.items() if name not in ("name", "synon", "smiles", "cas")}
    fields = {"name": (held.name,), "sample": (held.name,), **kept}
    return MspRecord(fields, record.mz, record.intensity, record.line)
