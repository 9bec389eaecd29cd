"""mzML scans that nothing here is compared with, by their parameters of the PSI-MS vocabulary."""

from collections.abc import Collection, Mapping

from models.scan_kinds import OF_A_NEUTRAL, OF_PRECURSORS, broken_by

SAME_ION = 0.01
"""Selected ions no further apart than this are one."""
_SEVERAL = "several ions were isolated (m/z %s); all that it is compared with is of one ion, broken once"
WIDEST_OF_A_SELECTED_ION = 15.0
"""A window of isolation wider than this, in m/z, brings more ions than the selected one; an ion trap's is narrower."""
_MANY = "ions of a window %g wide were broken together; all that it is compared with is of one ion, broken once"
_KINDS = {
    "MS:1000341": OF_PRECURSORS,
    "MS:1000325": OF_A_NEUTRAL,
    "MS:1000326": OF_A_NEUTRAL,
    "MS:1000136": broken_by("SID"),
    "MS:1000242": broken_by("BIRD"),
    "MS:1000250": broken_by("ECD"),
    "MS:1000262": broken_by("IRMPD"),
    "MS:1000435": broken_by("photodissociation"),
    "MS:1000598": broken_by("ETD"),
    "MS:1002631": broken_by("EThcD"),
    "MS:1003182": broken_by("ETciD"),
    "MS:1003246": broken_by("UVPD"),
    "MS:1003247": broken_by("NETD"),
    "MS:1003294": broken_by("EAD"),
}


def of_params(params: Mapping[str, str]) -> str:
    """Return why a scan with these parameters may be compared with nothing here; nothing where it may."""
    return next((why for kind, why in _KINDS.items() if kind in params), "")


def of_window(width: float) -> str:
    """Return why an ion selected with a window of isolation of this width, in m/z, is compared with nothing."""
    return _MANY % width if width > WIDEST_OF_A_SELECTED_ION else ""


def of_selected(ions: Collection[float]) -> str:
    """Return why ions that were isolated together, or one after the other, are compared with nothing."""
    told = sorted({round(each, 2) for each in ions if each > 0})
    return _SEVERAL % ", ".join(f"{each:g}" for each in told) if told and told[-1] - told[0] > 2 * SAME_ION else ""
