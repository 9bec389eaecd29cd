"""Ions that a substance does not have clear no drug, and ions that it has flag none."""

import pytest

from models.conclusion import Conclusion, Reason
from models.identification import Identifier
from models.spectrum import Spectrum
from tests.suspected import spectra

DEET = {
    15: "192.1 100 193.1 13",
    30: "91.1 10 119.1 100 120.1 9 192.1 60",
    50: "65.1 12 91.1 90 100.1 5 119.1 100",
    75: "65.1 50 91.1 100 119.1 20",
}
DILTIAZEM_AND_SILDENAFIL = {
    15: "415.2 94.7 416.2 23.7 417.2 7.6 475.2 100 476.2 26",
    30: "100.1 8 178.1 62.3 310.1 12.5 370.1 9.3 415.2 49.9 475.2 100 476.2 26",
    50: "58.1 31.5 99.1 22.5 100.1 44.9 109.1 20 137.1 8 150.1 20 151.1 8 178.1 100 283.1 18 299.1 6.7 310.1 8 "
    "311.1 13.5 475.2 27",
    75: "56.1 16.6 58.1 83.1 99.1 49.8 100.1 49.8 109.1 100 135.1 20 137.1 40 150.1 50 178.1 60 255.1 12.5 283.1 41.5 "
    "299.1 16.6",
}
METONITAZENE = {
    15: "383.2 100 384.2 24",
    30: "72.1 14 100.1 100 101.1 6 383.2 60",
    50: "44.1 15 72.1 60 100.1 100 121.1 20",
    75: "44.1 60 72.1 100 78.1 8 91.1 8 100.1 60 121.1 50",
}
FLUALPRAZOLAM_AND_METFORMIN = {
    15: "113.1 5 130.1 100 131.1 5 327.1 72.4 328.1 13.8 329.1 23.9",
    30: "60.1 38.4 71.1 54.9 85.1 13.7 88.1 6.6 113.1 16.5 130.1 21.9 327.1 100 328.1 19 329.1 33",
    50: "44.1 14.1 46.1 37.5 60.1 93.7 68.1 18.7 71.1 56.2 85.1 18.7 223.1 27.8 292.1 22.2 299.1 55.6 327.1 100 "
    "329.1 33.3",
}
FLUALPRAZOLAM_AND_IBUPROFEN = {
    15: "161.1 60.3 162.1 7.2 207.1 36.2 224.2 24.1 229.1 24.1 327.1 100 328.1 19 329.1 33",
    30: "57.1 6.9 91.1 13.8 105.1 20.7 119.1 41.5 161.1 69.1 327.1 100 328.1 19 329.1 33",
    50: "57.1 26.5 91.1 53.1 105.1 57.5 117.1 13.3 119.1 88.5 223.1 27.8 292.1 22.2 299.1 55.6 327.1 100 329.1 33.3",
}
CAFFEINE_AND_DEET = {
    15: "192.1 100 193.1 13 195.1 100 196.1 9 217.1 4",
    30: "91.1 6.4 119.1 64.2 120.1 5.8 138.1 6 192.1 38.5 195.1 100 196.1 9",
    50: "65.1 12 69.1 8 83.1 8 91.1 90 100.1 5 110.1 35 119.1 100 123.1 6 138.1 100 195.1 50",
    75: "42.1 9 56.1 7.8 65.1 50 69.1 24.6 83.1 25.9 91.1 100 110.1 64.6 119.1 20 123.1 9 138.1 29.1",
}

