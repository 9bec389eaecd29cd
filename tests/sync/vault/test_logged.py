"""The vault opens nothing before the centre has proven that it is what the log has, whole and in order."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from sync.central.centre import Centre
from sync.contract.card import StationCard
from sync.contract.ids import StationId
from sync.contract.inside import LoggedEnvelope, Page
from sync.cosignature import WitnessKey
from sync.envelope import Envelope
from sync.errors import LogDamaged, Malformed, UnusableKey
from sync.identity import Identity
from sync.journal import Sealer
from sync.keys import Recipient, StationKey
from sync.policy import Policy
from sync.replay import Replay
from sync.vault.cases import Cases
from sync.vault.cli import app
from sync.vault.drill import open_everything
from sync.vault.logged import LoggedSource, Remembered
from sync.vault.office import page_note
from sync.vault.openings import Openings
from sync.vault.settings import VaultSettings
from sync.vault.source import Source
from sync.vault.vault import PullReport, Vault
from tests.sync.vault.parts import unnoted
from tests.sync.witness.parts import NOON

Submit = Callable[[list[Envelope]], None]
Change = Callable[[Page], Page]
ANOTHER = r"are not those that the log has|is not in its log|in the place of VAULT/3, SHA-256 .* came MX-TIJ-01/3"
VAULT = StationId("VAULT")


class Lying:
    """The way to a centre whose owner changes the pages that the vault asks for, and nothing else."""

    def __init__(self, inside: httpx.Client, most: int = 2) -> None:
        self._inside, self._most = inside, most
        self.change: Change = lambda page: page

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer), base_url="http://central")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode()
        if request.url.path != "/v1/envelopes":
            media = {"Content-Type": request.headers.get("content-type", "")}
            return self._inside.request(request.method, path, content=request.content, headers=media)
        page = Page.from_bytes(self._inside.get(f"{path}&limit={self._most}").content)
        return httpx.Response(200, content=self.change(page).to_bytes())


@pytest.fixture
def lying(inside: httpx.Client) -> Lying:
    return Lying(inside)


@pytest.fixture
def vault(lying: Lying, cases: Cases, national: Identity, centre: Centre) -> Vault:
    source = LoggedSource(lying.client(), centre.log.verifier, cases.trees)
    return Vault(source, cases, national, lambda: NOON, unnoted)


def renumbered(envelopes: list[LoggedEnvelope], first: int) -> list[LoggedEnvelope]:
    return [each.model_copy(update={"index": index}) for index, each in enumerate(envelopes, start=first)]


def without_the_third(page: Page) -> Page:
    """Hide entry 2 of the log, and give what follows in its place."""
    shown = [each for each in page.envelopes if each.index != 2]
    return page.model_copy(update={"envelopes": renumbered(shown, shown[0].index - (shown[0].index > 2))})


def swapped(page: Page) -> Page:
    return page.model_copy(update={"envelopes": renumbered(page.envelopes[::-1], page.envelopes[0].index)})


def changed(page: Page) -> Page:
    *others, last = page.envelopes
    return page.model_copy(update={"envelopes": [*others, last.model_copy(update={"envelope": last.envelope[:-1]})]})


def twice(page: Page) -> Page:
    first, *others = page.envelopes
    return page.model_copy(update={"envelopes": renumbered([first, first, *others], first.index)})


def mislabelled(page: Page) -> Page:
    """Call each entry the vault's own: so it would be neither noted nor opened, and never asked for again."""
    return page.model_copy(
        update={"envelopes": [each.model_copy(update={"station": VAULT}) for each in page.envelopes]}
    )


def test_an_honest_centre_is_believed_page_by_page(vault: Vault, submit: Submit, sealed: list[Envelope]) -> None:
    submit(sealed[:3])
    assert vault.pull() == PullReport(seen=3, problems=0)
    submit(sealed)
    assert vault.pull() == PullReport(seen=2, problems=0)
    assert vault.pull() == PullReport(seen=0, problems=0)


@pytest.mark.parametrize("change", [without_the_third, swapped, changed, twice, mislabelled])
def test_another_history_is_not_opened(
    change: Change, vault: Vault, lying: Lying, cases: Cases, submit: Submit, sealed: list[Envelope]
) -> None:
    submit(sealed[:2])
    assert vault.pull().seen == 2
    submit(sealed)
    lying.change = change
    for _ in range(2):
        with pytest.raises(LogDamaged, match=ANOTHER):
            vault.pull()
        assert cases.progress() == 1
    lying.change = lambda page: page
    assert vault.pull() == PullReport(seen=3, problems=0)


def test_what_was_filed_before_is_proven_with_what_comes(
    vault: Vault, lying: Lying, cases: Cases, submit: Submit, sealed: list[Envelope]
) -> None:
    """A case database of an older version has no tree: what the centre gives makes one, and the next page proves it."""
    submit(sealed[:4])
    vault.pull()
    cases._database.execute("DELETE FROM proven")
    submit(sealed)
    lying.change = lambda page: swapped(page) if page.envelopes[0].index == 0 else page
    with pytest.raises(LogDamaged, match="are not those that the log has"):
        vault.pull()
    lying.change = lambda page: page
    assert vault.pull() == PullReport(seen=1, problems=0)


