"""The configuration of the nginx in front: TLS 1.3, the state's own authority, its revocation list, a Unix socket."""

from importlib.resources import files
from pathlib import Path
from string import Template

from sync.central.settings import CentralSettings
from sync.errors import UnusableSettings


def nginx_conf(folder: Path, settings: CentralSettings) -> str:
    """Return nginx.conf for the centre in `folder`.

    Raises UnusableSettings where no socket is set for nginx, and for a path that nginx.conf cannot name.
    """
    if settings.outside_socket is None:
        raise UnusableSettings(f'{folder}: set outside_socket = "outside.sock" in {settings.FILE_NAME} first')
    folder = folder.absolute()
    template = Template((files("sync.central") / "nginx.conf.template").read_text(encoding="utf-8"))
    return template.substitute(
        folder=_quoted(folder),
        socket=_quoted(folder / settings.outside_socket),
        host=settings.host,
        port=settings.port,
        certificate=_quoted(folder / settings.tls_certificate),
        key=_quoted(folder / settings.tls_key),
        authority=_quoted(folder / settings.tls_authority),
        crl=_quoted(folder / settings.tls_revoked),
    )


def _quoted(path: Path) -> str:
    """Return a path as it stands between the double quotes of nginx.conf."""
    text = str(path)
    if "$" in text or not text.isprintable():
        raise UnusableSettings(f"{text!r}: nginx.conf cannot name it; use a path without $ and control characters")
    return text.replace("\\", "\\\\").replace('"', '\\"')
