"""A reading in words: what it names, how sure, why, and what to do."""

import re
from dataclasses import replace
from typing import Any

import pytest

from edge.views import Interruption, ReadingState, ReadingView
from edge.web import forms, stereo_words
from edge.web.confidence import Bin, Curve, so_many
from edge.web.reader import Reader
from edge.web.results import Result
from edge.web.translations import load_languages
from models.catalogue import Catalogue, Substance
from models.reach import Reach
from sync.contract.explanation import EvidencePart, ExplanationPart
from sync.contract.ids import OperatorId, ReadingId, ScreeningId, Seq, StationId
from sync.contract.records import (
    PRESUMPTIVE,
    ComponentPart,
    Conclusion,
    FamilyPart,
    HitPart,
    IdentificationPart,
    ReadingPart,
    ResidualPart,
    ScreeningRecord,
    Timestamp,
)
from sync.contract.stereoisomers import FormPart
from sync.contract.suspects import FIELD, SuspectsPart

CATALOGUE, LANGUAGES = Catalogue.load(), load_languages()
NOW = Timestamp(wall="2026-11-22T18:42:07.000000Z", monotonic_ns=1, boot="b", trust="synchronised")
BUNDLE = "2" * 64
CURVE = Curve([Bin(0.1, 0.1, 200), Bin(0.5, 0.45, 200), Bin(0.75, 0.73, 200), Bin(0.96, 0.97, 862)], BUNDLE)
REACH = Reach(
    frozenset({"PJMPHNIQZUBGLI", "ZPUCINDJVBIVPJ"}),
    frozenset({"PJMPHNIQZUBGLI"}),
    "e" * 64,
    {"ABCDEFGHIJKLMN": "opioid-nitazene"},
)
FENTANYL, COCAINE = "PJMPHNIQZUBGLI-UHFFFAOYSA-N", "ZPUCINDJVBIVPJ-UHFFFAOYSA-N"


def reading(
    conclusion: Conclusion,
    *reasons: str,
    hits: list[HitPart] | None = None,
    families: list[FamilyPart] | None = None,
    components: list[ComponentPart] | None = None,
    library: str = "1" * 64,
) -> ReadingView:
    identification = IdentificationPart(
        conclusion=conclusion, reasons=list(reasons), hits=hits or [], families=families or [], unknown=False,
        library=library, bundle=BUNDLE, components=components or [],
        residual=ResidualPart(share=0.12, mz=[110]) if components else None,
    )  # fmt: skip
    return view("done", None, identification)


def view(state: ReadingState, problem: Interruption | None, identification: IdentificationPart | None) -> ReadingView:
    part = ReadingPart(
        reading=ReadingId("r-1"), started=NOW, ended=NOW, outcome="measured", problem=None, instrument=None,
        attachments=[], identification=identification,
    )  # fmt: skip
    record = ScreeningRecord(
        station=StationId("MX-TIJ-01"), operator=OperatorId("op-1"), recorded=NOW, software="garita",
        screening=ScreeningId("s-1"), subject_kind="unidentified", presumptive=PRESUMPTIVE,
        conclusion=identification.conclusion if identification else "fault", readings=[part],
    )  # fmt: skip
    return ReadingView(
        id=ReadingId("r-1"), screening=ScreeningId("s-1"), operator=OperatorId("op-1"), state=state, percent=100,
        stage="finished", started=NOW, problem=problem, record=record, seq=Seq(7), sync="waiting", receipt=None,
        log_index=None, training=False,
    )  # fmt: skip


def hit(inchikey: str = FENTANYL, **values: Any) -> HitPart:
    return HitPart(
        **{"name": "Fentanyl", "inchikey": inchikey, "probability": 0.97, "score": 0.9, "isomers": [], **values}
    )


def say(given: ReadingView, language: str = "es", curve: Curve = CURVE) -> Result:
    return Reader(LANGUAGES[language], CATALOGUE, curve, REACH).result(given)


