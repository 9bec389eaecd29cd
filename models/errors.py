"""What can go wrong in the science, sorted by who can act."""


class ModelError(Exception):
    """Root of every error that models/ raises on purpose.

    ModelError
     ├─ MalformedSpectrum    the instrument or the file: measure or export again
     ├─ UnreadableFile       the file: wrong format, or damaged
     ├─ UnusableBundle       the technician: load the signed bundle again
     ├─ RefusedChange        the state: a change that leaves no library, a calibration no better or losing an alarm
     ├─ UnusableCatalogue    the technician: the catalogue of substances is damaged
     └─ UnusableSchedules    the state: its file of schedules cannot be read
    """


class MalformedSpectrum(ModelError):
    """Numbers that no mass spectrum can have, or a scan whose peaks are no fragments made by collision or electrons."""


class UnreadableFile(ModelError):
    """A spectrum file that does not follow its format; says file, line, what was expected and what came."""


class UnusableBundle(ModelError):
    """A bundle whose digest, format or golden set is wrong."""


class RefusedChange(ModelError):
    """A change of the library after which it could not be used, or a calibration no better or that loses an alarm."""


class UnusableCatalogue(ModelError):
    """A catalogue of substances that cannot be read."""


class UnusableSchedules(ModelError):
    """Schedules that cannot be read; says file and entry, what was expected and what came."""
