"""Plain words for every stable code: what the officer reads instead of it, in the language of the screen."""

from collections.abc import Mapping

from drivers.family import Role
from edge.checking import MISSING, NOT_EMPTY, NOT_NAMED
from edge.views import Interruption
from edge.web.translations import Language
from edge.web.translations import mark as _
from models.conclusion import Reason

CONCLUSIONS: Mapping[str, str] = {
    "alarm": _("ALARM"),
    "caution": _("CAUTION"),
    "no_alarm": _("NO ALARM"),
    "inconclusive": _("INCONCLUSIVE"),
    "fault": _("EQUIPMENT FAULT"),
    "stopped": _("STOPPED"),
}

REASONS: Mapping[str, str] = {
    Reason.CONTROLLED_SUBSTANCE: _("It resembles a controlled substance."),
    Reason.STATUS_UNVERIFIED: _("Its legal status is unverified."),
    Reason.DOCUMENT_CHECK: _("It is under watch, and has lawful uses."),
    Reason.PRECURSOR_DOCUMENT_CHECK: _("It is a precursor, and has lawful uses."),
    Reason.LICIT_MEDICINE: _("It may be lawful with prescription or permit."),
    Reason.DANGEROUS_CHEMICAL: _("It resembles a dangerous chemical."),
    Reason.RECOGNISED_NOT_LISTED: _("It resembles a substance that is on no list we know."),
    Reason.ISOMERS_NOT_TOLD_APART: _("This technique does not tell its isomers apart."),
    Reason.STEREOISOMERS_NOT_TOLD_APART: _("Only a laboratory tells its stereoisomers apart."),
    Reason.MIXTURE: _("More than one substance is in it."),
    Reason.FAMILY_ONLY: _("The family is likely; which substance of it is not."),
    Reason.AMBIGUOUS: _("Several substances fit equally well."),
    Reason.UNKNOWN_COMPOUND: _("It resembles nothing that this station knows."),
    Reason.PARTLY_UNEXPLAINED: _("Part of the sample was not recognised."),
    Reason.NOT_RULED_OUT: _("It may hide another substance."),
    Reason.DRUG_OF_THE_SAME_FORMULA: _("It may be a drug of the same formula, which this station never measured."),
    Reason.WRONG_ENERGY_TOO_LOW: _("The voltage was too low: the substance did not break up."),
    Reason.WRONG_ENERGY_TOO_HIGH: _("The voltage was too high: only small pieces are left."),
    Reason.WEAK_SIGNAL: _("The signal was too weak."),
    Reason.SATURATED: _("The signal was too strong: too much sample."),
    Reason.NOTHING_ABOVE_BACKGROUND: _("Nothing was measured above the background."),
    Reason.OUT_OF_RANGE: _("The peaks lie outside the range that can be compared."),
    Reason.WRONG_POLARITY: _("The analyzer measured with the wrong polarity."),
    Reason.TECHNIQUE_NOT_COVERED: _("The library does not cover this way of measuring."),
    Reason.NO_SPECTRUM: _("The analyzer sent no spectrum."),
    Reason.MALFORMED_INPUT: _("The analyzer sent numbers that no spectrum can have."),
    MISSING: _("The daily check is missing, so nothing is concluded."),
    NOT_EMPTY: _("The blank is not empty: something is left in the analyzer."),
    NOT_NAMED: _("The reference sample was not recognised."),
    Interruption.STOPPED: _("The operator stopped the reading."),
    Interruption.CUT_OFF: _("The power was cut in mid-reading."),
    Interruption.NOT_READY: _("The analyzer is not ready."),
    Interruption.TIME_LIMIT: _("The analyzer took longer than a reading may take."),
    Interruption.PORT_UNAVAILABLE: _("The analyzer's port cannot be opened."),
    Interruption.PORT_LOST: _("The analyzer's cable was pulled in mid-reading."),
    Interruption.NO_RESPONSE: _("The analyzer does not answer."),
    Interruption.BAD_FRAME: _("The analyzer sends what cannot be understood."),
    Interruption.INSTRUMENT_FAULT: _("The analyzer reports a fault of its own."),
    Interruption.OVERLOAD: _("The analyzer was overloaded: too much sample."),
    Interruption.BATTERY_LOW: _("The analyzer's battery is too low."),
    Interruption.TOO_HOT: _("The analyzer is too hot."),
    Interruption.NO_SAMPLE: _("The analyzer found no sample to measure."),
    Interruption.UNKNOWN_INSTRUMENT: _("This station has no driver for that analyzer."),
    Interruption.INTERNAL: _("The station's program failed in mid-reading."),
    Interruption.NOT_SEALED: _("The record could not be sealed, so nothing was saved."),
}

