"""A module of torch as steps of a program: the way that its `forward` goes, written down.

`torch.fx` follows `forward` once with stand-ins for tensors; each thing that it meets is either
expressed exactly or refused by name.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import fx, nn

from modelwright.errors import LearnerError
from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.layers import affine, bend, dense, embed, normalise, weighted
from modelwright.learners.torch.chance import TURN

_REMEDY = "What can be read out: docs/extend/torch.md."


class _Codes(tuple[str, ...]):
    """All categories' codes, of which `forward` picks one."""


def read_module(module: nn.Module, draft: Draft, matrix: str, codes: Sequence[str]) -> str:
    """Write what a module makes of its inputs and return the value.

    Parameters
    ----------
    module
        In evaluation mode.
    draft
        The program so far.
    matrix
        The value that is `forward`'s first argument.
    codes
        The values that are the columns of its second one, if it has two.

    Raises
    ------
    LearnerError
        When something of it has no place in a program; it is named.
    """
    try:
        with TURN:
            graph = fx.symbolic_trace(module).graph
    except (TypeError, ValueError, RuntimeError, fx.proxy.TraceError) as error:
        raise LearnerError(
            f"Nobody can follow the forward of {type(module).__name__}: {error}",
            "It must go the same way for all rows: no `if` on numbers, no loop over them.",
        ) from error
    reader = _Reader(module, draft, [matrix, _Codes(codes)])
    for node in graph.nodes:
        reader.read(node)
    return reader.answer


class _Reader:
    """Follows a graph node by node."""

    def __init__(self, module: nn.Module, draft: Draft, inputs: list[Any]) -> None:
        self._module, self._draft, self._inputs = module, draft, inputs
        self._values: dict[fx.Node, Any] = {}
        self.answer = ""

    def read(self, node: fx.Node) -> None:
        args = fx.node.map_arg(node.args, self._values.__getitem__)
        options = fx.node.map_arg(dict(node.kwargs), self._values.__getitem__)
        if node.op == "placeholder":
            if not self._inputs:
                raise refuse(f"A forward with the argument {node.name!r}", _REMEDY)
            self._values[node] = self._inputs.pop(0)
        elif node.op == "get_attr":
            self._values[node] = _numbers(operator.attrgetter(str(node.target))(self._module))
        elif node.op == "output":
            self.answer = args[0]
        else:
            self._values[node] = self._call(node, args, options)

    def _call(self, node: fx.Node, args: Sequence[Any], options: Mapping[str, Any]) -> Any:
        if node.op == "call_module":
            layer = self._module.get_submodule(str(node.target))
            kind = type(layer).__name__
            writer = _LAYERS.get(kind)
            if writer is None or type(layer).__module__.partition(".")[0] != "torch":
                raise refuse(f"The layer {kind} ({node.target})", _REMEDY)
            return writer(self._draft, layer, args[0])
        name = str(getattr(node.target, "__name__", node.target))
        if name in _SAME:
            return args[0]
        if name in _FUNCTIONS:
            return _FUNCTIONS[name](self._draft, *args, **options)
        if name in _BENDS:
            return bend(self._draft, args[0], _BENDS[name], **_parameters(options))
        raise refuse(f"The function {name} in {type(self._module).__name__}", _REMEDY)


def _linear(draft: Draft, layer: nn.Linear, value: str) -> str:
    bias = None if layer.bias is None else _numbers(layer.bias)
    return dense(draft, value, _numbers(layer.weight).T, bias)


def _batch_norm(draft: Draft, layer: nn.BatchNorm1d, value: str) -> str:
    if layer.running_mean is None or layer.running_var is None:
        raise refuse("A BatchNorm1d that keeps no mean", "Leave track_running_stats on.")
    return normalise(
        draft,
        value,
        mean=_numbers(layer.running_mean),
        variance=_numbers(layer.running_var) + layer.eps,
        scale=_numbers(layer.weight) if layer.affine else None,
        shift=_numbers(layer.bias) if layer.affine else None,
    )


def _embedding(draft: Draft, layer: nn.Embedding, value: Any) -> str:
    if not isinstance(value, str) or layer.max_norm is not None:
        raise refuse("An Embedding of several categories at once, or with max_norm", _REMEDY)
    return embed(draft, value, _numbers(layer.weight))


