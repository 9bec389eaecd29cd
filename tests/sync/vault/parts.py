"""What the vault's tests share."""


def unnoted(_opened: list) -> None:
    """Let something be opened without a note: that openings are noted first is tested in test_openings."""
