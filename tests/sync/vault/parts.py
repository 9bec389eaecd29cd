"""What the vault's tests share."""

from sync.contract.inside import LoggedEnvelope


def unnoted(_page: list[LoggedEnvelope]) -> None:
    """Let a page be opened without a note: that openings are noted first is tested in test_openings."""
