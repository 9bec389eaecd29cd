"""A seizure on paper: its witnesses and numbers, and who signed for which entries."""

from collections.abc import Iterator, Sequence

from babel.lists import format_list

from edge.paper.sheet import Line
from edge.paper.teller import METHODS, Teller
from edge.web import case_words, forms
from edge.web.translations import mark as _
from sync.contract.seizure import MissingPart, ReferenceRecord, SignatureRecord, WitnessRecord


def tell_witness(teller: Teller, record: WitnessRecord) -> Iterator[Line]:
    yield Line(teller.say(case_words.WITNESSES[record.role]))
    asked = teller.say("Agreed or not") if record.role == "searched" else teller.say("Present or not")
    yield Line(asked, teller.answered.get(record) or teller.say(case_words.stance(record)), "strong")
    if record.reference:
        yield Line(teller.say("Badge or file"), record.reference)


def tell_reference(teller: Teller, record: ReferenceRecord) -> Iterator[Line]:
    yield Line(teller.say(case_words.REFERENCES[record.kind]))
    yield Line(teller.say("Number"), record.number, "strong")


def tell_signature(teller: Teller, record: SignatureRecord) -> Iterator[Line]:
    yield Line(teller.say("Signed"))
    yield Line(teller.say("Name"), record.name, "strong")
    yield Line(teller.say("How"), teller.say(METHODS[record.method]))
    yield Line(teller.say("Entries"), ", ".join(forms.number(each.seq) for each in record.concerns))
    if record.missing:
        yield Line(teller.say("Not there when it was signed"), "; ".join(lacking(teller, record.missing)), "strong")


def lacking(teller: Teller, missing: Sequence[MissingPart]) -> Iterator[str]:
    """Yield each step that is missing, and of which exhibits."""
    steps: dict[str, list[int]] = {}
    for each in missing:
        numbers = steps.setdefault(each.step, [])
        if each.exhibit:
            numbers.append(teller.exhibits[each.exhibit])
    for step, numbers in steps.items():
        what, several = teller.say(case_words.STEPS[step]), len(numbers) > 1
        listed = format_list([str(number) for number in numbers], locale=teller.language.locale)
        of = _("%(what)s of exhibits %(number)s") if several else _("%(what)s of exhibit %(number)s")
        yield teller.say(of, what=what, number=listed) if numbers else what
