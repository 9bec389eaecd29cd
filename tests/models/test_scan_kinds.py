"""Scans whose peaks are no fragments made by collision are never compared with such, whichever file tells of them."""

import pytest

from models.formats.content import COLUMNS, MASSBANK, MGF, MSP, MZML
from models.sample import TOLD_BOTH_WAYS, Sample
from models.scan_kinds import OF_A_NEUTRAL, OF_PRECURSORS, TWICE, broken_by
from models.scan_titles import read_titles
from models.spectrum import Polarity, Technique
from tests.models.formats.test_mzml_readings import ENERGY, FILTER, ONE, VOLTAGES, param

PEAKS = "82.065 20\n182.118 100\n303.15 60\n"
MGF_HEAD = "BEGIN IONS\nTITLE=A\nPEPMASS=304.15\nCHARGE=1+\n"


@pytest.mark.parametrize(
    ("title", "unlike"),
    [
        ("+ESI Precursor Ion (** -> 182.1) Frag=175.0V CID@20.0 a.d", OF_PRECURSORS),
        ("-Prec (182.10) from 0.5 min", OF_PRECURSORS),
        ("+ c ESI Full pr 182.100@cid20.00 [200.00-400.00]", OF_PRECURSORS),
        ("1: Parents of 182ES+", OF_PRECURSORS),
        ("Precursor Ion Scan, CE 20", OF_PRECURSORS),
        ("+ESI Neutral Loss (rt: 0.5 min) CID@20.0", OF_A_NEUTRAL),
        ("-NL (122.00) from 0.5 min", OF_A_NEUTRAL),
        ("+ p ESI Full cnl 256.200 [700.070-1500.000]", OF_A_NEUTRAL),
        ("FTMS + p ESI d Full ms2 304.15@etd30.00 [50-330]", broken_by("ETD")),
        ("FTMS + p ESI d sa Full ms2 304.15@etd54.30@hcd15.00 [50-330]", broken_by("ETD")),
        ("FTMS + p ESI d Full ms2 304.15@uvpd30.00 [50-330]", broken_by("UVPD")),
        ("ITMS + c ESI d Full ms3 304.15@cid35.00 182.12@cid30.00 [50-330]", TWICE),
        ("FTMS + p ESI Full msx ms2 304.15@hcd35.00 290.15@hcd35.00 [50-330]", TWICE),
        ("+MS3(304.1->182.1), 0.5min #31", TWICE),
        ("Cmpd 1, +MSn(304.1->182.1), 2.1 min", TWICE),
        ("Cmpd 1, +MSn(304.1), 2.1 min", ""),
        ("FTMS + p ESI SIM msx ms [50-330]", ""),
        ("+ESI Product Ion CID@20.0 (304.1543[z=1] -> **)", ""),
        ("FTMS + p ESI d Full ms2 304.15@hcd35.00 [50-330]", ""),
        ("Precursor ion: 304.15", ""),
        ("Precursor ion scan no. 12", ""),
        ("+TOF MS^2 (304.1) from 0.5 min", ""),
        ("+ESI MS3 Scan (0.1 min)", TWICE),
        ("+MS3, 0.5min #31", TWICE),
        ("Scan type: Precursor ion", OF_PRECURSORS),
        ("Scan Type,Neutral Loss", OF_A_NEUTRAL),
        ("Neutral loss scan of 122.07 Da, CE 20", OF_A_NEUTRAL),
    ],
)
def test_what_a_title_tells(title: str, unlike: str) -> None:
    assert read_titles([title]).unlike == unlike


