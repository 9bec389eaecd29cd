"""A page of paper as HTML, in one language."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from edge.marks import qr_svg
from edge.web.translations import Language, load_languages


@dataclass(frozen=True)
class Drawing:
    """Templates of paper in every language."""

    languages: dict[str, Language]
    environments: dict[str, Environment]

    @classmethod
    def load(cls) -> Self:
        """Read words and templates."""
        languages = load_languages()
        return cls(languages, {code: _environment(language) for code, language in languages.items()})

    def page(
        self,
        language: Language,
        template: str,
        author: str,
        warning: str,
        code: str = "",
        pictures: Collection[str] = (),
        **values: object,
    ) -> str:
        """Return a page: `author` and `warning` stand on top of each sheet, `code` is drawn, `pictures` are there."""
        svg = drawn(code) if code else ""
        around = {"language": language, "author": author, "warning": warning, "svg": svg, "pictures": pictures}
        return self.environments[language.code].get_template(template).render(**around, **values)


def drawn(code: str) -> Markup:
    """Return a code as a picture for a page or a screen."""
    return Markup(qr_svg(code))  # noqa: S704 - our own drawing


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    install: Callable[..., Any] = environment.install_gettext_translations  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType] - added by the i18n extension
    install(language.translations, newstyle=True)
    return environment
