"""A drug's ions are no other substance's because that has a trace there: heights and missing fragments count.

Ions and heights as an independent laboratory drew them from the literature: unit resolution, in-source CID.
"""

import pytest

from models.conclusion import Conclusion, Reason
from models.identification import Identifier
from tests.suspected import spectra

FLUOROBUTYRYLFENTANYL_IN_LEVAMISOLE = {
    15: "188.1 41 189.1 5.3 205.1 520 206.1 77 207.1 28.6 208.1 3.5 369.2 483 370.1 120 371.2 14.3 372.2 1.1",
    30: "105.0 76 106.1 5.8 123.1 23 124 2 178 92.5 179.1 11.7 180.1 4.8 188.1 264 189.2 34.3 190.1 2 205.1 348 206.2 "
    "52 207.1 19 208.1 2.3 369.2 170 370.1 42 371.2 5",
}
CYCLOPROPYLFENTANYL_IN_XYLAZINE = {
    30: "90 68 105.1 55 106.1 4 147.1 14 164.1 136 165.1 15 188.1 184 189.1 24 221.1 341 222.1 54 223.1 19 349.2 110 "
    "350.2 26 351.2 3",
}
DESCHLOROKETAMINE = {30: "91 315 92 20 145.1 184 146 18 173.1 383 174.1 46 204.1 140 205.1 20"}
ISOTONITAZENE = {30: "100.1 310 101.1 20 102.1 1 411.2 800 412.2 205 413.2 29"}
GHB_IN_LEVAMISOLE = {30: "43 88 45 118 87 294 88 15 123 19 178.1 80 205.1 320 206.1 45 207.1 16"}
DIMETHYLTRYPTAMINE_IN_LIDOCAINE = {
    30: "58 287 59.1 12.9 86 346 87 18.7 174.1 148 175.1 17.6 219.1 73 220.1 11 235.1 100 236.2 16.3 237.1 1.2",
}
XYLAZINE = {30: "90 68 147.1 14 164.1 136 165.1 15 221.1 341 222.1 54 223.1 19"}


@pytest.mark.parametrize(
    ("reading", "family"),
    [
        (FLUOROBUTYRYLFENTANYL_IN_LEVAMISOLE, "opioid-fentanyl"),
        (CYCLOPROPYLFENTANYL_IN_XYLAZINE, "opioid-fentanyl"),
        (DESCHLOROKETAMINE, "dissociative"),
    ],
)
def test_a_family_speaks_beside_names_that_do_not_own_its_ions(
    identifier: Identifier, reading: dict[int, str], family: str
) -> None:
    """Lignoceric acid has a trace at 188, imidocarb no 105, an imidazolium and carnitine a mass each."""
    answer = identifier.identify(spectra(reading))
    assert (answer.conclusion, answer.reasons[0]) == (Conclusion.CAUTION, Reason.FAMILY_ONLY)
    assert answer.families[0].family == family


@pytest.mark.parametrize("reading", [ISOTONITAZENE, GHB_IN_LEVAMISOLE, DIMETHYLTRYPTAMINE_IN_LIDOCAINE])
def test_what_little_of_is_there_clears_nothing(identifier: Identifier, reading: dict[int, str]) -> None:
    """CP-544439 has none of its fragments, levamisole is surely beside a glycol, lidocaine leaves 174 and 219."""
    assert identifier.identify(spectra(reading)).conclusion is not Conclusion.NO_ALARM


def test_a_cut_still_owns_its_own_ions(identifier: Identifier) -> None:
    answer = identifier.identify(spectra(XYLAZINE))
    assert answer.hits[0].name == "Xylazine"
    assert Reason.FAMILY_ONLY not in answer.reasons