@pytest.mark.parametrize(
    "remark",
    [
        "Neutral loss scan: No",
        "Neutral Loss Scan,Off",
        "Neutral loss scan of 122 not done",
        "Precursor Ion Scan,Off",
        "Precursor ion scan: No",
        "Scan types available: MS, MS2, precursor ion scan",
        "Scan types: MS, +MS2, +MS3, Full ms3",
        "Sample: seizure 12, neutral loss of 122 from 304 seen",
        "Sample - Precursor (304.15)",
        "Comment: neutral loss (18.01) seen",
        "neutral loss (18.01) seen",
        "Notes: parents of 2 minors interviewed",
        "Parents of 2 minors interviewed",
        "Fragmentation method: CID (not ETD)",
        "Fragmentation: ETD not available",
        "Dissociation: electron transfer dissociation off",
    ],
)
def test_a_remark_of_such_scans_makes_no_scan_one(remark: str) -> None:
    text = f"Ion mode: positive\n{remark}\nm/z,intensity\n{PEAKS.replace(' ', ',')}"
    [sample] = COLUMNS.read(text.encode(), "a.csv").samples
    assert (sample.problem, len(sample.spectra)) == (None, 1)


@pytest.mark.parametrize(
    ("mode", "unlike"),
    [
        ("ETD", broken_by("ETD")),
        ("EAD", broken_by("EAD")),
        ("UVPD", broken_by("UVPD")),
        ("[MS, MS:1003294, electron activated dissociation, ]", broken_by("electron activated dissociation")),
        ("HCD", None),
        ("CID", None),
        ("beam-type collision-induced dissociation", None),
    ],
)
def test_how_ions_were_broken(mode: str, unlike: str | None) -> None:
    massbank = (
        f"ACCESSION: A\nAC$MASS_SPECTROMETRY: FRAGMENTATION_MODE {mode}\nPK$NUM_PEAK: 1\nPK$PEAK: m/z int. rel.int.\n"
        "  82.1 9 999\n//\n"
    )
    files = (
        (MSP, f"Name: A\nPrecursorMZ: 304.15\nFragmentation_mode: {mode}\nNum Peaks: 3\n{PEAKS}"),
        (MSP, f'Name: A\nPrecursorMZ: 304.15\nComments: "fragmentation mode={mode}"\nNum Peaks: 3\n{PEAKS}'),
        (MGF, f"{MGF_HEAD}FRAGMENTATION_METHOD={mode}\n{PEAKS}END IONS\n"),
        (COLUMNS, f"Fragmentation mode: {mode.split(', ')[-2:][0]}\nm/z,intensity\n{PEAKS.replace(' ', ',')}"),
        (MASSBANK, massbank),
    )
    for form, text in files:
        [sample] = form.read(text.encode(), "a").samples
        assert (sample.problem or "").endswith(unlike or ""), form.name
        assert (bool(sample.problem), bool(sample.spectra)) == (bool(unlike), not unlike), form.name


@pytest.mark.parametrize("name", ["Activation Type", "Fragmentation", "Fragmentation type", "Dissociation"])
@pytest.mark.parametrize(("mode", "unlike"), [("ETD", broken_by("ETD")), ("HCD", None)])
def test_other_names_for_how_ions_were_broken(name: str, mode: str, unlike: str | None) -> None:
    files = (
        (MGF, f"{MGF_HEAD}{name.upper().replace(' ', '_')}={mode}\n{PEAKS}END IONS\n"),
        (COLUMNS, f"{name}: {mode}\nm/z,intensity\n{PEAKS.replace(' ', ',')}"),
    )
    for form, text in files:
        [sample] = form.read(text.encode(), "a").samples
        assert (sample.problem or "").endswith(unlike or ""), form.name
        assert (bool(sample.problem), bool(sample.spectra)) == (bool(unlike), not unlike), form.name


@pytest.mark.parametrize(
    ("told", "unlike"),
    [
        (param("MS:1000341", ""), OF_PRECURSORS),
        (param("MS:1000326", ""), OF_A_NEUTRAL),
        (param("MS:1000325", ""), OF_A_NEUTRAL),
        (param("MS:1000598", ""), broken_by("ETD")),
        (param("MS:1000250", ""), broken_by("ECD")),
        (param("MS:1003294", ""), broken_by("EAD")),
        (param("MS:1003246", ""), broken_by("UVPD")),
        (FILTER.format("+", "etd35.00"), broken_by("ETD")),
        (param("MS:1000133", ""), None),
        (param("MS:1000422", ""), None),
    ],
)
def test_an_mzml_of_such_a_scan(told: str, unlike: str | None) -> None:
    [sample] = MZML.read(ONE.replace(ENERGY, ENERGY + told).encode(), "a").samples
    assert sample.problem == (f"{sample.name}: {unlike}" if unlike else None)


