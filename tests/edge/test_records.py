"""The mapping to records: numbers of any size go in, the record's units come out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.records import Header, Measurement, interrupted_part, reading_part, screening, spectrum_part
from edge.views import Interruption
from models.spectrum import MAX_INTENSITY, Spectrum
from sync.contract.ids import ReadingId, ScreeningId, StationId
from sync.contract.records import PRESUMPTIVE, ScreeningRecord, Timestamp
from sync.contract.spectrum import SpectrumPart

NOW = Timestamp(wall="2026-11-22T18:42:07.000000Z", monotonic_ns=1, boot="boot-1", trust="synchronised")
PEAKS = st.dictionaries(st.floats(0.01, 4000), st.floats(0, MAX_INTENSITY), max_size=30)


@settings(max_examples=100)
@given(PEAKS)
def test_any_spectrum_fits_the_record(peaks: dict[float, float]) -> None:
    ordered = sorted(peaks.items())
    spectrum = Spectrum(np.array([mz for mz, _ in ordered]), np.array([height for _, height in ordered]))
    part = spectrum_part(spectrum)
    assert SpectrumPart.from_bytes(part.to_bytes()) == part
    mz = np.frombuffer(part.mz, "<u4") * 1e-4
    intensity = np.frombuffer(part.intensity, "<f4")
    assert np.allclose(mz, spectrum.mz, rtol=0, atol=0.51e-4)
    assert np.isfinite(intensity).all()
    assert mz.shape == intensity.shape


@pytest.mark.parametrize("interruption", list(Interruption))
def test_an_interruption_is_never_a_verdict(interruption: Interruption) -> None:
    nothing = Measurement("", None, (), b"", interruption, "why")
    part = reading_part(ReadingId("r-1"), NOW, NOW, nothing, interrupted_part(interruption, "aa", "bb", {}), [])
    header = Header(StationId("MX-TIJ-01"), None, NOW, "garita 0")
    record = screening(header, ScreeningId("s-1"), "parcel", part)
    assert record.conclusion == ("inconclusive" if interruption is Interruption.STOPPED else "fault")
    assert record.presumptive == PRESUMPTIVE
    assert part.outcome != "measured"
    assert ScreeningRecord.from_bytes(record.to_bytes()) == record
