"""What to do about a reading that concluded nothing: its reason, and the fix in pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from edge.checking import MISSING, NOT_EMPTY, NOT_NAMED
from edge.views import Interruption
from edge.web.preparation import Step
from edge.web.translations import Language
from edge.web.translations import mark as _
from models.conclusion import Reason

Primary = Literal["repeat", "shift", "back"]
Fix = tuple[tuple[str, str], ...]

_AGAIN = ("again", _("Touch Another reading. The first one stays on record."))
_SAMPLE: Fix = (
    ("swab", _("Take a new swab.")),
    ("more", _("Wipe more of the sample: press lightly and turn.")),
    _AGAIN,
)
_LESS: Fix = (
    ("swab", _("Take a new swab, with much less of the sample.")),
    _AGAIN,
)
_CLEANER: Fix = (
    ("swab", _("Take a new swab, from the middle of the sample.")),
    _AGAIN,
    ("laboratory", _("If it stays so, refer a sample to the laboratory.")),
)


def _with_the_same(again: tuple[str, str]) -> Fix:
    return (
        ("insert", _("Leave the same sample in place.")),
        again,
        ("laboratory", _("If it stays so, refer a sample to the laboratory.")),
    )


_SAME = _with_the_same(_AGAIN)
_HIGHER = _with_the_same(("again", _("Measure again with a higher voltage, or with several.")))
_LOWER = _with_the_same(("again", _("Measure again with a lower voltage, or with several.")))
_CABLE: Fix = (
    ("cable", _("Press in the cable at both ends.")),
    ("restart", _("See that the analyzer is on.")),
    _AGAIN,
)
_READY = ("wait", _("Wait until it shows that it is ready."))
_RESTART: Fix = (("restart", _("Switch the analyzer off and on.")), _READY, _AGAIN)
_TECHNICIAN: Fix = (("technician", _("Stop working with this station, and call the technician.")),)
_BEGIN: Fix = (("insert", _("Put the sample back in place.")), ("wait", _("Leave it until the end.")), _AGAIN)
_CHECK: Fix = (
    ("check", _("Measure a blank and the reference sample: the daily check.")),
    ("swab", _("Take the sample anew.")),
    _AGAIN,
)
_RINSE = ("restart", _("Let the analyzer rinse itself, or wipe its inlet."))
_OVERLOAD: Fix = (
    _RINSE,
    ("check", _("Measure a blank: the daily check.")),
    ("swab", _("Take a new swab, with much less of the sample.")),
    _AGAIN,
)
_CHARGE: Fix = (("battery", _("Charge the analyzer, or plug it in.")), _READY, _AGAIN)
_COOL: Fix = (("wait", _("Let the analyzer cool down, out of the sun.")), _READY, _AGAIN)
_CLEAN: Fix = (
    _RINSE,
    ("swab", _("Take a new swab.")),
    ("again", _("Measure the blank again.")),
)
_REFERENCE: Fix = (
    ("swab", _("Take a new reference sample.")),
    ("again", _("Measure it again.")),
    ("technician", _("If it does not pass, call the technician.")),
)

FIXES: Mapping[str, Fix] = {
    Reason.FAMILY_ONLY: _SAME,
    Reason.AMBIGUOUS: _SAME,
    Reason.UNKNOWN_COMPOUND: _SAME,
    Reason.PARTLY_UNEXPLAINED: _CLEANER,
    Reason.NOT_RULED_OUT: _CLEANER,
    Reason.DRUG_OF_THE_SAME_FORMULA: _SAME,
    Reason.OUT_OF_RANGE: _SAME,
    Reason.WRONG_ENERGY_TOO_LOW: _HIGHER,
    Reason.WRONG_ENERGY_TOO_HIGH: _LOWER,
    Reason.WEAK_SIGNAL: _SAMPLE,
    Reason.SATURATED: _LESS,
    Reason.NOTHING_ABOVE_BACKGROUND: _SAMPLE,
    Reason.WRONG_POLARITY: _TECHNICIAN,
    Reason.TECHNIQUE_NOT_COVERED: _TECHNICIAN,
    Reason.NO_SPECTRUM: _RESTART,
    Reason.MALFORMED_INPUT: _RESTART,
    MISSING: _CHECK,
    NOT_EMPTY: _CLEAN,
    NOT_NAMED: _REFERENCE,
    Interruption.STOPPED: _BEGIN,
    Interruption.CUT_OFF: _BEGIN,
    Interruption.NOT_READY: _RESTART,
    Interruption.TIME_LIMIT: _RESTART,
    Interruption.PORT_UNAVAILABLE: _CABLE,
    Interruption.PORT_LOST: _CABLE,
    Interruption.NO_RESPONSE: _CABLE,
    Interruption.BAD_FRAME: _RESTART,
    Interruption.INSTRUMENT_FAULT: _RESTART,
    Interruption.OVERLOAD: _OVERLOAD,
    Interruption.BATTERY_LOW: _CHARGE,
    Interruption.TOO_HOT: _COOL,
    Interruption.NO_SAMPLE: _BEGIN,
    Interruption.UNKNOWN_INSTRUMENT: _TECHNICIAN,
    Interruption.INTERNAL: _RESTART,
    Interruption.NOT_SEALED: _TECHNICIAN,
}


@dataclass(frozen=True)
class Coach:
    """Steps with pictures, and where the one button leads."""

    steps: Sequence[Step]
    primary: Primary

    @property
    def refers(self) -> bool:
        """Whether a step sends a sample to the laboratory, which begins as a seizure does."""
        return any(step.picture == "laboratory" for step in self.steps)


def fix_of(codes: Sequence[str]) -> Fix:
    """Return how to mend what the first reason says; a reason of later software is mended by one more reading."""
    return next((FIXES[code] for code in codes if code in FIXES), _SAME)


def primary_of(codes: Sequence[str]) -> Primary:
    """Return where the one button leads: to another reading only where that can come to something else."""
    fix = fix_of(codes)
    return "back" if fix is _TECHNICIAN else "shift" if fix in (_CHECK, _OVERLOAD) else "repeat"


def coach_of(language: Language, codes: Sequence[str]) -> Coach:
    """Return the same in pictures."""
    return Coach([Step(picture, language.say(text)) for picture, text in fix_of(codes)], primary_of(codes))