NO_ALARM_STEPS = (
    _("Go on with the inspection as the rules say."),
    _("If you still doubt, take another reading."),
)

PAPERS = frozenset({Reason.DOCUMENT_CHECK, Reason.PRECURSOR_DOCUMENT_CHECK, Reason.LICIT_MEDICINE})
"""Reasons that ask for papers before anything else."""

SAID_ELSEWHERE = frozenset(
    {
        Reason.CONTROLLED_SUBSTANCE,
        Reason.STATUS_UNVERIFIED,
        Reason.ISOMERS_NOT_TOLD_APART,
        Reason.STEREOISOMERS_NOT_TOLD_APART,
    }
)
"""Reasons that the result's other lines say already."""

STAGES: Mapping[str, str] = {
    "connecting": _("Connecting to the analyzer"),
    "identifying": _("Comparing with the library"),
    "finished": _("Finished"),
    "ended": _("The reading has ended"),
    "answer": _("Answer, and the result comes"),
    "": _("Measuring the sample"),
}

FAMILIES: Mapping[str, str] = {
    "adulterant": _("Adulterant"),
    "benign": _("Everyday substance"),
    "benzodiazepine": _("Benzodiazepine"),
    "cannabinoid-natural": _("Cannabinoid of the plant"),
    "cannabinoid-synthetic": _("Synthetic cannabinoid"),
    "diluent": _("Diluent"),
    "dissociative": _("Dissociative"),
    "explosive": _("Explosive"),
    "hallucinogen-lysergamide": _("Lysergamide"),
    "hallucinogen-phenethylamine": _("Hallucinogenic phenethylamine"),
    "hallucinogen-tryptamine": _("Tryptamine"),
    "opiate": _("Opiate"),
    "opioid-fentanyl": _("Fentanyl family"),
    "opioid-nitazene": _("Nitazene"),
    "opioid-other": _("Other opioid"),
    "pharmaceutical": _("Medicine"),
    "precursor": _("Precursor"),
    "sedative-other": _("Sedative"),
    "stimulant-amphetamine": _("Amphetamine"),
    "stimulant-cathinone": _("Cathinone"),
    "stimulant-cocaine": _("Cocaine and its kin"),
    "stimulant-other": _("Other stimulant"),
    "toxic-industrial": _("Toxic industrial chemical"),
}

_GLOVES = _("Nitrile gloves. Do not stir up dust.")
_VISIBLE = _("Visible powder: respirator and eye protection.")

HAZARDS: Mapping[str, tuple[str, ...]] = {
    "H0-LOW": (_("Low hazard"), _("Nitrile gloves."), _("Wash your hands with soap and water.")),
    "H1-ULTRA": (
        _("Very potent opioid"),
        _("Nitrile gloves. Do not disturb the powder."),
        _("If visible: sleeves, P100 mask, goggles."),
        _("A lot of it, or liquid: do not go in."),
        _("Skin: soap and water, no gel or bleach."),
        _("Naloxone and a trained person at hand."),
    ),
    "H2-OPIOID": (_("Opioid"), _GLOVES, _VISIBLE, _("Keep naloxone at hand.")),
    "H3-STIM": (_("Stimulant"), _GLOVES, _("Crystals or powder: eye protection.")),
    "H4-PSY": (
        _("Active in tiny doses"),
        _("Nitrile gloves. Liquids and blotters act through the skin."),
        _("Keep away from eyes and mouth."),
    ),
    "H5-SCRA": (_("Synthetic cannabinoid"), _GLOVES, _("Let fresh air in.")),
    "H6-SED": (
        _("Sedative"),
        _GLOVES,
        _("Give naloxone if an opioid is possible; help breathing."),
    ),
    "H7-CORR": (
        _("Corrosive"),
        _("Chemical gloves and face shield."),
        _("Keep apart from bases, water-reactives and metals."),
        _("Have an eye wash at hand."),
    ),
    "H8-FLAM": (_("Flammable"), _("No flame, no sparks. Let fresh air in."), _("Keep apart from oxidisers.")),
    "H9-OX": (_("Oxidiser"), _("Keep apart from fuels, organic matter and acids.")),
    "H10-EXPL": (
        _("Explosive"),
        _("Do not touch, open or sample it."),
        _("Do not transmit by radio nearby."),
        _("Withdraw and call the explosives team."),
    ),
    "H11-TOX": (
        _("Toxic chemical"),
        _("Withdraw upwind."),
        _("Only a team with the right respirators goes in."),
        _("Never mix it with acid."),
    ),
    "H12-PREC": (
        _("Precursor, hazard not fully known"),
        _("Nitrile gloves and eye protection."),
        _("Treat as toxic and irritant. Keep it closed."),
    ),
}

