"""A weight that somebody takes: what was seen, of the scale that was known, with its tare, in a unit that is sure."""

from decimal import Decimal

import pytest

from drivers.scales.a_and_d import A_AND_D
from drivers.scales.driver import Scale
from drivers.scales.frames import Dialect
from drivers.scales.mt_sics import MT_SICS
from drivers.scales.ohaus import OHAUS
from drivers.scales.weight import Basis, ScaleChanged, WeightRefused
from tests.drivers.scales.scale_wires import DIALECTS, scale_on, wire_to
from tests.drivers.scales.spoken import SpokenScale
from tests.drivers.wires import Damage, Wire, never, seeded

SHOWN = "100.00 g"


def spoken(dialect: Dialect) -> tuple[SpokenScale, Scale]:
    speech = SpokenScale(dialect.name)
    return speech, scale_on(Wire(speech, Damage(), seeded(1)), dialect)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_what_was_seen_is_taken_and_nothing_else(dialect: Dialect) -> None:
    wire = wire_to(dialect)
    scale = scale_on(wire, dialect)
    assert scale.stable_weight(never, SHOWN).shown == SHOWN
    wire.simulator.pan.put(Decimal("77.70"), wire.now)
    with pytest.raises(WeightRefused, match=r"shows 77.70 g, not 100.00 g.*changed"):
        scale.stable_weight(never, SHOWN)
    assert scale.stable_weight(never, "77.70 g").grams == Decimal("77.70")


def test_a_tola_is_no_tonne() -> None:
    """A&D EJ, EK-AEP and EK-i manuals: `t` is the tola; elsewhere it is a tonne, so no `t` is a mass at all."""
    for dialect, line in (
        (A_AND_D, b"ST,+00001.50  t"),
        (MT_SICS, b"S S       1.50 t"),
        (OHAUS, b"      1.50 t"),
    ):
        speech, scale = spoken(dialect)
        speech.show(line)
        with pytest.raises(WeightRefused, match="not-a-mass"):
            scale.stable_weight(never, "1.50 t")


@pytest.mark.parametrize(
    ("tare", "basis", "told"),
    [
        (b"TA A       0.00 g", Basis.GROSS, "0.00 g"),
        (b"TA A      40.00 g", Basis.NET, "40.00 g"),
        (b"ES", Basis.UNTOLD, None),
    ],
)
def test_mt_sics_calls_every_weight_net_so_its_tare_is_asked(tare: bytes, basis: Basis, told: str | None) -> None:
    speech, scale = spoken(MT_SICS)
    speech.says[b"TA"] = tare
    for weight in (scale.weigh(), scale.stable_weight(never, SHOWN)):
        assert (weight.basis, weight.tare and weight.tare.shown) == (basis, told)


def test_an_answer_to_tare_is_no_answer_about_the_tare() -> None:
    """One flipped bit makes TI of TA: the scale tares, and says so in other words."""
    speech, scale = spoken(MT_SICS)
    speech.says[b"TA"] = b"TI S     100.00 g"
    with pytest.raises(Exception, match="answered TA"):
        scale.stable_weight(never, SHOWN)


def test_ohaus_tells_itself_what_is_net() -> None:
    speech, scale = spoken(OHAUS)
    speech.show(b"     95.00 g      N")
    assert scale.stable_weight(never, "95.00 g").basis is Basis.NET


@pytest.mark.parametrize("dialect", [MT_SICS, OHAUS], ids=lambda dialect: dialect.name)
def test_another_scale_behind_the_same_adapter_is_noticed(dialect: Dialect) -> None:
    speech, scale = spoken(dialect)
    assert scale.identify().serial_number == "B111"
    assert scale.stable_weight(never, SHOWN).scale == scale.identify()
    speech.says |= {b"I4": b'I4 A "B222"', b"PSN": b"B222"}
    with pytest.raises(ScaleChanged, match="'B222', 'B111' was expected"):
        scale.stable_weight(never, SHOWN)


def test_a_scale_that_was_switched_on_anew_must_be_asked_anew() -> None:
    speech, scale = spoken(MT_SICS)
    scale.identify()
    speech.announce(b'I4 A "B111"')
    with pytest.raises(ScaleChanged, match="restarted"):
        scale.weigh()
