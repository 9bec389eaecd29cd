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
NINE = [{"kind": "other", "text": str(number), "problem": None} for number in range(9)]

GOOD = {
    "subject": ("SubjectRecord", SUBJECT),
    "subject-without-number": ("SubjectRecord", SUBJECT | {"numbers": []}),
    "inspection": ("InspectionRecord", INSPECTION),
}
BAD = {
    "subject-by-balloon": SUBJECT | {"mode": "balloon"},
    "subject-without-cause": {name: value for name, value in SUBJECT.items() if name != "cause"},
    "subject-with-an-empty-number": SUBJECT | {"numbers": [{"kind": "other", "text": "", "problem": None}]},
    "subject-with-nine-numbers": SUBJECT | {"numbers": NINE},
    "inspection-that-saw-smoke": INSPECTION | {"seen": "smoke"},
}
