"""Settings: one object, read once from station.toml in the data directory, and handed down."""

import ipaddress
import re
import tomllib
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from edge.errors import BadSettings
from sync.contract.ids import StationId
from sync.contract.subject import Mode
from sync.files import write_whole

FILE_NAME = "station.toml"
RESERVE = "reserve"
ProtectorName = Literal["demo-key-file", "passphrase", "tpm", "pkcs11"]
ENERGY_STEPS_IN_V = 10
SAME = 1e-6
ON_PORTS = ("analyzer", "scale", "receiver", "code_reader")
"""The settings that each name an instrument's family and port."""
EnergyV = Annotated[float, Field(ge=0, le=500)]


class Settings(BaseModel):
    """What makes this station this one. Paths are relative to the data directory unless they start with `/`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Path = Field(description="the data directory itself; told on the command line, never in the file")
    station: StationId = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        description="this station's id, as on its card: for example MX-TIJ-01",
    )
    post: str = Field(min_length=1, max_length=80, description="the post where it stands, in words for people")
    mode: Mode = Field(default="land", description="how most subjects travel here: land, river, sea, air, post or bus")
    language: Literal["es", "en"] = Field(default="es", description="language of the screens before sign-in: es or en")
    analyzer: str | None = Field(
        default=None,
        pattern=r"^[a-z][a-z0-9-]*:.+$",
        description="the analyzer's family and port, as analyzer-link:/dev/ttyACM0; left out where there is none",
    )
    scale: str | None = Field(
        default=None,
        pattern=r"^(mt-sics|a-and-d|ohaus):.+$",
        description="the scale's family and port, as mt-sics:usb:0eb8:f000:B123456789; left out where there is none",
    )
    receiver: str | None = Field(
        default=None,
        pattern=r"^nmea:.+$",
        description="the satellite receiver's port, as nmea:usb:1546:01a8; left out where there is none",
    )
    code_reader: str | None = Field(
        default=None,
        pattern=r"^code-reader:.+$",
        description="the code reader's port, as code-reader:/dev/serial/by-id/...; left out where there is none",
    )
    code_reader_suffix: Literal["any", "cr", "cr-lf", "lf", "tab", "none"] = Field(
        default="any",
        description="what the code reader sends after each code: any of CR, CR LF, LF and TAB, one of them, or none",
    )
    printer: str | None = Field(
        default=None,
        pattern=r"^(zpl|escpos):/.+$",
        description="the printer's language and device, as zpl:/dev/usb/lp0; left out where there is none",
    )
    energies: tuple[EnergyV, ...] = Field(
        default=(15, 30, 50), min_length=1, max_length=8, description="collision energies asked for, in V"
    )
    reading_limit_s: float = Field(default=120, gt=0, le=3600, description="longest time of one reading, in seconds")
    daily_check: bool = Field(
        default=True, description="whether readings conclude nothing until the day's blank and reference were measured"
    )
    reference_sample: str = Field(
        default="Caffeine",
        min_length=1,
        description="the reference sample of the daily check, as the catalogue names it",
    )
    idle_minutes: float = Field(default=10, gt=0, le=480, description="idle time after which an operator is signed out")
    retention_hours: float = Field(
        default=72, ge=0, le=24 * 365, description="how long after its receipt a reading is kept whole for the screens"
    )
    reserve_mib: int = Field(
        default=48, ge=1, le=4096, description="disk kept back so that a begun screening can end, in MiB"
    )
    import_folder: Path | None = Field(
        default=None,
        description="folder that instruments' programs drop files in; a folder inside names its instrument",
    )
    vibrational_library: Path | None = Field(
        default=None,
        description="the state's library of infrared and Raman spectra, as `garita library build` wrote it",
    )
    panel: Literal["7-1024x600", "7-1280x800", "8-1280x800", "10-1024x600", "10-1280x800"] = Field(
        default="7-1024x600", description="the touch panel: inches and pixels, so that keys have their size in mm"
    )
    sensors: Path = Field(
        default=Path("/sys"), description="folder in which the kernel tells of battery and light: /sys"
    )
    backlight: Path | None = Field(
        default=None,
        description="folder of the panel's backlight, as /sys/class/backlight/panel; left out: its brightness stays",
    )
    night_brightness: float = Field(
        default=2, gt=0, le=100, description="brightness at night in percent of the most: white at 5 nit or less"
    )
    sticks: Path = Field(default=Path("/media"), description="folder below which USB sticks are mounted: /media")
    player: Path | None = Field(
        default=None,
        description="program that plays a WAV file from its standard input, as `aplay -q -` does; aplay where unset",
    )
    knowledge_due: date | None = Field(
        default=None,
        description="last day on which library and model count as new, as 2027-03-31; the screens say when it is over",
    )
    host: str = Field(default="127.0.0.1", description="loopback address that the screens are served on")
    port: int = Field(default=8460, ge=1, le=65535, description="port that the screens are served on")
    central: str | None = Field(
        default=None,
        pattern=r"^https://[^/\s]+$",
        description="the centre, as https://host:port; left out: never sends",
    )
    uplink_kib_per_second: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="most that sending takes of the line, in KiB a second; all if unset",
    )
    minimum_recipients: int = Field(default=2, ge=2, le=8, description="fewest keys that every record is sealed to")
    demo: bool = Field(default=False, description="true only for a demonstration: says so on every screen")
    database: Path = Field(default=Path("station.db"), description="encrypted database")
    protector: ProtectorName = Field(
        default="demo-key-file", description="who keeps the station's key: demo-key-file, passphrase, tpm or pkcs11"
    )
    database_key: Path = Field(default=Path("database.key"), description="file of the station's key, as protected")
    tpm: str = Field(default="device:/dev/tpmrm0", min_length=1, description="the TPM, as tpm2-tools name it (TCTI)")
    tpm_pcrs: tuple[Annotated[int, Field(ge=0, le=23)], ...] = Field(
        default=(0, 7, 14), min_length=1, description="what of the machine's start opens the key: TPM registers"
    )
    tpm_counter: int | None = Field(
        default=None, ge=0x01000000, le=0x01FFFFFF, description="index of the TPM's counter that anchors the journal"
    )
    pkcs11_module: Path | None = Field(default=None, description="the library of the PKCS#11 token's maker")
    pkcs11_token: str = Field(default="garita", min_length=1, max_length=32, description="label of the PKCS#11 token")
    station_key: Path = Field(default=Path("station.key"), description="the station's signing key")
    roots: Path = Field(default=Path("root.keys"), description="the state's root keys, pinned when provisioned")
    recipients: Path = Field(default=Path("recipients.list"), description="the signed list of those who are sealed to")
    log_key: Path = Field(default=Path("log.vkey"), description="the national log's verifier key")
    log_policy: Path | None = Field(
        default=None, description="tlog-policy: which witnesses must have cosigned a receipt; none where it is not set"
    )
    tls_certificate: Path = Field(default=Path("tls/client.crt"), description="the station's certificate")
    tls_key: Path = Field(default=Path("tls/client.key"), description="key of the station's certificate")
    tls_authority: Path = Field(
        default=Path("tls/ca.crt"), description="authority that signed the centre's certificate"
    )

    @field_validator("energies")
    @classmethod
    def _in_steps(cls, energies: tuple[float, ...]) -> tuple[float, ...]:
        steps = [round(energy * ENERGY_STEPS_IN_V) for energy in energies]
        finer = any(abs(energy * ENERGY_STEPS_IN_V - step) > SAME for energy, step in zip(energies, steps, strict=True))
        if finer or len(set(steps)) < len(steps):
            raise ValueError("must differ, in whole steps of 0.1 V: an analyzer knows no finer ones")
        return energies

    @field_validator("host")
    @classmethod
    def _loopback(cls, host: str) -> str:
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError("must be a loopback address such as 127.0.0.1: the screens are for this machine only")
        return host

    @model_validator(mode="after")
    def _one_port_each(self) -> Self:
        named = {name: getattr(self, name) for name in ON_PORTS}
        places = {name: address.partition(":")[2] for name, address in named.items() if address}
        for (first, place), (second, other) in combinations(places.items(), 2):
            if place and Path(place).resolve() == Path(other).resolve():
                raise ValueError(f"{first} and {second} both name the port {place}; each needs a port of its own")
        return self

    @classmethod
    def load(cls, data: Path) -> Self:
        """Read `data`/station.toml; raises BadSettings naming each wrong field and the form it needs."""
        file = data / FILE_NAME
        try:
            values = tomllib.loads(file.read_text("utf-8"))
        except FileNotFoundError as error:
            raise BadSettings(f"{file}: not found; a station is set up by provisioning, which writes it") from error
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise BadSettings(f"{file}: not readable as TOML ({error})") from error
        if "data" in values:
            raise BadSettings(f"{file}: data: not a setting of the file; the directory is told on the command line")
        try:
            return cls.model_validate({**values, "data": data.resolve()})
        except ValidationError as error:
            raise BadSettings(f"{file}: {'; '.join(_faults(error))}") from error

    @property
    def secret_files(self) -> tuple[Path, ...]:
        """The files that lie sealed under the station's key, outside a demonstration."""
        return self.at(self.station_key), self.at(self.tls_key)

    @property
    def has_worked(self) -> bool:
        """Tell whether a station ever started here: from then on its reserve of the disk lies there."""
        return (self.data / RESERVE).exists()

    @property
    def has_database(self) -> bool:
        """Tell whether there is a database that is not empty."""
        file = self.at(self.database)
        return file.is_file() and file.stat().st_size > 0

    def at(self, path: Path) -> Path:
        """Return where `path` of these settings lies."""
        return self.data / path


def set_line(file: Path, name: str, value: str) -> None:
    """Set one value of station.toml, written as TOML writes it, and leave every other line as it is."""
    line = f"{name} = {value}\n"
    text = file.read_text("utf-8")
    changed, count = re.subn(rf"^{name}\s*=.*\n?", line, text, flags=re.MULTILINE)
    write_whole(file, (changed if count else f"{line}{text}").encode())


def _faults(error: ValidationError) -> list[str]:
    faults: list[str] = []
    for fault in error.errors():
        name = ".".join(map(str, fault["loc"]))
        if not fault["loc"]:
            faults.append(fault["msg"].removeprefix("Value error, "))
            continue
        field = Settings.model_fields.get(str(fault["loc"][0]))
        expected = f"; expected {field.description}" if field else "; no such setting"
        faults.append(f"{name}: {fault['msg']}{expected}")
    return faults