def test_an_alarm_names_the_substance_in_the_language_of_the_screen() -> None:
    given = reading("alarm", "controlled-substance", hits=[hit()])
    assert (say(given).substance, say(given, "en").substance) == ("Fentanilo", "Fentanyl")
    assert say(given).second.title == "Remita a la autoridad competente"


@pytest.mark.parametrize(
    ("probability", "kind", "told"), [(0.95, "alarm", True), (0.5, "alarm", False), (0.95, "no_alarm", False)]
)
def test_a_family_that_is_likely_beside_what_is_named_is_told(probability: float, kind: Conclusion, told: bool) -> None:
    families = [FamilyPart(family="stimulant-cocaine", probability=0.97)]
    fentanyls = FamilyPart(family="opioid-fentanyl", probability=probability)
    given = reading(kind, "controlled-substance", hits=[hit(COCAINE, name="Cocaine")], families=[*families, fentanyls])
    assert ("También probable: Familia del fentanilo" in say(given).also) is told
    assert "Cocaína y afines" not in say(given).also


def plain(text: str) -> str:
    return text.replace(forms.SPACE, " ")


def component(inchikey: str, name: str, share: float) -> ComponentPart:
    return ComponentPart(name=name, inchikey=inchikey, isomers=[], share=share, probability=0.96)


def test_a_mixture_names_each_of_its_substances_and_how_much_of_the_signal_each_gives() -> None:
    parts = [component(FENTANYL, "Fentanyl", 0.1), component(COCAINE, "Cocaine", 0.7)]
    hits = [hit(), hit(COCAINE, name="Cocaine")]
    given = reading("alarm", "controlled-substance", "mixture", hits=hits, components=parts)
    assert say(given).substance == "Mezcla: Fentanilo + Cocaína"
    assert say(given, "en").substance == "Mixture: Fentanyl + Cocaine"
    assert (
        plain(say(given, "en").also)
        == "Of the signal: Fentanyl 10 %, Cocaine 70 %, other substances 8 %, unexplained 12 %"
    )
    assert say(given).first.title == "Opioide muy potente"


@pytest.mark.parametrize("shares", [(0.62, 0.31), (0.5, 0.5), (0.335, 0.335), (0.004, 0.4), (0.29, 0.595)])
def test_the_parts_of_a_mixture_never_come_to_more_than_the_whole(shares: tuple[float, float]) -> None:
    names = [(FENTANYL, "Fentanyl"), (COCAINE, "Cocaine")]
    parts = [component(*name, share) for name, share in zip(names, shares, strict=True)]
    given = reading("alarm", "controlled-substance", "mixture", hits=[hit()], components=parts)
    told = [int(each) for each in re.findall(r"(?<!<)\b([0-9]+) %", plain(say(given).also))]
    assert sum(told) in (99, 100)


def mixed(substances: list[Substance]) -> Result:
    parts = [component(each.inchikey, each.name, 0.15) for each in substances]
    hits = [hit(each.inchikey, name=each.name) for each in substances]
    return say(reading("alarm", "controlled-substance", "mixture", hits=hits, components=parts), "en")


def test_a_mixture_of_many_names_the_gravest_and_counts_the_rest() -> None:
    listed = [each for each in CATALOGUE.substances if len(each.name) in (10, 11)][:5]
    result = mixed(listed)
    assert result.substance == f"Mixture: {listed[0].name} and 4 more"
    assert all(each.name in result.also for each in listed)


def test_a_mixture_of_long_names_tells_only_the_gravest_on_this_screen() -> None:
    listed = [each for each in CATALOGUE.substances if len(each.name) > 28][:5]
    result = mixed(listed)
    assert result.substance == f"Mixture with {listed[0].name}"
    assert plain(result.also).startswith(f"Of the signal: {listed[0].name} 15 %")
    assert listed[4].name not in result.also
    assert result.is_crowded


