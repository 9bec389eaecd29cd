"""A wrong address is answered by a screen that leads on, never by data for programs."""

import pytest
from playwright.sync_api import Browser, expect

from tests.edge.web.officer import at
from tests.edge.web.post import Post

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("path", "status", "said", "way"),
    [
        ("/nowhere", 404, "Esa pantalla no existe", None),
        ("/readings/xx", 404, "Esa lectura no existe", "Lecturas"),
        ("/screenings/s-xx/seizure", 404, "No existe ese decomiso, indicio o asiento", "Deco\u00admisos"),
        ("/exhibits/e-xx", 404, "No existe ese decomiso, indicio o asiento", "Deco\u00admisos"),
        ("/entries/99999", 404, "No existe ese decomiso, indicio o asiento", "Deco\u00admisos"),
        ("/entries/abc", 422, "Eso no se entendió", None),
    ],
)
def test_a_wrong_address_leads_home_and_to_the_list(
    chromium: Browser, post: Post, path: str, status: int, said: str, way: str | None
) -> None:
    with at(chromium, post, "es") as officer:
        officer.sign_in()
        answer = officer.page.goto(post.url + path)
        assert answer is not None
        assert answer.status == status
        expect(officer.page.get_by_role("heading", level=1)).to_have_text(said)
        expect(officer.page.locator(".primary")).to_have_attribute("href", "/")
        if way:
            expect(officer.page.locator(".actions a:not(.primary)")).to_have_text(way)
