"""Exhibits by the station's face: each step a record, by who may, and no step that does not fit."""

from base64 import b64encode

import httpx
import pytest
from fastapi.routing import APIRoute

from edge.api.casework import router
from edge.pictures import PNG
from edge.station import Station
from edge.views import OperatorView
from sync.contract.casework import PhotoRecord, SealRecord, TransferRecord, WeightRecord
from sync.contract.ids import Seq
from tests.edge.bench import PIN, Bench, finished
from tests.edge.test_api import problem
from tests.edge.test_png import png

ROUTES = [(method, route.path) for route in router.routes if isinstance(route, APIRoute) for method in route.methods]
SIGNATURE = b64encode(png()).decode()
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"


@pytest.fixture
def exhibit(signed_in: httpx.Client, a_station: Station, officer: OperatorView) -> str:
    screening = finished(a_station, a_station.screenings.start(officer)).screening
    made = signed_in.post(f"/api/screenings/{screening}/exhibits", json={"description": "three bags"})
    assert made.status_code == 201
    return made.json()["exhibit"]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_an_anonymous_request_gets_nothing(browser: httpx.Client, method: str, path: str) -> None:
    answer = browser.request(method, path.format(screening="s-1", exhibit="e-1", seq=1), json={})
    problem(answer, 401, "not-signed-in")


def test_from_the_table_to_the_laboratory(
    bench: Bench, signed_in: httpx.Client, a_station: Station, exhibit: str
) -> None:
    second = a_station.operators.enrol("Luis Mora", "officer", PIN)
    here = f"/api/exhibits/{exhibit}"
    steps = [
        signed_in.post(f"{here}/weights", json={"value": "1250.40", "unit": "g"}),
        signed_in.post(f"{here}/photographs?caption=front", content=JPEG, headers={"Content-Type": "image/jpeg"}),
        signed_in.post(f"{here}/seals", json={"action": "applied", "seal_number": "FGR-1", "reason": "closed"}),
        signed_in.post(
            f"{here}/transfers",
            json={
                "receiver": "Luis Mora",
                "reason": "next shift",
                "seal_number": "FGR-1",
                "accepted_by": {"operator": second.id, "pin": PIN},
            },
        ),
    ]
    assert [step.status_code for step in steps] == [201] * 4
    weight, photo, seal, transfer = (bench.records()[step.json()["seq"] - 1] for step in steps)
    assert isinstance(weight, WeightRecord)
    assert isinstance(photo, PhotoRecord)
    assert photo.photo.size == len(JPEG)
    assert isinstance(seal, SealRecord)
    assert seal.source == "typed"
    assert isinstance(transfer, TransferRecord)
    assert (transfer.giver, transfer.receiver, transfer.accepted_by) == ("Ana Ruiz", "Luis Mora", second.id)


def test_a_receiver_of_this_station_proves_who_they_are(
    signed_in: httpx.Client, a_station: Station, exhibit: str
) -> None:
    second = a_station.operators.enrol("Luis Mora", "officer", PIN)
    signed_in.post(f"/api/exhibits/{exhibit}/seals", json={"action": "applied", "seal_number": "1", "reason": "closed"})
    said = {"receiver": "Luis Mora", "reason": "x", "seal_number": "1"}
    wrong = {**said, "accepted_by": {"operator": second.id, "pin": "000001"}}
    problem(signed_in.post(f"/api/exhibits/{exhibit}/transfers", json=wrong), 403, "wrong-pin")


@pytest.mark.parametrize(
    ("receiver", "accepts", "told"),
    [
        ("Luis Mora", False, "Luis Mora is of this station and accepts it"),
        ("LUIS  mora", False, "Luis Mora is of this station and accepts it"),
        ("Eva Sol", True, "Luis Mora accepted it, not Eva Sol"),
        ("luis mora", True, "Luis Mora accepted it, not luis mora"),
    ],
)
def test_nobody_of_this_station_receives_by_their_name_alone_or_for_another(
    bench: Bench, signed_in: httpx.Client, a_station: Station, exhibit: str, receiver: str, accepts: bool, told: str
) -> None:
    mora = a_station.operators.enrol("Luis Mora", "officer", PIN)
    signed_in.post(f"/api/exhibits/{exhibit}/seals", json={"action": "applied", "seal_number": "1", "reason": "closed"})
    said = {"receiver": receiver, "reason": "x", "seal_number": "1"}
    accepted = {"accepted_by": {"operator": mora.id, "pin": PIN}} if accepts else {}
    refused = signed_in.post(f"/api/exhibits/{exhibit}/transfers", json=said | accepted)
    assert told in str(problem(refused, 409, "bad-casework")["detail"])
    assert not [each for each in bench.records() if isinstance(each, TransferRecord)]