def test_a_mixture_with_one_substance_sure_enough_tells_that_there_are_others() -> None:
    given = reading(
        "alarm", "controlled-substance", "mixture", hits=[hit()], components=[component(FENTANYL, "Fentanyl", 0.18)]
    )
    assert say(given).substance == "Mezcla con Fentanilo"
    assert plain(say(given).also) == "De la señal: Fentanilo 18 %, otras sustancias 70 %; sin explicar 12 %"


def test_of_several_spanish_names_the_first_is_shown() -> None:
    assert say(reading("alarm", "controlled-substance", hits=[hit("SHXWCVYOXRDMCX-UHFFFAOYSA-N")])).substance == "MDMA"


def test_a_mixture_whose_gravest_substance_is_one_of_several_names_no_single_one() -> None:
    parts = [component(COCAINE, "Cocaine", 0.7)]
    hits = [hit(probability=0.4), hit(COCAINE, name="Cocaine")]
    result = say(reading("alarm", "controlled-substance", "mixture", "ambiguous", hits=hits, components=parts))
    assert (result.substance, result.sure) == ("Quizá Fentanilo / Cocaína", None)
    assert plain(result.also).startswith("De la señal: Cocaína 70 %")


def test_isomers_are_named_with_the_substance() -> None:
    given = reading("alarm", "controlled-substance", "isomers-not-told-apart", hits=[hit(isomers=["Cocaine"])])
    assert say(given).also == "o un isómero: Cocaína"


def test_of_many_isomers_the_first_are_named_and_the_rest_counted() -> None:
    given = reading("alarm", "controlled-substance", hits=[hit(isomers=["A", "B", "C", "D", "E"])])
    assert say(given, "en").also == "or an isomer: A, B, C and 2 more"


@pytest.mark.parametrize(
    ("name", "isomers", "language", "also"),
    [
        ("Methamphetamine", [], "es", "o una forma espejo: Levometanfetamina"),
        ("Methamphetamine", ["PMA"], "en", "or an isomer: PMA; or a mirror form: Levomethamphetamine"),
        ("Ephedrine", ["Pseudoephedrine"], "es", "o un estereoisómero: Seudoefedrina"),
        ("Cocaine", [], "en", "or a stereoisomer: Pseudococaine"),
        ("Fentanyl", [], "en", ""),
    ],
)
def test_forms_that_differ_in_space_alone_are_named(name: str, isomers: list[str], language: str, also: str) -> None:
    assert say(of(name, isomers), language).also == also


def of(name: str, isomers: list[str]) -> ReadingView:
    substance = next(each for each in CATALOGUE.substances if each.name == name)
    named = hit(substance.inchikey, name=name, isomers=isomers)
    return reading("alarm", "controlled-substance", "stereoisomers-not-told-apart", hits=[named])


def test_of_many_forms_the_first_are_named_and_the_rest_counted() -> None:
    forms = [FormPart(name=each, inchikey=each, kind="diastereomer", listed=[]) for each in "ABC"]
    assert stereo_words.offered(LANGUAGES["en"], CATALOGUE, forms, 2) == "or a stereoisomer: A, B and 1 more"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Levorphanol", "Dextrorfano: ONU: en ninguna lista conocida"),
        ("Dextromethorphan", "Levometorfano, Racemetorfano: ONU: Convención 1961, Lista I, sin verificar"),
    ],
)
def test_a_form_that_stands_otherwise_in_the_law_is_told_with_its_list(name: str, line: str) -> None:
    assert line in say(of(name, [])).second.lines


def test_a_form_that_stands_as_the_substance_does_takes_no_line_of_its_own() -> None:
    assert not any("Levomet" in line for line in say(of("Methamphetamine", [])).second.lines)