def _same(_: Draft, __: nn.Module, value: Any) -> Any:
    return value


def _bent(kind: str, **names: str) -> Callable[[Draft, nn.Module, str], str]:
    """Return the writer of an activation whose parameters are attributes of the layer."""
    return lambda draft, layer, value: bend(
        draft, value, kind, **{ours: float(getattr(layer, name)) for ours, name in names.items()}
    )


def _add(draft: Draft, left: Any, right: Any, *, alpha: float = 1.0) -> str:
    if isinstance(left, str) and isinstance(right, str):
        return weighted(draft, [left, right], [1.0, alpha])
    value, number = (left, right) if isinstance(left, str) else (right, left)
    return affine(draft, value, 1.0, number)


def _subtract(draft: Draft, left: Any, right: Any) -> str:
    if isinstance(left, str) and isinstance(right, str):
        return weighted(draft, [left, right], [1.0, -1.0])
    if isinstance(left, str):
        return affine(draft, left, 1.0, -right)
    return affine(draft, right, -1.0, left)


def _multiply(draft: Draft, left: Any, right: Any) -> str:
    if isinstance(left, str) and isinstance(right, str):
        raise refuse("A product of two values of the network", _REMEDY)
    value, number = (left, right) if isinstance(left, str) else (right, left)
    return affine(draft, value, number, 0.0)


def _divide(draft: Draft, left: Any, right: Any) -> str:
    if isinstance(right, str):
        raise refuse("A division by a value of the network", _REMEDY)
    return affine(draft, left, 1.0 / right, 0.0)


def _cat(draft: Draft, values: Sequence[str], dim: int = 0) -> str:
    if dim not in (1, -1):
        raise refuse(f"A cat along dimension {dim}", "Put columns side by side: dim=1.")
    return draft.beside(values)


def _pick(_: Draft, value: Any, place: Any) -> str:
    rows, column = place if isinstance(place, tuple) and len(place) == 2 else (None, None)
    if isinstance(value, _Codes) and rows == slice(None) and isinstance(column, int):
        return value[column]
    raise refuse(f"An index {place!r}", "Pick categories one by one: levels[:, 0].")


def _functional_linear(draft: Draft, value: str, weight: Any, bias: Any = None) -> str:
    return dense(draft, value, weight.T, bias)


def _parameters(options: Mapping[str, Any]) -> dict[str, float]:
    ours = {"negative_slope": "slope", "alpha": "alpha", "min_val": "low", "max_val": "high"}
    return {ours[name]: float(value) for name, value in options.items() if name in ours}


def _numbers(tensor: torch.Tensor) -> Any:
    return tensor.detach().cpu().double().numpy()


_LAYERS: Mapping[str, Callable[..., Any]] = {
    "Linear": _linear,
    "BatchNorm1d": _batch_norm,
    "Embedding": _embedding,
    "Identity": _same,
    "Dropout": _same,
    "AlphaDropout": _same,
    "FeatureAlphaDropout": _same,
    "Flatten": _same,
    "ReLU": _bent("relu"),
    "SiLU": _bent("silu"),
    "Tanh": _bent("tanh"),
    "Sigmoid": _bent("sigmoid"),
    "SELU": _bent("selu"),
    "ReLU6": _bent("relu6"),
    "Hardsigmoid": _bent("hard_sigmoid"),
    "LeakyReLU": _bent("leaky_relu", slope="negative_slope"),
    "ELU": _bent("elu", alpha="alpha"),
    "Hardtanh": _bent("hardtanh", low="min_val", high="max_val"),
}
"""Layers by the name of their class."""

_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "add": _add,
    "sub": _subtract,
    "mul": _multiply,
    "truediv": _divide,
    "div": _divide,
    "cat": _cat,
    "concat": _cat,
    "getitem": _pick,
    "linear": _functional_linear,
}
"""Functions and methods by name."""

_BENDS = {
    "relu": "relu",
    "silu": "silu",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "selu": "selu",
    "relu6": "relu6",
    "elu": "elu",
    "hardtanh": "hardtanh",
    "hardsigmoid": "hard_sigmoid",
}
"""Activations that are called as functions."""

_SAME = ("dropout", "alpha_dropout", "float", "double", "flatten", "contiguous")
"""What changes nothing when a network answers."""
