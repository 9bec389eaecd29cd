"""The bundle that ships comes to its golden set, as `garita bundle verify` and `install` ask of any."""

from models.bundle import Bundle
from models.catalogue import Catalogue
from models.golden import verify
from models.identification import DEFAULT_BUNDLE


def test_the_shipped_bundle_proves_itself(catalogue: Catalogue) -> None:
    """Where this fails: `python -m models.training.golden` writes the golden set anew, once the change is wanted."""
    assert verify(Bundle.open(DEFAULT_BUNDLE), catalogue) >= 20
