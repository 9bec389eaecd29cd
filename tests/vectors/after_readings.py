"""Comparisons of readings and printed papers as record vectors: good ones, and bad ones each with one fault."""

from hashlib import sha256
from typing import Any

FINDING = {
    "concerns": {"seq": 12, "digest": bytes(range(32))},
    "technique": "mass",
    "names": ["ZPUCINDJVBIVPJ"],
    "family": "stimulant-cocaine",
}
SILENT = {"concerns": {"seq": 14, "digest": bytes(32)}, "technique": None, "names": [], "family": None}
COMPARISON: dict[str, Any] = {
    "schema": "garita.comparison/1",
    "screening": "s-1",
    "presumptive": "Presuntivo: requiere confirmación de laboratorio",
    "rule": "garita.agreement/1",
    "findings": [FINDING, SILENT],
    "outcome": "only-one",
    "strength": "one",
    "conclusion": "alarm",
}
COMPARISON_2 = COMPARISON | {"schema": "garita.comparison/2", "rule": "garita.agreement/2", "outcome": "conflict"}
SAID = FINDING | {"conclusion": "alarm"}
COMPARISON_3 = COMPARISON_2 | {
    "schema": "garita.comparison/3",
    "rule": "garita.agreement/3",
    "findings": [SAID, FINDING | {"names": ["RYYVLZVUVIJVGH"], "family": "adulterant", "conclusion": "no_alarm"}],
    "conclusion": None,
}
PRINT = {
    "schema": "garita.print/1",
    "screening": "s-1",
    "paper": "label",
    "exhibit": "e-1",
    "form": "zpl",
    "way": "printer",
    "copies": 2,
    "digest": sha256(b"^XA^XZ").digest(),
}

GOOD: dict[str, tuple[str, dict[str, Any]]] = {
    "comparison": ("ComparisonRecord1", COMPARISON),
    "comparison-2": ("ComparisonRecord2", COMPARISON_2),
    "comparison-3": ("ComparisonRecord", COMPARISON_3),
    "comparison-3-of-a-file": (
        "ComparisonRecord",
        COMPARISON_3
        | {"findings": [SAID, SILENT | {"conclusion": None}], "outcome": "only-one", "conclusion": "alarm"},
    ),
    "print": ("PrintRecord", PRINT),
    "print-acta": ("PrintRecord", PRINT | {"paper": "acta", "exhibit": None, "form": "pdf", "way": "file"}),
}
BAD: dict[str, dict[str, Any]] = {
    "comparison-of-one": COMPARISON | {"findings": [FINDING]},
    "comparison-by-another-rule": COMPARISON | {"rule": "majority"},
    "comparison-2-by-the-rule-before": COMPARISON_2 | {"rule": "garita.agreement/1"},
    "comparison-3-by-the-rule-before": COMPARISON_3 | {"rule": "garita.agreement/2"},
    "comparison-3-that-keeps-no-conclusion": COMPARISON_3 | {"findings": [FINDING, SILENT]},
    "comparison-2-without-conclusion": COMPARISON_2 | {"conclusion": None},
    "comparison-of-doubt": COMPARISON | {"outcome": "perhaps"},
    "print-of-no-copies": PRINT | {"copies": 0},
    "print-of-a-poster": PRINT | {"paper": "poster"},
    "print-without-exhibit": {key: value for key, value in PRINT.items() if key != "exhibit"},
}
