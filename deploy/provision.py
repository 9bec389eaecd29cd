"""What a technician lays down once: the state's keys, a centre, its vault, and one folder for each station.

The private keys made here are files. A state makes its root keys and identities in its own ceremony, elsewhere;
then only `root.keys` and `recipients.list` come here.
"""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from deploy.certificates import Certified, issue_client, issue_server, make_authority, write_private
from deploy.errors import AlreadyProvisioned
from sync.central.centre import Centre, open_store
from sync.central.settings import CentralSettings
from sync.contract.card import StationCard
from sync.contract.ids import StationId
from sync.files import make_folder, write_whole
from sync.identity import Identity
from sync.keys import Purpose, Recipient, StationKey
from sync.recipients import RecipientList
from sync.roots import RootKey, RootSet
from sync.vault.cases import Cases
from sync.vault.office import lay_files
from sync.vault.settings import VaultSettings

PURPOSES: tuple[Purpose, ...] = ("national", "escrow", "oversight")
ROOTS, MUST_SIGN = 3, 2
HOST = "127.0.0.1"
SETTINGS_FILE = "station.toml"


@dataclass(frozen=True)
class State:
    """The folder of everything that one state owns, all of it on one machine as in a demonstration."""

    root: Path

    @property
    def keys(self) -> Path:
        """Root keys, identities, and the recipient list."""
        return self.root / "keys"

    @property
    def authority(self) -> Path:
        """The authority that admits to the wire."""
        return self.root / "authority"

    @property
    def centre(self) -> Path:
        """Data folder of `garita-central`."""
        return self.root / "centre"

    @property
    def vault(self) -> Path:
        """Data folder of `garita-vault`."""
        return self.root / "vault"

    def station(self, station: StationId) -> Path:
        """Return the data folder of one station's `garita`."""
        return self.root / "stations" / station


@dataclass(frozen=True)
class StationPlan:
    """What a technician decides about one station. `analyzer` is its address, `port` where its screens are served.

    `companions` are the addresses of scale, receiver and code_reader, by the name of their setting.
    """

    station: StationId
    post: str
    analyzer: str
    port: int
    demo: bool = False
    companions: Mapping[str, str] = field(default_factory=dict[str, str])


def provision_state(state: State, origin: str, port: int, now: datetime) -> None:
    """Make keys, authority, centre and vault; raises AlreadyProvisioned where there are some."""
    if state.keys.exists():
        raise AlreadyProvisioned(f"{state.root} holds a state's keys already; nothing was changed")
    make_folder(state.keys, mode=0o700)
    recipients = tuple(_make_identity(state, purpose) for purpose in PURPOSES)
    roots = _make_roots(state)
    write_whole(state.keys / "recipients.list", RecipientList(1, now, now, recipients).sign(roots[:MUST_SIGN]))
    authority = make_authority("Garita wire authority", now)
    authority.write(state.authority, "authority")
    _provision_centre(state, authority, origin, port, now)
    make_folder(state.vault, mode=0o700)
    write_whole(state.vault / "log.vkey", (state.centre / "log.vkey").read_bytes())
    socket = (state.centre / CentralSettings().inside_socket).resolve()
    settings = VaultSettings(identity=(state.keys / "national.identity").resolve(), central_socket=socket)
    settings.write(state.vault)
    lay_files(state.vault, settings)
    for name in (settings.roots, settings.recipients):
        write_whole(state.vault / name, (state.keys / name).read_bytes())
    _admit(state, StationCard.from_bytes((state.vault / "vault.card").read_bytes()), now)


def provision_station(state: State, plan: StationPlan, now: datetime) -> None:
    """Make a station's folder and admit its card at the centre; raises AlreadyProvisioned where there is one."""
    folder = state.station(plan.station)
    if folder.exists():
        raise AlreadyProvisioned(f"{folder} holds a station already; nothing was changed")
    make_folder(folder, mode=0o700)
    key = StationKey.generate()
    write_private(folder / "station.key", key.to_bytes())
    for name in ("root.keys", "recipients.list"):
        write_whole(folder / name, (state.keys / name).read_bytes())
    write_whole(folder / "log.vkey", (state.centre / "log.vkey").read_bytes())
    _certify(state, folder, plan.station, now)
    _admit(state, key.card(plan.station), now)
    _lay(state, key.card(plan.station))
    _write_settings(state, folder, plan)


def _make_identity(state: State, purpose: Purpose) -> Recipient:
    identity = Identity.generate(purpose)
    write_private(state.keys / f"{purpose}.identity", identity.to_bytes())
    return identity.recipient


def _make_roots(state: State) -> list[RootKey]:
    roots = [RootKey.generate() for _ in range(ROOTS)]
    for number, root in enumerate(roots, start=1):
        write_private(state.keys / f"root-{number}.key", root.to_bytes())
    write_whole(state.keys / "root.keys", RootSet(MUST_SIGN, tuple(root.public for root in roots)).to_bytes())
    return roots


def _write_settings(state: State, folder: Path, plan: StationPlan) -> None:
    central = CentralSettings.read(state.centre)
    decided = asdict(plan)
    companions = decided.pop("companions")
    decided["daily_check"] = not plan.demo
    settings = {**decided, **companions, "host": HOST, "central": f"https://{central.host}:{central.port}"}
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in settings.items()]
    write_whole(folder / SETTINGS_FILE, "".join(lines).encode())


def _provision_centre(state: State, authority: Certified, origin: str, port: int, now: datetime) -> None:
    make_folder(state.centre, mode=0o700)
    issue_server(authority, HOST, now).write(state.centre / "tls", "server")
    write_whole(state.centre / "tls" / "authority.crt", (state.authority / "authority.crt").read_bytes())
    vkey = Centre.create(state.centre, origin, CentralSettings(host=HOST, port=port))
    write_whole(state.centre / "log.vkey", f"{vkey}\n".encode())


def _certify(state: State, folder: Path, station: StationId, now: datetime) -> None:
    authority = Certified.read(state.authority, "authority")
    issue_client(authority, station, now).write(folder / "tls", "client")
    write_whole(folder / "tls" / "ca.crt", (state.authority / "authority.crt").read_bytes())


def _admit(state: State, card: StationCard, now: datetime) -> None:
    write_whole(state.root / f"{card.station}.card", card.to_bytes())
    store = open_store(state.centre, CentralSettings.read(state.centre))
    store.admit(card, now)
    store.close()


def _lay(state: State, card: StationCard) -> None:
    """Let the vault believe the station by its own card, whatever the centre shows: `garita-vault pin`."""
    with closing(Cases(state.vault / VaultSettings.read(state.vault).cases)) as cases:
        cases.stations.lay(card)