@pytest.mark.parametrize("level", ["3", "4"])
def test_an_mzml_of_ions_that_were_broken_twice(level: str) -> None:
    told = 'accession="MS:1000511" name="ms level" value="{}"'
    assert told.format(2) in ONE
    [sample] = MZML.read(ONE.replace(told.format(2), told.format(level)).encode(), "a").samples
    assert (sample.problem, sample.spectra) == (f"{sample.name}: {TWICE}", ())


@pytest.mark.parametrize(("side", "fault"), [(0.5, False), (7.5, False), (12.5, True), (225, True)])
def test_an_mzml_whose_window_lets_many_ions_through_beside_the_selected_one(side: float, fault: bool) -> None:
    window = param("MS:1000827", "304.15") + param("MS:1000828", f"{side}") + param("MS:1000829", f"{side}")
    [sample] = MZML.read(ONE.replace(ENERGY, ENERGY + window).encode(), "a").samples
    expected = f"{sample.name}: ions of a window {2 * side:g} wide were broken together"
    assert ((sample.problem or "").startswith(expected), not sample.spectra) == (fault, fault)


@pytest.mark.parametrize(("level", "twice"), [("MS3", True), ("MS^3", True), ("3", True), ("MS2", False), ("2", False)])
def test_ions_that_were_broken_twice(level: str, twice: bool) -> None:
    massbank = f"ACCESSION: A\nAC$MASS_SPECTROMETRY: MS_TYPE {level}\nPK$NUM_PEAK: 1\nPK$PEAK: m/z\n  82.1 9 999\n//\n"
    files = (
        (MSP, f"Name: A\nPrecursorMZ: 304.15\nSpectrum_type: {level}\nNum Peaks: 3\n{PEAKS}"),
        (MGF, f"{MGF_HEAD}MSLEVEL={level}\n{PEAKS}END IONS\n"),
        (MASSBANK, massbank),
    )
    for form, text in files:
        [sample] = form.read(text.encode(), "a").samples
        assert (TWICE in (sample.problem or ""), not sample.spectra) == (twice, twice), form.name


def test_a_title_tells_the_ion_and_so_what_its_normalised_energy_is() -> None:
    [sample] = COLUMNS.read(
        b"FTMS + p ESI d Full ms2 304.1543@hcd35.00 [50-330]\nMass\tIntensity\n82.1\t5\n", "a.txt"
    ).samples
    [spectrum] = sample.spectra
    assert (spectrum.technique, spectrum.precursor_mz) == (Technique.CID, 304.1543)
    assert spectrum.collision_energy == pytest.approx(35 * 304.1543 / 500)


def test_such_a_scan_spoils_no_reading_beside_it() -> None:
    first = VOLTAGES.replace('value="20"/>', f'value="20"/>{param("MS:1000598", "")}', 1)
    samples = MZML.read(first.encode(), "a").samples
    assert [(bool(each.problem), len(each.spectra)) for each in samples] == [(True, 0), (False, 3), (False, 2)]


@pytest.mark.parametrize(
    ("head", "both"),
    [
        ("TITLE=Cmpd 1, -MS2(304.1)\nCHARGE=1+\n", True),
        ("IONMODE=Negative\nCHARGE=1+\n", True),
        ("IONMODE=Negative\nCHARGE=1\n", False),
        ("IONMODE=Negative\nCHARGE=1-\n", False),
        ("CHARGE=1+\n", False),
    ],
)
def test_a_polarity_told_both_ways_is_said(head: str, both: bool) -> None:
    sample = _mgf(head)
    assert (TOLD_BOTH_WAYS in sample.notes) is both
    assert not both or sample.spectra[0].polarity is Polarity.NEGATIVE


def _mgf(head: str) -> Sample:
    [sample] = MGF.read(f"BEGIN IONS\n{head}PEPMASS=304.15\n{PEAKS}END IONS\n".encode(), "a.mgf").samples
    return sample
