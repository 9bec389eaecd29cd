"""The fields of a consignment's papers, and each point in which they do not fit, in words."""

from collections.abc import Mapping

from edge.web.translations import mark as _

LABELS: Mapping[str, str] = {
    "importer": _("Importer"),
    "exporter": _("Exporter"),
    "consignee": _("Consignee"),
    "substance": _("Substance"),
    "quantity": _("Quantity"),
    "hs": _("Tariff code (HS)"),
    "cas": _("CAS number"),
    "pen": _("Pre-export notice (PEN)"),
    "permit": _("Permit number"),
}
INCONSISTENT: Mapping[str, str] = {
    "cas-form": _("The CAS number has a wrong check digit or form."),
    "cas-of-another": _("The CAS number belongs to another substance than was found."),
    "substance-differs": _("The declared substance is not the one that was found."),
    "hs-form": _("The tariff code does not have 6, 8 or 10 digits."),
    "quantity-form": _("The quantity has no number with a unit, as 12.5 kg."),
    "pen-missing": _("There is no pre-export notice, and a precursor needs one."),
    "permit-missing": _("There is no permit number, and a precursor needs one."),
}
