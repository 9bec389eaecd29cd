"""Open a letter with the outside body's identity; the station and the centre do not import this."""

from cryptography.exceptions import InvalidTag

from sync.cose import KEY_ID_LENGTH
from sync.errors import OpenError
from sync.identity import Opener
from sync.letters import LENGTH_BYTES, letter_info


def open_letter(letter: bytes, identity: Opener) -> str:
    """Return the text, empty for a blank letter; raises OpenError."""
    kid, sealed = letter[:KEY_ID_LENGTH], letter[KEY_ID_LENGTH:]
    if kid != identity.recipient.kid:
        raise OpenError(f"the letter is sealed to {kid.hex()}, not to {identity.recipient.kid.hex()}")
    try:
        padded = identity.recipient.cipher_suite.hpke.decrypt(sealed, identity.hpke, info=letter_info(kid))
        length = int.from_bytes(padded[:LENGTH_BYTES])
        return padded[LENGTH_BYTES : LENGTH_BYTES + length].decode()
    except (InvalidTag, ValueError) as error:
        raise OpenError("the letter does not open: it was changed after sealing") from error
