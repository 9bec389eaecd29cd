"""What the vault's tests share."""


class Untouched:
    """A key that nobody may use."""

    recipient = property()
    hpke = property()


def unnoted(_opened: list) -> None:
    """Let something be opened without a note: that openings are noted first is tested in test_openings."""
