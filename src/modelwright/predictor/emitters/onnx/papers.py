"""What lies beside a graph: how to call it, and a program that proves it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from modelwright.data.records import MISSING_DATETIME, RecordReader
from modelwright.data.schema import Column, Kind
from modelwright.data.values.cells import missing_numbers_of
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.python import literal
from modelwright.predictor.emitters.rendering import comment, render
from modelwright.predictor.labels import label_text
from modelwright.predictor.operations.base import Value
from modelwright.predictor.operations.text import MAX_LENGTH
from modelwright.predictor.program import Input

_FILES = ("README.md", "replay.py", "example.py")
_TYPES = {"number": "double", "string": "string", "datetime": "int64"}
_LETTERS = {"number": "n", "string": "s", "datetime": "d"}
_NOTES = {
    Kind.NUMERIC: "A number.",
    Kind.BOOLEAN: "1 for yes, 0 for no.",
    Kind.DATETIME: "Microseconds since 1970 in UTC.",
    Kind.TEXT: "A text.",
}


def papers(
    bundle: Bundle, *, opsets: Mapping[str, int], results: Mapping[str, str], tolerance: float
) -> Mapping[str, bytes]:
    """Return the files by name.

    Parameters
    ----------
    opsets
        Versions of the operators that the graph uses, by domain.
    results
        The names of the graph's outputs, by what they hold.
    tolerance
        How far an answer may be from the recorded one.
    """
    written = {"opsets": opsets, "results": results, "tolerance": tolerance}
    facts = {**_facts(bundle), **written}
    return {name: render(f"onnx/{name}", facts, {"literal": literal}).encode() for name in _FILES}


def _facts(bundle: Bundle) -> Mapping[str, Any]:
    program, coverage = bundle.program, bundle.program.coverage
    read = [bundle.schema[each.name] for each in program.inputs]
    has_texts = any(each.type == "string" for each in program.inputs)
    return {
        "question": bundle.facts.question or f"Predict {bundle.facts.target}",
        "target": bundle.facts.target,
        "hash": bundle.hash or "not stored",
        "cases": len(bundle.cases),
        "inputs": _inputs(bundle),
        "letters": "".join(_LETTERS[each.type] for each in program.inputs),
        "width": program.task.n_outputs,
        "classes": [comment(label_text(each)) for each in program.task.classes],
        "binary": program.task.kind == "binary",
        "threshold": program.threshold,
        "weights": program.weights,
        "level": f"{coverage.usual_level:.0%}" if coverage else "",
        "has_texts": has_texts,
        "missing_numbers": [*filter(None, map(_missing_numbers, read))],
        "longest": MAX_LENGTH,
    }


def _inputs(bundle: Bundle) -> list[Mapping[str, str]]:
    record = bundle.cases[0].record if bundle.cases else {}
    columns = RecordReader(bundle.schema)([record])
    return [
        {
            "name": each.name,
            "type": _TYPES[each.type],
            "note": _NOTES.get(bundle.schema[each.name].kind, "A category."),
            "array": _array(each, columns[each.name]),
        }
        for each in bundle.program.inputs
    ]


def _array(each: Input, values: Value) -> str:
    """Write one cell as Python source."""
    value = values.tolist()[0]
    match each.type:
        case "number":
            return f"np.array([[{value!r}]])" if np.isfinite(value) else "np.array([[np.nan]])"
        case "string":
            return f"np.array([[{literal(value or '')}]], dtype=object)"
        case "datetime":
            note = "  # missing" if value == MISSING_DATETIME else ""
            return f"np.array([[{value}]]){note}"


def _missing_numbers(column: Column) -> str:
    if column.value_type != "number":
        return ""
    numbers = ", ".join(f"{number:g}" for number in sorted(missing_numbers_of(column)))
    return f"{numbers} of {comment(column.name)}" if numbers else ""
