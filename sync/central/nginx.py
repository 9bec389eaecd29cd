"""The configuration of the nginx in front: TLS 1.3, the state's own authority, its revocation list, a Unix socket."""

from importlib.resources import files
from pathlib import Path
from string import Template

from sync.central.settings import CentralSettings
from sync.errors import UnusableSettings


def nginx_conf(folder: Path, settings: CentralSettings) -> str:
    """Return nginx.conf for the centre in `folder`; raises UnusableSettings where no socket is set for nginx."""
    if settings.outside_socket is None:
        raise UnusableSettings(f'{folder}: set outside_socket = "outside.sock" in {settings.FILE_NAME} first')
    folder = folder.absolute()
    template = Template((files("sync.central") / "nginx.conf.template").read_text(encoding="utf-8"))
    return template.substitute(
        folder=folder,
        socket=folder / settings.outside_socket,
        host=settings.host,
        port=settings.port,
        certificate=folder / settings.tls_certificate,
        key=folder / settings.tls_key,
        authority=folder / settings.tls_authority,
        crl=folder / settings.tls_revoked,
    )
