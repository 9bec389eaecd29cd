"""Whatever an instrument tells becomes a part of a record that reads back the same, or is refused by name."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.code_reader.codes import parse
from drivers.errors import BadFrame
from drivers.scales.mt_sics import MT_SICS
from drivers.scales.weight import GRAMS, Basis, Load, Weight, WeightRefused
from edge.observation_records import code_part, weight_part
from edge.web.sights import wrong_with
from edge.web.translations import load_languages
from sync.contract.observations import CodePart, WeightPart

IDENTIFIERS = st.sampled_from([b"", b"]C0", b"]C1", b"]d2", b"]Q3", b"]E0", b"]L0", b"]?9"])


@given(IDENTIFIERS, st.binary(max_size=200))
def test_any_scanned_bytes_become_a_part_that_reads_back_the_same(identifier: bytes, data: bytes) -> None:
    part = code_part(parse(identifier + data))
    assert part.raw == identifier + data
    assert CodePart.from_bytes(part.to_bytes()) == part


def test_gs1_elements_and_their_faults_are_told() -> None:
    good = code_part(parse(b"]d2010950600013435210ABC123\x1d21XYZ"))
    assert [(each.ai, each.value) for each in good.elements] == [
        ("01", "09506000134352"),
        ("10", "ABC123"),
        ("21", "XYZ"),
    ]
    wrong = code_part(parse(b"]d20109506000134353"))
    assert wrong.elements == []
    assert wrong.problem is not None
    assert "(01)" in wrong.problem
    container = code_part(parse(b"]C0CSQU3054384"))
    assert container.kind == "container"
    assert container.problem is not None
    assert "expected 3" in container.problem


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        (b"]C0CSQU3054383", ""),
        (b"]C0CSQU3054384", "wrong check digit"),
        (b"]C0RR473124829MX", ""),
        (b"]C1CSQU3054383", "its content is not as GS1 asks"),
        (b"]d2CSQU3054383", "its content is not as GS1 asks"),
        (b"]C1RR473124829MX", "its content is not as GS1 asks"),
        (b"]d20109506000134353", "its content is not as GS1 asks"),
    ],
)
def test_what_is_told_wrong_with_a_code_is_what_is_wrong_with_it(raw: bytes, wrong: str) -> None:
    assert wrong_with(load_languages()["en"], code_part(parse(raw))) == wrong


@given(st.integers(0, 6).flatmap(lambda places: st.decimals(-99, 99, places=places)), st.sampled_from(list(GRAMS)))
def test_a_stable_mass_keeps_the_digits_of_the_scale(value: Decimal, unit: str) -> None:
    line = f"S S {value:>10} {unit}".encode()
    weight = MT_SICS.parse(line, "pty")
    assert isinstance(weight, Weight)
    part = weight_part(weight)
    assert (Decimal(part.value), part.unit, part.raw) == (value, unit, line)
    assert WeightPart.from_bytes(part.to_bytes()) == part


@pytest.mark.parametrize(
    ("weight", "code"),
    [
        (Weight("p", b"US,+0001.00  g", Decimal(1), "g", stable=False), "unstable"),
        (Weight("p", b"S +", None, "", stable=False, load=Load.OVER), "overload"),
        (Weight("p", b"QT,+0000012 PC", Decimal(12), "PC", stable=True, basis=Basis.NET), "not-a-mass"),
    ],
)
def test_what_is_no_stable_mass_never_becomes_a_part(weight: Weight, code: str) -> None:
    with pytest.raises(WeightRefused) as refused:
        weight_part(weight)
    assert refused.value.code == code


def test_a_damaged_line_is_no_weight_at_all() -> None:
    with pytest.raises(BadFrame):
        MT_SICS.parse(b"S S     1O0.00 g", "pty")
