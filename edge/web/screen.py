"""Every screen is drawn here: one frame around one template, in the language and theme of the browser's cookies."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self, cast

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from edge.access import signed_in, station_of
from edge.dossier import Dossier
from edge.errors import EdgeError, NotSignedIn
from edge.views import HealthView, OperatorView, ReadingView
from edge.web import forms, problems, words
from edge.web.translations import Language, load_languages
from sync.errors import SyncError

WEB = Path(__file__).parent
LANGUAGE_COOKIE = "garita_language"
THEME_COOKIE = "garita_theme"
Theme = Literal["day", "night"]


@dataclass(frozen=True)
class Chip:
    """One state in the status strip: a picture and its words."""

    name: str
    picture: str
    text: str


@dataclass(frozen=True)
class Frame:
    """What stands around every screen."""

    language: Language
    theme: Theme
    panel: str
    place: str
    post: str
    operator: str | None
    training: bool
    demo: bool
    chips: tuple[Chip, ...]


@dataclass(frozen=True)
class Screens:
    """Templates in every language."""

    languages: dict[str, Language]
    environments: dict[str, Environment]

    @classmethod
    def load(cls, static: str) -> Self:
        """Read words and templates; `static` is where the browser finds styles and scripts."""
        languages = load_languages()
        return cls(languages, {code: _environment(language, static) for code, language in languages.items()})

    def language(self, request: Request) -> Language:
        """Return the language of the browser's cookie, or the station's."""
        chosen = request.cookies.get(LANGUAGE_COOKIE, "")
        return self.languages.get(chosen) or self.languages[station_of(request).settings.language]

    def show(
        self, request: Request, template: str, operator: OperatorView | None, status: int = 200, **values: object
    ) -> HTMLResponse:
        """Draw a screen."""
        frame = self._frame(request, operator, training=_is_practice(operator, *values.values()))
        drawn = self.environments[frame.language.code].get_template(template).render(frame=frame, **values)
        return HTMLResponse(drawn, status)

    def _frame(self, request: Request, operator: OperatorView | None, *, training: bool) -> Frame:
        station, language = station_of(request), self.language(request)
        health = station.health()
        return Frame(
            language=language,
            theme="night" if request.cookies.get(THEME_COOKIE) == "night" else "day",
            panel=station.settings.panel,
            place=request.url.path,
            post=health.post,
            operator=operator.name if operator else None,
            training=training,
            demo=health.demo_key or station.settings.demo,
            chips=_chips(language, health),
        )


class Page(APIRoute):
    """A route that answers with a screen, also when something is wrong."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler: who is not signed in goes to the sign-in, every other error gets words and a next step."""
        handle = super().get_route_handler()

        async def handle_and_explain(request: Request) -> Response:
            try:
                return await handle(request)
            except NotSignedIn:
                return see("/sign-in")
            except (EdgeError, SyncError) as error:
                return _explain(request, error)

        return handle_and_explain


def screens_of(request: Request) -> Screens:
    """Return the screens of this server."""
    return cast("Screens", request.app.state.screens)


def see(place: str) -> RedirectResponse:
    """Send the browser to another screen."""
    return RedirectResponse(place, 303)


def _is_practice(*shown: object) -> bool:
    """Tell whether somebody practises, or a reading or a screening that is shown was practice."""
    return any(each.training for each in shown if isinstance(each, OperatorView | ReadingView | Dossier))


def _explain(request: Request, error: EdgeError | SyncError) -> Response:
    screens = screens_of(request)
    title, step = problems.explain(screens.language(request), error)
    try:
        operator = signed_in(request)
    except NotSignedIn:
        operator = None
    return screens.show(request, "problem.html", operator, problems.status(error), title=title, step=step)


def _environment(language: Language, static: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    values: dict[str, Any] = environment.globals  # pyright: ignore[reportAssignmentType] - Jinja types its own names only
    values["static"] = static
    install: Callable[..., None] = environment.install_gettext_translations  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType] - added by the i18n extension
    install(language.translations, newstyle=True)
    return environment


def _chips(language: Language, health: HealthView) -> tuple[Chip, ...]:
    analyzer = "analyzer" if health.analyzer in ("connected", "measuring") else "warning"
    clock = "clock" if health.clock == "synchronised" else "warning"
    return (
        Chip("analyzer", analyzer, language.say(words.ANALYZER[health.analyzer][0])),
        Chip("queue", "warning" if health.refused else "queue", _queue(language, health)),
        Chip("clock", clock, forms.hour(health.now)),
    )


def _queue(language: Language, health: HealthView) -> str:
    if health.refused:
        return language.say("Refused")
    return (
        language.count("%(number)s to send", "%(number)s to send", health.waiting)
        if health.waiting
        else language.say("All sent")
    )