def test_who_has_it_hands_it_over(signed_in: httpx.Client, a_station: Station, exhibit: str) -> None:
    signed_in.post(f"/api/exhibits/{exhibit}/seals", json={"action": "applied", "seal_number": "1", "reason": "closed"})
    mora = a_station.operators.enrol("Luis Mora", "officer", PIN)
    said = {"receiver": "Luis Mora", "reason": "next shift", "seal_number": "1"}
    accepted = {"accepted_by": {"operator": mora.id, "pin": PIN}}
    assert signed_in.post(f"/api/exhibits/{exhibit}/transfers", json=said | accepted).status_code == 201
    said["receiver"] = "Abc, Juzgado"
    refused = signed_in.post(f"/api/exhibits/{exhibit}/transfers", json=said)
    assert "in the hands of Luis Mora" in str(problem(refused, 409, "bad-casework")["detail"])


def test_a_bag_from_outside_comes_back_and_is_opened(
    bench: Bench, signed_in: httpx.Client, officer: OperatorView, exhibit: str
) -> None:
    where = f"/api/exhibits/{exhibit}"
    signed_in.post(f"{where}/seals", json={"action": "applied", "seal_number": "1", "reason": "closed"})
    out = {"receiver": "Ines, Laboratorio", "reason": "analysis", "seal_number": "1", "drawn": SIGNATURE}
    assert signed_in.post(f"{where}/transfers", json=out).status_code == 201
    back = {"receiver": officer.name, "reason": "returned", "seal_number": "1"}
    back |= {"accepted_by": {"operator": officer.id, "pin": PIN}}
    refused = signed_in.post(f"{where}/transfers", json=back)
    assert "they draw their signature" in str(problem(refused, 409, "bad-casework")["detail"])
    assert signed_in.post(f"{where}/transfers", json=back | {"given_drawn": SIGNATURE}).status_code == 201
    sent, returned = (each for each in bench.records() if isinstance(each, TransferRecord))
    assert (sent.drawn is not None, sent.given_drawn, sent.given_by) == (True, None, officer.id)
    assert (returned.given_drawn is not None, returned.drawn, returned.given_by) == (True, None, None)
    assert (returned.giver, returned.receiver) == ("Ines, Laboratorio", "Ana Ruiz")
    opened = {"action": "broken", "seal_number": "1", "reason": "a sample"}
    assert signed_in.post(f"{where}/seals", json=opened).status_code == 201


@pytest.mark.parametrize(
    ("fields", "status", "told"),
    [
        ({"drawn": b64encode(JPEG).decode()}, 409, "drawn begins with ffd8ff"),
        ({"drawn": b64encode(PNG + b" a signature").decode()}, 409, "drawn is no PNG that can be drawn"),
        ({"given_drawn": b64encode(png()[:-1]).decode()}, 409, "given_drawn is no PNG that can be drawn"),
        ({"drawn": "AAAAA"}, 422, ""),
        ({"drawn": b64encode(bytes(2_000_000)).decode()}, 422, ""),
        ({"given_drawn": SIGNATURE}, 409, "in the hands of Ana Ruiz"),
        ({"receiver": "Ana Ruiz", "accepted_by": None, "drawn": SIGNATURE}, 409, "accepts it by their own PIN"),
    ],
)
def test_a_signature_that_is_none_or_of_somebody_of_this_station_moves_no_bag(
    bench: Bench, signed_in: httpx.Client, exhibit: str, fields: dict[str, object], status: int, told: str
) -> None:
    signed_in.post(f"/api/exhibits/{exhibit}/seals", json={"action": "applied", "seal_number": "1", "reason": "closed"})
    said = {"receiver": "Ines, Laboratorio", "reason": "analysis", "seal_number": "1"} | fields
    refused = signed_in.post(f"/api/exhibits/{exhibit}/transfers", json=said)
    code = "bad-casework" if status == 409 else "bad-request"
    assert told in str(problem(refused, status, code).get("detail"))
    assert not [each for each in bench.records() if isinstance(each, TransferRecord)]


