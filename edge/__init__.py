"""The device: casework, operators, the touchscreen and the command line of one station."""

import models  # noqa: F401  # pyright: ignore[reportUnusedImport] - before numpy, whose threads it sets