def test_a_page_that_was_proven_and_not_filed_is_asked_for_again(
    lying: Lying, cases: Cases, national: Identity, centre: Centre, submit: Submit, sealed: list[Envelope]
) -> None:
    """The note fails each time, and the log grows meanwhile; no tree that is needed is lost."""

    def fail(_: list[LoggedEnvelope]) -> None:
        raise LogDamaged("not noted")

    source = LoggedSource(lying.client(), centre.log.verifier, cases.trees)
    for upto in (1, 3, 5):
        submit(sealed[:upto])
        with pytest.raises(LogDamaged, match="not noted"):
            Vault(source, cases, national, lambda: NOON, fail).pull()
    assert Vault(source, cases, national, lambda: NOON, unnoted).pull() == PullReport(seen=5, problems=0)
    assert cases.trees.newest(5).size == 5
    assert len(cases._database.execute("SELECT size FROM proven").fetchall()) == 2


@pytest.fixture
def noted(tmp_path: Path, recipients: list[Recipient], inside: httpx.Client, centre: Centre) -> Iterator[Openings]:
    sealer = Sealer(VAULT, StationKey.generate(), recipients)
    centre.store.admit(sealer.key.card(VAULT), NOON)
    Openings.create(tmp_path / "openings.db")
    opened = Openings(tmp_path / "openings.db", sealer, centre.log.verifier, inside, lambda: NOON)
    yield opened
    opened.close()


def test_a_centre_that_shows_the_vault_an_old_log_is_found_by_its_own_receipt(
    noted: Openings,
    lying: Lying,
    cases: Cases,
    national: Identity,
    centre: Centre,
    submit: Submit,
    sealed: list[Envelope],
) -> None:
    source = LoggedSource(lying.client(), centre.log.verifier, cases.trees)
    settings = VaultSettings(identity=Path("i"), central_socket=Path("s"))
    note = page_note(noted, settings, ["A"], "x", source.signed)
    submit(sealed[:2])
    frozen = lambda page: page.model_copy(update={"size": 2, "envelopes": [e for e in page.envelopes if e.index < 2]})  # noqa: E731
    lying.change = frozen
    submit(sealed)
    with pytest.raises(LogDamaged, match="has 2 entries, and a receipt of it proved 6: it holds entries back"):
        Vault(source, cases, national, lambda: NOON, note).pull()


def test_witnesses_of_the_policy_must_have_seen_it(
    lying: Lying, cases: Cases, national: Identity, centre: Centre, submit: Submit, sealed: list[Envelope]
) -> None:
    witness = WitnessKey.generate("w.example").verifier.vkey
    policy = Policy.from_bytes(f"log {centre.vkey}\nwitness w {witness}\nquorum w\n".encode())
    submit(sealed)
    with pytest.raises(LogDamaged, match="that is not the quorum w"):
        Vault(LoggedSource(lying.client(), policy, cases.trees), cases, national, lambda: NOON, unnoted).pull()
    assert cases.progress() == -1


def test_the_drill_reads_what_the_log_has(
    vault: Vault, lying: Lying, cases: Cases, escrow: Identity, centre: Centre, submit: Submit, sealed: list[Envelope]
) -> None:
    submit(sealed)
    vault.pull()
    source = LoggedSource(lying.client(), centre.log.verifier, Remembered())
    report = open_everything(source, cases, escrow, VAULT)
    assert (report.opened, report.same, report.problems) == (5, 5, [])
    lying.change = lambda page: swapped(page) if page.envelopes[0].index == 2 else page
    source = LoggedSource(lying.client(), centre.log.verifier, Remembered())
    assert "is not in its log" in open_everything(source, cases, escrow, VAULT).problems[0]


def test_a_card_laid_beforehand_is_believed_and_not_the_centres(
    data: Path,
    sealer: Sealer,
    inside: httpx.Client,
    national: Identity,
    submit: Submit,
    sealed: list[Envelope],
    tmp_path: Path,
) -> None:
    """Whoever runs the centre shows a card of a key of their own, under which they have forged a whole journal."""
    told = tmp_path / "told.card"
    told.write_bytes(sealer.key.card(sealer.station).to_bytes())
    assert CliRunner().invoke(app, ["pin", "--data", str(data), str(told)]).exit_code == 0
    other = tmp_path / "other.card"
    other.write_bytes(StationKey.generate().card(sealer.station).to_bytes())
    refused = CliRunner().invoke(app, ["pin", "--data", str(data), str(other)])
    assert isinstance(refused.exception, UnusableKey)
    submit(sealed)
    source = Showing(inside, [StationCard.from_bytes(other.read_bytes())])
    for file, problems in ((data / "cases.db", 0), (tmp_path / "not-told.db", 5)):
        with closing(Cases(file, new=file.name == "not-told.db")) as cases:
            report = Vault(source, cases, national, lambda: NOON, unnoted).pull()
        assert report == PullReport(seen=5, problems=problems)


class Showing(Source):
    """A centre that shows other cards than the stations gave."""

    def __init__(self, http: httpx.Client, shown: list[StationCard]) -> None:
        super().__init__(http)
        self._shown = shown

    def cards(self) -> list[StationCard]:
        return self._shown


@pytest.fixture
def data(tmp_path: Path, national: Identity) -> Path:
    """Make a vault as `init` does."""
    identity = tmp_path / "national.identity"
    identity.write_bytes(national.to_bytes())
    folder = tmp_path / "vault"
    words = ["init", "--data", str(folder), "--identity", str(identity), "--central-socket", "inside.sock"]
    assert CliRunner().invoke(app, words).exit_code == 0
    return folder


@pytest.mark.parametrize(("size", "data"), [(0, b"x"), (3, bytes(32)), (4, bytes(64)), (1, b"")])
def test_a_kept_tree_of_another_length(size: int, data: bytes) -> None:
    with pytest.raises(Malformed, match="peaks"):
        Replay.from_bytes(size, data)
