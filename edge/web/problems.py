"""Every error of the station in words, with what to do next."""

from collections.abc import Mapping

from edge import errors
from edge.web.translations import Language
from edge.web.translations import mark as _
from sync.errors import SealError, SyncError

Words = tuple[str, str]
Way = tuple[str, str, str]
"""Where to go from a problem: an address, a picture, and its words."""

_OTHER: Words = (
    _("The station failed"),
    _("Nothing was lost. Go home and try again; if it stays so, call the technician."),
)
_NOT_SEALED: Words = (
    _("The record could not be sealed"),
    _("So nothing was saved and no reading started. Call the technician: keys of the station are missing."),
)

PROBLEMS: Mapping[str, Words] = {
    errors.EdgeError.code: _OTHER,
    errors.BadSettings.code: (_("The station's settings cannot be used"), _("Call the technician.")),
    errors.UnusableKeyFile.code: (_("A key of the station cannot be used"), _("Call the technician.")),
    errors.UnusableDatabase.code: (_("The station's records cannot be opened"), _("Call the technician.")),
    "wrong-secret": (_("Wrong secret for this key"), _("Enter it again.")),
    "key-locked-out": (_("The key's hardware is locked"), _("Wait until its time is over; no PIN helps before.")),
    "boot-changed": (
        _("This machine did not start as it should"),
        _("Nothing was deleted. Call the technician."),
    ),
    "protector-unavailable": (_("What keeps the key does not answer"), _("Call the technician.")),
    "old-database": (
        _("The records are older than they should be"),
        _("An old copy may have been put back. Keep the station as it is and call your command."),
    ),
    "not-saved": (
        _("It could not be saved"),
        _("Nothing of it was saved: the disk is full or fails. Call the technician."),
    ),
    "database-held": (
        _("It could not be saved"),
        _("Nothing of it was saved: another program holds the records. Try again; if it stays, call the technician."),
    ),
    "no-space": (
        _("There is no room on the disk"),
        _("No reading can start. Connect the station so that it can send, and call the technician."),
    ),
    "file-not-taken": (
        _("That file cannot be read"),
        _("Nothing of it was recorded. Export it again from the instrument."),
    ),
    "bad-import": (_("That file cannot be recorded as told"), _("Check its instrument and verdict, and try again.")),
    "not-printed": (
        _("It could not be printed"),
        _("Everything stays on record. Check the printer, its cable and its paper, and try again."),
    ),
    "not-pressed": (
        _("The paper could not be made"),
        _("Everything stays on record. Try again; if it stays so, call the technician. The printer is not to blame."),
    ),
    "not-carried": (
        _("It could not be written onto the stick"),
        _("Nothing is lost: it is still here. Use another stick, and begin again."),
    ),
    "stick-gone": (
        _("The stick is not there any more"),
        _("Nothing is lost: it is still here. Plug the stick in, and begin again."),
    ),
    "stick-full": (
        _("The stick is full"),
        _("Nothing is lost: it is still here. Use a stick with more room, and begin again."),
    ),
    "stick-taken": (
        _("Another file of that name is on the stick"),
        _("It was not replaced, and nothing is lost: this one is still here. Use another stick, and begin again."),
    ),
    "bad-casework": (
        _("That cannot be recorded as it stands"),
        _("Nothing was put on record. Go back and check what was entered."),
    ),
    errors.BadEnrolment.code: (
        _("That person cannot be enrolled"),
        _("It takes a name, and a PIN of six digits in no row, pattern or date, unlike 123456, 147258 or 150890."),
    ),
    errors.NameTaken.code: (
        _("Somebody of that name works here"),
        _("Two of one name cannot be told apart. Enrol them with the badge number in the name."),
    ),
    errors.UnseenLetter.code: (
        _("That name has a letter in it that nobody sees"),
        _("With it two names look the same. Type the name anew with the keys; do not copy it."),
    ),
    errors.NotSignedIn.code: (_("Nobody is signed in"), _("Sign in first.")),
    errors.NotAllowed.code: (
        _("You cannot do that alone"),
        _("It belongs to another role, or takes a second person or a token. Call your supervisor."),
    ),
    errors.TokenRefused.code: (
        _("That token was not accepted"),
        _("Use your own token, and touch it only when this screen asks."),
    ),
    errors.UnknownAct.code: (
        _("That no longer waits for approval"),
        _("It was done, or it waited too long. Begin again."),
    ),
    errors.BadLetter.code: (
        _("That letter cannot be taken"),
        _("Write something, and not more than a page."),
    ),
    errors.UnknownOperator.code: (_("Nobody of that name works here"), _("Go back and touch your name.")),
    errors.WrongPin.code: (_("Wrong PIN"), _("Go back and enter it again.")),
    errors.Locked.code: (
        _("Locked after too many wrong PINs"),
        _("Wait until the lock ends, then enter the right PIN."),
    ),
    errors.Busy.code: (_("A reading is under way"), _("Wait for its end, or stop it.")),
    errors.AnalyzerUnavailable.code: (
        _("No analyzer is set up"),
        _("Call the technician: the analyzer's port is missing in the settings."),
    ),
    errors.UnknownReading.code: (_("That reading does not exist"), _("Look for it in the list of readings.")),
    errors.UnknownCase.code: (
        _("There is no such seizure, exhibit or entry"),
        _("Look for it in the list of seizures."),
    ),
}
NOWHERE: Words = (_("There is no such screen"), _("Nothing was changed. Go on from home."))
NOT_TAKEN: Words = (_("That was not understood"), _("Nothing was changed. Go home and try again."))
FAILED: Words = _OTHER
_WAYS: Mapping[type[Exception], Way] = {
    errors.UnknownReading: ("/readings", "list", _("Readings")),
    errors.UnknownCase: ("/cases", "record", _("Seizures")),
}

_STATUS: Mapping[type[Exception], int] = {
    errors.BadCasework: 422,
    errors.BadEnrolment: 422,
    errors.NameTaken: 409,
    errors.UnseenLetter: 422,
    errors.NotAllowed: 403,
    errors.TokenRefused: 403,
    errors.UnknownAct: 404,
    errors.UnknownReading: 404,
    errors.UnknownCase: 404,
    errors.UnknownOperator: 404,
    errors.Busy: 409,
    errors.NotCarried: 409,
    errors.StickGone: 409,
    errors.StickFull: 409,
    errors.StickTaken: 409,
}


def explain(language: Language, error: errors.EdgeError | SyncError) -> Words:
    """Return what happened and what to do."""
    if isinstance(error, SealError):
        said = _NOT_SEALED
    elif isinstance(error, errors.EdgeError):
        said = PROBLEMS.get(error.code, _OTHER)
    else:
        said = _OTHER
    return language.say(said[0]), language.say(said[1])


def status(error: Exception) -> int:
    """Return the HTTP status that says the same."""
    return _STATUS.get(type(error), 503)


def refused(status: int) -> Words:
    """Return what is said where no screen answers: none has that address, or what was sent is of no expected form."""
    return {404: NOWHERE, 500: FAILED}.get(status, NOT_TAKEN)


def way(language: Language, error: Exception) -> Way | None:
    """Return where to look instead, beside home."""
    found = _WAYS.get(type(error))
    return (*found[:2], language.say(found[2])) if found else None
