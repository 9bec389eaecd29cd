"""What two ions, isotopes or a wrong isomer once cleared or accused: not cleared, and not accused.

Ions as UNODC and SWGDRUG monographs, CFSRE reports and pesticide residue tables publish them, with their isotopes;
heights as a single quadrupole may measure them.
"""

import pytest

from models.conclusion import Conclusion, Reason
from models.identification import Identifier
from tests.suspected import spectra

BENZYLFENTANYL_IN_PHENACETIN = {
    20: "91.0 5.17 174.1 8.62 175.1 1.14 180.1 100 181.1 13.7 323.2 86.2 324.2 21.2",
    40: "82.0 3 91.0 100 92.0 6.92 110.1 47.2 111.1 3.95 138.1 94.4 139.1 9.91 152.1 9.44 153.1 1.09 162.1 "
    "4.72 174.1 80 175.1 10.6 180.1 47.2 181.1 6.46 323.2 20 324.2 4.91",
    70: "43.0 11.8 65.0 39.4 66.0 1.95 82.0 4 91.0 100 92.0 11.6 93.0 23.8 94.0 1.66 110.1 58.8 111.1 4.92 "
    "138.1 5.88 174.1 20 175.1 2.65",
}
CLONAZOLAM = {
    40: "308.1 60 309.2 14.1 310.1 19.2 311.1 4.5 326.2 8 327.2 1.98 328.2 2.56 354.2 100 355.2 26.9 356.2 32 "
    "357.2 8.61",
}
ADB_5BR_INACA = {
    20: "308.1 30 309.2 7.03 310.1 29.1 311.1 6.81 336.2 12 337.2 3.07 338.2 11.6 339.2 2.97 353.2 100 354.2 "
    "26.8 355.2 97 356.2 26",
    40: "223.1 60 224.1 10.2 225.1 58.2 226.1 9.87 308.1 100 309.2 23.4 310.1 97 311.1 22.7 353.2 8 354.2 "
    "2.15 355.2 7.76 356.2 2.08",
    70: "195.1 30 196.1 4.45 197.1 29.1 198.1 4.31 223.1 100 224.1 17 225.1 97 226.1 16.4 308.1 10 309.2 2.34 "
    "310.1 9.7 311.1 2.27",
}
CHLORPYRIFOS = {
    70: "97.0 100 98.0 7.38 107.1 10 109.0 3.2 115.1 25 116.1 2.19 125.1 15 126.1 1.43 180.1 8 181.1 1.09 "
    "182.1 7.68 183.1 1.05 184.1 2.46 198.1 60 199.1 9.03 200.1 57.6 201.1 8.67 202.1 18.4 203.1 2.77 "
    "204.1 1.97",
}
SYNEPHRINE_AND_VITAMIN_C = {
    20: "150.1 100 151.1 11.4 159.1 5.56 168.1 60 169.1 7.66 177.1 37.1 178.1 4.99 194.1 3.71 199.1 22.2 200.1 3.37",
    40: "71.0 3.36 91.0 22.2 92.0 1.54 95.0 41.9 96.0 3.03 107.1 22.2 108.1 1.81 113.1 8.39 119.1 22.2 120.1 "
    "2.01 135.1 66.7 136.1 6.84 141.1 25.2 142.1 2.7 150.1 100 151.1 11.4 159.1 6.29 168.1 4.44 177.1 "
    "8.39 178.1 1.13 199.1 8.39 200.1 1.27",
    70: "43.0 18.7 53.0 4.66 57.0 9.33 65.0 20 67.0 14 69.0 9.33 71.0 14 77.0 20 78.0 1.17 85.0 9.33 91.0 100 "
    "92.0 6.92 95.0 32.6 96.0 2.36 99.0 4.66 107.1 40 108.1 3.25 117.1 10 118.1 12.9 119.1 31.1 120.1 "
    "2.71 135.1 40 136.1 4.11",
}
SYNEPHRINE_WITH_VITAMIN_C = {
    20: "150.1 100 151.1 11.4 159.1 13 160.1 1.57 168.1 60 169.1 7.66 177.1 86.5 178.1 11.6 194.1 8.65 195.1 "
    "1.28 199.1 51.9 200.1 7.85",
    40: "71.0 7.83 91.0 22.2 92.0 1.54 95.0 97.9 96.0 7.07 107.1 22.2 108.1 1.81 113.1 19.6 114.1 1.68 119.1 "
    "22.2 120.1 2.01 135.1 66.7 136.1 6.84 141.1 58.7 142.1 6.29 150.1 100 151.1 11.4 159.1 14.7 160.1 "
    "1.77 168.1 4.44 177.1 19.6 178.1 2.63 199.1 19.6 200.1 2.96",
    70: "43.0 43.5 44.0 1.42 53.0 10.9 57.0 21.8 65.0 20 67.0 32.6 68.0 1.66 69.0 21.8 70.0 1.14 71.0 32.6 "
    "72.0 1.76 77.0 20 78.0 1.17 85.0 21.8 86.0 1.41 91.0 100 92.0 6.92 95.0 76.2 96.0 5.5 99.0 10.9 "
    "107.1 40 108.1 3.25 117.1 10 118.1 12.9 119.1 31.1 120.1 2.71 135.1 40 136.1 4.11",
}
MESCALINE = {
    20: "195.1 100 196.1 14.8 212.1 60 213.1 9.67",
}
MEDETOMIDINE = {
    40: "68.0 6 95.0 100 96.0 7.22 201.1 20 202.1 3.06",
}
BTMPS = {
    20: "241.1 10 242.1 1.83 481.2 100 482.2 36.6",
}
BUTYLONE_IN_LEVAMISOLE = {
    20: "72.0 1.48 174.1 8.81 175.1 1.17 178.1 1.22 204.1 14.5 205.1 100 206.1 10.7 207.1 5.13 222.1 16.1 223.1 2.74",
    40: "72.0 7.17 123.1 1.2 129.1 1.65 146.1 7.38 174.1 21.1 175.1 2.8 178.1 16.8 179.1 2.74 191.1 1.93 "
    "204.1 19.2 205.1 100 206.1 20.4 207.1 7.58 222.1 3.02",
    70: "59.0 1.48 60.0 1.14 65.0 2.3 72.0 43.7 73.0 2.41 74.0 2.99 77.0 6.33 79.0 3.69 86.0 1.44 88.0 3.12 "
    "91.0 60.5 92.0 5.15 103.1 10.8 104.1 1.93 105.1 12.5 106.1 2.44 115.1 15.7 116.1 1.4 117.1 38.4 "
    "118.1 20.2 119.1 2.32 120.1 1.36 123.1 46.8 124.1 3.53 127.1 4.64 128.1 22.8 129.1 19.4 130.1 17 "
    "131.1 8.94 132.1 6.05 135.1 7.08 136.1 1.19 144.1 5.92 145.1 3.25 146.1 44 147.1 5.15 148.1 2.33 "
    "150.1 4.55 174.1 100 175.1 13.3 178.1 95 179.1 15.1 180.1 4.29 188.1 2.22 191.1 3.9 204.1 9.4 205.1 "
    "31.3 206.1 4.42 207.1 1.65",
}