MELATONIN_AND_CHLORPHENAMINE = {
    20: "174.1 8.3 233.1 41.7 234.1 7.4 275.1 50 276.1 10.4 277.1 16",
    40: "159.1 1.6 167.1 3.9 174.1 40.3 175.1 5.3 202.1 2.4 230.1 39.4 231.1 6.9 232.1 12.6 233.1 8.1 275.1 5.9 "
    "277.1 1.9",
    70: "103.1 1 115.1 1.6 130.1 9.9 131.1 4.9 143.1 3.3 152.1 2 159.1 16.4 166.1 3 167.1 22.7 174.1 6.6 180.1 2.5 "
    "202.1 7.6 204.1 2.4 230.1 5 232.1 1.6",
}
MELATONIN_AND_GLUCOSE = {
    20: "174.1 8.3 198.1 10.5 203.1 26.5 219 2.6 233.1 41.7 234.1 7.4 383.1 4",
    40: "85 3.7 97 2.5 127 5 145 7.4 159.1 1.6 163.1 6.2 174.1 40.3 175.1 5.3 198.1 1.2 203.1 24.8 233.1 8.1 234.1 1.4",
    70: "43 2.7 57.1 5.3 61 2.7 69 8 85 13.3 97 5.3 103.1 1 115.1 1.6 127 2 130.1 9.9 131.1 4.9 143.1 3.3 159.1 16.4 "
    "174.1 6.6 203.1 2.7",
}
"""Melatonin (MH+ 233; 174 without acetamide; 159 without its methyl), chlorphenamine (275, 230, 202, 167) and glucose
(Na+ 203, NH4+ 198), half and half: their published ions (MassBank), at heights that are estimates."""


def told(of: dict[int, str], *volts: int) -> tuple[Spectrum, ...]:
    return spectra({each: of[each] for each in volts or of})


@pytest.mark.parametrize("volts", [(15, 30, 50, 75), (30, 50, 75), (30, 50)])
def test_an_insect_repellent_is_no_amphetamine(identifier: Identifier, volts: tuple[int, ...]) -> None:
    answer = identifier.identify(told(DEET, *volts))
    assert answer.hits[0].name == "DEET"
    assert answer.conclusion is Conclusion.NO_ALARM
    assert not any(each.family.startswith("stimulant") for each in answer.families)


def test_two_medicines_are_no_nitazene(identifier: Identifier) -> None:
    answer = identifier.identify(told(DILTIAZEM_AND_SILDENAFIL))
    assert {each.name for each in answer.components} == {"Diltiazem", "Sildenafil"}
    assert answer.conclusion is Conclusion.NO_ALARM


@pytest.mark.parametrize("mixed", [MELATONIN_AND_CHLORPHENAMINE, MELATONIN_AND_GLUCOSE])
def test_melatonin_beside_something_is_no_tryptamine_to_be_controlled(
    identifier: Identifier, mixed: dict[int, str]
) -> None:
    """Its own 174 and 159 are those of 5-methoxytryptamines."""
    answer = identifier.identify(told(mixed))
    assert "Melatonin" in {each.name for each in answer.hits}
    assert answer.conclusion is Conclusion.INCONCLUSIVE


def test_ions_that_nothing_explains_still_flag_their_family(identifier: Identifier) -> None:
    answer = identifier.identify(told(METONITAZENE))
    assert Reason.FAMILY_ONLY in answer.reasons
    assert answer.families[0].family == "opioid-nitazene"


@pytest.mark.parametrize("mixed", [FLUALPRAZOLAM_AND_METFORMIN, FLUALPRAZOLAM_AND_IBUPROFEN])
def test_a_whole_without_its_fragments_clears_no_unknown_drug(identifier: Identifier, mixed: dict[int, str]) -> None:
    """Clozapine has flualprazolam's mass and isotopes, and none of its fragments, 299, 292 and 223."""
    answer = identifier.identify(told(mixed))
    assert "Clozapine" in {each.name for each in answer.hits[:3]}
    assert (answer.conclusion, answer.reasons[:2]) == (Conclusion.CAUTION, (Reason.FAMILY_ONLY, Reason.MIXTURE))
    assert answer.families[0].family == "benzodiazepine"


def test_the_residual_is_what_the_conclusion_rests_on_leaves(identifier: Identifier) -> None:
    answer = identifier.identify(told(CAFFEINE_AND_DEET))
    assert answer.conclusion is Conclusion.NO_ALARM
    assert {each.name for each in answer.hits[:2]} == {"Caffeine", "DEET"}
    assert answer.residual is not None
    assert answer.residual.share < 0.05
