"""A FIDO2 token on this machine's USB, for commands: they do with it what the browser does for the screens."""

import json
from collections.abc import Callable
from typing import Any

from fido2.client import ClientError, DefaultClientDataCollector, Fido2Client, UserInteraction
from fido2.ctap import CtapDevice
from fido2.ctap2.pin import ClientPin
from fido2.hid import CtapHidDevice

from edge.errors import TokenRefused
from edge.keyfile import Ask
from edge.tokens import RP_ID, Options

ORIGIN = f"http://{RP_ID}"


class TokenDevice:
    """Asks a token to make a credential or to sign; raises TokenRefused where it does not."""

    def __init__(self, device: CtapDevice, ask: Ask) -> None:
        self._client: Any = Fido2Client(device, DefaultClientDataCollector(ORIGIN), _AtTerminal(ask))

    def make(self, options: Options) -> str:
        """Return the token's answer to `Tokens.new_options`."""
        return self._answer(lambda: self._client.make_credential(options["publicKey"]))

    def sign(self, options: Options) -> str:
        """Return the token's answer to `Tokens.options`."""
        return self._answer(lambda: self._client.get_assertion(options["publicKey"]).get_response(0))

    def _answer(self, act: Callable[[], Any]) -> str:
        try:
            return json.dumps(dict(act()))
        except ClientError as error:
            raise TokenRefused(f"the token did not answer ({error}); plug in your own, and try again") from error


def plugged(ask: Ask) -> TokenDevice:
    """Return the token that is plugged in; raises TokenRefused where there is none, or more than one."""
    devices = list(CtapHidDevice.list_devices())
    if len(devices) != 1:
        raise TokenRefused(f"{len(devices)} tokens are plugged in; plug in your own, and no other")
    return TokenDevice(devices[0], ask)


class _AtTerminal(UserInteraction):
    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def request_pin(self, permissions: ClientPin.PERMISSION, rp_id: str | None) -> str | None:
        del permissions, rp_id
        return self._ask("the token's own PIN")