ROLES: Mapping[str, str] = {
    "officer": _("Officer"),
    "supervisor": _("Supervisor"),
    "technician": _("Technician"),
    "laboratory": _("Laboratory"),
    "auditor": _("Auditor"),
    "admin": _("Administrator"),
}

ANALYZER: Mapping[str, tuple[str, str]] = {
    "connected": (_("Analyzer ready"), _("It is plugged in and free.")),
    "measuring": (_("Measuring"), _("A reading is under way.")),
    "absent": (_("No analyzer"), _("Nothing is on its port. Check the cable and that it is switched on.")),
    "not-configured": (_("No analyzer set up"), _("The technician sets its port in this station's settings.")),
}

INSTRUMENTS: Mapping[Role, str] = {
    Role.ANALYZER: _("Analyzer"),
    Role.GAS_ANALYZER: _("Gas analyzer"),
    Role.SCALE: _("Scale"),
    Role.POSITION: _("Satellite receiver"),
    Role.READER: _("Code reader"),
}

CLOCK: Mapping[str, tuple[str, str]] = {
    "synchronised": (_("Clock synchronised"), _("The time comes from a trusted source.")),
    "unsynchronised": (
        _("Clock not synchronised"),
        _("Every record says so. Connect the station to its network; readings may go on."),
    ),
    "turned_back": (
        _("Clock turned back"),
        _("It shows less than an earlier record. Every record says so. Call the technician."),
    ),
}

SENDING: Mapping[str, str] = {
    "waiting": _("Waiting to be sent"),
    "sent": _("Received by the national centre"),
    "refused": _("Refused by the national centre"),
}

REFUSALS: Mapping[str, str] = {
    "malformed": _("The centre could not read an entry. Call the technician; nothing is deleted."),
    "unknown_station": _("The centre does not know this station yet. The centre must admit its card."),
    "revoked_station": _("The centre no longer accepts this station. Ask your command."),
    "wrong_certificate": _("This station holds another station's certificate. The technician must lay its own."),
    "bad_signature": _("The signature of an entry does not hold. Keep the station as it is and call your command."),
    "gap": _("The centre misses an entry that is not offered here. Call the technician; nothing is deleted."),
    "broken_chain": _("An entry does not follow the one before. Keep the station as it is and call your command."),
    "equivocation": _("The centre holds another entry of that number. Keep the station as it is; call your command."),
    "unreachable": _("The centre does not answer. Sending is tried again by itself, without end."),
    "bad_receipt": _("The centre's receipt does not hold, so the entry stays here. It is asked again by itself."),
}

PURPOSES: Mapping[str, str] = {"national": _("national key"), "escrow": _("escrow key")}

CENTRE_WENT_BACK = _("It had given receipts for them. They are sent again by themselves. Tell your command.")
CERTIFICATE_OVER = _("The certificate is too old: nothing is sent. Records wait, and can leave on a stick.")
REFUSED_UNREAD = _("The centre's door refuses without reading. Certificate or revocation list may be too old.")
NO_CENTRE = _("No national centre is set up at this station. The technician sets its address.")
NO_CERTIFICATE = _("The certificate is damaged or missing: nothing is sent. Records wait, and can leave on a stick.")


def reason(language: Language, code: str) -> str:
    """Return the words for a reason; an unknown code, of a record made by later software, is shown as it is."""
    return language.say(REASONS[code]) if code in REASONS else code


def stages(language: Language) -> dict[str, str]:
    """Return the words for each stage; "" stands for any word of the instrument's own."""
    return {code: language.say(text) for code, text in STAGES.items()}


def family(language: Language, code: str) -> str:
    """Return the name of a family of substances."""
    return language.say(FAMILIES[code]) if code in FAMILIES else code
