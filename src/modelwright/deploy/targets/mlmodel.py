"""What MLflow reads of a model: `MLmodel`, its signature, its environment."""

import json
from collections.abc import Collection, Mapping
from typing import Any

import yaml

from modelwright._version import __version__
from modelwright.data.schema import Column, Kind
from modelwright.data.values.cells import number_of
from modelwright.deploy.targets.base import Delivery
from modelwright.deploy.targets.facts import PYTHON
from modelwright.deploy.targets.parts import BUNDLE, RUNTIME
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.whole_graph import runs_graph
from modelwright.predictor.operations.categories import Codes
from modelwright.predictor.program import Program, column_of
from modelwright.predictor.pyfunc import ANSWERS
from modelwright.tasks.task import Label

LOADER = "modelwright.predictor.pyfunc"
NEEDS = ("msgspec>=0.19", "numpy>=2.1", "safetensors>=0.5")
"""What the loader imports: within it other libraries find versions that suit them too."""
GRAPH_NEEDS = ("onnx>=1.18", "onnxruntime>=1.24,<1.29")
"""What it imports too where the model is a graph of ONNX."""
EXAMPLE = "input_example.json"

_TYPES: Mapping[Kind, str] = {
    Kind.BOOLEAN: "boolean",
    Kind.CATEGORICAL: "string",
    Kind.TEXT: "string",
}
"""Any other column but a fraction takes any value: the loader itself says what is wrong with one.

MLflow refuses whole numbers of 64 bits where ``double`` is said, gaps where ``long`` is, and reads
moments by its own lights. So a column that held whole numbers takes both, and so does one whose
levels are numbers; truths that were written as texts may be texts again.
"""
_FRACTIONS = ("float", "double", "real")
"""How the types of sources begin, in small letters, whose columns hold more than whole numbers."""
_MOST_EXAMPLES = 5


def mlmodel(delivery: Delivery) -> dict[str, bytes]:
    """Return the part: the files that MLflow reads."""
    bundle = delivery.bundle
    pip = ["mlflow", *NEEDS, *(GRAPH_NEEDS if runs_graph(bundle) else ())]
    conda = {
        "name": "mlflow-env",
        "channels": ["conda-forge"],
        "dependencies": [f"python={PYTHON}", "pip", {"pip": pip}],
    }
    python = {"python": PYTHON, "dependencies": ["-r requirements.txt"]}
    return {
        "MLmodel": _yaml(_model(bundle)),
        "conda.yaml": _yaml(conda),
        "python_env.yaml": _yaml(python),
        "requirements.txt": "".join(f"{each}\n" for each in pip).encode(),
        EXAMPLE: json.dumps(_examples(bundle), indent=1).encode() + b"\n",
    }


def signature_of(bundle: Bundle) -> dict[str, Any]:
    """Return what the model reads and answers, as MLflow's signature.

    Parameters
    ----------
    bundle
        Its schema is what the model reads; every column may be left out.

    Examples
    --------
    >>> from modelwright.testing import example_bundle
    >>> signature_of(example_bundle())["inputs"][2]
    {'type': 'boolean', 'name': 'member', 'required': False}
    """
    task, numbered = bundle.program.task, _numbered(bundle.program)
    answer = _type_of(task.classes[0]) if task.is_classification else "double"
    asked = {"name": "answers", "type": "string", "default": ANSWERS[0], "shape": None}
    return {
        "inputs": [
            {"type": _type_of_column(column, numbered), "name": column.name, "required": False}
            for column in bundle.schema
        ],
        "outputs": [{"type": answer, "name": bundle.facts.target, "required": True}],
        "params": [asked] if task.is_classification else [],
    }


def _numbered(program: Program) -> frozenset[str]:
    """Return the columns whose levels are all numbers: a data frame may hold them as such."""
    return frozenset(
        column_of(step.inputs[0])
        for step in program.steps
        if isinstance(step, Codes) and all(number_of(each) is not None for each in step.levels)
    )


def _type_of_column(column: Column, numbered: Collection[str]) -> str:
    is_written = column.kind == Kind.BOOLEAN and column.source_type == "String"
    if column.name in numbered or is_written:
        return "any"
    if column.kind == Kind.NUMERIC and column.source_type.lower().startswith(_FRACTIONS):
        return "double"
    return _TYPES.get(column.kind, "any")


def _type_of(label: Label) -> str:
    if isinstance(label, bool):
        return "boolean"
    return {int: "long", float: "double"}.get(type(label), "string")


def _model(bundle: Bundle) -> dict[str, Any]:
    signature = {name: part for name, part in signature_of(bundle).items() if part}
    python = {
        "loader_module": LOADER,
        "data": BUNDLE,
        "code": RUNTIME,
        "env": {"conda": "conda.yaml", "virtualenv": "python_env.yaml"},
        "python_version": PYTHON,
    }
    own = {"bundle": bundle.hash, "data": BUNDLE, "version": __version__}
    return {
        "flavors": {"modelwright": own, "python_function": python},
        "model_uuid": bundle.hash[:32],
        "saved_input_example_info": {
            "artifact_path": EXAMPLE,
            "pandas_orient": "split",
            "type": "dataframe",
        },
        "signature": {name: json.dumps(part) for name, part in signature.items()},
        "utc_time_created": bundle.facts.made_at,
    }


def _examples(bundle: Bundle) -> dict[str, Any]:
    records = [case.record for case in bundle.cases[:_MOST_EXAMPLES]]
    names = bundle.schema.names
    return {
        "columns": list(names),
        "data": [[record.get(name) for name in names] for record in records],
    }


def _yaml(content: Any) -> bytes:
    return yaml.safe_dump(content, sort_keys=True, allow_unicode=True).encode()
