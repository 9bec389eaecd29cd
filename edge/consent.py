"""What whoever stood beside a seizure answered about: the steps of the exhibits that were done by then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edge.dossier import Dossier
from sync.contract.casework import ExhibitCore, PhotoRecord, SealCore, WeightCore
from sync.contract.ids import Seq
from sync.contract.record import Record
from sync.contract.seizure import SignatureRecord, Step, WitnessRecord

STEPS: Mapping[Step, type[Record]] = {"weight": WeightCore, "photo": PhotoRecord, "seal": SealCore}
"""What is done with each exhibit before them."""

Steps = Mapping[int, Sequence[Step]]
"""Steps by the number of the exhibit."""


@dataclass(frozen=True)
class Answer:
    """What the person searched said, or that another was there; `about` which steps; `whole`: all of all exhibits."""

    record: WitnessRecord
    about: Steps
    whole: bool


def answers(found: Dossier) -> list[Answer]:
    """Return what the person searched said, and who else was there, oldest first."""
    told = [(record, _done(found, seq)) for seq, record in _beside(found) if _is_about_steps(record)]
    return [Answer(record, about, is_whole(found, about)) for record, about in told]


def done(found: Dossier) -> Steps:
    """Return which steps of which exhibits stand, to answer about."""
    return _done(found, _end(found))


def is_whole(found: Dossier, about: Steps) -> bool:
    """Tell whether those are all steps of all exhibits."""
    return len(about) == len(found.exhibits) and all(len(each) == len(STEPS) for each in about.values())


def is_outdated(found: Dossier) -> bool:
    """Tell whether the person searched answered, and something was done with an exhibit after that.

    What is done once the seizure is signed, they were not asked about.
    """
    answered = [seq for seq, each in _counting(found) if each.role == "searched" and _is_about_steps(each)]
    end = _end(found)
    things = [seq for file in found.exhibits for seq, each in file.records if seq < end and _is_step(each)]
    return bool(answered and things) and max(things) > answered[-1]


def is_unasked(found: Dossier) -> bool:
    """Tell whether a person is searched, and neither their answer nor that they were not there is on record."""
    return found.subject_kind == "person" and not any(each.role == "searched" for each in witnesses(found))


def witnesses(found: Dossier) -> list[WitnessRecord]:
    """Return who stood beside it, or was not there, oldest first; a void entry tells of nobody."""
    return [each for _, each in _counting(found)]


def _counting(found: Dossier) -> list[tuple[Seq, WitnessRecord]]:
    return [(seq, each) for seq, each in _beside(found) if seq not in found.voids]


def _beside(found: Dossier) -> list[tuple[Seq, WitnessRecord]]:
    return [(seq, each) for seq, each in found.records if isinstance(each, WitnessRecord)]


def _is_about_steps(record: WitnessRecord) -> bool:
    """Tell whether it is an answer of the person searched, or that another was there."""
    return record.stance == "agreed" or (record.role == "searched" and record.stance == "refused")


def _done(found: Dossier, by: Seq) -> Steps:
    """Return the steps that were done before entry `by` and not once more between that and the signature."""
    end, about = _end(found), dict[int, Sequence[Step]]()
    for file in found.exhibits:
        known = [(seq, each) for seq, each in file.records if seq < end]
        steps: list[Step] = [
            step
            for step, kind in STEPS.items()
            if max((seq for seq, each in known if isinstance(each, kind)), default=by) < by
        ]
        if steps:
            about[file.number] = steps
    return about


def _is_step(record: Record) -> bool:
    return isinstance(record, (ExhibitCore, *STEPS.values()))


def _end(found: Dossier) -> Seq:
    """Return the first signature; where there is none yet, a number after all entries."""
    signed = [seq for seq, each in found.records if isinstance(each, SignatureRecord)]
    return min([*signed, Seq(max(found.proofs, default=0) + 1)])