def test_all_that_is_known_of_each_form_goes_on_paper() -> None:
    told = say(of("Levorphanol", []), "en").stereo
    assert told == (
        "Dextrorphan (mirror form): UN: on no list that we know",
        "Racemorphan (both mirror forms together): UN: Convention 1961, Schedule I",
    )
    assert say(of("Fentanyl", [])).stereo == ()


def test_in_a_mixture_the_remark_takes_the_place_of_the_names() -> None:
    parts = [component(FENTANYL, "Fentanyl", 0.1), component(COCAINE, "Cocaine", 0.7)]
    codes = ("controlled-substance", "mixture", "stereoisomers-not-told-apart")
    result = say(reading("alarm", *codes, hits=[hit()], components=parts), "en")
    assert "Only a laboratory tells its stereoisomers apart." in result.second.lines


def test_rows_of_other_possibilities_are_left_out_where_they_have_no_room() -> None:
    many = [hit(name=f"{number} {'x' * 60}", inchikey="K", isomers=["A", "B", "C", "D"]) for number in range(5)]
    result = say(reading("alarm", "controlled-substance", hits=many), "en")
    assert len(result.others) == 5
    assert 0 < len(result.shown) < 5
    assert (result.shown[0].short, result.others[0].isomers) == (
        "or an isomer: A, B, C and 1 more",
        "or an isomer: A, B, C, D",
    )


def test_that_only_a_laboratory_tells_is_among_the_reasons() -> None:
    assert any("laboratorio distingue sus estereoisómeros" in line for line in say(of("Cocaine", [])).why.lines)


def test_where_only_the_family_is_likely_no_substance_is_named() -> None:
    families = [FamilyPart(family="opioid-fentanyl", probability=0.8)]
    result = say(reading("caution", "family-only", hits=[hit(probability=0.3)], families=families))
    assert result.substance == "Familia probable: Familia del fentanilo"
    assert result.first.title == "Opioide muy potente"
    assert result.sure is None


def test_a_family_beside_what_was_recognised_is_said_with_its_share_of_the_signal() -> None:
    families = [
        FamilyPart(family="opioid-nitazene", probability=0.9),
        FamilyPart(family="adulterant", probability=0.99),
    ]
    parts = [component(COCAINE, "Cocaine", 0.88)]
    result = say(reading("caution", "family-only", "mixture", hits=[hit()], families=families, components=parts))
    assert result.substance == "Familia probable: Nitaceno"
    assert "Cocaína 88" in result.also
    assert "sin explicar 12" in result.also
    assert result.sure is None


def test_where_several_fit_no_single_one_is_named() -> None:
    hits = [hit(probability=0.3), hit(COCAINE, name="Cocaine", probability=0.3)]
    result = say(reading("caution", "document-check", "ambiguous", hits=hits))
    assert (result.substance, result.sure) == ("Quizá Fentanilo / Cocaína", None)


def suspecting(*reasons: str, conclusion: Conclusion = "caution", **parts: Any) -> ReadingView:
    said = reading(conclusion, *reasons, **parts).record
    assert said is not None
    identification = said.readings[0].identification
    assert identification is not None
    suspect = hit(probability=0.87, isomers=["Heroin", "Cocaine"])
    return view("done", None, identification.model_copy(update={FIELD: SuspectsPart(of=[suspect]).model_dump()}))


CREATINE = hit("CVSVTCORWBXHQV-UHFFFAOYSA-N", name="Creatine", probability=0.6)


@pytest.mark.parametrize(
    ("language", "headline", "also"),
    [
        ("es", "Quizá Fentanilo / Creatina", "Sospecha: Fentanilo, o un isómero: Heroína y 1 más (87 %)"),
        ("en", "Perhaps Fentanyl / Creatine", "Suspected: Fentanyl, or an isomer: Heroin and 1 more (87 %)"),
    ],
)
def test_a_suspect_is_named_before_what_was_recognised(language: str, headline: str, also: str) -> None:
    result = say(suspecting("controlled-substance", "ambiguous", hits=[CREATINE]), language)
    assert (result.substance, plain(result.also), result.sure) == (headline, also, None)
    assert [each.name for each in result.others] == headline.split()[1::2]
    assert (result.hazard, result.suspected) == ("H1-ULTRA", True)
    assert result.second.lines[-1].startswith("Fentan")


