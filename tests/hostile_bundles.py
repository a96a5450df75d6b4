"""Bundles whose names mean something to a language, for emitters to write."""

from collections.abc import Sequence
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
from modelwright.predictor.operations.numbers import Impute, Scale
from modelwright.predictor.program import Input, Program
from modelwright.tasks.task import Task

NAMES = (
    'a"b\\', "a\nb", "*/ int x;", "class", "missing", "2nd", "a b", "a-b", "größe", "grosse",
    "日本", "\\u000a", "x" * 200, "v", "??/", "%s", "NAN", "Row", "A B", "</script><!--", "${x}",
    "`", "__proto__", "constructor", "toString", "row", "\u2028", "\U0001f6f8", "{{ x }}", "'",
)  # fmt: skip
"""Quotes, ends of comments and lines, keywords, and names that differ only in marks or case."""
LABELS = ('"', "\\", "a\n??/é", "</script>", "\u2028\U0001f6f8", "__proto__", "`${x}`")
TARGET = '*/ "x"\n#error </script>'


def hostile_bundle(names: Sequence[str] = NAMES, labels: Sequence[str] = LABELS) -> Bundle:
    """Return a bundle of numbers, and one category whose levels are the labels."""
    kinds = {**dict.fromkeys(names, Kind.NUMERIC), "*/ 'level' //": Kind.CATEGORICAL}
    schema = Schema(columns=tuple(Column(name=name, kind=kind) for name, kind in kinds.items()))
    width = len(kinds)
    weights = np.linspace(-1.0, 1.0, len(labels) * width).reshape(width, -1)
    read = tuple(f"column:{name}" for name in names)
    program = Program(
        task=Task(kind="multiclass", classes=tuple(labels)),
        inputs=tuple(Input(name=column.name, type=column.value_type) for column in schema),
        steps=(
            Codes(inputs=("column:*/ 'level' //",), output="code", levels=tuple(labels)),
            Columns(inputs=(*read, "code"), output="all"),
            Impute(inputs=("all",), output="filled", fill=np.zeros(width)),
            Scale(
                inputs=("filled",),
                output="scaled",
                center=np.zeros(width),
                scale=np.ones(width),
                limit=3.0,
            ),
            Linear(inputs=("scaled",), output="raw", weights=weights, bias=np.zeros(len(labels))),
            Link(inputs=("raw",), output="answer", kind="softmax"),
        ),
        answer="answer",
    )
    plain = make_bundle()
    facts = msgspec.structs.replace(plain.facts, target=TARGET, question=f"why? {TARGET}")
    rows = [{**dict.fromkeys(names, 0.5), "*/ 'level' //": labels[0]}]
    cases = recorded_cases(program, rows, schema)
    return replace(plain, program=program, schema=schema, cases=cases, facts=facts, hash="hostile")
