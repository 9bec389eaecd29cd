"""The catalogue: statuses as they were verified, never as law where they were not."""

from pathlib import Path

import pytest

from models.catalogue import DATA, Catalogue, Standing
from models.errors import UnusableCatalogue

STANDINGS = {
    "Cocaine": Standing.CONTROLLED,
    "Fentanyl": Standing.CONTROLLED,
    "Methamphetamine": Standing.CONTROLLED,
    "JWH-018": Standing.CONTROLLED,
    "Diazepam": Standing.CONTROLLED,
    "Ephedrine": Standing.WATCHED,
    "ANPP": Standing.WATCHED,
    "Ketamine": Standing.WATCHED,
    "Tramadol": Standing.WATCHED,
    "TNT": Standing.WATCHED,
    "Caffeine": Standing.UNLISTED,
    "Sucrose": Standing.UNLISTED,
}


@pytest.mark.parametrize(("name", "standing"), STANDINGS.items())
def test_standing(catalogue: Catalogue, name: str, standing: Standing) -> None:
    [substance] = [row for row in catalogue.substances if row.name == name]
    assert substance.standing is standing


def test_an_unverified_status_stays_unverified(catalogue: Catalogue) -> None:
    carfentanil = catalogue.find("YDSDEBIZUNNPOB-UHFFFAOYSA-N")
    assert carfentanil is not None
    assert carfentanil.listed.is_unverified
    assert carfentanil.standing is Standing.CONTROLLED
    assert carfentanil.name_es == "Carfentanilo"


def test_a_stereoisomer_is_found_by_its_whole_key(catalogue: Catalogue) -> None:
    for substance in catalogue.substances:
        assert catalogue.find(substance.inchikey) is substance
    names = {"DLNKOYKMWOXYQA-CBAPKCEASA-N": "Norephedrine", "KWGRBVOPPLSCSI-WCBMZHEXSA-N": "Pseudoephedrine"}
    assert {key: found.name for key in names if (found := catalogue.find(key))} == names


def test_a_stereoisomer_that_stands_nowhere_is_found_by_its_first_block(catalogue: Catalogue) -> None:
    found = catalogue.find("KWGRBVOPPLSCSI-WPRPVWTQSA-N")
    assert found is not None
    assert found.name == "Ephedrine"
    assert catalogue.find("KWGRBVOPPLSCSI") is found


def test_every_row_has_names_and_a_hazard(catalogue: Catalogue) -> None:
    assert len(catalogue.substances) == 676
    assert all(row.name and row.name_es and row.hazard in catalogue.hazards for row in catalogue.substances)


def copy(folder: Path, **edited: str) -> Path:
    for name in ("substances", "hazard_keys", "stereocentres", "stereoisomers"):
        text = (DATA / f"{name}.csv").read_text(encoding="utf-8")
        (folder / f"{name}.csv").write_text(edited.get(name, text), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param({"substances": "name,aliases\nA,B\n"}, id="columns-missing"),
        pytest.param({"hazard_keys": "key,meaning,ppe_exposure_note\n"}, id="hazard-key-unknown"),
        pytest.param({"hazard_keys": "key\nH0-LOW\n"}, id="hazard-columns-missing"),
    ],
)
def test_damaged(tmp_path: Path, edited: dict[str, str]) -> None:
    with pytest.raises(UnusableCatalogue):
        Catalogue.load(copy(tmp_path, **edited))


def test_absent(tmp_path: Path) -> None:
    with pytest.raises(UnusableCatalogue, match=r"substances\.csv"):
        Catalogue.load(tmp_path)