def test_a_drug_that_the_library_lacks_is_not_cleared_as_an_isomer_beside_a_cut(identifier: Identifier) -> None:
    """3-Cyclohexyl-1,1-dibenzylurea has benzylfentanyl's formula, its whole and 91, and was surely there."""
    answer = identifier.identify(spectra(BENZYLFENTANYL_IN_PHENACETIN))
    assert answer.conclusion is Conclusion.CAUTION
    assert (answer.reasons[0], answer.families[0].family) == (Reason.FAMILY_ONLY, "opioid-fentanyl")


def test_a_name_of_no_family_with_a_missing_drug_s_formula_clears_nothing(identifier: Identifier) -> None:
    """Its structure would leave such ions, which is told with the family."""
    answer = identifier.identify(spectra(CLONAZOLAM))
    assert answer.hits[0].name == "PharmaGSID_48505"
    assert (answer.conclusion, answer.reasons) == (Conclusion.CAUTION, (Reason.FAMILY_ONLY,))
    assert answer.families[0].family == "benzodiazepine"
    assert answer.explanation is not None
    assert [near.name for near in answer.explanation.families[0].predicted] == ["Clonazolam"]


def test_a_bromine_is_no_name_of_three_chlorines(identifier: Identifier) -> None:
    """Prochloraz BTS44596 has the same nominal masses, and a peak at 357 that a bromine has not."""
    answer = identifier.identify(spectra(ADB_5BR_INACA))
    assert answer.conclusion is not Conclusion.NO_ALARM
    assert "Prochloraz BTS44596" not in {each.name for each in answer.hits}


def test_isotopes_of_chlorpyrifos_are_no_cocaine(identifier: Identifier) -> None:
    answer = identifier.identify(spectra(CHLORPYRIFOS))
    assert answer.conclusion is not Conclusion.ALARM
    assert not {"Ecgonine methyl ester", "DDAO"} & {each.name for each in answer.hits}


@pytest.mark.parametrize("measured", [SYNEPHRINE_AND_VITAMIN_C, SYNEPHRINE_WITH_VITAMIN_C])
def test_a_name_that_explains_little_accuses_nobody(identifier: Identifier, measured: dict[int, str]) -> None:
    """What synephrine leaves of 177, 91 and 119 was taken for BZP once."""
    answer = identifier.identify(spectra(measured))
    assert answer.conclusion is Conclusion.INCONCLUSIVE
    assert "BZP" not in {each.name for each in (*answer.hits[:3], *answer.components)}


def test_a_whole_and_ammonia_lost_are_no_name(identifier: Identifier) -> None:
    answer = identifier.identify(spectra(MESCALINE))
    assert (answer.conclusion, answer.reasons) == (Conclusion.INCONCLUSIVE, (Reason.AMBIGUOUS,))


@pytest.mark.parametrize("measured", [MEDETOMIDINE, BTMPS])
def test_what_is_far_heavier_than_a_name_is_another_s(identifier: Identifier, measured: dict[int, str]) -> None:
    """201 is more than a methylpyrimidine's 95 with anything; 481 is ten times as high as what it would be twice."""
    assert identifier.identify(spectra(measured)).conclusion is Conclusion.INCONCLUSIVE


def test_a_drug_at_the_masses_of_a_cut_s_adducts_is_not_cleared(identifier: Identifier) -> None:
    """Butylone, whose whole is levamisole's with ammonia; 204 and 174 are its fragments alone."""
    answer = identifier.identify(spectra(BUTYLONE_IN_LEVAMISOLE))
    assert (answer.conclusion, answer.reasons[0]) == (Conclusion.CAUTION, Reason.FAMILY_ONLY)
