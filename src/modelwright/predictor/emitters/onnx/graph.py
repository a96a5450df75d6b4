"""A graph under construction: the one door to the library onnx."""

from collections.abc import Collection, Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from modelwright._plugins import require
from modelwright.predictor.operations.base import Value

OPSETS: Mapping[str, int] = {"": 21, "ai.onnx.ml": 5, "com.microsoft": 1}
"""The operators that are used, by domain; a graph names only those domains that it needs."""
LEARNING, MICROSOFT = "ai.onnx.ml", "com.microsoft"
_IR_VERSION = 10
"""What opset 21 came with."""
ROWS = "rows"
"""The name of the one dimension that is not known before."""

Attribute = int | float | str | Sequence[int] | Sequence[str] | Value
"""An array becomes a tensor; everything else stands as it is."""


class Graph:
    """Nodes, constants, inputs and outputs, each with a name of its own.

    Parameters
    ----------
    taken
        Names that belong to columns, which nothing else may have.
    """

    def __init__(self, taken: Collection[str] = ()) -> None:
        self._taken = set(taken)
        self._count = 0
        self._nodes: list[Any] = []
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []
        self._constants: dict[tuple[object, ...], Any] = {}
        self._described: list[Any] = []
        self._domains: set[str] = {""}

    @property
    def opsets(self) -> Mapping[str, int]:
        """Versions of the operators used so far, by domain."""
        return {domain: OPSETS[domain] for domain in sorted(self._domains)}

    def node(self, operator: str, *inputs: str, domain: str = "", **attributes: Attribute) -> str:
        """Add a node with one output and return the output's name."""
        (output,) = self.nodes(operator, 1, *inputs, domain=domain, **attributes)
        return output

    def nodes(
        self, operator: str, count: int, *inputs: str, domain: str = "", **attributes: Attribute
    ) -> Sequence[str]:
        """Add a node with several outputs and return their names."""
        outputs = [self.free(f"{operator}_{self._count + place}") for place in range(count)]
        self._count += count
        self._domains.add(domain)
        made = _helper().make_node(operator, inputs, outputs, name=outputs[0], domain=domain)
        made.attribute.extend(
            _helper().make_attribute(
                name, _tensor(value) if isinstance(value, np.ndarray) else value
            )
            for name, value in sorted(attributes.items())
        )
        self._nodes.append(made)
        return outputs

    def pieces(self, texts: str, axes: int, **attributes: Attribute) -> str:
        """Cut texts into pieces, which lie along a new last axis, with empty texts after them.

        Parameters
        ----------
        axes
            How many there are then.
        """
        cut = self.node(
            "Tokenizer", texts, domain=MICROSOFT, mark=0, mincharnum=1, pad_value="", **attributes
        )
        # The library does not know this operator, and crashes where it does not know a type.
        self._described.append(_described(cut, str, [None] * axes))
        return cut

    def constant(self, values: Any) -> str:
        """Return the name of a constant: whole numbers as int64, or numbers, truths, texts."""
        array = np.ascontiguousarray(values) if np.ndim(values) else np.asarray(values)
        key = (array.dtype.str, array.shape, _content(array))
        if key not in self._constants:
            name = self.free(f"constant_{len(self._constants)}")
            tensor = _tensor(array)
            tensor.name = name
            self._constants[key] = tensor
        return str(self._constants[key].name)

    def gather(self, table: Value, at: str) -> str:
        """Return rows of a constant table: those whose numbers a node tells."""
        return self.node("Gather", self.constant(table), at, axis=0)

    def input(self, name: str, kind: type, shape: Sequence[int | str]) -> str:
        """Add an input of numbers (float), whole numbers (int) or texts (str)."""
        self._inputs.append(_described(name, kind, shape))
        return name

    def output(self, name: str, value: str, kind: type, shape: Sequence[int | str]) -> str:
        """Let a value leave under a name, or nearly so where a column has it."""
        free = self.free(name)
        self._nodes.append(_helper().make_node("Identity", [value], [free], name=free))
        self._outputs.append(_described(free, kind, shape))
        return free

    def free(self, wished: str) -> str:
        """Return a name that nothing has, and take it."""
        name = wished
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name

    def written(self, facts: Mapping[str, str]) -> bytes:
        """Return the checked model as bytes.

        Parameters
        ----------
        facts
            What the model tells of itself, by name.
        """
        onnx, helper = onnx_library(), _helper()
        graph = helper.make_graph(
            self._nodes,
            "modelwright",
            self._inputs,
            self._outputs,
            [*self._constants.values()],
            value_info=self._described,
        )
        opsets = [helper.make_opsetid(domain, version) for domain, version in self.opsets.items()]
        model = helper.make_model(
            graph, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="modelwright"
        )
        helper.set_model_props(model, dict(facts))
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))


def onnx_library() -> ModuleType:
    """Return the library onnx, or say how to install it."""
    return require("onnx", extra="onnx")


def _helper() -> Any:
    return onnx_library().helper


def _described(name: str, kind: type, shape: Sequence[int | str | None]) -> Any:
    return _helper().make_tensor_value_info(name, _element(kind), shape)


def _element(kind: type) -> int:
    proto = onnx_library().TensorProto
    return int({float: proto.DOUBLE, int: proto.INT64, bool: proto.BOOL, str: proto.STRING}[kind])


def _tensor(array: Value) -> Any:
    if array.dtype.kind in "UO":
        # The library's own function cuts zeros off the end of texts.
        tensor = onnx_library().TensorProto(data_type=_element(str), dims=array.shape)
        tensor.string_data.extend(text.encode(errors="replace") for text in array.ravel().tolist())
        return tensor
    return onnx_library().numpy_helper.from_array(array)


def _content(array: Value) -> object:
    return tuple(array.ravel().tolist()) if array.dtype.kind in "UO" else array.tobytes()
