"""A bundle whose names and labels would be code, if anybody let them."""

from dataclasses import replace

import msgspec
import numpy as np

from example_bundle import make_bundle
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.cases import recorded_cases
from modelwright.predictor.operations.answers import Link
from modelwright.predictor.operations.categories import Codes
from modelwright.predictor.operations.linear import Columns, Linear
from modelwright.predictor.program import Input, Program, Step
from modelwright.tasks.task import Task

NUMBERS = (
    'a"b\\', "a'b", "a\nb", "*/ int x;", "class", "missing", "2nd", "a b", "a-b", "größe", "grosse",
    "A B", "日本", "\U0001f6f8", "\\u000a", "x" * 200, "v", "??/", "%s", "NAN", "TRUE", "if", "len",
    "cells", "rows", "columns 1", '"""', "`c`", "${d}", "{{ e }}", "</script>", "_f", ".g", "...",
)  # fmt: skip
TEXTS = ("#error", "texts", "np", "c", "text\r\nx")
LEVELS = (
    '"',
    "'",
    "\\",
    "\\u0041",
    "\n",
    "a\nb",
    "é",
    "e\u0301",
    "日本",
    "\U0001f6f8",
    "NA",
    "TRUE",
    "%",
)
LABELS = ('"', "\\", "a\n??/é\U0001f6f8")


def hostile_bundle() -> Bundle:
    """Return it; it reads numbers, and texts with a code for each level."""
    columns = [Column(name=name, kind=Kind.NUMERIC) for name in NUMBERS]
    columns += [
        Column(name=name, kind=Kind.CATEGORICAL, missing_tokens=('"x\\',)) for name in TEXTS
    ]
    schema = Schema(columns=tuple(columns))
    width = len(NUMBERS) + len(TEXTS)
    steps: tuple[Step, ...] = tuple(
        Codes(inputs=(f"column:{name}",), output=f"code {name}", levels=LEVELS, rare=("_",))
        for name in TEXTS
    )
    program = Program(
        task=Task(kind="multiclass", classes=LABELS),
        inputs=tuple(Input(name=each.name, type=each.value_type) for each in columns),
        steps=(
            *steps,
            Columns(
                inputs=(
                    *(f"column:{name}" for name in NUMBERS),
                    *(f"code {name}" for name in TEXTS),
                ),
                output="all",
            ),
            Linear(
                inputs=("all",),
                output="raw",
                weights=np.linspace(-1.0, 1.0, 3 * width).reshape(-1, 3),
                bias=np.zeros(3),
            ),
            Link(inputs=("raw",), output="answer", kind="softmax"),
        ),
        answer="answer",
    )
    plain = make_bundle()
    rows = [dict.fromkeys(NUMBERS, 0.5) | dict(zip(TEXTS, LEVELS, strict=False))]
    return replace(
        plain,
        program=program,
        schema=schema,
        cases=recorded_cases(program, rows, schema),
        facts=msgspec.structs.replace(
            plain.facts, target='*/ "x"\n#error """\\', question="why?\n#error `x` |"
        ),
    )
