"""Records that their own formula contradicts stay out; one compound has one InChIKey."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from models.catalogue import Catalogue
from models.msp import MspRecord
from models.training.corpus import Measured
from models.training.sound import explained_shares, mistaken_series, sound, under_one_key

MakeRecord = Callable[..., Measured]

METHAMPHETAMINE = {91.0542: 0.6, 119.0855: 0.3, 150.1277: 0.1}
"""C7H7+, C9H11+, C10H16N+."""
NOT_OF_IT = {105.0335: 0.9, 91.0542: 0.1}
"""C7H5O+: methamphetamine has no oxygen."""


def with_peaks(record: Measured, peaks: dict[float, float], instrument: str = "LC-ESI-QTOF") -> Measured:
    fields = {**record.record.fields, "instrument_type": (instrument,)}
    return replace(record, record=MspRecord(fields, tuple(peaks), tuple(peaks.values()), 1))


def several(measured: MakeRecord, instrument: str = "LC-ESI-QTOF") -> list[Measured]:
    good = [with_peaks(measured(f"good-{number}"), METHAMPHETAMINE, instrument) for number in range(3)]
    return [*good, with_peaks(measured("bad"), NOT_OF_IT, instrument)]


def test_a_record_of_another_compound_stays_out(measured: MakeRecord, catalogue: Catalogue) -> None:
    shares = explained_shares(several(measured))
    assert shares["good-0"] == pytest.approx(1)
    assert shares["bad"] == pytest.approx(0.1)
    assert {record.accession for record in sound(several(measured), catalogue)} == {"good-0", "good-1", "good-2"}


def test_a_series_of_another_compound_stays_out_whole(measured: MakeRecord, catalogue: Catalogue) -> None:
    """As of one laboratory's fluoxetine, which was methadone: only its softer spectra show an ion that none can be."""
    other = with_peaks(measured("other", skeleton="O" * 14, formula="C9H11NO"), {105.0335: 0.9, 77.0386: 0.1})
    records = [*several(measured), other]
    shares = explained_shares(records)
    assert (shares["other"], shares["good-0"]) == (pytest.approx(1), pytest.approx(1))
    assert mistaken_series(records, shares) == {(records[0].contributor, records[0].skeleton)}
    assert sound(records, catalogue) == [other]


def test_noise_contradicts_no_series(measured: MakeRecord) -> None:
    records = several(measured)
    assert mistaken_series(records, explained_shares(records)) == set()


def test_a_tentative_name_is_no_reference(measured: MakeRecord, catalogue: Catalogue) -> None:
    sure, other = (with_peaks(measured(name), METHAMPHETAMINE) for name in "12")
    assert sound([sure, replace(other, name="OP (TENTATIVE)")], catalogue) == [sure]


def test_a_single_mass_is_no_reference(measured: MakeRecord, catalogue: Catalogue) -> None:
    one, same, other = (
        replace(with_peaks(measured(name), METHAMPHETAMINE), bins=np.array([mass]))
        for name, mass in (("1", 150), ("2", 150), ("3", 119))
    )
    assert sound([one, same], catalogue) == []
    assert sound([one, same, other], catalogue) == [one, same, other]


def test_masses_that_are_not_accurate_contradict_nothing(measured: MakeRecord, catalogue: Catalogue) -> None:
    coarse = [
        with_peaks(measured(f"{number}"), {mz + 0.1: height for mz, height in METHAMPHETAMINE.items()})
        for number in range(3)
    ]
    assert explained_shares(coarse) == {}
    assert sound(coarse, catalogue) == coarse


def test_a_formula_that_is_not_understood_contradicts_nothing(measured: MakeRecord) -> None:
    assert explained_shares([with_peaks(measured("1", formula="C4H9Xx"), METHAMPHETAMINE)]) == {}


def test_one_name_and_formula_have_the_key_of_most_records(measured: MakeRecord, catalogue: Catalogue) -> None:
    records = [measured("1", skeleton="A" * 14), measured("2", skeleton="A" * 14), measured("3", skeleton="B" * 14)]
    same = [replace(record, name=name) for record, name in zip(records, ("Some", "some", "SOME"), strict=True)]
    assert {record.skeleton for record in under_one_key(same, catalogue)} == {"A" * 14}
    assert under_one_key(records, catalogue) == records


def test_the_catalogue_s_key_comes_before_that_of_most(measured: MakeRecord, catalogue: Catalogue) -> None:
    listed = catalogue.substances[0].skeleton
    records = [measured("1", skeleton="Z" * 14), measured("2", skeleton="Z" * 14), measured("3", skeleton=listed)]
    same = [replace(record, name="some") for record in records]
    assert {record.skeleton for record in under_one_key(same, catalogue)} == {listed}