def test_what_no_list_has_is_not_named_alone_where_something_else_is_suspected() -> None:
    result = say(suspecting("document-check", hits=[CREATINE]), "en")
    assert result.substance == "Perhaps Fentanyl / Creatine"
    assert not say(reading("caution", "document-check", hits=[CREATINE]), "en").suspected


def test_beside_what_is_named_a_suspect_stands_below() -> None:
    named, parts = hit(COCAINE, name="Cocaine"), [component(COCAINE, "Cocaine", 0.7)]
    given = suspecting("controlled-substance", "mixture", conclusion="alarm", hits=[named], components=parts)
    result = say(given, "en")
    assert result.substance == "Mixture with Cocaine"
    assert plain(result.also).startswith("Suspected: Fentanyl, or an isomer: Heroin and 1 more (87 %). Of the signal: ")
    assert [[each.name for each in told] for told in (result.found, result.others)] == [["Cocaine"], ["Fentanyl"]]
    assert result.hazard == "H1-ULTRA"


def test_nobody_is_suspected_on_a_screen_that_concludes_nothing() -> None:
    assert say(suspecting("partly-unexplained", conclusion="inconclusive", hits=[CREATINE])).also == ""


def test_no_alarm_warns_that_it_is_not_safety() -> None:
    result = say(reading("no_alarm", "recognised-not-listed", hits=[hit("RYYVLZVUVIJVGH-UHFFFAOYSA-N")]))
    assert (result.word, result.also, result.primary) == ("SIN ALARMA", "No significa que sea seguro.", "finish")


@pytest.mark.parametrize(
    ("conclusion", "reason", "primary"),
    [
        ("alarm", "controlled-substance", "case"),
        ("caution", "document-check", "repeat"),
        ("inconclusive", "weak-signal", "repeat"),
        ("no_alarm", "recognised-not-listed", "finish"),
        ("fault", "no-spectrum", "coach"),
    ],
)
def test_each_conclusion_has_its_own_next_act(conclusion: Conclusion, reason: str, primary: str) -> None:
    assert say(reading(conclusion, reason, hits=[hit()])).primary == primary


@pytest.mark.parametrize(
    ("conclusion", "reason", "papers"),
    [
        ("caution", "document-check", True),
        ("caution", "precursor-document-check", True),
        ("alarm", "licit-medicine", True),
        ("alarm", "controlled-substance", False),
        ("no_alarm", "licit-medicine", False),
    ],
)
def test_papers_come_first_where_it_may_be_lawful(conclusion: Conclusion, reason: str, *, papers: bool) -> None:
    assert say(reading(conclusion, reason, hits=[hit()])).papers is papers


def test_a_precursor_asks_for_papers_before_any_referral() -> None:
    assert say(reading("caution", "precursor-document-check", hits=[hit()])).second.title == "Pida los papeles"


def test_a_medicine_may_be_lawful() -> None:
    result = say(reading("alarm", "controlled-substance", "licit-medicine", hits=[hit()]))
    assert "Puede ser lícito con receta o permiso." in result.second.lines


@pytest.mark.parametrize("conclusion", ["inconclusive", "fault"])
@pytest.mark.parametrize("reason", ["weak-signal", "unknown-compound", "malformed-input", "a-reason-of-later-software"])
def test_inconclusive_and_fault_have_a_reason_and_a_step(conclusion: Conclusion, reason: str) -> None:
    result = say(reading(conclusion, reason, hits=[hit()]))
    assert result.first.lines
    assert result.second.lines
    assert result.substance == "Nada se concluye de la muestra"


