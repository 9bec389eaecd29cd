"""A secret in n shares of which any k give it back and fewer give nothing (Shamir 1979), byte by byte in GF(2^8)."""

from collections.abc import Mapping
from secrets import token_bytes

from sync.errors import UnusableKey

POLYNOMIAL = 0x11B  # AES's, FIPS 197
MOST = 32


def _tables() -> tuple[list[int], list[int]]:
    powers, logs, value = [0] * 510, [0] * 256, 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logs[value] = exponent
        value ^= value << 1
        value ^= POLYNOMIAL if value > 0xFF else 0  # noqa: PLR2004 - a byte
    return powers, logs


POWERS, LOGS = _tables()


def check_threshold(threshold: int, count: int) -> None:
    """Raise UnusableKey for a threshold that `count` holders cannot meet."""
    if not 1 <= threshold <= count <= MOST:
        raise UnusableKey(
            f"{threshold} of {count} holders cannot be: expected a threshold of 1 to {count}, of {MOST} holders at most"
        )


def split(secret: bytes, threshold: int, count: int) -> list[bytes]:
    """Return the shares of places 1 to `count`; raises UnusableKey for a threshold that cannot be met."""
    check_threshold(threshold, count)
    lines = [secret, *(token_bytes(len(secret)) for _ in range(threshold - 1))]
    return [bytes(_value([line[at] for line in lines], place) for at in range(len(secret))) for place in _places(count)]


def join(shares: Mapping[int, bytes]) -> bytes:
    """Return the secret of as many shares as its threshold was, by place; from fewer, or wrong ones, other bytes."""
    places = list(shares)
    weights = {place: _weight(place, places) for place in places}
    length = min(map(len, shares.values()))
    joined = bytearray(length)
    for place, share in shares.items():
        for at in range(length):
            joined[at] ^= _times(weights[place], share[at])
    return bytes(joined)


def _places(count: int) -> range:
    return range(1, count + 1)


def _value(line: list[int], place: int) -> int:
    value = 0
    for coefficient in reversed(line):
        value = _times(value, place) ^ coefficient
    return value


def _weight(place: int, places: list[int]) -> int:
    """Return Lagrange's weight of a place at 0."""
    weight = 1
    for other in places:
        if other != place:
            weight = _times(weight, POWERS[LOGS[other] + 255 - LOGS[other ^ place]])
    return weight


def _times(one: int, two: int) -> int:
    return POWERS[LOGS[one] + LOGS[two]] if one and two else 0
