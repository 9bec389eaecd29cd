"""What can go wrong between the station and an instrument, sorted by who can act."""


class DriverError(Exception):
    """Root of every error that drivers/ raises; each names its port.

    DriverError
     ├─ PortUnavailable    the operator: cable, power, or another program holds the port
     │   └─ PortAmbiguous  the technician: two devices have the name that the address tells
     ├─ PortLost           the operator: the cable was pulled while in use
     ├─ NoResponse         the operator: the instrument is silent, switched off, or at another speed
     ├─ BadFrame           the instrument sends bytes that do not follow the protocol
     │   └─ WrongInstrument  the technician: what comes is of an instrument of another kind
     ├─ InstrumentFault    the instrument says that something in it is wrong
     ├─ NotRecorded        the technician: the bytes of the session cannot be kept
     └─ UnknownInstrument  the technician: no driver of that family
    """

    def __init__(self, port: str, problem: str) -> None:
        super().__init__(f"{port}: {problem}")
        self.port = port
        self.problem = problem


class PortUnavailable(DriverError):
    """The port cannot be opened."""


class PortAmbiguous(PortUnavailable):
    """More than one device has the name of this port."""


class PortLost(DriverError):
    """The port went away while it was open."""


class NoResponse(DriverError):
    """Nothing that can be used came within the time the protocol allows."""


class BadFrame(DriverError):
    """What came is not what the protocol allows here."""


class WrongInstrument(BadFrame):
    """What came are the words of an instrument of another kind."""


class InstrumentFault(DriverError):
    """The instrument reports a fault of its own; `code` is the instrument's."""

    def __init__(self, port: str, code: str, problem: str) -> None:
        super().__init__(port, f"{problem} (instrument code {code})")
        self.code = code


class NotRecorded(DriverError):
    """What passes over the port cannot be written down."""


class UnknownInstrument(DriverError):
    """No instrument family of that name."""