@pytest.mark.parametrize("interruption", list(Interruption))
def test_a_reading_that_was_cut_short_is_never_a_verdict(interruption: Interruption) -> None:
    state: ReadingState = "stopped" if interruption is Interruption.STOPPED else "failed"
    result = say(view(state, interruption, None))
    assert result.kind in ("stopped", "fault")
    assert result.second.lines


def test_a_frequency_is_what_was_measured_of_such_readings() -> None:
    sure = say(reading("alarm", "controlled-substance", hits=[hit(probability=0.95)])).sure
    assert sure is not None
    assert (sure.word, sure.frequency) == ("Alta", "acierta unas 19 de cada 20")
    assert sure.source == "medido en 862 lecturas"
    assert sure.tested == (
        "En pruebas de este modelo, un resultado así acierta unas 19 de cada 20, "
        "medido en 862 lecturas de sustancias conocidas en laboratorios, no en esta estación."
    ), "papers tell it as it was measured: nothing of it at the post"


@pytest.mark.parametrize(
    "curve",
    [Curve([], BUNDLE), Curve([Bin(0.96, 0.97, 12)], BUNDLE), Curve(CURVE.bins, "3" * 64)],
    ids=["no calibration", "too few readings", "of another model"],
)
def test_without_a_measurement_no_number_is_shown(curve: Curve) -> None:
    assert say(reading("alarm", "controlled-substance", hits=[hit()]), curve=curve).sure is None


def test_without_a_probability_no_number_is_shown() -> None:
    assert say(reading("alarm", "controlled-substance", hits=[hit(probability=None)])).sure is None


@pytest.mark.parametrize(
    ("part", "expected"), [(1.0, (99, 100)), (0.99, (99, 100)), (0.97, (19, 20)), (0.87, (8, 10)), (0.04, (0, 10))]
)
def test_a_frequency_is_rounded_down_and_never_all(part: float, expected: tuple[int, int]) -> None:
    assert so_many(part) == expected


@pytest.mark.parametrize("first", ["Cocaine", "Methamphetamine", "Diazepam", "Heroin", "Caffeine"])
@pytest.mark.parametrize("second", ["Fentanyl", "Sufentanil", "Metonitazene"])
def test_the_card_of_a_mixture_is_that_of_its_gravest_component(first: str, second: str) -> None:
    found = [row for name in (first, second) if (row := CATALOGUE.named(name)) is not None]
    hits = [hit(row.inchikey, name=row.name, probability=0.99) for row in found]
    parts = [
        ComponentPart(name=row.name, inchikey=row.inchikey, isomers=[], share=0.4, probability=0.99) for row in found
    ]
    given = reading("alarm", "controlled-substance", "mixture", hits=hits, components=parts)
    assert say(given).hazard == "H1-ULTRA"
    assert say(given, "en").card.lines[-1] == "Naloxone and a trained person at hand."


def test_a_family_that_is_likely_beside_what_is_named_counts_for_the_card() -> None:
    nitazene = [FamilyPart(family="opioid-nitazene", probability=0.4)]
    assert say(reading("alarm", "controlled-substance", hits=[hit(COCAINE)], families=nitazene)).hazard == "H1-ULTRA"
    assert say(reading("alarm", "controlled-substance", hits=[hit(COCAINE)])).hazard == "H3-STIM"


def test_the_card_of_what_a_state_added_is_that_of_its_family() -> None:
    added = hit("ABCDEFGHIJKLMN-UHFFFAOYSA-N", name="N-pyrrolidino protonitazene")
    family = [FamilyPart(family="opioid-nitazene", probability=0.96)]
    given = reading("alarm", "controlled-substance", hits=[added], families=family)
    assert say(given).hazard == "H1-ULTRA"
    assert say(reading("alarm", "controlled-substance", hits=[added])).hazard == "H12-PREC"


