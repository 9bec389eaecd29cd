"""Light and battery, as the kernel's files tell them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.surroundings import Battery, Surroundings, Theme, theme_for

LUX = st.floats(0, 120_000)
THEMES = st.sampled_from(["day", "night", "indoor"])


def put(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(f"{text}\n")
    return folder


@pytest.mark.parametrize(
    ("lux", "shown", "theme"),
    [
        (0, "day", "night"),
        (4, "indoor", "night"),
        (10, "night", "night"),
        (10, "indoor", "indoor"),
        (300, "night", "indoor"),
        (1000, "indoor", "indoor"),
        (1000, "day", "day"),
        (600, "day", "indoor"),
        (30_000, "night", "day"),
    ],
)
def test_light_asks_for_a_theme_and_changes_it_only_when_it_clearly_changed(
    lux: float, shown: Theme, theme: Theme
) -> None:
    assert theme_for(lux, shown) == theme


@given(LUX, THEMES)
def test_the_same_light_never_changes_the_theme_twice(lux: float, shown: Theme) -> None:
    theme = theme_for(lux, shown)
    assert theme_for(lux, theme) == theme


@given(st.floats(0.8, 1.2), st.sampled_from([5, 20, 700, 2000]), THEMES)
def test_flickering_around_a_limit_changes_the_theme_once_at_most(flicker: float, limit: float, shown: Theme) -> None:
    first = theme_for(limit, shown)
    second = theme_for(limit * flicker, first)
    assert theme_for(limit, second) == second


def test_a_sensor_that_tells_lux_is_believed(tmp_path: Path) -> None:
    put(tmp_path / "bus/iio/devices/iio:device0", in_illuminance_input="12.5")
    assert Surroundings(tmp_path).lux() == 12.5


def test_a_raw_sensor_is_scaled(tmp_path: Path) -> None:
    raw = {"in_illuminance_raw": "300", "in_illuminance_scale": "0.5", "in_illuminance_offset": "-100"}
    put(tmp_path / "bus/iio/devices/iio:device0", name="an accelerometer")
    put(tmp_path / "bus/iio/devices/iio:device1", **raw)
    assert Surroundings(tmp_path).lux() == 100


def test_the_first_battery_is_told_and_a_mains_adapter_is_none(tmp_path: Path) -> None:
    put(tmp_path / "class/power_supply/AC", type="Mains", online="1", capacity="100")
    put(tmp_path / "class/power_supply/BAT0", type="Battery", capacity="17", status="Discharging")
    assert Surroundings(tmp_path).battery() == Battery(17, charging=False)


@pytest.mark.parametrize("text", ["", "much", "\N{SUPERSCRIPT TWO}"])
def test_what_cannot_be_read_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    put(tmp_path / "bus/iio/devices/iio:device0", in_illuminance_input=text)
    put(tmp_path / "class/power_supply/BAT0", type="Battery", capacity=text)
    around = Surroundings(tmp_path)
    assert (around.lux(), around.theme(), around.battery()) == (None, None, None)
