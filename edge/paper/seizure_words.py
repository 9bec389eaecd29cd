"""A seizure on paper: its witnesses and numbers, and who signed for which entries."""

from collections.abc import Iterator

from edge.paper.sheet import Line
from edge.paper.teller import METHODS, Teller
from edge.web import case_words, forms, witness_words
from sync.contract.seizure import ReferenceRecord, SignatureRecord, WitnessRecord


def tell_witness(teller: Teller, record: WitnessRecord) -> Iterator[Line]:
    yield Line(teller.say(witness_words.WITNESSES[record.role]))
    asked = teller.say("Agreed or not") if record.role == "searched" else teller.say("Present or not")
    yield Line(asked, teller.answered.get(record) or teller.say(witness_words.stance(record)), "strong")
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
