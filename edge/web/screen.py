"""Every screen is drawn here: one frame around one template, in the language and theme of the browser's cookies."""

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self, cast, get_args
from urllib.parse import urlsplit

from anyio import from_thread
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from edge.access import signed_in, station_of
from edge.dossier import Dossier
from edge.errors import BadCasework, EdgeError, NotPrinted, NotSignedIn
from edge.station import Station
from edge.surroundings import Theme
from edge.views import HealthView, OperatorView, ReadingView
from edge.web import forms, problems, words
from edge.web.scans import attend
from edge.web.translations import Language, load_languages
from edge.web.troubles import FAULTY, LOW_BATTERY, Trouble, Watch, silence_of
from sync.errors import SyncError

WEB = Path(__file__).parent
LANGUAGE_COOKIE = "garita_language"
THEME_COOKIE = "garita_theme"
THEMES: tuple[Theme, ...] = get_args(Theme)


@dataclass(frozen=True)
class Chip:
    """One state in the status strip: a picture, a few letters, and its words for who cannot see the picture."""

    name: str
    picture: str
    shown: str
    words: str


@dataclass(frozen=True)
class Frame:
    """What stands around every screen."""

    language: Language
    theme: Theme
    next_theme: Theme
    panel: str
    place: str
    """The address of the screen: its path, and what was asked of it."""
    post: str
    operator: str | None
    training: bool
    demo: bool
    discreet: bool
    ringing: bool
    chips: tuple[Chip, ...]
    troubles: tuple[Trouble, ...]

    @property
    def path(self) -> str:
        """The path of the screen alone."""
        return urlsplit(self.place).path


@dataclass(frozen=True)
class Screens:
    """Templates in every language."""

    languages: dict[str, Language]
    environments: dict[str, Environment]
    static: str

    @classmethod
    def load(cls, static: str) -> Self:
        """Read words and templates; `static` is where the browser finds styles and scripts."""
        return cls.speaking(load_languages(), static)

    @classmethod
    def speaking(cls, languages: dict[str, Language], static: str) -> Self:
        """Read the templates for these languages."""
        environments = {code: _environment(language, static) for code, language in languages.items()}
        return cls(languages, environments, static)

    def language(self, request: Request) -> Language:
        """Return the language of the browser's cookie, or the station's."""
        chosen = request.cookies.get(LANGUAGE_COOKIE, "")
        return self.languages.get(chosen) or self.languages[station_of(request).settings.language]

    def show(
        self, request: Request, template: str, operator: OperatorView | None, status: int = 200, **values: object
    ) -> HTMLResponse:
        """Draw a screen."""
        practice = _is_practice(operator, *values.values()) or values.get("practice") is True
        frame = self._frame(request, operator, practice=practice)
        drawn = self.environments[frame.language.code].get_template(template).render(frame=frame, **values)
        return HTMLResponse(drawn, status)

    def _frame(self, request: Request, operator: OperatorView | None, *, practice: bool) -> Frame:
        station, language = station_of(request), self.language(request)
        health, theme = station.health(), _theme(request)
        station.backlight.show(theme)
        return Frame(
            language=language,
            theme=theme,
            next_theme=THEMES[(THEMES.index(theme) + 1) % len(THEMES)],
            panel=station.settings.panel,
            place=_place(request.url.path, request.url.query),
            post=health.post,
            operator=operator.name if operator else None,
            training=practice,
            demo=health.demo_key or station.settings.demo,
            discreet=station.panel.now.discreet,
            ringing=station.sound.ringing,
            chips=tuple(_chips(language, station, health)),
            troubles=Watch(language, station).troubles(health, practice=practice),
        )


class NotYetError(Exception):
    """Raised where a screen may not be shown yet; `first` is the address of what comes before it."""

    def __init__(self, first: str) -> None:
        super().__init__(first)
        self.first = first