def test_the_family_in_a_row_is_that_of_the_substance_itself() -> None:
    """A likely family is what the reading has: it says nothing of a sugar that it resembles first."""
    likely = [FamilyPart(family="opiate", probability=0.99)]
    sugar = hit("AAAAAAAAAAAAAA-UHFFFAOYSA-N", name="Man5GlcNAc-II")
    added = hit("ABCDEFGHIJKLMN-UHFFFAOYSA-N", name="Added here")
    for hits in ([sugar, added, hit()], [added, sugar, hit()]):
        result = say(reading("caution", "family-only", hits=hits, families=likely))
        assert {each.name: each.family for each in result.others} == {
            "Man5GlcNAc-II": "",
            "Added here": "Nitaceno",
            "Fentanilo": "Familia del fentanilo",
        }


def test_what_it_may_be_or_perhaps_is_counts_for_the_card() -> None:
    hits = [hit(COCAINE, probability=0.45), hit(probability=0.4)]
    assert say(reading("caution", "controlled-substance", "ambiguous", hits=hits)).hazard == "H1-ULTRA"


def mixture(*names: str, isomers: tuple[str, ...] = ()) -> ReadingView:
    found = [row for name in names if (row := CATALOGUE.named(name)) is not None]
    parts = [
        ComponentPart(name=row.name, inchikey=row.inchikey, isomers=[*isomers], share=0.4, probability=0.99)
        for row in found
    ]
    hits = [hit(row.inchikey, name=row.name) for row in found]
    return reading("alarm", "controlled-substance", "mixture", hits=hits, components=parts)


def test_the_law_and_the_isomers_of_every_component_of_a_mixture_are_said() -> None:
    lines = say(mixture("Diazepam", "Codeine", isomers=("Hydromorphone",)), "en").second.lines
    assert lines[0] == "UN: Convention 1971, Schedule IV (Diazepam); Convention 1961, Schedule II (Codeine)"
    assert lines[1] == "Mexico: list to be verified"
    assert lines[2] == "Diazepam, or an isomer: Hydromorphone"
    lines = say(mixture("Diazepam", "Fentanyl", "Caffeine"), "en").second.lines
    assert not any("Caffeine" in line for line in lines)
    assert say(mixture("Morphine", isomers=("Hydromorphone",)), "en").second.lines[-1] == (
        "Morphine, or an isomer: Hydromorphone"
    )
    four = say(mixture("Diazepam", "Fentanyl", "Cocaine", "Heroin"), "en").second.lines
    assert four[-1] == "1 substance more"


def test_of_no_substance_is_an_authority_left_out() -> None:
    mixed, law = say(mixture("Heroin", "Cocaine", "Fentanyl")), "Ley General de Salud (LGS)"
    assert mixed.second.lines[-2:] == (
        "ONU: Convención 1961, Listas I y IV (Heroína); Convención 1961, Lista I (Cocaína, Fentanilo)",
        f"México: lista por verificar (Heroína); {law} (Cocaína); {law}, sin verificar (Fentanilo)",
    )
    fentanyl = ("ONU: Convención 1961, Lista I", "México: Ley General de Salud (LGS), sin verificar")
    assert mixed.law == (
        "Heroína: ONU: Convención 1961, Listas I y IV; México: lista por verificar",
        "Cocaína: ONU: Convención 1961, Lista I; México: Ley General de Salud (LGS)",
        f"Fentanilo: {'; '.join(fentanyl)}",
    )
    assert say(reading("alarm", "controlled-substance", hits=[hit()])).law == fentanyl
    assert len(say(mixture("Diazepam", "Fentanyl", "Cocaine", "Heroin")).law) == 4


