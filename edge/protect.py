"""Which protector keeps a station's key, and how the key moves from one to another."""

from pathlib import Path

from edge.errors import BadSettings, UnusableKeyFile
from edge.keyfile import Ask, DemoKeyFile, KeyProtector, shred
from edge.keyring import Keyring
from edge.protectors.passphrase import PassphraseProtector
from edge.protectors.token import TokenProtector
from edge.protectors.tpm import Tpm
from edge.protectors.tpm_anchor import TpmAnchor
from edge.protectors.tpm_key import TpmProtector
from edge.settings import FILE_NAME, ProtectorName, Settings, set_line
from sync.files import sync_folder
from sync.heads import Anchor


def protector_of(settings: Settings, ask: Ask, name: ProtectorName | None = None, beside: str = "") -> KeyProtector:
    """Return the protector that the settings name, or another one; `beside` ends its file's name.

    Raises UnusableKeyFile where a demonstration has a database and its key is gone: a new one would open nothing.
    """
    file = settings.at(settings.database_key)
    file = file.with_name(file.name + beside)
    match name or settings.protector:
        case "demo-key-file":
            if settings.has_database and not beside and not file.exists():
                raise UnusableKeyFile(
                    f"{file} is not there, and {settings.at(settings.database)} opens with no other key; none was made."
                    " Bring it back from the backup"
                )
            return DemoKeyFile(file)
        case "passphrase":
            return PassphraseProtector(file, ask)
        case "tpm":
            return TpmProtector(file, ask, Tpm(settings.tpm), settings.tpm_pcrs)
        case "pkcs11":
            return _token(settings, ask, file)


def anchor_of(settings: Settings) -> Anchor | None:
    """Return the TPM's counter that the settings name, if they name one."""
    return None if settings.tpm_counter is None else TpmAnchor(Tpm(settings.tpm), settings.tpm_counter)


def move_key(settings: Settings, to: ProtectorName, ask: Ask) -> Keyring:
    """Let `to` keep the station's key from now on, seal the station's secret files under it, and return it.

    The key stays the same, so nothing is encrypted again. The old file is destroyed only when the new one was opened.
    A power cut in between leaves one file that opens; station.toml is written last, and the start says what is wrong.
    """
    old = protector_of(settings, ask)
    key = old.key()
    new = protector_of(settings, ask, to, ".new")
    new.keep(key)
    if new.key() != key:
        raise UnusableKeyFile(f"{to} gave another key back than it was given; the old one stays as it is")
    if not new.demo:
        for secret in settings.secret_files:
            Keyring(key, demo=True).seal(secret)
    _replace(settings.at(settings.database_key))
    set_line(settings.at(Path(FILE_NAME)), "protector", f'"{to}"')
    if isinstance(old, TokenProtector) and to != old.name:
        old.forget()
    return Keyring(key, new.demo)


def _replace(file: Path) -> None:
    """Put the new key file where the old one lies, then overwrite the old one's bytes."""
    old = file.with_name(f"{file.name}.old")
    old.unlink(missing_ok=True)
    old.hardlink_to(file)
    file.with_name(f"{file.name}.new").replace(file)
    sync_folder(file.parent)
    shred(old)


def _token(settings: Settings, ask: Ask, file: Path) -> TokenProtector:
    if settings.pkcs11_module is None:
        raise BadSettings(f"{FILE_NAME}: pkcs11_module: missing; a token needs the library of its maker")
    return TokenProtector(file, ask, settings.pkcs11_module, settings.pkcs11_token, str(settings.station)[:32])