class Page(APIRoute):
    """A route that answers with a screen, also when something is wrong."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler: who is not signed in goes to the sign-in, every other error gets words and a next step."""
        handle = super().get_route_handler()

        async def handle_and_explain(request: Request) -> Response:
            attend(request, station_of(request))
            try:
                return await handle(request)
            except NotSignedIn:
                return see("/sign-in")
            except NotYetError as error:
                return see(error.first)
            except (EdgeError, SyncError) as error:
                return _explain(request, error)

        return handle_and_explain


def screens_of(request: Request) -> Screens:
    """Return the screens of this server."""
    return cast("Screens", request.app.state.screens)


def here(request: Request) -> OperatorView | None:
    """Return who is signed in, if anybody is."""
    try:
        return signed_in(request)
    except NotSignedIn:
        return None


def asks_for_screen(request: Request) -> bool:
    """Tell whether a browser asks for a screen, not a program for data."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def refuse(request: Request, status: int) -> Response:
    """Show that no screen answers, or that what was sent is of no expected form."""
    screens = screens_of(request)
    title, step = map(screens.language(request).say, problems.refused(status))
    return screens.show(request, "problem.html", here(request), status, title=title, step=step, way=None, back="")


def own_place(place: str) -> str:
    """Return `place` if it is a path of this station, else home."""
    own = place.startswith("/") and not place.startswith(("//", "/\\")) and place.isprintable()
    return place if own else "/"


def left(request: Request) -> Callable[[], bool]:
    """Return what tells, in a thread of a request, whether its browser went away before the answer."""
    return lambda: from_thread.run(request.is_disconnected)


def see(place: str) -> RedirectResponse:
    """Send the browser to another screen."""
    return RedirectResponse(place, 303)


def _is_practice(*shown: object) -> bool:
    """Tell whether somebody practises, or a reading or a screening that is shown was practice."""
    return any(each.training for each in shown if isinstance(each, OperatorView | ReadingView | Dossier))


def _explain(request: Request, error: EdgeError | SyncError) -> Response:
    screens = screens_of(request)
    language = screens.language(request)
    title, step = problems.explain(language, error)
    back = _came_from(request) if type(error) is BadCasework or isinstance(error, NotPrinted) else ""
    shown = {"title": title, "step": step, "way": problems.way(language, error), "back": back}
    return screens.show(request, "problem.html", here(request), problems.status(error), **shown)


def _came_from(request: Request) -> str:
    """Return the screen of this station from which something was sent, or nothing."""
    sent = urlsplit(request.headers.get("referer", ""))
    place = own_place(_place(sent.path, sent.query))
    return place if request.method == "POST" and sent.netloc == request.url.netloc else ""


def _place(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


@cache
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


def _theme(request: Request) -> Theme:
    """Return the theme that was chosen in this browser, or the one that the light asks for."""
    by_name: dict[str | None, Theme] = {theme: theme for theme in THEMES}
    chosen = by_name.get(request.cookies.get(THEME_COOKIE))
    return chosen or station_of(request).surroundings.theme() or "day"


def _chips(language: Language, station: Station, health: HealthView) -> Iterator[Chip]:
    analyzer = language.say(words.ANALYZER[health.analyzer][0])
    yield Chip("analyzer", "warning" if health.analyzer in FAULTY else "analyzer", "", analyzer)
    waiting = forms.number(health.waiting) if health.waiting else ""
    yield Chip("queue", "warning" if health.refused else "queue", waiting, _queue(language, health))
    if battery := station.surroundings.battery():
        picture = "battery" if battery.charging or battery.percent >= LOW_BATTERY else "warning"
        share = f"{battery.percent}{forms.SPACE}%"
        yield Chip("battery", picture, share, language.say("Battery at %(share)s", share=share))
    if silence := silence_of(language, station):
        yield Chip("sound", "silent", "", silence)
    hour = forms.hour(health.now)
    yield Chip(
        "clock",
        "clock" if health.clock == "synchronised" else "warning",
        hour,
        language.say(words.CLOCK[health.clock][0]),
    )


def _queue(language: Language, health: HealthView) -> str:
    if health.refused:
        return language.say("Refused")
    if not health.waiting:
        return language.say("All sent")
    return language.count("%(number)s to send", "%(number)s to send", health.waiting)
