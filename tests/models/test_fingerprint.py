"""The digest of what concludes beside the bundle."""

import shutil
from pathlib import Path

import pytest

from models.fingerprint import PACKAGE, fingerprint


@pytest.fixture
def package(tmp_path: Path) -> Path:
    left_out = shutil.ignore_patterns("garita.bundle", "__pycache__")
    return Path(shutil.copytree(PACKAGE, tmp_path / "models", ignore=left_out))


def test_a_copy_has_the_same(package: Path) -> None:
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "answer.cpython-311.pyc").write_bytes(b"made by running it")
    assert fingerprint(package) == fingerprint()


@pytest.mark.parametrize("name", ["data/family_rule.json", "data/mixture.cbor", "data/substances.csv", "conclusion.py"])
def test_a_changed_byte_of_what_concludes_is_another(package: Path, name: str) -> None:
    path = package / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert fingerprint(package) != fingerprint()


def test_a_file_more_is_another(package: Path) -> None:
    (package / "data" / "more.csv").write_bytes(b"")
    assert fingerprint(package) != fingerprint()
