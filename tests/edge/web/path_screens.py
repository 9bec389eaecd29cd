"""The screens of the screening path by name, for the rules that hold on every screen."""

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.edge.web.officer import Officer


def before_the_reading(officer: Officer) -> Iterator[str]:
    """From the kind of subject to the question before the result."""
    page = officer.page
    officer.open("/screenings/new")
    yield "new"
    officer.tap(".kinds form:has([value=container]) button")
    expect(page.locator(".identify")).to_be_visible()
    yield "identify-empty"
    address = page.url.removeprefix(officer.post.url)
    officer.open(f"{address}/keys")
    yield "keys"
    page.locator("#text").fill("CSQU3054384")
    officer.tap(".primary")
    expect(page.locator(".number").first).to_be_visible()
    officer.open(f"{address}/choose?what=cause")
    yield "cause"
    officer.open(f"{address}/choose?what=mode")
    yield "mode"
    officer.open(address)
    expect(page.locator(".number")).to_have_count(2)
    yield "identify"
    officer.tap(".primary")
    expect(page.locator(".scenes")).to_be_visible()
    yield "prepare"
    with officer.post.lasting(60):
        officer.tap(".primary")
        expect(page.locator("garita-live .seen")).to_be_visible()
        yield "reading-asking"
        officer.tap(".actions .primary")
        expect(page.locator(".primary[disabled]")).to_be_visible()
        yield "question"
        officer.tap(".seen button[value=powder]")
        officer.result("stopped")