def test_what_was_found_in_a_mixture_is_no_other_possibility() -> None:
    parts = [component(FENTANYL, "Fentanyl", 0.1), component(COCAINE, "Cocaine", 0.7)]
    hits = [hit(), hit(COCAINE, name="Cocaine"), hit("RYYVLZVUVIJVGH-UHFFFAOYSA-N", name="Caffeine")]
    result = say(reading("alarm", "controlled-substance", "mixture", hits=hits, components=parts))
    assert [(each.name, plain(each.share)) for each in result.found] == [("Fentanilo", "10 %"), ("Cocaína", "70 %")]
    assert [each.name for each in result.others] == ["Cafeína"]
    assert [each.name for each in result.shown] == ["Fentanilo", "Cocaína", "Cafeína"]
    alone = say(reading("alarm", "controlled-substance", hits=hits))
    assert (alone.found, len(alone.others)) == ((), 3)


def test_no_frequency_stands_where_none_was_measured() -> None:
    assert say(reading("alarm", "controlled-substance", hits=[hit()])).sure is not None
    mixed, added = say(mixture("Fentanyl", "Cocaine")), hit("ABCDEFGHIJKLMN-UHFFFAOYSA-N")
    assert (mixed.sure, {each.sure for each in mixed.found}) == (None, {None})
    assert say(reading("alarm", "controlled-substance", hits=[added])).sure is None
    by_ei = reading("alarm", "controlled-substance", hits=[hit()], library=REACH.ei_library)
    assert say(by_ei).sure is None


def test_no_alarm_says_how_many_substances_could_have_been_recognised() -> None:
    given = reading("no_alarm", "recognised-not-listed", hits=[hit("RYYVLZVUVIJVGH-UHFFFAOYSA-N", name="Caffeine")])
    listed = sum(each.standing.value != "unlisted" for each in CATALOGUE.substances)
    said = say(given, "en").first.lines[0]
    assert said == f"Of {listed} controlled or watched substances it knows 2, and recognised none."


def evidence(family: str, *patterns: list[int]) -> EvidencePart:
    said = ["" for _ in patterns]
    return EvidencePart(family=family, patterns=list(patterns), meanings=said, sources=said, nearest=[])


def unsure(*families: EvidencePart, reason: str = "partly-unexplained") -> ReadingView:
    part = ExplanationPart(
        preprocessing="1", removed={}, shift=[], against=COCAINE, peaks=[], unexplained_part=0, unexplained=[],
        families=list(families), doubts=[],
    )  # fmt: skip
    plain = reading("inconclusive", reason, hits=[hit(COCAINE, probability=0.1)])
    assert plain.record
    [told] = plain.record.readings
    assert told.identification
    found = IdentificationPart.model_validate({**told.identification.model_dump(), "explanation": part.model_dump()})
    return view("done", None, found)


def test_what_speaks_for_a_dangerous_family_is_said_though_nothing_is_concluded() -> None:
    fentanyls, nitazenes = evidence("opioid-fentanyl", [84, 105, 188]), evidence("opioid-nitazene", [100])
    result = say(unsure(evidence("opiate", [1]), fentanyls), "es")
    assert (result.kind, result.hazard, result.also) == (
        "inconclusive", "H1-ULTRA", "Indicios: Familia del fentanilo. Protéjase.",
    )  # fmt: skip
    assert result.brief == result.warned == "Indicios: Familia del fentanilo"
    assert result.card.title == "Opioide muy potente"
    assert say(unsure(nitazenes, fentanyls), "en").brief == "Signs of: Nitazene"


@pytest.mark.parametrize(
    "given",
    [
        unsure(),
        unsure(evidence("opioid-fentanyl")),
        unsure(evidence("stimulant-amphetamine", [91, 119])),
        replace(unsure(evidence("opioid-fentanyl", [84, 105, 188])), state="stopped"),
    ],
    ids=["nothing", "a likeness alone", "a family that harms nobody at once", "stopped"],
)
def test_what_speaks_for_no_dangerous_family_warns_of_none(given: ReadingView) -> None:
    result = say(given)
    assert (result.hazard, "Signs of" in result.brief + result.also) == ("", False)
