"""Every screen of readings of exhibits: which one is read, its result, what its readings are to one another."""

from collections.abc import Iterator

from sync.contract.ids import ScreeningId
from tests.edge.bench import finished
from tests.edge.web.officer import Officer
from tests.edge.web.post import Post

EXHIBITS = 6
READ = (None, 1, 2, 2, 1)
PLAYED = ("Cocaine", "Cocaine", "Ketamine", "Caffeine", "Cocaine")


def sampled(post: Post) -> ScreeningId:
    """Make a screening with six exhibits, the last of them under seal, and readings of two of them and of none."""
    station, operator = post.station, post.station.operators.list()[0]
    screening = station.screenings.open(operator, "luggage")
    described = "Polvo · 3 piezas · Bolsa"
    made = [station.casework.add_exhibit(operator, screening, described, "powder", 3, "bag") for _ in range(EXHIBITS)]
    station.casework.apply_seal(operator, made[1], f"S-{screening[-6:].upper()}", "La bolsa se cerró")
    station.casework.break_seal(operator, made[1], f"S-{screening[-6:].upper()}", "Se toma una muestra")
    station.casework.apply_seal(operator, made[-2], f"T-{screening[-6:].upper()}", "La bolsa se cerró")
    for number, name in zip(READ, PLAYED, strict=True):
        post.programme.sample(name)
        with post.lasting(0.05):
            exhibit = made[number - 1] if number else None
            finished(station, station.screenings.start(operator, screening=screening, exhibit=exhibit))
    return screening


def sample_screens(officer: Officer, screening: ScreeningId) -> Iterator[str]:
    """Go to one screen after the other and yield its name."""
    found, here = officer.post.station.casework.dossier(screening), f"/screenings/{screening}"
    pages = {
        "sample": f"{here}/sample",
        "sample-last": f"{here}/sample?page=2",
        "exhibit-read": f"/exhibits/{found.exhibits[0].id}",
        "exhibit-open": f"/exhibits/{found.exhibits[1].id}",
        "result-exhibit": f"/readings/{found.readings[-1].id}",
        "result-exhibit-conflict": f"/readings/{found.readings[2].id}",
        "record-exhibit": f"/readings/{found.readings[-1].id}/record",
        "compare-exhibit": f"{here}/compare?exhibit=1",
        "compare-exhibit-conflict": f"{here}/compare?exhibit=2",
        "compare-no-exhibit": f"{here}/compare?exhibit=0",
        "review-exhibits-read": f"{here}/review?incomplete=yes",
        "entries-exhibits": f"{here}/entries",
    }
    for name, path in pages.items():
        officer.open(path)
        yield name
