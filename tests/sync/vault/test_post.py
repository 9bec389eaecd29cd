"""Letters in files: every one that is written is read, and none is lost between two."""

from os import urandom

import pytest

from sync.contract.letter import Delivery, Post
from sync.vault.post import FULL, posts

LETTERS = [urandom(3743), urandom(3743)]


def delivery(number: int) -> Delivery:
    return Delivery(station=f"MX-{number:05}", seq=5, recorded="2026-11-22T12:00:00.000000Z", letters=LETTERS)


def test_a_day_of_ten_thousand_stations_is_one_file_that_is_read() -> None:
    [post] = posts(map(delivery, range(10_000)))
    assert Post.from_bytes(post.to_bytes()) == post


@pytest.mark.parametrize("count", [0, 1, 3, 4, 10])
def test_more_than_one_file_holds_goes_into_the_next(count: int) -> None:
    sent = [delivery(number) for number in range(count)]
    written = list(posts(sent, full=3 * len(delivery(0).to_bytes())))
    assert len(written) == max(1, -(-count // 3))
    assert [each for post in written for each in Post.from_bytes(post.to_bytes()).deliveries] == sent


def test_the_largest_delivery_still_goes_into_a_file_that_is_all_but_full() -> None:
    assert FULL + 2 * Delivery.MAX_BYTES < Post.MAX_BYTES
