"""What an identifier can recognise at all: which substances have a reference spectrum in which of its libraries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from models.additions import Changes
from models.catalogue import Catalogue, Standing
from models.ei import EiLibrary
from models.library import Library


@dataclass(frozen=True)
class Reach:
    """Skeletons (first block of the InChIKey) with a spectrum: `cid`, `ei`, and those that the state `added`.

    Those have the family that it told. `ei_library` is the digest of the library of EI spectra, by which a reading
    tells that it is one of EI.
    """

    cid: frozenset[str] = field(repr=False)
    ei: frozenset[str] = field(repr=False)
    ei_library: str
    added: Mapping[str, str]

    @classmethod
    def of(cls, library: Library, changes: Changes, ei: EiLibrary) -> "Reach":
        """Tell what is in the libraries, changes applied."""
        return cls(
            _skeletons(entry.inchikey for entry in library.entries),
            _skeletons(entry.inchikey for entry in ei.entries),
            ei.digest,
            {each.entry.skeleton: each.entry.family for each in changes.additions},
        )

    def listed(self, catalogue: Catalogue, library: str) -> tuple[int, int]:
        """Count all that is controlled or watched, and of it what the library of a digest can recognise."""
        known = self.ei if library == self.ei_library else self.cid
        listed = [each for each in catalogue.substances if each.standing is not Standing.UNLISTED]
        return len(listed), sum(each.skeleton in known for each in listed)


def _skeletons(inchikeys: Iterable[str]) -> frozenset[str]:
    return frozenset(each[:14] for each in inchikeys)
