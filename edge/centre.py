"""The way to the national centre: one HTTP client that trusts one authority and shows one certificate."""

import ssl

import httpx

from edge.errors import UnusableKeyFile
from edge.settings import Settings

TIMEOUT_S = 20


def http_client(settings: Settings) -> httpx.Client:
    """Return a client for `settings.central`; raises UnusableKeyFile. Proxies of the environment are not used."""
    certificate, key, authority = (
        settings.at(path) for path in (settings.tls_certificate, settings.tls_key, settings.tls_authority)
    )
    try:
        context = ssl.create_default_context(cafile=str(authority))
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise UnusableKeyFile(f"{certificate}, {key}, {authority}: {error}; provision this station again") from error
    return httpx.Client(base_url=settings.central or "", verify=context, timeout=TIMEOUT_S, trust_env=False)
