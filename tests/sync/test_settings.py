"""Settings files: written with words, read strictly."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.central.settings import CentralSettings
from sync.errors import UnusableSettings
from sync.vault.settings import VaultSettings


def test_there_and_back_with_every_field_described(tmp_path: Path) -> None:
    settings = CentralSettings(
        host="127.0.0.2",
        port=9,
        log_policy=Path("policy"),
        outside_socket=Path("outside.sock"),
        database=Path('/srv/"quoted" ñandú\\x.db'),
    )
    settings.write(tmp_path)
    assert CentralSettings.read(tmp_path) == settings
    text = (tmp_path / "central.toml").read_text(encoding="utf-8")
    for name, field in CentralSettings.model_fields.items():
        assert f"# {field.description}\n{name} = " in text


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    CentralSettings(port=1).write(tmp_path)
    with pytest.raises(UnusableSettings, match="nothing was changed"):
        CentralSettings(port=2).write(tmp_path)
    assert CentralSettings.read(tmp_path).port == 1


@given(data=st.binary(max_size=200) | st.text(max_size=100).map(str.encode) | st.just(b'identity = "a"\nport = 1'))
def test_any_other_file_is_refused_with_its_name(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "vault.toml").write_bytes(data)
        with pytest.raises(UnusableSettings, match=r"vault\.toml"):
            VaultSettings.read(Path(folder))
