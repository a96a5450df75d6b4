"""Examples that are true: recorded rows of a bundle, and what it answers to them."""

from typing import Any

import msgspec

from modelwright.data.records import columns_from_records
from modelwright.predictor.bundle import Bundle
from modelwright.serving.answers.answer import Answers
from modelwright.serving.openapi.parts import Json
from modelwright.serving.protocols.infer import InferResponse
from modelwright.serving.protocols.protocol import model_version
from modelwright.serving.protocols.tensors import input_shapes, tensors_of_answers
from modelwright.serving.rows.delimited import csv_of

_ROWS = 2
_ID = "example"


class Examples:
    """The first rows that a bundle has recorded; they are rows of its training data.

    Parameters
    ----------
    bundle
        Whose they are.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        cases = bundle.cases[:_ROWS]
        self.rows = [case.record for case in cases]
        values = bundle.program.run(columns_from_records(self.rows, bundle.schema))
        decided = bundle.program.decide(values)
        labels = decided if isinstance(decided, list) else decided.tolist()
        self._answers = Answers([_ID] * len(cases), labels, values)

    @property
    def labels(self) -> list[Any]:
        """What is answered."""
        return list(self._answers.labels)

    @property
    def infer_request(self) -> Json:
        """The rows as tensors."""
        tensors = [
            {
                "name": shape.name,
                "shape": [len(self.rows)],
                "datatype": shape.datatype,
                "data": [row.get(shape.name) for row in self.rows],
            }
            for shape in input_shapes(self._bundle.schema)
        ]
        return {"id": _ID, "inputs": tensors}

    @property
    def infer_response(self) -> Json:
        """The tensors that answer them."""
        answer = InferResponse(
            model_name=self._bundle.name,
            model_version=model_version(self._bundle),
            id=_ID,
            outputs=tensors_of_answers(self._answers, self._bundle.program.task),
        )
        built: Json = msgspec.to_builtins(answer)
        return built

    @property
    def csv(self) -> str:
        """The rows as lines."""
        names = self._bundle.schema.names
        return csv_of([names, *([row.get(name) for name in names] for row in self.rows)]).decode()
