"""The way to the national centre: one HTTP client that trusts one authority and shows one certificate."""

import os
import ssl
from pathlib import Path

import httpx

from edge.errors import UnusableKeyFile
from edge.keyring import Keyring
from edge.left_out import LeftOut, Why
from edge.settings import Settings

TIMEOUT_S = 20


def http_client(settings: Settings, keyring: Keyring) -> tuple[httpx.Client | None, list[LeftOut]]:
    """Return a client for `settings.central`, or why there is none; neither where no centre is set up.

    A station that cannot send works on: its records wait, and leave by stick.
    """
    if settings.central is None:
        return None, []
    try:
        return _client(settings, keyring), []
    except UnusableKeyFile as error:
        return None, [LeftOut("sending", Why.DAMAGED, str(error))]


def _client(settings: Settings, keyring: Keyring) -> httpx.Client:
    """Return the client; raises UnusableKeyFile. Proxies of the environment are not used."""
    certificate, authority = settings.at(settings.tls_certificate), settings.at(settings.tls_authority)
    key = keyring.read(settings.at(settings.tls_key))
    try:
        context = ssl.create_default_context(cafile=str(authority))
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        _show(context, certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise UnusableKeyFile(f"{certificate}, its key, {authority}: {error}; provision this station again") from error
    return httpx.Client(base_url=settings.central or "", verify=context, timeout=TIMEOUT_S, trust_env=False)


def _show(context: ssl.SSLContext, certificate: Path, key: bytes) -> None:
    """Load a certificate with its key; OpenSSL takes the key from a file, so it gets one in memory, without a name."""
    descriptor = os.memfd_create("tls-key")
    try:
        os.write(descriptor, key)
        context.load_cert_chain(certificate, f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)