def test_who_accepts_by_a_pin_draws_nothing(signed_in: httpx.Client, a_station: Station, exhibit: str) -> None:
    mora = a_station.operators.enrol("Luis Mora", "officer", PIN)
    signed_in.post(f"/api/exhibits/{exhibit}/seals", json={"action": "applied", "seal_number": "1", "reason": "closed"})
    said = {"receiver": "Luis Mora", "reason": "next shift", "seal_number": "1", "drawn": SIGNATURE}
    accepted = {"accepted_by": {"operator": mora.id, "pin": PIN}}
    refused = signed_in.post(f"/api/exhibits/{exhibit}/transfers", json=said | accepted)
    assert "accepts it by a PIN, and draws nothing" in str(problem(refused, 409, "bad-casework")["detail"])


def test_a_seal_number_serves_once(signed_in: httpx.Client, exhibit: str) -> None:
    def seal(action: str, number: str) -> httpx.Response:
        body = {"action": action, "seal_number": number, "reason": "why"}
        return signed_in.post(f"/api/exhibits/{exhibit}/seals", json=body)

    assert seal("applied", "FGR-1").status_code == 201
    assert seal("broken", "FGR-1").status_code == 201
    assert "used before" in str(problem(seal("applied", "FGR-1"), 409, "bad-casework")["detail"])
    assert seal("applied", "FGR-2").status_code == 201


def test_what_is_no_picture_is_refused(signed_in: httpx.Client, exhibit: str) -> None:
    where = f"/api/exhibits/{exhibit}/photographs"
    for content, media in ((b"", "jpeg"), (b"no picture", "jpeg"), (JPEG, "png"), (b"RIFF....WAVE", "webp")):
        refused = signed_in.post(where, content=content, headers={"Content-Type": f"image/{media}"})
        problem(refused, 409, "bad-casework")
    problem(signed_in.post(where, content=b"x", headers={"Content-Type": "text/html"}), 422, "bad-request")


def test_no_scale_is_taken_at_its_word(bench: Bench, signed_in: httpx.Client, exhibit: str) -> None:
    where, weight = f"/api/exhibits/{exhibit}/weights", {"value": "1250.40", "unit": "g"}
    problem(signed_in.post(where, json={**weight, "scale": "A&D GX-2000"}), 422, "bad-request")
    seq = signed_in.post(where, json=weight).json()["seq"]
    made = bench.records()[seq - 1]
    assert isinstance(made, WeightRecord)
    assert (made.source, made.scale) == ("typed", None)


@pytest.mark.parametrize("hidden", ["\N{RIGHT-TO-LEFT OVERRIDE}", "\x1b[2J", "\0", "\n", "\N{ZERO WIDTH SPACE}"])
def test_words_hold_no_letter_that_nobody_sees(
    bench: Bench, signed_in: httpx.Client, exhibit: str, hidden: str
) -> None:
    before, said, here = bench.records(), f"polvo {hidden}005", f"/api/exhibits/{exhibit}"
    answers = [
        signed_in.post(f"{here}/seals", json={"action": "applied", "seal_number": "1", "reason": said}),
        signed_in.post(
            f"{here}/photographs", params={"caption": said}, content=JPEG,
            headers={"Content-Type": "image/jpeg"},
        ),
        signed_in.post(
            f"/api/entries/{len(before)}/amendments",
            json={"reason": "typed wrongly", "changes": [["description", "three bags", said]]},
        ),
    ]  # fmt: skip
    for answer in answers:
        assert "which nobody sees" in str(problem(answer, 409, "bad-casework")["detail"])
    assert bench.records() == before


def test_an_amendment_names_what_it_corrects(bench: Bench, signed_in: httpx.Client, exhibit: str) -> None:
    concerned = Seq(len(bench.records()))
    body = {"reason": "typed wrongly", "changes": [["description", "three bags", "four bags"]]}
    assert signed_in.post(f"/api/entries/{concerned}/amendments", json=body).status_code == 201
    problem(signed_in.post("/api/entries/999/amendments", json=body), 409, "bad-casework")
    assert exhibit
