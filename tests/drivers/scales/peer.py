"""The stranger `mettler_toledo_device`, which asks setuptools' old `pkg_resources` for its own version.

Newer setuptools have none, and the stranger's handling of that fails by itself: it gets what it looks for.
"""

import sys
from types import ModuleType

_ASKED = ModuleType("pkg_resources")
_ASKED.DistributionNotFound = ImportError  # type: ignore[attr-defined]


def _get_distribution(name: str) -> None:
    raise ImportError(name)


_ASKED.get_distribution = _get_distribution  # type: ignore[attr-defined]
sys.modules.setdefault("pkg_resources", _ASKED)

from mettler_toledo_device import MettlerToledoDevice  # noqa: E402
from mettler_toledo_device.mettler_toledo_device import MettlerToledoError  # noqa: E402

__all__ = ["MettlerToledoDevice", "MettlerToledoError"]
