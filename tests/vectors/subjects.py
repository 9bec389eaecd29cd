"""What people told about a screening, as record vectors: good ones, and bad ones with one fault each."""

from typing import Any

SUBJECT: dict[str, Any] = {
    "schema": "garita.subject/1",
    "screening": "s-1",
    "subject_kind": "container",
    "mode": "sea",
    "cause": "dog",
    "numbers": [{"kind": "container", "text": "CSQU3054383", "problem": None}],
}
INSPECTION = {"schema": "garita.inspection/1", "screening": "s-1", "reading": "r-1", "seen": "powder"}
DECLARED = dict.fromkeys(
    ("importer", "exporter", "consignee", "substance", "quantity", "hs", "cas", "pen", "permit"), ""
)
PAPERS: dict[str, Any] = {
    "schema": "garita.papers/1",
    "screening": "s-1",
    "reading": "r-1",
    "presumptive": "Presuntivo: requiere confirmación de laboratorio",
    "declared": DECLARED | {"substance": "caffeine", "cas": "58-08-2"},
    "found": "Ephedrine",
    "inconsistencies": ["cas-of-another", "substance-differs", "pen-missing", "permit-missing"],
}
NINE = [{"kind": "other", "text": str(number), "problem": None} for number in range(9)]

GOOD = {
    "subject": ("SubjectRecord", SUBJECT),
    "subject-without-number": ("SubjectRecord", SUBJECT | {"numbers": []}),
    "inspection": ("InspectionRecord", INSPECTION),
    "papers": ("PapersRecord", PAPERS),
    "papers-before-a-reading": ("PapersRecord", PAPERS | {"reading": None, "found": None, "inconsistencies": []}),
}
BAD = {
    "subject-by-balloon": SUBJECT | {"mode": "balloon"},
    "subject-without-cause": {name: value for name, value in SUBJECT.items() if name != "cause"},
    "subject-with-an-empty-number": SUBJECT | {"numbers": [{"kind": "other", "text": "", "problem": None}]},
    "subject-with-nine-numbers": SUBJECT | {"numbers": NINE},
    "papers-that-are-forged": PAPERS | {"inconsistencies": ["forged"]},
    "papers-without-permit": PAPERS | {"declared": {n: v for n, v in DECLARED.items() if n != "permit"}},
    "inspection-that-saw-smoke": INSPECTION | {"seen": "smoke"},
}
